// Lock calls: what a function's calls do to locks; nearly all functions have none, and several rules ask.
import type { Facts } from '../../summary/facts';
import { type LockAction, lockActionsAt } from '../../summary/lock-actions';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** The calls of a function that take or give back a lock, by their points, in source order. */
export function lockCalls(fn: ResolvedFunction, facts: Facts): ReadonlyMap<Point, readonly LockAction[]> {
  return facts.once(lockCalls, fn.key, () => {
    const found = new Map<Point, readonly LockAction[]>();
    for (let point = 0; point < modelOf(fn).operations.length; point++) {
      const actions = lockActionsAt(fn, point, (target) => facts.summaryOf(target));
      if (actions.length > 0) found.set(point, actions);
    }
    return found.size > 0 ? found : NO_CALLS;
  });
}

const NO_CALLS: ReadonlyMap<Point, readonly LockAction[]> = new Map();
