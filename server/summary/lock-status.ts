// Lock status: what is known of one lock at one point of a function that takes and gives it back by hand.
import type { Point } from './summary';

/**
 * `attempted`: an acquire that may have failed, not looked at yet; `failed`: looked at and found failed; `held`: on every
 * way here; `some`: held on one way here, given back on another; `given`: taken and given back; `unknown`: taken under a
 * condition that later ones may repeat.
 */
export interface LockStatus {
  readonly kind: 'attempted' | 'failed' | 'held' | 'some' | 'given' | 'unknown';
  /** Where it was taken. */
  readonly by: Point;
  /** A with step gives it back. */
  readonly scoped?: boolean;
}

/** The status of each lock that the function has touched on the way. */
export type LockState = ReadonlyMap<string, LockStatus>;

/** Where two ways meet; undefined stands for a way that does not get there. `afterLoop`: what one round gives back is given back. */
export function meet(a: LockState | undefined, b: LockState | undefined, how: 'branch' | 'loop' | 'handler' = 'branch'): LockState | undefined {
  if (!a || !b || a === b) return a ?? b;
  const merged = new Map<string, LockStatus>();
  for (const lock of new Set([...a.keys(), ...b.keys()])) {
    const status = join(a.get(lock), b.get(lock), how);
    if (status) merged.set(lock, status);
  }
  return merged;
}

function join(a: LockStatus | undefined, b: LockStatus | undefined, how: 'branch' | 'loop' | 'handler'): LockStatus | undefined {
  if (!a || !b) {
    const one = a ?? b;
    if (!one || one.kind === 'given' || one.kind === 'failed') return undefined;
    if (one.kind === 'attempted') return one;
    // An exception may come before and after the lock was taken: no condition ties the two ways together.
    return how === 'handler' && (one.kind === 'held' || one.kind === 'some') ? { ...one, kind: 'some' } : { ...one, kind: 'unknown' };
  }
  if (a.kind === b.kind) return a;
  const kinds = new Set([a.kind, b.kind]);
  const has = (...wanted: LockStatus['kind'][]) => wanted.every((kind) => kinds.has(kind));
  const held = a.kind === 'held' || a.kind === 'some' ? a : b;
  if (kinds.has('unknown')) return { ...a, kind: 'unknown' };
  if (has('held', 'given') || has('some', 'given')) return how === 'loop' ? { ...held, kind: 'given' } : { ...held, kind: 'some' };
  if (has('held', 'some')) return { ...held, kind: 'some' };
  if (has('held', 'failed') || has('attempted', 'held') || has('attempted', 'failed')) return { ...a, kind: 'attempted' };
  if (has('given', 'failed')) return undefined;
  return { ...a, kind: 'unknown' };
}
