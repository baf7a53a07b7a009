// The server's life: start, orderly end, hang-up, bad input, and analysis workers that die.
import { fork, spawn as spawnProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { uriOfPath } from '../../server/lsp/uris';
import { bundleServer } from './support/bundle';
import { sessions, write } from './support/session';

const { start, spawn, folder } = sessions();
const URI = 'file:///lockset/a.py';

describe('start and end', () => {
  test('capabilities', async () => {
    const client = spawn();
    const { capabilities, serverInfo } = await client.initialize();
    expect(serverInfo?.name).toBe('Lockset');
    expect(capabilities).toMatchObject({
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2 },
      hoverProvider: true,
      diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true },
      codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.rewrite', 'source.fixAll.lockset', 'notebook.source.fixAll.lockset'] },
    });
    await client.until(() => client.statuses.some(({ state }) => state === 'ready') || client.registrations.length >= 2);
    expect(client.registrations).toContain('workspace/didChangeWatchedFiles');
  });

  test('shutdown and exit end with status 0', async () => {
    const client = await start();
    await client.open(URI, 'BUG');
    await client.diagnostics(URI);
    expect(await client.shutdown()).toBe(0);
    expect(client.stderr).toBe('');
  });

  test('exit without shutdown ends with status 1', async () => {
    const client = await start();
    await client.connection.sendNotification('exit');
    expect(await client.ended).toBe(1);
  });

  test('without arguments it speaks over standard input and output', async () => {
    const client = await start({ arguments: [] });
    expect(await client.shutdown()).toBe(0);
  });

  test('a client that hangs up in the middle of an analysis ends it', async () => {
    const client = await start();
    await client.open(URI, 'STUCK');
    client.pull(URI).catch(() => undefined);
    await client.connection.sendRequest('lockset/cards');
    client.process.stdin.end();
    client.process.stdout.destroy();
    expect(await client.ended).toBe(1);
  });
});

test('the end of the process that the client named ends it', async () => {
  const other = spawnProcess(process.execPath, ['-e', '']);
  await new Promise((resolve) => other.on('exit', resolve));
  const client = await start({ processId: other.pid });
  expect(await client.ended).toBe(1);
});

test('over the channel between processes: answers, and ends when its parent hangs up', async () => {
  const script = await bundleServer('test/lsp/support/fake-main.ts', 'forked');
  const server = fork(script, ['--node-ipc'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  try {
    const answer = new Promise<{ id: number; result: { serverInfo: { name: string } } }>((resolve) =>
      server.once('message', (message) => resolve(message as never)),
    );
    server.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
    expect((await answer).result.serverInfo.name).toBe('Lockset');
    server.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
    server.disconnect();
    expect(await ended).toBe(1);
  } finally {
    server.kill('SIGKILL');
    rmSync(script);
  }
});

describe('bad input', () => {
  test('what the analysis prints does not get into the protocol', async () => {
    const client = await start();
    await client.open(URI, 'PRINT BUG');
    expect(await client.diagnostics(URI)).toHaveLength(1);
    expect(await client.shutdown()).toBe(0);
    expect(client.stderr).toBe('');
  });

  test('initialisation options of any shape', async () => {
    for (const initializationOptions of [null, 'x', 7, [], { assets: 3 }, { assets: '' }]) {
      const client = await start({ initializationOptions });
      await client.open(URI, 'BUG');
      expect(await client.diagnostics(URI)).toHaveLength(1);
      expect(await client.shutdown()).toBe(0);
    }
  });

  test('a missing part of one language is told once, and the other language works', async () => {
    const client = await start({ initializationOptions: { assets: '/nowhere' } });
    await client.open(URI, 'BUG');
    await client.open('file:///lockset/b.ts', 'BUG', 'typescript');
    expect(await client.diagnostics(URI)).toEqual([]);
    expect(await client.diagnostics('file:///lockset/b.ts')).toHaveLength(1);
    await client.change(URI, 'BUG BUG');
    expect(await client.diagnostics(URI)).toEqual([]);
    expect(client.logs.filter((log) => log.includes('cannot be analysed'))).toEqual(['Python cannot be analysed: there is no grammar in /nowhere']);
  });

  test('documents that are not ours have no findings', async () => {
    const client = await start();
    const cell = 'vscode-notebook-cell:/lockset/a.ipynb#W0sZmlsZQ%3D%3D';
    await client.open(cell, 'BUG');
    await client.open('file:///lockset/a.md', 'BUG', 'markdown');
    await client.change(cell, 'BUG BUG');
    expect(await client.diagnostics(cell)).toEqual([]);
    expect(await client.diagnostics('file:///lockset/a.md')).toEqual([]);
    expect(await client.connection.sendRequest('textDocument/hover', { textDocument: { uri: cell }, position: { line: 0, character: 1 } })).toBeNull();
    await client.close(cell);
    expect(await client.shutdown()).toBe(0);
  });

  test('an untitled document and a script without an ending are analysed by their language', async () => {
    const client = await start();
    await client.open('untitled:Untitled-1', 'BUG');
    await client.open('file:///lockset/tool', 'BUG', 'python');
    const [finding] = await client.diagnostics('untitled:Untitled-1');
    expect(finding.relatedInformation?.[0].location.uri).toBe('untitled:Untitled-1');
    expect(await client.diagnostics('file:///lockset/tool')).toHaveLength(1);
  });

  test('a document over the cap is told once and has no findings; below it again it has', async () => {
    const client = await start();
    await client.open(URI, `BUG${' '.repeat(4_000_001)}`);
    expect(await client.diagnostics(URI)).toEqual([]);
    await client.change(URI, `BUG BUG${' '.repeat(4_000_001)}`);
    expect(await client.diagnostics(URI)).toEqual([]);
    expect(client.logs.filter((log) => log.includes('a.py is not analysed'))).toHaveLength(1);
    await client.change(URI, 'BUG');
    expect(await client.diagnostics(URI)).toHaveLength(1);
  });

  test('folders that do not exist or vanish', async () => {
    const gone = folder();
    const uri = write(gone, 'a.py', 'BUG');
    const client = await start({ folders: ['file:///lockset/nowhere', uriOfPath(gone), 'vscode-vfs://github/x'] });
    expect(await client.diagnostics(uri)).toHaveLength(1);
    rmSync(gone, { recursive: true });
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOfPath(gone), type: 3 }] });
    expect(await client.diagnostics(uri)).toEqual([]);
    expect(await client.shutdown()).toBe(0);
  });
});

