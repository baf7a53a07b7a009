// A notebook's cells as one text, and positions and edits on their way back into the cells.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { NotebookText } from '../../server/lsp/notebook-text';

const at = (line: number, character = 0) => ({ line, character });
const notebook = (...texts: string[]) => new NotebookText(texts.map((text, index) => ({ uri: `cell${index}`, text })));
/** The cell's text after an edit of the whole; undefined where it is refused. */
function edited(texts: string[], start: [number, number], end: [number, number], newText: string): [string, string] | undefined {
  const found = notebook(...texts).editInCell({ range: { start: at(...start), end: at(...end) }, newText });
  if (!found) return undefined;
  const text = texts[Number(found.uri.slice(4))];
  return [found.uri, TextDocument.applyEdits(TextDocument.create('file:///c', 'python', 1, text), [found.edit])];
}

describe('what is analysed', () => {
  test('cells follow one another, with a line between them', () => {
    expect(notebook('a = 1', 'b = 2\n', '', 'c').text).toBe('a = 1\n# %% 2\nb = 2\n\n# %% 3\n\n# %% 4\nc');
    expect(notebook('a\r\nb').text).toBe('a\nb');
    expect(notebook().text).toBe('');
  });

  test.each([
    ['%matplotlib inline\nx', '0                 \nx'],
    ['if y:\n    !ls -la', 'if y:\n    0      '],
    ['files = !ls', 'files = 0  '],
    ['print?\nx', '0     \nx'],
    ['!cat \\\n  b\nx', '0     \n   \nx'],
    ['"""\n!no\n"""', '"""\n!no\n"""'],
    ['a = (b\n  % c)', 'a = (b\n  % c)'],
    ['a != b\nc %= 2', 'a != b\nc %= 2'],
  ])('commands of IPython are stood in for: %j', (cell, text) => expect(notebook(cell).text).toBe(text));

  test('a cell in another language is left out; of a timed one the rest is read', () => {
    const whole = notebook('%%bash\nls', '\n%%time\nwork()', '%%html\n<b>');
    expect(whole.text).toBe('work()');
    expect(whole.toCell({ start: at(0), end: at(0, 4) })).toEqual({ uri: 'cell1', range: { start: at(2), end: at(2, 4) } });
    expect(whole.toWhole('cell1', at(2, 1))).toEqual(at(0, 1));
    expect(whole.toWhole('cell1', at(1, 1))).toBeUndefined();
    expect(whole.toWhole('cell0', at(0))).toBeUndefined();
  });
});

test('places keep their cell', () => {
  const whole = notebook('a\nb', 'c\nd');
  expect(whole.toWhole('cell1', at(1, 1))).toEqual(at(4, 1));
  expect(whole.toCell({ start: at(4), end: at(4, 1) })).toEqual({ uri: 'cell1', range: { start: at(1), end: at(1, 1) } });
  expect(whole.toCell({ start: at(1), end: at(3, 1) })).toEqual({ uri: 'cell0', range: { start: at(1), end: at(1, 1) } });
  expect(whole.toCell({ start: at(2), end: at(2, 1) })).toBeUndefined();
});

describe('edits', () => {
  const CELLS = ['a\nb', 'c\n!ls\nd'];
  test.each([
    ['inside of a cell', [3, 0], [3, 1], 'x', ['cell1', 'x\n!ls\nd']],
    ['at the top of the notebook', [0, 0], [0, 0], 'import x\n', ['cell0', 'import x\na\nb']],
    ['at the top of a cell', [3, 0], [3, 0], 'x\n', ['cell1', 'x\nc\n!ls\nd']],
    ['behind the last line of a cell', [2, 0], [2, 0], 'x\n', ['cell0', 'a\nb\nx']],
    ['of the last lines of a cell', [0, 0], [2, 0], 'x\ny\n', ['cell0', 'x\ny']],
    ['that takes the last line out', [1, 0], [2, 0], '', ['cell0', 'a']],
    ['above a command', [4, 0], [4, 0], 'x\n', ['cell1', 'c\nx\n!ls\nd']],
    ['below a command', [5, 0], [5, 0], 'x\n', ['cell1', 'c\n!ls\nx\nd']],
  ] as [string, [number, number], [number, number], string, [string, string]][])('%s are made', (_what, start, end, newText, after) =>
    expect(edited(CELLS, start, end, newText)).toEqual(after),
  );

  test.each([
    ['beyond a cell', [1, 0], [3, 0], ''],
    ['between cells', [2, 0], [2, 3], 'x'],
    ['without a line end between cells', [2, 0], [2, 0], 'x'],
    ['of a command', [4, 0], [4, 1], 'x'],
    ['around a command', [3, 0], [5, 1], 'with x:\n    c'],
    ['that would move a command to the right', [3, 1], [4, 0], ''],
  ] as [string, [number, number], [number, number], string][])('%s are refused', (_what, start, end, newText) =>
    expect(edited(CELLS, start, end, newText)).toBeUndefined(),
  );

  test('whatever is edited in one cell, the text is as if the whole had been edited', () => {
    const cell = fc.array(fc.constantFrom('a', 'bb', '', '# c'), { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), fc.nat(20), fc.nat(3), fc.boolean(), (cells, line, lines, isEmpty) => {
        const before = notebook(...cells);
        fc.pre(line + lines < before.text.split('\n').length);
        const edit = { range: { start: at(line), end: at(line + lines) }, newText: isEmpty ? '' : 'x\n' };
        const found = before.editInCell(edit);
        if (!found) return;
        const document = (text: string) => TextDocument.create('file:///c', 'python', 1, text);
        const after = cells.map((text, index) => (found.uri === `cell${index}` ? TextDocument.applyEdits(document(text), [found.edit]) : text));
        const whole = TextDocument.applyEdits(document(before.text), [edit]);
        // An emptied cell keeps an empty line, and no cell ends with a line end for the sake of an edit.
        const plain = (text: string) => text.replaceAll(/\n+/g, '\n').trim();
        expect(plain(notebook(...after).text)).toBe(plain(whole));
      }),
    );
  });
});
