// The whole way: the server as it ships, on real sources of both languages, over stdio.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, Hover, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { termByName } from '../../glossary/terms';
import { uriOfPath } from '../../server/lsp/uris';
import { sessions } from './support/session';

const { start, folder } = sessions('server/lsp/node-main.ts', 'real');
let assets = '';

beforeAll(() => {
  assets = mkdtempSync(path.join(os.tmpdir(), 'lockset-assets-'));
  const resolve = createRequire(__filename).resolve;
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm'])
    copyFileSync(resolve(file), path.join(assets, path.basename(file)));
});
afterAll(() => rmSync(assets, { recursive: true, force: true }));

const POOL = `import multiprocessing

# A mutex guards nothing here.
def work(n):
    return n * n

pool = multiprocessing.Pool(4)
print(pool.map(work, range(10)))
`;

const ACCOUNTS = `import threading

first = threading.Lock()
second = threading.Lock()
`;

const TRANSFER = `import threading
from accounts import first, second

def forth():
    with first:
        with second:
            pass
`;

const BACK = `import threading
from accounts import first, second
from transfer import forth

def back():
    with second:
        with first:
            pass

def main():
    threading.Thread(target=forth).start()
    threading.Thread(target=back).start()

if __name__ == '__main__':
    main()
`;

const SERVICE = `export class Service {
  private total = 0;

  async add(load: () => Promise<number>): Promise<void> {
    this.total = this.total + (await load());
  }
}

const service = new Service();
setInterval(() => void service.add(async () => 1), 100);
setInterval(() => void service.add(async () => 2), 100);
`;

describe('a notebook', () => {
  test('needs no main guard: no child imports it', async () => {
    const client = await start({ initializationOptions: { assets } });
    await client.open('file:///w/pool.py', POOL);
    expect((await client.diagnostics('file:///w/pool.py')).map(({ code }) => code)).toContain('missing-main-guard');
    const cell = 'vscode-notebook-cell:/w/pool.ipynb#a';
    await client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: { uri: 'file:///w/pool.ipynb', notebookType: 'jupyter-notebook', version: 1, cells: [{ kind: 2, document: cell }] },
      cellTextDocuments: [{ uri: cell, languageId: 'python', version: 1, text: POOL }],
    });
    expect((await client.diagnostics(cell)).map(({ code }) => code)).not.toContain('missing-main-guard');
  });
});

describe('Python', () => {
  test('a finding, its fix that clears it, and a card on hover', async () => {
    const root = folder({ 'pool.py': POOL });
    const uri = uriOfPath(path.join(root, 'pool.py'));
    const client = await start({ folders: [uriOfPath(root)], initializationOptions: { assets } });
    await client.open(uri, POOL);
    const diagnostics = await client.diagnostics(uri);
    expect(diagnostics.map(({ code }) => code)).toEqual(['missing-main-guard']);
    const [action] = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0].range,
      context: { diagnostics },
    });
    const [change] = action.edit?.documentChanges ?? [];
    if (!change || !('edits' in change)) throw new Error('no edits');
    const fixed = TextDocument.applyEdits(
      TextDocument.create(uri, 'python', 1, POOL),
      change.edits.filter((edit) => 'newText' in edit),
    );
    expect(fixed).toMatch(/^if __name__ == .__main__.:\n {4}pool = /m);
    await client.change(uri, fixed);
    expect(await client.diagnostics(uri)).toEqual([]);
    const hover = (line: number, character: number) =>
      client.connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri }, position: { line, character } });
    expect(await hover(2, 6)).toMatchObject({ contents: { kind: 'markdown', value: expect.stringMatching(/lock/i) } });
    expect(client.logs).toEqual([]);
    expect(await client.shutdown()).toBe(0);
  });

  test('a lock order that two files invert, told across them and gone when one is mended', async () => {
    const root = folder({ 'accounts.py': ACCOUNTS, 'transfer.py': TRANSFER, 'back.py': BACK });
    const back = uriOfPath(path.join(root, 'back.py'));
    const transfer = uriOfPath(path.join(root, 'transfer.py'));
    const client = await start({ folders: [uriOfPath(root)], initializationOptions: { assets } });
    await client.open(back, BACK);
    await client.open(transfer, TRANSFER);
    const both = async () => [...(await client.diagnostics(back)), ...(await client.diagnostics(transfer))];
    const [finding, ...others] = await both();
    expect(others).toEqual([]);
    expect(finding.code).toBe('lock-order-inversion');
    const files = new Set(finding.relatedInformation?.map(({ location }) => location.uri));
    expect(files).toContain(back);
    expect(files).toContain(transfer);
    await client.change(back, BACK.replace('with second:\n        with first:', 'with first:\n        with second:'));
    expect(await both()).toEqual([]);
  });

  test('silencing a finding silences it', async () => {
    const client = await start({ initializationOptions: { assets } });
    const uri = 'file:///lockset/pool.py';
    for (const title of ['Allow missing-main-guard here', 'Allow missing-main-guard in this file']) {
      await client.open(uri, POOL);
      const diagnostics = await client.diagnostics(uri);
      const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri },
        range: diagnostics[0].range,
        context: { diagnostics },
      });
      const [change] = actions.find((action) => action.title === title)?.edit?.documentChanges ?? [];
      if (!change || !('edits' in change)) throw new Error('no edits');
      await client.change(
        uri,
        TextDocument.applyEdits(
          TextDocument.create(uri, 'python', 1, POOL),
          change.edits.filter((edit) => 'newText' in edit),
        ),
      );
      expect(await client.diagnostics(uri)).toEqual([]);
      await client.close(uri);
    }
  });
});

