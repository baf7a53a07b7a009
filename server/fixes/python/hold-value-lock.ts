// Hold a value's lock: what a multiprocessing.Value brings along, around reading it and writing it back.
import { Field, Kind } from '../../syntax/python/nodes';
import type { Fix } from '../fix';
import { holdAround } from './hold-lock';

/** `with total.get_lock():` before `total.value += 1`. */
export const holdValueLock: Fix<'hold-value-lock'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const change = at?.node.closest(Kind.assignment, Kind.augmentedAssignment);
  const target = change?.child(Field.left);
  const value = target?.kind === Kind.attribute ? target.child(Field.object) : undefined;
  if (!at || !value || !/^[\w.]+$/.test(value.text)) return undefined;
  return holdAround(context.program, site.function, at.source, [at.span], `${value.text}.get_lock()`);
};
