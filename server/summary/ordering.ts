// Ordering: accesses that cannot meet because the thread has not been started yet, or has been waited for.
import { rootParts, type RootId } from './contexts';
import { type Facts, ORDERING_DEPTH } from './facts';
import type { FunctionKey } from './keys';
import type { Point } from './summary';

/**
 * Whether a point lies before every start of a root, or after a join that follows them all. A point is an operation's
 * number, and those ascend in order of evaluation, so inside one function comparing them is enough.
 */
export function isOrdered(facts: Facts, fn: FunctionKey, point: Point, root: RootId, depth = ORDERING_DEPTH): boolean {
  const target = rootParts(root).function;
  const spawners = target === undefined ? undefined : facts.program.spawners.get(target);
  const points = spawners?.get(fn)?.map((site) => site.point);
  if (points && points.length > 0) {
    if (spawners!.size > 1) return false;
    if (point < Math.min(...points)) return true;
    const last = Math.max(...points);
    return (facts.summaryOf(fn)?.joins ?? []).some((join) => join >= last && point > join);
  }
  const callers = facts.program.callers.get(fn);
  if (depth === 0 || !callers || callers.size === 0 || facts.contextOf(fn).roots.includes(root)) return false;
  return [...callers].every(([caller, sites]) => sites.length > 0 && sites.every((site) => isOrdered(facts, caller, site.point, root, depth - 1)));
}
