// Ordering: accesses that cannot meet because the thread has not been started yet, or has been waited for.
import { type RootId, rootParts } from './contexts';
import type { Facts } from './facts';
import type { FunctionKey } from './keys';
import { ORDERING_DEPTH } from './program';
import { modelOf } from './resolved';
import { loopAround, pointsIn } from './structure';
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
  const through = spawners && startsThroughCalls(facts, fn, [...spawners.keys()]);
  if (through !== undefined) return point < through && !isInOneLoop(facts, fn, point, through);
  const callers = facts.program.callers.get(fn);
  if (depth === 0 || !callers || callers.size === 0 || facts.contextOf(fn).roots.includes(root)) return false;
  return [...callers].every(([caller, sites]) => sites.length > 0 && sites.every((site) => isOrdered(facts, caller, site.point, root, depth - 1)));
}

/** Whether a function that starts a root goes on, beside it, to where another one is called. */
export function goesOnTo(facts: Facts, spawner: FunctionKey, fn: FunctionKey, root: RootId, depth = ORDERING_DEPTH): boolean {
  const first = Math.min(...(facts.program.spawners.get(rootParts(root).function ?? '')?.get(spawner) ?? []).map((site) => site.point));
  return [...(facts.program.callers.get(fn) ?? [])].some(([caller, sites]) =>
    caller === spawner
      ? sites.some((site) => site.point > first && !isOrdered(facts, spawner, site.point, root))
      : depth > 0 && caller !== fn && goesOnTo(facts, spawner, caller, root, depth - 1),
  );
}

/**
 * The first point at which a function starts a root through one that it calls, where there is no other way to the start:
 * `prepare(); start_workers()`. Undefined where it does not.
 */
function startsThroughCalls(facts: Facts, fn: FunctionKey, spawners: readonly FunctionKey[]): Point | undefined {
  let [starter] = spawners;
  for (let depth = 0; depth < ORDERING_DEPTH && spawners.length === 1; depth++) {
    const callers = [...(facts.program.callers.get(starter) ?? [])].filter(([, sites]) => sites.length > 0);
    if (callers.length !== 1) return undefined;
    const [[caller, sites]] = callers;
    if (caller === fn) return Math.min(...sites.map((site) => site.point));
    starter = caller;
  }
  return undefined;
}

/** Whether a loop comes round from the later of two points to the earlier one. */
function isInOneLoop(facts: Facts, fn: FunctionKey, earlier: Point, later: Point): boolean {
  const resolved = facts.program.functions.get(fn);
  const loop = resolved && loopAround(modelOf(resolved), later);
  return loop !== undefined && pointsIn(modelOf(resolved!), loop.body).includes(earlier);
}
