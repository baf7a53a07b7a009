// Excerpts: a line of source as a terminal shows it, with what a finding speaks of marked below.
import widthOf from 'fast-string-width';
import { harmless, type Palette } from './plain-text';
import type { Range } from './reported-finding';

const TAB = '    ';
const CUT = '…';
/** Columns that a marked text wants to its left and right, where its line has to be cut. */
const AROUND = 10;

/** `12 │ source`, and the marks below the part of it that is in the range. `width` is all that there is for them. */
export function excerpt(source: string, { start, end }: Range, width: number, palette: Palette): string[] {
  const number = String(start.line + 1);
  const indent = source.length - source.trimStart().length;
  const text = shown(source.trim());
  const before = widthOf(shown(source.slice(indent, start.column)));
  const marked = source.slice(Math.max(start.column, indent), end.line > start.line ? undefined : end.column);
  const size = Math.max(widthOf(shown(marked.trimEnd())), 1);
  const room = Math.max(width - number.length - 3, 2 * AROUND);
  // A long line is cut so that the beginning of what is marked is in sight.
  const from = before + Math.min(size, 2 * AROUND) <= room ? 0 : before - AROUND;
  const marks = '^'.repeat(Math.min(size, room - (before - from)));
  return [
    `${palette.faint(`${number} │`)} ${columns(text, from, room)}`,
    `${palette.faint(`${' '.repeat(number.length)} │`)} ${' '.repeat(before - from)}${palette.severity.error(marks)}`,
  ];
}

/** Tabs at their width, and no character that a terminal would obey. */
function shown(source: string): string {
  return harmless(source.replaceAll('\t', TAB));
}

/** What stands in so many columns of a text from one on; an ellipsis says where there is more. */
function columns(text: string, from: number, count: number): string {
  if (from === 0 && widthOf(text) <= count) return text;
  let [at, line] = [0, ''];
  for (const character of text) {
    const size = widthOf(character);
    if (at >= from && at + size <= from + count) line += character;
    // Half of a wide character leaves its column empty.
    else if (at < from && at + size > from) line += ' ';
    at += size;
  }
  if (from > 0) line = CUT + line.slice([...line][0]?.length ?? 0);
  return at > from + count ? `${line.slice(0, -1)}${CUT}` : line;
}