describe('TypeScript', () => {
  test('a stale read across an await, without the files that only Python needs', async () => {
    const root = folder({ 'service.ts': SERVICE });
    const uri = uriOfPath(path.join(root, 'service.ts'));
    const client = await start({ folders: [uriOfPath(root)], initializationOptions: { assets: root } });
    await client.open(uri, SERVICE, 'typescript');
    expect((await client.diagnostics(uri)).map(({ code }) => code)).toEqual(['stale-read-across-await']);
    expect(client.logs).toEqual([]);
    await client.open(uriOfPath(path.join(root, 'pool.py')), POOL);
    expect(await client.diagnostics(uriOfPath(path.join(root, 'pool.py')))).toEqual([]);
    expect(client.logs).toEqual([expect.stringMatching(/^Python cannot be analysed: .*wasm cannot be read/)]);
    expect(await client.diagnostics(uri)).toHaveLength(1);
  });
});

test('report and explanation', async () => {
  const root = folder({ 'accounts.py': ACCOUNTS, 'transfer.py': TRANSFER, 'back.py': BACK });
  const client = await start({ folders: [uriOfPath(root)], initializationOptions: { assets } });
  const { html } = await client.connection.sendRequest<{ html: string }>('lockset/report', { nonce: 'abc', contentSecuritySource: 'https://example.test' });
  expect(html).toContain('nonce="abc"');
  expect(html).toContain(`data-file="${uriOfPath(path.join(root, 'back.py'))}"`);
  expect(html).toMatch(/>back\.py:\d+</);
  const { text } = await client.connection.sendRequest<{ text: string }>('lockset/explain', { uri: uriOfPath(path.join(root, 'back.py')), line: 6 });
  expect(text).toMatch(/second/);
});

describe('the glossary', () => {
  const heads = readFileSync(path.join(__dirname, '../unit/head-words.txt'), 'utf8').trim().split('\n');

  test('where all accesses hold one lock, the declaration can say so', async () => {
    const client = await start({ initializationOptions: { assets } });
    const uri = uriOfPath(path.join(folder(), 'shelf.py'));
    const text = readFileSync(path.resolve('test/fixes/hold-lock/method.fixed.py'), 'utf8');
    await client.open(uri, text, 'python');
    await client.diagnostics(uri);
    const at = { line: 8, character: 14 };
    const found: CodeAction[] = await client.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: at, end: at },
      context: { diagnostics: [], only: ['refactor'] },
    });
    expect(found.map(({ title, kind }) => ({ title, kind }))).toEqual([{ title: 'State that _lock guards Counter._seen', kind: 'refactor.rewrite' }]);
    const [change] = found[0].edit?.documentChanges ?? [];
    expect(change && 'edits' in change && TextDocument.applyEdits(TextDocument.create(uri, 'python', 1, text), change.edits as TextEdit[])).toBe(
      text.replace('self._seen = 0\n', 'self._seen = 0  # guarded by: _lock\n'),
    );
  });

  test('explains each head word and each alias of the sources in a comment', async () => {
    // A blank line between, so that each comment stands alone; "deadlock" shows that it is about concurrency.
    const lines = heads.map((line) => `# Deadlock aside: ${line.split(' => ')[0]}, as the sources have it.`);
    const client = await start({ initializationOptions: { assets } });
    const uri = 'file:///lockset/words.py';
    await client.open(uri, lines.join('\n\n'));
    const missed: string[] = [];
    for (const [index, entry] of heads.entries()) {
      const [head, target = head] = entry.split(' => ');
      const position = { line: 2 * index, character: lines[index].indexOf(head, 17) + Math.floor(head.length / 2) };
      const hover = await client.connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
      const title = /^\*\*([^*]+)\*\*/.exec((hover?.contents as { value: string } | undefined)?.value ?? '')?.[1];
      const card = title === undefined ? undefined : termByName(title);
      if (!card || termByName(target)?.id !== card.id) missed.push(`${head}: ${title}`);
    }
    expect(missed).toEqual([]);
  });
});
