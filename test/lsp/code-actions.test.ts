// Code actions, hover and the questions that a person asks.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic, Hover, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { uriOfPath } from '../../server/lsp/uris';
import type { TestClient } from './support/client';
import { sessions } from './support/session';

const { start, folder } = sessions();
const A = 'file:///lockset/a.py';
const TS = 'file:///lockset/a.ts';

function actions(client: TestClient, uri: string, diagnostics: Diagnostic[], only?: string[]): Promise<CodeAction[]> {
  const range: Range = diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return client.connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics, only } });
}

/** The text after the only document change of an action. */
function applied(action: CodeAction | undefined, text: string): string {
  const [change] = action?.edit?.documentChanges ?? [];
  if (!change || !('edits' in change)) throw new Error('no document change');
  return TextDocument.applyEdits(
    TextDocument.create('file:///x', 'x', 1, text),
    change.edits.filter((edit) => 'newText' in edit),
  );
}

async function silenced(client: TestClient, uri: string, language: string, text: string, title: string): Promise<string> {
  await client.open(uri, text, language);
  const diagnostics = (await client.diagnostics(uri)).slice(0, 1);
  const found = (await actions(client, uri, diagnostics)).find((action) => action.title === title);
  await client.close(uri);
  return applied(found, text);
}

