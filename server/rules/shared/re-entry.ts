// Re-entry: where a lock is made that could as well be taken again by whoever holds it.
import type { Facts } from '../../summary/facts';
import { type LockKey, nameOfKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import type { FixIntent } from '../fix-intent';
import { lockCalls } from './lock-calls';

const PLAIN = /^(?:threading|multiprocessing)\.Lock$/;

/**
 * The fix that makes a lock re-entrant: where it is made in one place, and whoever takes it gives it back, as a re-entrant
 * lock has to be given back by the thread that has taken it.
 */
export function makeReentrant(lock: LockKey, facts: Facts): FixIntent[] {
  const makings = facts.accessesOf(lock).filter((access) => access.write);
  const [making] = makings;
  const fn = making && facts.program.functions.get(making.function);
  const written = fn && modelOf(fn).operations[making.point];
  if (makings.length !== 1 || written?.kind !== 'write' || written.value.kind !== 'place' || written.value.place.root.kind !== 'result') return [];
  const point = written.value.place.root.operation;
  if (!PLAIN.test(fn!.calls.get(point)?.api?.name ?? '') || facts.usesOf(lock).some((use) => use.api.endsWith('.locked'))) return [];
  if (facts.locks.functionsOf(lock).some((key) => isHandedOver(key, lock, facts))) return [];
  return [{ kind: 'make-reentrant', site: { function: fn!.key, point }, lock: nameOfKey(lock) }];
}

/** Taken or given back in a function that does not do the other as well. */
function isHandedOver(key: string, lock: LockKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const kinds = new Set(
    fn ? [...lockCalls(fn, facts).values()].flat().flatMap((action) => (action.lock === lock && action.by === 'lock' ? action.kind : [])) : [],
  );
  return kinds.size === 1;
}
