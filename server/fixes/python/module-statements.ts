// Statements of a module: the one that holds a node, and where one begins with the comment above it.
import type { PythonNode } from '../../syntax/python/nodes';
import type { Span } from '../../text/span';
import type { PythonSource } from '../fix';
import { lineStartOf } from '../layout';

/** The statement of the module that holds a node. */
export function outerStatementOf(node: PythonNode): PythonNode {
  let at = node;
  while (at.parent?.parent) at = at.parent;
  return at;
}

/** Where the lines of comment begin that stand right above a statement, as far in as it; its own line if there are none. */
export function commentsAbove({ text }: PythonSource, { start }: Span): number {
  let line = lineStartOf(text, start);
  const mark = `${text.slice(line, start)}#`;
  while (line > 0) {
    const above = lineStartOf(text, line - (text.startsWith('\r\n', line - 2) ? 2 : 1));
    if (!text.startsWith(mark, above) || text.startsWith('#!', above)) break;
    line = above;
  }
  return line;
}
