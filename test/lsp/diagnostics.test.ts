// Diagnostics: pulled, pushed, streamed for the workspace; across files, folders and edits.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { WorkspaceDiagnosticReportPartialResult, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver';
import { ProgressType } from 'vscode-languageserver';
import { uriOfPath } from '../../server/lsp/uris';
import type { TestClient } from './support/client';
import { sessions, write } from './support/session';

const { start, folder } = sessions();
const A = 'file:///lockset/a.py';
const B = 'file:///lockset/b.py';

/** Holds a workspace request open and collects what comes. */
function follow(client: TestClient, previousResultIds: { uri: string; value: string }[] = []) {
  const reports: WorkspaceDocumentDiagnosticReport[] = [];
  const token = `stream-${Math.random()}`;
  let heard: () => void = () => undefined;
  client.connection.onProgress(new ProgressType<WorkspaceDiagnosticReportPartialResult>(), token, ({ items }) => {
    reports.push(...items);
    heard();
  });
  const answer = client.connection.sendRequest('workspace/diagnostic', { previousResultIds, partialResultToken: token });
  answer.catch(() => undefined);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => (heard = resolve));
  };
  const latest = (uri: string) => reports.filter((report) => report.uri === uri).at(-1);
  return { reports, until, latest, answer };
}

describe('one document', () => {
  test('a finding has everything that an editor shows', async () => {
    const client = await start();
    await client.open(A, 'x\n  BUG\n');
    const [diagnostic] = await client.diagnostics(A);
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } };
    expect(diagnostic).toMatchObject({
      range,
      severity: 2,
      code: 'test-bug',
      source: 'lockset',
      message: 'a bug',
      relatedInformation: [{ location: { uri: A, range }, message: 'here' }],
    });
    expect(diagnostic).not.toHaveProperty('tags');
    expect(diagnostic).not.toHaveProperty('codeDescription');
  });

  test('unchanged results are told to be unchanged, also after edits that do not matter', async () => {
    const client = await start();
    await client.open(A, 'BUG\n');
    const first = await client.pull(A);
    expect(first.kind).toBe('full');
    expect(await client.pull(A, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await client.change(A, 'more', { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } });
    expect((await client.pull(A, first.resultId)).kind).toBe('unchanged');
    await client.change(A, '\n', { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    const moved = await client.pull(A, first.resultId);
    expect(moved).toMatchObject({ kind: 'full', items: [{ range: { start: { line: 1, character: 0 } } }] });
  });

  test('columns count UTF-16 units, and every line end ends a line', async () => {
    const client = await start();
    await client.open(A, '# 😀\r\né = "👩‍👩‍👧"; BUG\rBUG\n');
    expect((await client.diagnostics(A)).map(({ range }) => range.start)).toEqual([
      { line: 1, character: 16 },
      { line: 2, character: 0 },
    ]);
    // An edit by such columns arrives at the right place.
    await client.change(A, 'OK', { start: { line: 1, character: 16 }, end: { line: 1, character: 19 } });
    await client.change(A, 'BUG ', { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } });
    expect((await client.diagnostics(A)).map(({ range }) => range.start)).toEqual([
      { line: 0, character: 4 },
      { line: 2, character: 0 },
    ]);
  });

  test('a newer request takes the place of an older one, whose answer asks for nothing', async () => {
    const client = await start();
    await client.open(A, 'STUCK');
    const older = client.pull(A);
    const refusal = expect(older).rejects.toMatchObject({ code: -32802, data: { retriggerRequest: false } });
    const newer = client.pull(A);
    await client.change(A, 'BUG');
    expect(await newer).toMatchObject({ kind: 'full', items: [{ message: 'a bug' }] });
    await refusal;
  });

  test('a cancelled request is answered in the middle of a long analysis, and the next text is analysed at once', async () => {
    const client = await start();
    await client.open(A, 'STUCK');
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const pull = client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: A } }, source.token);
    const refusal = expect(pull).rejects.toMatchObject({ code: -32800 });
    // Cards need no analysis; their answer says that the analysis side had its turn, and goes on with the text that never ends.
    await client.connection.sendRequest('lockset/cards');
    source.cancel();
    await refusal;
    await client.change(A, 'BUG BUG');
    expect(await client.diagnostics(A)).toHaveLength(2);
  });

  test('two spellings of a URI are one file', async () => {
    const client = await start();
    await client.open('file:///c%3A/Work/a%20b.py', 'GIVES x');
    await client.open('file:///C:/Work/a b.py', 'GIVES y');
    await client.open('file:///c:/Work/c.py', 'USES x\nUSES y');
    expect((await client.diagnostics('file:///c:/Work/c.py')).map(({ message }) => message)).toEqual(['nobody gives x']);
    await client.close('file:///C:/Work/a b.py');
    expect((await client.diagnostics('file:///c:/Work/c.py')).map(({ message }) => message)).toEqual(['nobody gives y']);
  });
});

