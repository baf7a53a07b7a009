// Hand out a copy: who gets a container that a lock guards gets one of their own.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, replacement } from '../fix';
import { boundNames } from './names';

/** `return self._rows` becomes `return list(self._rows)`, or `.copy()` for what has more to it than its elements. */
export const handOutCopy: Fix<'hand-out-copy'> = ({ site, type }, context) => {
  const at = context.pythonAt(site);
  const given = at && givenBy(at.node);
  if (!at || !given || boundNames(at.source.tree.root).has(type)) return undefined;
  const view = given.kind === Kind.call;
  const copy = view ? `list(${given.text})` : /^(?:list|dict|set)$/.test(type) ? `${type}(${given.text})` : `${given.text}.copy()`;
  return { title: `Hand out a copy: ${copy}`, edits: inFile(at.file, [replacement(given, copy)]) };
};

/** What a return statement gives: the place itself, or a view of it; undefined for anything else. */
function givenBy(node: PythonNode): PythonNode | undefined {
  const statement = node.closest(Kind.returnStatement);
  const [given, ...more] = statement?.children ?? [];
  if (!given || more.length > 0) return undefined;
  if (given.kind === Kind.attribute || given.kind === Kind.identifier) return given;
  const callee = given.kind === Kind.call ? given.child(Field.function) : undefined;
  return callee?.kind === Kind.attribute && /^(?:items|keys|values)$/.test(callee.child(Field.attribute)?.text ?? '') ? given : undefined;
}
