// URIs: one spelling per file, ids that imports can find, and back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentId, normaliseUri, pathOfUri, uriOfId, uriOfPath } from '../../server/lsp/uris';

describe('one spelling', () => {
  test.each([
    ['file:///C%3A/Work/a.py', 'file:///c:/Work/a.py'],
    ['file:///C:/Work/a.py', 'file:///c:/Work/a.py'],
    ['FILE:///c:/Work/a.py', 'file:///c:/Work/a.py'],
    ['file://localhost/x/a.py', 'file:///x/a.py'],
    ['file:/x/a.py', 'file:///x/a.py'],
    ['file:///x/a%20b%C3%A9.py', 'file:///x/a%20b%C3%A9.py'],
    ['file:///x/a bé.py', 'file:///x/a%20b%C3%A9.py'],
    ['file:///x/%61.py', 'file:///x/a.py'],
    ['file:///x/100%.py', 'file:///x/100%25.py'],
    ['file://Server/share/a.py', 'file://server/share/a.py'],
    ['untitled:Untitled-1', 'untitled:Untitled-1'],
    ['vscode-vfs://GitHub/o/r/a.py?x#y', 'vscode-vfs://github/o/r/a.py?x#y'],
    ['not a uri', 'not a uri'],
  ])('%s', (given, normal) => {
    expect(normaliseUri(given)).toBe(normal);
    expect(normaliseUri(normal)).toBe(normal);
  });

  test('is reached in one step, and paths come back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const uri = normaliseUri(`file:///x/${name}`);
        expect(normaliseUri(uri)).toBe(uri);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', minLength: 1 }).filter((part) => !part.includes('/')),
          { minLength: 1 },
        ),
        (parts) => {
          const path = `/x/${parts.join('/')}`;
          expect(pathOfUri(uriOfPath(path))).toBe(path);
        },
      ),
    );
  });
});

describe('ids', () => {
  test.each([
    ['file:///x/a%20b.py', 'python', '/x/a b.py'],
    ['file:///C%3A/x/a.ts', 'typescript', 'c:/x/a.ts'],
    ['file://server/share/a.py', 'python', '//server/share/a.py'],
    ['untitled:Untitled-1', 'python', 'untitled:Untitled-1~lockset.py'],
    ['untitled:Untitled-2', 'typescriptreact', 'untitled:Untitled-2~lockset.tsx'],
    ['file:///x/tool', 'javascript', '/x/tool~lockset.ts'],
    ['vscode-vfs://github/o/a.py', 'python', 'vscode-vfs://github/o/a.py'],
    ['file:///x/a.md', 'markdown', undefined],
    ['file:///x/a.md', undefined, undefined],
    ['vscode-notebook-cell:/x/a.ipynb#C1', 'python', undefined],
  ])('%s in %s', (uri, language, id) => {
    expect(documentId(uri, language)).toBe(id);
    if (id !== undefined) expect(uriOfId(id)).toBe(normaliseUri(uri));
  });

  test('paths of Windows', () => {
    expect(uriOfPath('C:\\Work\\a b.py')).toBe('file:///c:/Work/a%20b.py');
    expect(uriOfPath('\\\\Server\\share\\a.py')).toBe('file://server/share/a.py');
  });
});
