// The report over the protocol: of what has been read so far, of all when reading is stopped and gone on with, and its places.
import { describe, expect, test } from 'vitest';
import { EXPORT_REPORT, type ExportReportResult, GO_ON_READING, LOCATE, REPORT, type ReportResult, STOP_READING } from '../../server/lsp/messages';
import { uriOfPath } from '../../server/lsp/uris';
import type { TestClient } from './support/client';
import { sessions } from './support/session';

const { start, folder } = sessions();
const MANY = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}.py`, 'LONG BUG']));

const ask = (client: TestClient, soFar: boolean) =>
  client.connection.sendRequest<ReportResult>(REPORT, { nonce: 'n', contentSecuritySource: 'https://host', soFar });
const findings = ({ html }: ReportResult) => Number(/(\d+) findings/.exec(html)?.[1]);
const ready = (client: TestClient) => client.until(() => client.statuses.at(-1)?.state === 'ready');

describe('the report', () => {
  test('comes at once and fills while folders are read; asked for as a whole it waits', async () => {
    const client = await start({ folders: [uriOfPath(folder(MANY))] });
    await client.until(() => (client.statuses.at(-1)?.reading?.done ?? 0) > 3);
    const early = findings(await ask(client, true));
    expect(early).toBeGreaterThan(0);
    expect(early).toBeLessThan(100);
    await client.until(() => (client.statuses.at(-1)?.reading?.done ?? 0) > 40);
    const later = findings(await ask(client, true));
    expect(later).toBeGreaterThan(early);
    expect(later).toBeLessThan(100);
    expect(findings(await ask(client, false))).toBe(100);
    await ready(client);
    expect(client.statuses.at(-1)).toMatchObject({ files: 100, findings: 100, message: 'Lockset: 100 warnings' });
    expect(client.statuses.at(-1)).not.toHaveProperty('reading');
    // Files are counted up, never down, and never beyond their number.
    const told = client.statuses.flatMap(({ reading }) => (reading?.total ? [reading] : []));
    expect(told.every(({ done, total }, index) => total === 100 && done <= 100 && done >= (told[index - 1]?.done ?? 0))).toBe(true);
  });

  test('is of a part after a stop, says so, and is of all when somebody goes on', async () => {
    const client = await start({ folders: [uriOfPath(folder(MANY))] });
    await client.until(() => (client.statuses.at(-1)?.reading?.done ?? 0) > 3);
    await client.connection.sendNotification(STOP_READING, {});
    await ready(client);
    const { stopped, files } = client.statuses.at(-1) ?? {};
    expect(stopped).toMatchObject({ total: 100 });
    expect(stopped?.done).toBe(files);
    const part = await ask(client, false);
    expect(findings(part)).toBe(files);
    expect(part.html).toContain(`reading was stopped after ${files} of 100 files`);
    // What is new in a folder is no reason to read all of it.
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOfPath('/lockset/new.py'), type: 1 }] });
    expect(findings(await ask(client, false))).toBe(files);
    await client.connection.sendNotification(GO_ON_READING, {});
    expect(findings(await ask(client, false))).toBe(100);
    await ready(client);
    expect(client.statuses.at(-1)).not.toHaveProperty('stopped');
    const goneOn = client.statuses.filter(({ reading, stopped: before }) => reading?.total && !before).map(({ reading }) => reading?.done ?? 0);
    expect(goneOn.at(-1)).toBeGreaterThan(files ?? 0);
  });

  test('names the analysis that it is of, as the status does', async () => {
    const client = await start();
    await client.open('file:///lockset/a.py', 'BUG');
    const first = await ask(client, true);
    expect(findings(first)).toBe(1);
    expect((await ask(client, true)).revision).toBe(first.revision);
    await client.change('file:///lockset/a.py', 'BUG BUG');
    const second = await ask(client, true);
    expect(second.revision).toBeGreaterThan(first.revision);
    await client.until(() => client.statuses.at(-1)?.revision === second.revision);
  });

  test('is written in every format, of the whole', async () => {
    const client = await start({ folders: [uriOfPath(folder(MANY))], initializationOptions: { assets: '/somewhere' } });
    const write = (format: string) => client.connection.sendRequest<ExportReportResult>(EXPORT_REPORT, { format });
    for (const format of ['html', 'markdown', 'json', 'sarif'])
      expect((await write(format)).text).toMatch(new RegExp(`^${format} of 100 findings by \\d+\\.\\d+\\.\\d+, /somewhere$`));
    for (const format of ['exe', 'toString', 7]) await expect(write(format as string)).rejects.toThrow('not the name of a format');
  });

  test('a workspace without files is ready, and there is nothing to analyse', async () => {
    const client = await start({ folders: [uriOfPath(folder())] });
    await ready(client);
    expect(client.statuses.at(-1)).toMatchObject({ message: 'Lockset: nothing to analyse', files: 0 });
    expect(findings(await ask(client, false))).toBe(0);
  });
});

describe('a place in the report', () => {
  const locate = (client: TestClient, uri: string, line: number) => client.connection.sendRequest(LOCATE, { uri, line, character: 2 });

  test('of a notebook is in one of its cells', async () => {
    const client = await start();
    const uri = 'file:///lockset/n.ipynb';
    const cells = ['a = 1\nb = 2', 'BUG'].map((text, index) => ({
      uri: `vscode-notebook-cell:/lockset/n.ipynb#${index}`,
      languageId: 'python',
      version: 1,
      text,
    }));
    await client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: { uri, notebookType: 'jupyter-notebook', version: 1, cells: cells.map((cell) => ({ kind: 2, document: cell.uri })) },
      cellTextDocuments: cells,
    });
    expect(await locate(client, uri, 1)).toMatchObject({ uri: cells[0].uri, range: { start: { line: 1, character: 2 } } });
    expect(await locate(client, uri, 3)).toMatchObject({ uri: cells[1].uri, range: { start: { line: 0, character: 2 } } });
  });

  test('of another file is where it is, and one that is not read is nowhere', async () => {
    const client = await start();
    expect(await locate(client, 'file:///lockset/a.py', 7)).toMatchObject({ uri: 'file:///lockset/a.py', range: { start: { line: 7, character: 2 } } });
    expect(await locate(client, 'file:///lockset/a.md', 7)).toBeNull();
  });
});
