// Notebooks: cells are analysed together; what is told and what is repaired stays in its cell and its version.
import { describe, expect, test } from 'vitest';
import type { CodeAction, Hover, NotebookDocumentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TestClient } from './support/client';
import { sessions } from './support/session';

const { start, spawn } = sessions();
const NOTEBOOK = 'file:///lockset/n.ipynb';
const cell = (name: string) => `vscode-notebook-cell:/lockset/n.ipynb#${name}`;
const [A, B, C] = ['a', 'b', 'c'].map(cell);

const document = (uri: string, text: string) => ({ uri, languageId: 'python', version: 1, text });

async function open(client: TestClient, cells: Readonly<Record<string, string>>): Promise<void> {
  await client.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: { uri: NOTEBOOK, notebookType: 'jupyter-notebook', version: 1, cells: Object.keys(cells).map((uri) => ({ kind: 2, document: uri })) },
    cellTextDocuments: Object.entries(cells).map(([uri, text]) => document(uri, text)),
  });
}

function change(client: TestClient, cells: NotebookDocumentChangeEvent['cells']): Promise<void> {
  return client.connection.sendNotification('notebookDocument/didChange', { notebookDocument: { uri: NOTEBOOK, version: 2 }, change: { cells } });
}

/** What a cell's text is replaced by. */
function retype(client: TestClient, uri: string, version: number, text: string): Promise<void> {
  return change(client, { textContent: [{ document: { uri, version }, changes: [{ text }] }] });
}

async function actions(client: TestClient, uri: string, only?: string[], diagnostics?: Awaited<ReturnType<TestClient['diagnostics']>>): Promise<CodeAction[]> {
  const found = diagnostics ?? (await client.diagnostics(uri));
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return client.connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: found, only } });
}

/** The cells that an action changes: their versions and the texts after it. */
function applied(action: CodeAction, texts: Readonly<Record<string, string>>): Record<string, [number | null, string]> {
  const after: Record<string, [number | null, string]> = {};
  for (const each of action.edit?.documentChanges ?? []) {
    if (!('edits' in each)) throw new Error('not an edit of a text');
    const { uri, version } = each.textDocument;
    const edits = each.edits.filter((edit) => 'newText' in edit);
    after[uri] = [version, TextDocument.applyEdits(TextDocument.create(uri, 'python', 1, texts[uri]), edits)];
  }
  return after;
}

