// Edits between two texts: they give the second text, and leave alone what is the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lineEdits } from '../../server/lsp/text-difference';

function apply(before: string, after: string): string {
  return TextDocument.applyEdits(TextDocument.create('file:///a', 'x', 1, before), lineEdits(before, after));
}

test('two changes far from each other are two edits', () => {
  expect(lineEdits('a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n')).toEqual([
    { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, newText: 'B\n' },
    { range: { start: { line: 4, character: 0 }, end: { line: 4, character: 0 } }, newText: 'e\n' },
  ]);
  expect(lineEdits('a\r\nb', 'a\r\nb')).toEqual([]);
});

test('edits give the other text, whatever the lines end with', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c\n', '\n', 'a\r\n', '\r', '😀\n'), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(apply(before, after)).toBe(after);
    }),
  );
});
