// Hold a value's lock: what a multiprocessing.Value brings along, around reading it and writing it back.
import { Field, Kind } from '../../syntax/python/nodes';
import { type Fix, inFile } from '../fix';
import { holdEdits, isMovable, mayHold, runAround, spanOf } from './sections';

/** `with total.get_lock():` before `total.value += 1`. */
export const holdValueLock: Fix<'hold-value-lock'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const change = at?.node.closest(Kind.assignment, Kind.augmentedAssignment);
  const target = change?.child(Field.left);
  const value = target?.kind === Kind.attribute ? target.child(Field.object) : undefined;
  const run = at && runAround(at.source, [at.span]);
  if (!at || !value || !run || !/^[\w.]+$/.test(value.text) || !isMovable(at.source, run) || !mayHold(context.program, site.function, spanOf(run), undefined))
    return undefined;
  const lock = `${value.text}.get_lock()`;
  const edits = holdEdits(at.source, run, lock);
  return edits && { title: `Hold ${lock} around this statement`, edits: inFile(at.file, edits) };
};
