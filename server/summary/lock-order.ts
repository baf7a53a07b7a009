// The lock-order graph: which lock is waited for while which other one is held, and the cycles in it.
import { closureOf, componentsOf } from './components';
import { type FunctionKey, isClaim, type LockKey } from './keys';
import type { HeldLock, Point, Summary } from './summary';

/** While `held` was held, the function went on to wait for `wanted`, itself or through what it calls. */
export interface LockEdge {
  readonly held: LockKey;
  readonly wanted: LockKey;
  readonly function: FunctionKey;
  readonly heldAt: Point;
  readonly wantedAt: Point;
  /** The function that is called at `wantedAt` and takes the lock; undefined where the function takes it itself. */
  readonly through?: FunctionKey;
  /** Further locks held at that point: one that both sides of a cycle share keeps them apart. */
  readonly gates: readonly LockKey[];
}

/** Locks that are waited for in a circle: each edge's wanted lock is the next one's held lock. */
export interface LockCycle {
  readonly id: string;
  readonly locks: readonly LockKey[];
}

/** The edges that one function contributes; of several with the same two locks the first. */
export function edgesOf(summary: Summary, summaryOf: (key: FunctionKey) => Summary | undefined): LockEdge[] {
  const edges = new Map<string, LockEdge>();
  const add = (held: readonly HeldLock[], wanted: LockKey, wantedAt: Point, through?: FunctionKey) => {
    for (const lock of held) {
      if (lock.lock === wanted || lock.reference.dynamic || isClaim(lock.lock)) continue;
      if (held.some((other) => other.lock === wanted)) continue;
      const id = edgeId(lock.lock, wanted);
      if (edges.has(id)) continue;
      const gates = held.filter((other) => other !== lock).map((other) => other.lock);
      edges.set(id, { held: lock.lock, wanted, function: summary.key, heldAt: lock.taken, wantedAt, gates, ...(through ? { through } : {}) });
    }
  };
  for (const { lock, held, point, attempt } of summary.acquisitions) if (!attempt && !lock.dynamic && !lock.perCall) add(held, lock.key, point);
  for (const call of summary.calls) {
    if (call.held.length > 0 && !call.left)
      for (const wanted of summaryOf(call.target)?.mayAcquire.keys() ?? []) add(call.held, wanted, call.point, call.target);
  }
  return [...edges.values()];
}

/** Two locks in their order as one name. */
export function edgeId(held: LockKey, wanted: LockKey): string {
  return `${held}\n${wanted}`;
}

/** The cycles of a lock-order graph: every pair taken in both orders, and one shortest cycle where a circle has no such pair. */
export function cyclesOf(edges: ReadonlyMap<LockKey, ReadonlySet<LockKey>>): LockCycle[] {
  const cycles: LockCycle[] = [];
  for (const component of componentsOf(new Set(edges.keys()), (lock) => edges.get(lock) ?? [])) {
    if (component.length < 2) continue;
    const pairs = component.flatMap((a) => component.filter((b) => a < b && edges.get(a)?.has(b) && edges.get(b)?.has(a)).map((b) => [a, b]));
    for (const locks of pairs.length > 0 ? pairs : [shortestCycle(component, edges)]) cycles.push({ id: locks.join('\n'), locks });
  }
  return cycles.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function shortestCycle(component: readonly LockKey[], edges: ReadonlyMap<LockKey, ReadonlySet<LockKey>>): LockKey[] {
  const inside = new Set(component);
  let best: LockKey[] = [...component];
  for (const start of component) {
    const cameFrom = new Map<LockKey, LockKey>();
    closureOf([start], function* (lock) {
      for (const next of edges.get(lock) ?? []) {
        if (!inside.has(next) || cameFrom.has(next)) continue;
        cameFrom.set(next, lock);
        yield next;
      }
    });
    const cycle = [start];
    for (let at = cameFrom.get(start); at !== undefined && at !== start; at = cameFrom.get(at)) cycle.unshift(at);
    if (cameFrom.has(start) && cycle.length < best.length) best = [start, ...cycle.slice(0, -1)];
  }
  return best;
}