describe('across files', () => {
  test('an edit that changes findings elsewhere makes the client ask again', async () => {
    const client = await start();
    await client.open(A, 'GIVES x');
    await client.open(B, 'USES x');
    expect(await client.diagnostics(B)).toEqual([]);
    expect(await client.diagnostics(A)).toEqual([]);
    const before = client.refreshes;
    await client.change(A, 'gives nothing');
    expect(await client.diagnostics(A)).toEqual([]);
    await client.until(() => client.refreshes > before);
    expect(await client.diagnostics(B)).toHaveLength(1);
  });

  test('files on disk count, open ones hide them, and closing brings them back', async () => {
    const root = folder({ 'lib/a.py': 'GIVES x', 'main.py': 'USES x\nUSES y' });
    const client = await start({ folders: [uriOfPath(root)] });
    const main = uriOfPath(path.join(root, 'main.py'));
    const lib = uriOfPath(path.join(root, 'lib/a.py'));
    const messages = async () => (await client.diagnostics(main)).map(({ message }) => message);
    expect(await messages()).toEqual(['nobody gives y']);
    await client.open(lib, 'GIVES y');
    expect(await messages()).toEqual(['nobody gives x']);
    await client.close(lib);
    await client.until(() => client.refreshes > 0 || client.statuses.length > 0);
    await expect.poll(messages).toEqual(['nobody gives y']);
  });

  test('changes on disk: written, created, deleted', async () => {
    const root = folder({ 'a.py': 'GIVES x', 'main.py': 'USES x\nUSES y' });
    const client = await start({ folders: [uriOfPath(root)] });
    const main = uriOfPath(path.join(root, 'main.py'));
    const messages = async () => (await client.diagnostics(main)).map(({ message }) => message);
    expect(await messages()).toEqual(['nobody gives y']);
    const tell = (uri: string, type: number) => client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
    await tell(write(root, 'a.py', 'nothing'), 2);
    await expect.poll(messages).toEqual(['nobody gives x', 'nobody gives y']);
    await tell(write(root, 'new/b.py', 'GIVES y'), 1);
    await expect.poll(messages).toEqual(['nobody gives x']);
    rmSync(path.join(root, 'new'), { recursive: true });
    await tell(uriOfPath(path.join(root, 'new')), 3);
    await expect.poll(messages).toEqual(['nobody gives x', 'nobody gives y']);
  });

  test('folders come and go; what is ignored, foreign or a link to outside is not read', async () => {
    const other = folder({ 'b.py': 'GIVES y' });
    const root = folder({
      '.gitignore': 'ignored/\n',
      'main.py': 'USES x\nUSES y\nUSES z\nUSES v',
      'ignored/a.py': 'GIVES x',
      'node_modules/m/index.js': 'GIVES z',
    });
    const { mkdirSync, symlinkSync } = await import('node:fs');
    mkdirSync(path.join(root, '.git'));
    symlinkSync(other, path.join(root, 'linked'));
    const client = await start({ folders: [uriOfPath(root)] });
    const main = uriOfPath(path.join(root, 'main.py'));
    const messages = async () => (await client.diagnostics(main)).map(({ message }) => String(message).slice('nobody gives '.length));
    expect(await messages()).toEqual(['x', 'y', 'z', 'v']);
    const change = (event: object) =>
      client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [], ...event } });
    await change({ added: [{ uri: uriOfPath(other), name: 'other' }] });
    await expect.poll(messages).toEqual(['x', 'z', 'v']);
    await change({ removed: [{ uri: uriOfPath(other), name: 'other' }] });
    await expect.poll(messages).toEqual(['x', 'y', 'z', 'v']);
  });
});

