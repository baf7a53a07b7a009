// The difference between two texts as edits of few lines each, so that carets, folds and breakpoints elsewhere stay where they are.
import type { TextEdit } from 'vscode-languageserver';

/** More pairs of lines than this are not compared one by one; then all that differs is one edit. */
const MOST_PAIRS = 4_000_000;

/** Edits, from top to bottom, that turn `before` into `after`. Each replaces whole lines; the last line may have no end. */
export function lineEdits(before: string, after: string): TextEdit[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) first++;
  let last = 0;
  while (last < a.length - first && last < b.length - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last++;
  const edits: TextEdit[] = [];
  let [i, j] = [first, first];
  const emit = (toA: number, toB: number) => {
    if (toA > i || toB > j) edits.push({ range: { start: startOf(a, i), end: startOf(a, toA) }, newText: b.slice(j, toB).join('') });
  };
  for (const [atA, atB] of commonLines(a.slice(first, a.length - last), b.slice(first, b.length - last))) {
    emit(first + atA, first + atB);
    [i, j] = [first + atA + 1, first + atB + 1];
  }
  emit(a.length - last, b.length - last);
  return edits;
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** Where a line begins; behind a last line without an end, that line's end. */
function startOf(lines: readonly string[], line: number): { line: number; character: number } {
  const before = lines[line - 1];
  return before !== undefined && !/[\r\n]$/.test(before) ? { line: line - 1, character: before.length } : { line, character: 0 };
}

/** Pairs of equal lines, both rising: a longest such sequence. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length * b.length > MOST_PAIRS) return [];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return pairs;
}