describe('a worker that dies', () => {
  test.each([
    ['leaves', 'EXIT', /exit code 7/],
    ['runs out of memory', 'HEAP', /memory/],
    ['has a parser that throws', 'ABORT', /unreachable/],
    ['has a parser that says it is torn', 'TORN', /memory access out of bounds/],
    ['has a parser that is full', 'FULL', /has used up its memory/],
  ])('%s: it is started again, keeps what it knew, and leaves the file out after the second time', async (_how, word, reason) => {
    const client = await start();
    await client.open(URI, 'x\nBUG');
    expect(await client.diagnostics(URI)).toHaveLength(1);
    const bad = 'file:///lockset/bad.py';
    await client.open(bad, word);
    // The answer that killed it twice is given up; nothing is shown for that file.
    expect(await client.diagnostics(bad)).toEqual([]);
    await client.until(() => client.logs.some((log) => log.includes('bad.py is left out')));
    expect(await client.diagnostics(URI)).toHaveLength(1);
    const ends = client.logs.filter((log) => log.includes('The analysis ended while reading /lockset/bad.py'));
    expect(ends).toHaveLength(2);
    expect(ends[0]).toMatch(reason);
    expect(client.stderr).toBe('');
    expect(await client.shutdown()).toBe(0);
  });

  test('it is given up when it keeps dying', async () => {
    const client = await start();
    for (let index = 0; index < 4; index++) await client.open(`file:///lockset/${index}.py`, 'EXIT');
    await client.until(() => client.statuses.some(({ state }) => state === 'failed'));
    expect(client.logs.filter((log) => log.includes('is not started again'))).toHaveLength(1);
    expect(await client.diagnostics('file:///lockset/0.py')).toEqual([]);
    expect(await client.shutdown()).toBe(0);
  });

  test('an analysis that throws is told once and leaves what was shown', async () => {
    const client = await start();
    await client.open(URI, 'BUG');
    const first = await client.pull(URI);
    await client.change(URI, 'FAIL');
    expect(await client.pull(URI, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await client.pull(URI, first.resultId);
    await client.change(URI, 'BUG BUG');
    expect(await client.diagnostics(URI)).toHaveLength(2);
    expect(client.logs.filter((log) => log.startsWith('The analysis failed'))).toHaveLength(1);
  });
});
