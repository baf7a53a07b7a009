// Literals: the constants that strings and numbers in the source stand for.

import { UNKNOWN, type Value } from '../../model/value';
import type { FlatTree } from '../../syntax/python/flat-tree';

/** Longer strings are taken for data; nothing in the analysis asks for their text. */
const LONGEST_STRING = 300;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' };

/** The text of a string literal without interpolation; undefined where it is too long. */
export function stringText(tree: FlatTree, node: number): string | undefined {
  const { text } = tree;
  let start = tree.start[node];
  let end = tree.end[node];
  if (end - start > LONGEST_STRING) return undefined;
  let isRaw = false;
  for (; start < end; start++) {
    const unit = text.charCodeAt(start);
    if (unit === 34 || unit === 39) break;
    if ((unit | 32) === 114) isRaw = true;
  }
  const quote = text.charCodeAt(start);
  const width = text.charCodeAt(start + 1) === quote && text.charCodeAt(start + 2) === quote && end - start >= 6 ? 3 : 1;
  start += width;
  if (end - width >= start) end -= width;
  const raw = text.slice(start, end);
  if (isRaw || !raw.includes('\\')) return raw;
  return raw.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|\r?\n|([\s\S]))/g, (_, hex?: string, unicode?: string, letter?: string) => {
    if (hex ?? unicode) return String.fromCharCode(Number.parseInt((hex ?? unicode)!, 16));
    return letter === undefined ? '' : (ESCAPES[letter] ?? letter);
  });
}

/** The value of a number literal; complex numbers are unknown. */
export function numberValue(text: string): Value {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? { kind: 'constant', value } : UNKNOWN;
}