describe('settings', () => {
  test('changed settings change findings', async () => {
    const client = await start({ settings: { rules: { 'test-bug': 'error' } } });
    await client.open(A, 'BUG');
    expect(await client.diagnostics(A)).toMatchObject([{ severity: 1 }]);
    for (const rules of [{ 'test-bug': 'off' }, { 'test-bug': 'hint' }]) {
      client.settings = { rules };
      await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await expect.poll(async () => (await client.diagnostics(A)).map(({ severity }) => severity)).toEqual(rules['test-bug'] === 'off' ? [] : [4]);
    }
  });

  test('settings of any shape are survived', async () => {
    for (const settings of ['x', 5, [], { rules: 7, exclude: 'x', interpreter: [] }, { rules: { 'test-bug': 'loud' }, exclude: [1] }]) {
      const client = await start({ settings });
      await client.open(A, 'BUG');
      expect(await client.diagnostics(A)).toMatchObject([{ severity: 2 }]);
    }
  });

  test('the nearest configuration file decides, is followed, and leaves files out', async () => {
    const root = folder({
      'lockset.toml': 'exclude = ["scratch"]\n[rules]\ntest-bug = "error"\n',
      'a.py': 'BUG',
      'inner/pyproject.toml': '[tool.lockset.rules]\ntest-bug = "off"\n',
      'inner/b.py': 'BUG',
      'scratch/c.py': 'BUG',
      'tests/test_a.py': 'BUG',
    });
    const client = await start({ folders: [uriOfPath(root)] });
    const severities = async (name: string) => (await client.diagnostics(uriOfPath(path.join(root, name)))).map(({ severity }) => severity);
    expect(await severities('a.py')).toEqual([1]);
    expect(await severities('inner/b.py')).toEqual([]);
    expect(await severities('scratch/c.py')).toEqual([]);
    expect(await severities('tests/test_a.py')).toEqual([]);
    const uri = write(root, 'lockset.toml', 'include-tests = true\n[rules]\ntest-bug = "information"\nbroken');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    await client.until(() => client.logs.some((log) => log.includes('lockset.toml:4: not valid TOML')));
    write(root, 'lockset.toml', 'include-tests = true\n[rules]\ntest-bug = "information"\n');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    await expect.poll(() => severities('a.py')).toEqual([3]);
    await expect.poll(() => severities('scratch/c.py')).toEqual([3]);
    await expect.poll(() => severities('tests/test_a.py')).toEqual([3]);
    expect(await severities('inner/b.py')).toEqual([]);
  });
  test('the baseline that it names leaves known findings out, and is followed', async () => {
    const known = { rule: 'test-bug', file: 'a.py', symbol: '', message: 'a bug', fingerprint: '0' };
    const root = folder({
      'lockset.toml': 'baseline = "known-baseline.json"\n',
      'known-baseline.json': JSON.stringify({ version: 1, findings: [known] }),
      'a.py': 'BUG\nUSES x',
    });
    const client = await start({ folders: [uriOfPath(root)] });
    const messages = async () => (await client.diagnostics(uriOfPath(path.join(root, 'a.py')))).map(({ message }) => message);
    expect(await messages()).toEqual(['nobody gives x']);
    const uri = write(root, 'known-baseline.json', '{"version": 1, "findings": []}');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    await expect.poll(messages).toEqual(['a bug', 'nobody gives x']);
    write(root, 'known-baseline.json', 'broken');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    await client.until(() => client.logs.some((log) => log.includes('the baseline cannot be used: it is not JSON')));
    expect(await messages()).toEqual(['a bug', 'nobody gives x']);
  });
});

