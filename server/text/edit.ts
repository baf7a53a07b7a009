// Edits: replacing spans of a text, and finding the one span in which two texts differ.
import type { Span } from './span';

/** Replaces what stands at `span` by `newText`. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** The text after all edits; they refer to the text before any of them and must not overlap (a RangeError says so). */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order);
  let result = '';
  let at = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < at) throw new RangeError('edits overlap');
    result += text.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return result + text.slice(at);
}

/** What turns `before` into `after`, as one replacement between their common beginning and their common end. */
export function differenceOf(before: string, after: string): TextEdit {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  // Whole pieces are compared at once, which is many times faster than unit by unit.
  while (start + PIECE <= limit && before.slice(start, start + PIECE) === after.slice(start, start + PIECE)) start += PIECE;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  const rest = limit - start;
  const [endBefore, endAfter] = [before.length, after.length];
  let tail = 0;
  while (tail + PIECE <= rest && before.slice(endBefore - tail - PIECE, endBefore - tail) === after.slice(endAfter - tail - PIECE, endAfter - tail))
    tail += PIECE;
  while (tail < rest && before.charCodeAt(endBefore - 1 - tail) === after.charCodeAt(endAfter - 1 - tail)) tail++;
  return { span: { start, end: endBefore - tail }, newText: after.slice(start, endAfter - tail) };
}

/** How many units are compared at once. */
const PIECE = 4096;