describe('a notebook', () => {
  test('is asked for, and its cells tell of their own findings', async () => {
    const client = spawn();
    const { capabilities } = await client.initialize();
    expect(capabilities.notebookDocumentSync).toEqual({ notebookSelector: [{ notebook: '*', cells: [{ language: 'python' }] }] });
    await open(client, { [A]: 'x', [B]: '%matplotlib inline\ny = BUG', [C]: 'BUG' });
    expect(await client.diagnostics(A)).toEqual([]);
    const range = { start: { line: 1, character: 4 }, end: { line: 1, character: 7 } };
    expect(await client.diagnostics(B)).toMatchObject([{ range, relatedInformation: [{ location: { uri: B, range } }] }]);
    expect(await client.diagnostics(C)).toMatchObject([{ range: { start: { line: 0, character: 0 } } }]);
  });

  test('its cells know of one another, and of changes elsewhere in it', async () => {
    const client = await start();
    await open(client, { [A]: 'x', [B]: 'USES y' });
    expect(await client.diagnostics(B)).toHaveLength(1);
    await retype(client, A, 2, 'GIVES y\nz');
    expect(await client.diagnostics(B)).toEqual([]);
    await retype(client, A, 3, 'x');
    await client.until(() => client.refreshes > 0);
    const [diagnostic] = await client.diagnostics(B);
    expect(diagnostic.range.start).toEqual({ line: 0, character: 0 });
  });

  test('follows cells that are put in, moved and taken out', async () => {
    const client = await start();
    await open(client, { [A]: 'x', [B]: 'BUG' });
    const put = { array: { start: 0, deleteCount: 0, cells: [{ kind: 2 as const, document: C }] }, didOpen: [document(C, 'a\nUSES b')] };
    await change(client, { structure: put });
    expect(await client.diagnostics(B)).toMatchObject([{ range: { start: { line: 0, character: 0 } } }]);
    expect(await client.diagnostics(C)).toMatchObject([{ range: { start: { line: 1, character: 0 } } }]);
    // Moved: no document is opened or closed.
    await change(client, { structure: { array: { start: 0, deleteCount: 3, cells: [A, B, C].map((uri) => ({ kind: 2 as const, document: uri })) } } });
    expect(await client.diagnostics(C)).toMatchObject([{ range: { start: { line: 1, character: 0 } } }]);
    await change(client, { structure: { array: { start: 1, deleteCount: 1 }, didClose: [{ uri: B }] } });
    expect(await client.diagnostics(B)).toEqual([]);
    await client.connection.sendNotification('notebookDocument/didClose', { notebookDocument: { uri: NOTEBOOK }, cellTextDocuments: [{ uri: A }, { uri: C }] });
    expect(await client.diagnostics(C)).toEqual([]);
  });

  test('says on hover what it says in a file', async () => {
    const client = await start();
    await open(client, { [A]: 'x', [B]: '\nBUG' });
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri: B }, position: { line: 1, character: 1 } });
    expect(hover.range).toEqual({ start: { line: 1, character: 0 }, end: { line: 1, character: 3 } });
  });

  test('clients that cannot pull are told of each cell', async () => {
    const client = await start({ capabilities: {} });
    await open(client, { [A]: 'x', [B]: 'BUG' });
    await client.until(() => client.published.has(A) && client.published.has(B));
    expect(client.published.get(A)?.diagnostics).toEqual([]);
    expect(client.published.get(B)?.diagnostics).toHaveLength(1);
  });
});

describe('repairs in a notebook', () => {
  test('change their cell in its version, and are refused when any cell has changed', async () => {
    const client = await start();
    const texts = { [A]: 'x', [B]: 'y\nBUG' };
    await open(client, texts);
    await retype(client, B, 7, texts[B]);
    const diagnostics = await client.diagnostics(B);
    const [fix] = await actions(client, B, undefined, diagnostics);
    expect(applied(fix, texts)).toEqual({ [B]: [7, 'y\nFIXED'] });
    await retype(client, A, 2, 'x\n\n');
    expect(await actions(client, B, undefined, diagnostics)).toEqual([]);
  });

  test('may concern several cells', async () => {
    const client = await start();
    const texts = { [A]: 'DOUBT', [B]: 'y = DOUBTDOUBT' };
    await open(client, texts);
    const [fix] = await actions(client, B);
    expect(applied(fix, texts)).toEqual({ [A]: [1, 'FIXED'], [B]: [1, 'y = FIXEDFIXED'] });
  });

  test('all safe ones are made for the notebook as a whole, never for a cell alone', async () => {
    const client = await start();
    const texts = { [A]: 'BUG\n%magic\n', [B]: '!ls', [C]: 'x\ny = BUG' };
    await open(client, texts);
    expect(await actions(client, A, ['source.fixAll'])).toEqual([]);
    for (const only of ['notebook.source.fixAll.lockset', 'notebook.source', 'notebook']) {
      const [action] = await actions(client, A, [only]);
      expect(applied(action, texts)).toEqual({ [A]: [1, 'FIXED\n%magic\n'], [C]: [1, 'x\ny = FIXED'] });
    }
  });

  test('silencing puts its comment into the cell, and what holds for the file into the first that is read', async () => {
    const client = await start();
    const texts = { [A]: '%%bash\nls', [B]: '%%time\nx', [C]: 'y = BUG' };
    await open(client, texts);
    const [, here, everywhere] = await actions(client, C);
    expect(applied(here, texts)).toEqual({ [C]: [1, 'y = BUG  # lockset: allow(test-bug)'] });
    expect(applied(everywhere, texts)).toEqual({ [B]: [1, '%%time\n# lockset: allow-file(test-bug)\nx'] });
  });
});
