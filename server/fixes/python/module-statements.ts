// Statements of a module: the one that holds a node, and where one begins with the comment above it.
import type { PythonNode } from '../../syntax/python/nodes';
import type { PythonSource } from '../fix';
import { lineStartOf } from '../layout';

/** The statement of the module that holds a node. */
export function outerStatementOf(node: PythonNode): PythonNode {
  let at = node;
  while (at.parent?.parent) at = at.parent;
  return at;
}

/** Where the lines of comment begin that stand right above a statement of the module; where it begins itself if there are none. */
export function commentsAbove({ text }: PythonSource, { start }: { readonly start: number }): number {
  for (let at = start; ; ) {
    const above = at > 0 ? lineStartOf(text, at - (text.startsWith('\r\n', at - 2) ? 2 : 1)) : at;
    if (above === at || text[above] !== '#' || text.startsWith('#!', above)) return at;
    at = above;
  }
}
