// Hold a lock: a with statement around the statement that accesses what the lock guards elsewhere.
import { type Fix, inFile, replacement } from '../fix';
import { indentOf, lineEndOf, unitOf } from '../layout';
import { nested, ownsItsLines } from './blocks';

/** `with lock:` before the statement, and the statement one level deeper. */
export const holdLock: Fix<'hold-lock'> = ({ site, lock }, context) => {
  const at = context.pythonAt(site);
  if (!at || !ownsItsLines(at.source, at.statement)) return undefined;
  const { text } = at.source;
  const indent = indentOf(text, at.statement.start) ?? '';
  const body = nested(at.source, at.statement);
  const newText = `with ${lock}:${lineEndOf(text)}${indent}${unitOf(text)}${body}`;
  return { title: `Hold ${lock} around this statement`, edits: inFile(at.file, [replacement(at.statement, newText)]) };
};
