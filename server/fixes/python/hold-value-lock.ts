// Hold a value's lock: what a multiprocessing.Value brings along, around reading it and writing it back.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile } from '../fix';
import { tellingOf } from './hold-lock';
import { holdEdits, isMovable, mayHold, runAround, spanOf } from './sections';

/** `with total.get_lock():` before `total.value += 1`. */
export const holdValueLock: Fix<'hold-value-lock'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const change = at?.node.closest(Kind.assignment, Kind.augmentedAssignment);
  const target = change?.child(Field.left);
  const value = target?.kind === Kind.attribute ? target.child(Field.object) : undefined;
  const least = at && runAround(at.source, [at.span]);
  if (!at || !value || !least || !/^[\w.]+$/.test(value.text)) return undefined;
  const fits = (statements: readonly PythonNode[]) =>
    isMovable(at.source, statements) && mayHold(context.program, site.function, spanOf(statements), undefined);
  const whole = [...least, ...tellingOf(least.at(-1)!)];
  const run = [whole, least].find(fits);
  if (!run) return undefined;
  const lock = `${value.text}.get_lock()`;
  const edits = holdEdits(at.source, run, lock);
  return edits && { title: `Hold ${lock} around ${run.length > 1 ? 'these statements' : 'this statement'}`, edits: inFile(at.file, edits) };
};