describe('fixes', () => {
  test('come with the diagnostic, for the version it was computed on', async () => {
    const client = await start();
    await client.open(A, 'x = BUG\n');
    const diagnostics = await client.diagnostics(A);
    const found = await actions(client, A, diagnostics);
    expect(found.map(({ title, kind, isPreferred }) => ({ title, kind, isPreferred }))).toEqual([
      { title: 'Fix it', kind: 'quickfix', isPreferred: true },
      { title: 'Allow test-bug here', kind: 'quickfix', isPreferred: undefined },
      { title: 'Allow test-bug in this file', kind: 'quickfix', isPreferred: undefined },
    ]);
    expect(found[0].edit?.documentChanges).toMatchObject([{ textDocument: { uri: A, version: 1 } }]);
    expect(applied(found[0], 'x = BUG\n')).toBe('x = FIXED\n');
    expect(found[0].diagnostics).toHaveLength(1);
  });

  test('are refused when the text has changed since, and offered again when the result was confirmed', async () => {
    const client = await start();
    await client.open(A, 'x = BUG\n');
    const first = await client.pull(A);
    const diagnostics = first.kind === 'full' ? first.items : [];
    await client.change(A, 'y', { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } });
    expect(await actions(client, A, diagnostics)).toEqual([]);
    expect((await client.pull(A, first.resultId)).kind).toBe('unchanged');
    const again = await actions(client, A, diagnostics);
    expect(again[0].edit?.documentChanges).toMatchObject([{ textDocument: { uri: A, version: 2 } }]);
    await client.change(A, '\n', { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    await client.pull(A);
    expect(await actions(client, A, diagnostics)).toEqual([]);
  });

  test('a fix that is not sure says so, and data that is not ours is ignored', async () => {
    const client = await start();
    await client.open(A, 'USES x');
    const [diagnostic] = await client.diagnostics(A);
    expect((await actions(client, A, [diagnostic]))[0]).toMatchObject({ title: 'Fix it (check the result)', isPreferred: false });
    for (const data of [
      undefined,
      null,
      7,
      {},
      { result: 'x', versions: {}, fixes: [null] },
      { result: 'x', versions: { [A]: 1 }, fixes: [{ title: 't', edits: [{}] }] },
    ]) {
      expect(await actions(client, A, [{ ...diagnostic, data }])).toEqual([]);
    }
    expect(await actions(client, A, [{ ...diagnostic, source: 'other' }])).toEqual([]);
  });

  test('all safe fixes at once, only when asked for', async () => {
    const client = await start();
    const text = 'BUG\nUSES x\ny = BUG\n';
    await client.open(A, text);
    const diagnostics = await client.diagnostics(A);
    for (const only of ['source.fixAll.lockset', 'source.fixAll', 'source']) {
      const [action, ...others] = await actions(client, A, diagnostics, [only]);
      expect(others).toEqual([]);
      expect(action.kind).toBe('source.fixAll.lockset');
      expect(applied(action, text)).toBe('FIXED\nUSES x\ny = FIXED\n');
    }
    expect(await actions(client, A, diagnostics, ['source.fixAll.eslint'])).toEqual([]);
    expect(await actions(client, A, diagnostics, ['refactor'])).toEqual([]);
    expect((await actions(client, A, diagnostics)).every(({ kind }) => kind === 'quickfix')).toBe(true);
  });

  test('a fix that does not clear its finding is not offered', async () => {
    const client = await start();
    await client.open(A, 'VAIN');
    const diagnostics = await client.diagnostics(A);
    expect((await actions(client, A, diagnostics)).map(({ title }) => title)).toEqual(['Allow test-bug here', 'Allow test-bug in this file']);
    expect(await actions(client, A, diagnostics, ['source.fixAll'])).toEqual([]);
  });

  test('a suggestion is preferred where it is the only one, but is not among the safe ones', async () => {
    const client = await start();
    await client.open(A, 'x\nHUNCH');
    const diagnostics = await client.diagnostics(A);
    expect((await actions(client, A, diagnostics))[0]).toMatchObject({ title: 'Fix it', isPreferred: true });
    expect(await actions(client, A, diagnostics, ['source.fixAll'])).toEqual([]);
  });

  test('a doubtful fix of many places is to be looked through where the client can show it', async () => {
    const able = { documentChanges: true, changeAnnotationSupport: {} };
    const client = await start({ capabilities: { textDocument: { diagnostic: {} }, workspace: { workspaceEdit: able } } });
    await client.open(A, 'DOUBT');
    expect((await actions(client, A, await client.diagnostics(A)))[0].edit?.changeAnnotations).toBeUndefined();
    await client.open(TS, 'DOUBT', 'typescript');
    const [action] = await actions(client, A, await client.diagnostics(A));
    expect(action).toMatchObject({ title: 'Fix it (check the result)', isPreferred: false });
    expect(Object.values(action.edit?.changeAnnotations ?? {})).toMatchObject([{ label: 'Fix it (check the result)', needsConfirmation: true }]);
    expect(action.edit?.documentChanges).toMatchObject([
      { textDocument: { uri: A, version: 1 }, edits: [{ annotationId: 'doubtful' }] },
      { textDocument: { uri: TS, version: 1 }, edits: [{ annotationId: 'doubtful' }] },
    ]);
    const plain = await start();
    await plain.open(A, 'DOUBT');
    await plain.open(TS, 'DOUBT', 'typescript');
    expect((await actions(plain, A, await plain.diagnostics(A)))[0].edit).toMatchObject({ documentChanges: [{ edits: [{ newText: 'FIXED' }] }, {}] });
  });

  test('clients without versioned edits get plain ones', async () => {
    const client = await start({ capabilities: { textDocument: { diagnostic: {} }, workspace: {} } });
    await client.open(A, 'BUG');
    expect((await actions(client, A, await client.diagnostics(A)))[0].edit).toMatchObject({ changes: { [A]: [{ newText: 'FIXED' }] } });
  });
});

describe('while the caret only moves', () => {
  const RESOLVING = { codeAction: { resolveSupport: { properties: ['edit'] } }, diagnostic: {} };
  const passingBy = async (client: TestClient, diagnostics: Diagnostic[]) => {
    const parameters = { textDocument: { uri: A }, range: diagnostics[0].range, context: { diagnostics, triggerKind: 2 } };
    return client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', parameters);
  };

  test('edits wait until an action is chosen', async () => {
    const client = await start({ capabilities: { textDocument: RESOLVING, workspace: { workspaceEdit: { documentChanges: true } } } });
    await client.open(A, 'x = BUG');
    const [fix, silence] = await passingBy(client, await client.diagnostics(A));
    expect(fix).toMatchObject({ title: 'Fix it', isPreferred: true });
    expect(fix.edit).toBeUndefined();
    expect(silence.edit).toBeDefined();
    expect(applied(await client.connection.sendRequest('codeAction/resolve', fix), 'x = BUG')).toBe('x = FIXED');
    await client.change(A, 'x = BUG\n');
    await expect(client.connection.sendRequest('codeAction/resolve', fix)).rejects.toMatchObject({ code: -32801 });
  });

  test('and where they take long, a menu does not wait for them', async () => {
    const client = await start({ capabilities: { textDocument: RESOLVING, workspace: { workspaceEdit: { documentChanges: true } } } });
    await client.open(A, 'BUG SLOW');
    const [fix] = await actions(client, A, await client.diagnostics(A));
    expect(fix.edit).toBeUndefined();
    expect(applied(await client.connection.sendRequest('codeAction/resolve', fix), 'BUG SLOW')).toBe('FIXED SLOW');
    const [known] = await actions(client, A, await client.diagnostics(A));
    expect(known.edit).toBeDefined();
  });

  test('one that cannot be proven is refused with a reason', async () => {
    const client = await start({ capabilities: { textDocument: RESOLVING } });
    await client.open(A, 'VAIN');
    const [fix] = await passingBy(client, await client.diagnostics(A));
    await expect(client.connection.sendRequest('codeAction/resolve', fix)).rejects.toMatchObject({ message: expect.stringMatching(/would/) });
  });

  test('clients that cannot wait get them at once', async () => {
    const client = await start();
    await client.open(A, 'BUG');
    expect((await passingBy(client, await client.diagnostics(A)))[0].edit).toBeDefined();
  });
});

describe('silencing', () => {
  test.each([
    ['behind the line', 'x = BUG  \r\ny\r\n', 'x = BUG  # lockset: allow(test-bug)\r\ny\r\n'],
    ['in a comment that is there', 'BUG  # lockset: allow(other)\n', 'BUG  # lockset: allow(other, test-bug)\n'],
    ['above a continued line', '  BUG + \\\n1\n', '  # lockset: allow(test-bug)\n  BUG + \\\n1\n'],
    ['above a string that goes on', 'BUG("""\n""")\n', '# lockset: allow(test-bug)\nBUG("""\n""")\n'],
    ['on a last line without an end', 'BUG', 'BUG  # lockset: allow(test-bug)'],
  ])('%s', async (_where, before, after) => {
    const client = await start();
    expect(await silenced(client, A, 'python', before, 'Allow test-bug here')).toBe(after);
  });

  test('in TypeScript', async () => {
    const client = await start();
    expect(await silenced(client, TS, 'typescript', 'BUG;\n', 'Allow test-bug here')).toBe('BUG;  // lockset: allow(test-bug)\n');
    expect(await silenced(client, TS, 'typescript', '\tBUG(`\n`);\n', 'Allow test-bug here')).toBe('\t// lockset: allow(test-bug)\n\tBUG(`\n`);\n');
    expect(await silenced(client, TS, 'typescript', '#!/usr/bin/env node\nBUG\n', 'Allow test-bug in this file')).toBe(
      '#!/usr/bin/env node\n// lockset: allow-file(test-bug)\nBUG\n',
    );
  });

  test.each([
    ['at the top', 'BUG\r\n', '# lockset: allow-file(test-bug)\r\nBUG\r\n'],
    [
      'below what has to be first',
      '#!/usr/bin/python\n# -*- coding: utf-8 -*-\nBUG\n',
      '#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# lockset: allow-file(test-bug)\nBUG\n',
    ],
    ['in a comment that is there', '# lockset: allow-file(other)\nBUG\n', '# lockset: allow-file(other, test-bug)\nBUG\n'],
    ['in a text of one line', '#!/BUG', '#!/BUG\n# lockset: allow-file(test-bug)\n'],
  ])('in the whole file: %s', async (_where, before, after) => {
    const client = await start();
    expect(await silenced(client, A, 'python', before, 'Allow test-bug in this file')).toBe(after);
  });
});

describe('room for a reason', () => {
  const CAPABILITIES = { textDocument: { diagnostic: {} }, workspace: { workspaceEdit: { documentChanges: true, snippetEditSupport: true } } };

  test('is left where the client takes snippets', async () => {
    const client = await start({ capabilities: CAPABILITIES });
    await client.open(A, 'BUG\n');
    const found = await actions(client, A, await client.diagnostics(A));
    const snippets = found.flatMap(({ edit }) => edit?.documentChanges ?? []).flatMap((change) => ('edits' in change ? change.edits : []));
    expect(snippets.slice(1)).toMatchObject([
      { snippet: { kind: 'snippet', value: '  # lockset: allow(test-bug) ${1:reason}' } },
      { snippet: { kind: 'snippet', value: '# lockset: allow-file(test-bug) ${1:reason}\n' } },
    ]);
  });
});

describe('for our own client', () => {
  const OURS = { initializationOptions: { assets: '/somewhere' } };

  test('a finding leads to the other access, its traces and its card', async () => {
    const client = await start(OURS);
    await client.open(A, 'x\nHUNCH\n');
    const found = await actions(client, A, await client.diagnostics(A));
    const step = (line: number, length: number, who: string, message: string) => ({
      uri: A,
      range: { start: { line, character: 0 }, end: { line, character: length } },
      message,
      who,
    });
    const other = step(0, 1, 'another thread', 'writes. What was read is old.');
    expect(found.flatMap(({ command }) => command ?? [])).toEqual([
      { title: 'Show the other access: a.py:1', command: 'lockset.showPlace', arguments: [{ uri: A, range: other.range }] },
      {
        title: 'Show both traces: test-bug',
        command: 'lockset.showTraces',
        arguments: ['a bug', [step(1, 5, 'one thread', 'reads'), other, step(2, 0, 'Besides', 'starts threads')]],
      },
      { title: 'Open the card: test-bug', command: 'lockset.openCard', arguments: ['test-bug'] },
      { title: 'Show in the concurrency report', command: 'lockset.showReport', arguments: [{ file: A, line: 1, column: 0 }] },
    ]);
  });

  test('a rule can be turned off in the configuration that holds', async () => {
    const root = folder({ 'a.py': 'BUG', 'b/pyproject.toml': '[tool.lockset]\n', 'b/b.py': 'BUG' });
    const client = await start({ ...OURS, folders: [uriOfPath(root)] });
    for (const [name, file, exists] of [
      ['a.py', 'lockset.toml', false],
      ['b/b.py', 'b/pyproject.toml', true],
    ] as const) {
      const uri = uriOfPath(path.join(root, name));
      await client.open(uri, 'BUG');
      const action = (await actions(client, uri, await client.diagnostics(uri))).at(-1);
      expect(action).toMatchObject({ title: 'Turn test-bug off in the configuration', command: { arguments: [uri, 'test-bug'] } });
      const configuration = uriOfPath(path.join(root, file));
      expect(await client.connection.sendRequest('lockset/configurationFile', { uri })).toEqual({ uri: configuration, exists });
      const parameters = { configuration, text: '', rule: 'test-bug' };
      expect(await client.connection.sendRequest('lockset/ruleOff', parameters)).toMatchObject({ snippet: expect.stringContaining('test-bug = "off"') });
    }
    await expect(client.connection.sendRequest('lockset/ruleOff', { configuration: '', text: '', rule: '.*' })).rejects.toThrow();
  });
});

describe('questions', () => {
  test('hover', async () => {
    const client = await start();
    await client.open(A, 'BUG\n😀 BUG');
    const hover = (line: number, character: number) =>
      client.connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri: A }, position: { line, character } });
    expect(await hover(1, 4)).toEqual({
      contents: { kind: 'markdown', value: 'a bug' },
      range: { start: { line: 1, character: 3 }, end: { line: 1, character: 6 } },
    });
    expect(await hover(0, 0)).toMatchObject({ contents: { value: 'a bug in threading.Lock' } });
    expect(await hover(1, 0)).toBeNull();
    expect(await hover(99, 99)).toMatchObject({ range: { start: { line: 1 } } });
  });

  test('report, explanation and cards', async () => {
    const root = folder({ 'a.py': 'BUG', 'b.py': '\0\0' });
    const client = await start({ folders: [uriOfPath(root)] });
    const { html } = await client.connection.sendRequest<{ html: string }>('lockset/report', { nonce: 'n', contentSecuritySource: 's' });
    expect(html).toBe(`<html nonce="n">1 findings, ${path.join(root, 'b.py')}: a binary file</html>`);
    const explain = (uri: string) => client.connection.sendRequest('lockset/explain', { uri, line: 3 });
    expect(await explain(uriOfPath(path.join(root, 'a.py')))).toEqual({ text: `line 3 of ${path.join(root, 'a.py')}` });
    expect(await explain('file:///x.md')).toEqual({ text: 'Lockset does not analyse this document.' });
    expect(await explain('file:///x.py')).toEqual({ text: 'Lockset does not analyse this file.' });
    expect(await client.connection.sendRequest('lockset/card', { id: 'test-bug' })).toEqual({ title: 'Test bug', markdown: 'A bug.' });
    expect(await client.connection.sendRequest('lockset/card', { id: 'none' })).toBeNull();
    expect(await client.connection.sendRequest('lockset/cards')).toHaveLength(1);
  });

  test('a failing analysis refuses with a reason', async () => {
    const client = await start();
    await client.open(A, 'FAIL');
    await expect(client.connection.sendRequest('lockset/report', { nonce: 'n', contentSecuritySource: 's' })).rejects.toMatchObject({
      code: -32803,
      message: expect.stringContaining('the analysis fails'),
    });
  });
});
