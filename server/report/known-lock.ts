// What is known of a lock: what it guards, where it is taken, and which locks are taken before and after it.
import type { Facts } from '../summary/facts';
import { groupBy } from '../summary/grouping';
import { type CellKey, isNameless, type LockKey, nameOfKey } from '../summary/keys';
import type { LockEdge } from '../summary/lock-order';
import { describeLock } from './hover-semantics';
import type { Known, KnownItem } from './known';
import { guardedShare, shareOf } from './known-place';
import { codeCall, lockName } from './known-roots';
import { codeSpan } from './markdown';
import { sharedPlace } from './shared-place';

/** A lock that something takes; undefined for what nothing is known to take. `alias`: the place by which it was named, such as a condition on it. */
export function knownLock(lock: LockKey, facts: Facts, alias?: CellKey): Known | undefined {
  const taken = facts.locks
    .functionsOf(lock)
    .flatMap((key) => (facts.summaryOf(key)?.acquisitions ?? []).filter((acquisition) => acquisition.lock.key === lock).map((each) => ({ key, ...each })));
  const kind = facts.locks.kindOf(lock);
  if (taken.length === 0 && !kind) return undefined;
  const guards = guardedBy(lock, facts);
  const around = facts.lockPairs().filter(({ held, wanted }) => (held === lock || wanted === lock) && !isNameless(held) && !isNameless(wanted));
  const before = around.filter(({ wanted }) => wanted === lock).map(({ held, edges }) => orderItem(held, edges));
  const after = around.filter(({ held }) => held === lock).map(({ wanted, edges }) => orderItem(wanted, edges));
  return {
    id: `lock ${lock}`,
    name: nameOfKey(lock),
    badges: [
      kind ? describeLock(kind) : 'used as a lock',
      ...(alias === undefined || alias === lock ? [] : [`the lock of ${codeSpan(nameOfKey(alias))}`]),
      // What it guards may be no variable: a pipe, a file, an object that stays in its place.
      ...(guards.length === 0 ? [] : [`guards ${guards.length === 1 ? 'one variable' : `${guards.length} variables`}`]),
    ],
    rows: [
      { label: 'Guards', items: guards },
      {
        label: 'Taken in',
        items: [...groupBy(taken, ({ key, attempt }) => `${attempt} ${key}`).values()].map((group) => ({
          text: `${codeCall(group[0].key)}${group[0].attempt ? ', if it is free' : ''}`,
          sites: group.map(({ key, point }) => ({ function: key, point })),
        })),
      },
      { label: 'Held before it', items: before },
      { label: 'Taken while it is held', items: after },
    ],
    terms: ['lock', ...(before.length + after.length > 0 ? ['lock-ordering'] : []), 'guarded-by'],
  };
}

/** The places whose guard it is, with how many of their accesses are under it. */
function guardedBy(lock: LockKey, facts: Facts): KnownItem[] {
  return facts.cellsUnder(lock).flatMap((cell: CellKey) => {
    const place = sharedPlace(cell, facts);
    if (place?.guard !== lock) return [];
    const { kept, all } = guardedShare(place, facts);
    const [first] = kept;
    if (!first) return [];
    return [{ text: `${codeSpan(nameOfKey(cell))} ${shareOf(kept.length, all.length)}`, sites: [{ function: first.function, point: first.point }] }];
  });
}

function orderItem(other: LockKey, edges: readonly LockEdge[]): KnownItem {
  const [edge] = edges;
  return { text: `${lockName(other, edge.function)} in ${codeCall(edge.function)}`, sites: [{ function: edge.function, point: edge.wantedAt }] };
}