describe('the whole workspace', () => {
  test('is streamed over a request that stays open', async () => {
    const root = folder({ 'a.py': 'BUG', 'b.py': 'USES x', 'c.py': '' });
    const client = await start({ folders: [uriOfPath(root)] });
    const a = uriOfPath(path.join(root, 'a.py'));
    const b = uriOfPath(path.join(root, 'b.py'));
    const stream = follow(client);
    await stream.until(() => !!stream.latest(a) && !!stream.latest(b));
    expect(stream.latest(a)).toMatchObject({ kind: 'full', version: null, items: [{ message: 'a bug' }] });
    expect(stream.reports).toHaveLength(2);
    await client.open(a, 'GIVES x BUG');
    await stream.until(() => stream.latest(b)?.kind === 'full' && (stream.latest(b) as { items: unknown[] }).items.length === 0);
    await stream.until(() => stream.latest(a)?.version === 1);
    // What the client has already is not sent again.
    const known = stream.latest(a)?.resultId ?? '';
    const second = follow(client, [
      { uri: a, value: known },
      { uri: b, value: 'old' },
    ]);
    await second.until(() => second.reports.length > 0);
    expect(second.reports).toMatchObject([{ uri: b, items: [] }]);
  });

  test('without partial results it is answered at once', async () => {
    const root = folder({ 'a.py': 'BUG', 'b.py': '' });
    const client = await start({ folders: [uriOfPath(root)] });
    expect(await client.connection.sendRequest('workspace/diagnostic', { previousResultIds: [] })).toMatchObject({
      items: [{ uri: uriOfPath(path.join(root, 'a.py')), items: [{ code: 'test-bug' }] }],
    });
  });
});

describe('indexing', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}.py`, 'LONG BUG']));

  test('tells how far it is, lets requests in, and ends with the whole', async () => {
    const root = folder(many);
    const client = await start({ folders: [uriOfPath(root)] });
    await client.open(A, 'BUG');
    expect(await client.diagnostics(A)).toHaveLength(1);
    expect(client.statuses.at(-1)?.state).not.toBe('ready');
    await client.until(() => client.progress.some(({ kind }) => kind === 'end'));
    await client.until(() => client.statuses.at(-1)?.state === 'ready' && client.statuses.at(-1)?.files === 101);
    expect(client.statuses.at(-1)).toMatchObject({ message: 'Lockset: 101 warnings', findings: 101 });
    expect(client.progress[0]).toMatchObject({ kind: 'begin', cancellable: true });
    expect(client.progress.some(({ kind }) => kind === 'report')).toBe(true);
  });

  test('can be stopped, and what was read until then is kept', async () => {
    const root = folder(many);
    const client = await start({ folders: [uriOfPath(root)] });
    await client.until(() => client.progress.some(({ kind }) => kind === 'report'));
    await client.connection.sendNotification('window/workDoneProgress/cancel', { token: client.progress[0].token });
    await client.until(() => client.progress.some(({ kind }) => kind === 'end') && client.logs.some((log) => log.startsWith('Indexing was stopped')));
    await client.until(() => client.statuses.at(-1)?.state === 'ready' && (client.statuses.at(-1)?.files ?? 0) > 0);
    expect(client.statuses.at(-1)?.files).toBeLessThan(100);
  });
});

describe('clients that cannot pull', () => {
  test('are sent what there is, and what it becomes', async () => {
    const client = await start({ capabilities: { textDocument: {} } });
    await client.open(A, 'GIVES x');
    await client.open(B, 'USES x\nBUG');
    const count = (uri: string) => client.published.get(uri)?.diagnostics.length;
    await client.until(() => count(A) === 0 && count(B) === 1);
    await client.change(A, 'nothing');
    await client.until(() => count(B) === 2);
    expect(client.published.get(B)?.version).toBe(1);
    await client.close(B);
    await client.until(() => count(B) === 0);
  });
});
