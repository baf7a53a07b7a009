// Make re-entrant: a lock becomes one that its holder can take again.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, type PythonSource, replacement } from '../fix';
import { indentOf, lineEndOf } from '../layout';
import { callAt } from './calls';
import { boundNames, mentionsOf } from './names';

/** `threading.Lock()` → `threading.RLock()`, and its type where that is stated. */
export const makeReentrant: Fix<'make-reentrant'> = ({ site, lock }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const callee = call?.child(Field.function);
  if (!at || !callee || call!.child(Field.arguments)?.children.length !== 0) return undefined;
  const name = callee.kind === Kind.attribute ? callee.child(Field.attribute) : callee;
  const stated = call!.parent?.kind === Kind.assignment ? call!.parent.child(Field.type) : undefined;
  const imports = callee.kind === Kind.identifier ? importedBeside(at.source, callee.text, stated ? 2 : 1) : [];
  if (name?.text !== 'Lock' || !imports || (stated && stated.text !== callee.text)) return undefined;
  const types = stated ? [insertion(stated.end - 'Lock'.length, 'R')] : [];
  return { title: `Make ${lock} re-entrant with RLock()`, edits: inFile(at.file, [...imports, ...types, replacement(name, 'RLock')]) };
};

/**
 * Imports `RLock` from where `Lock` comes from, in its place if there are no more uses than the `changed` ones. Undefined
 * where the name means something else, or `Lock` is not imported so.
 */
function importedBeside({ text, tree }: PythonSource, name: string, changed: number): TextEdit[] | undefined {
  for (const statement of tree.root.children) {
    const names = statement.kind === Kind.importFrom ? statement.children.filter((child) => child.field === Field.name) : [];
    const lock = names.find((each) => each.text === name);
    if (!lock) continue;
    if (names.some((each) => each.text === 'RLock')) return [];
    if (boundNames(tree.root).has('RLock')) return undefined;
    if (uses(tree.root, name) === changed) return [replacement(lock, 'RLock')];
    const indent = indentOf(text, lock.start);
    return [insertion(lock.end, indent === undefined ? ', RLock' : `,${lineEndOf(text)}${indent}RLock`)];
  }
  return undefined;
}

/** How often a name stands in the text, other than in its import. */
function uses(root: PythonNode, name: string): number {
  return mentionsOf(root, name).filter(({ field, parent }) => field !== Field.attribute && parent?.kind !== Kind.dottedName).length;
}
