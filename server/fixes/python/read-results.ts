// Read the results: list() around a map whose results, and with them the exceptions, nobody goes through.
import { Field, Kind } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { callAt } from './calls';
import { boundNames } from './names';

/** `executor.map(f, xs)` becomes `list(executor.map(f, xs))`. */
export const readResults: Fix<'read-results'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const { parent } = call ?? {};
  const isAlone = parent?.kind === Kind.expressionStatement || (parent?.kind === Kind.assignment && parent.child(Field.left)?.kind === Kind.identifier);
  if (!at || !call || !isAlone || boundNames(at.source.tree.root).has('list')) return undefined;
  return { title: 'Go through the results with list()', edits: inFile(at.file, [insertion(call.start, 'list('), insertion(call.end, ')')]) };
};
