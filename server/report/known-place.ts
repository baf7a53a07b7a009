// What is known of a shared place: who reaches it, which lock guards it, and which accesses keep and break that pattern.
import { byStatement } from '../rules/shared/shared-access';
import { CALLER, rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { groupBy } from '../summary/grouping';
import { type CellKey, isClaim, isNameless, type LockKey, nameOfKey } from '../summary/keys';
import type { Known, KnownItem } from './known';
import { codeCall, lockName, rootItems, runsOnLoop } from './known-roots';
import { type SharedPlace, sharedPlace } from './shared-place';

/** A place that is shared, as far as the analysis knows; undefined for any other. */
export function knownPlace(cell: CellKey, facts: Facts): Known | undefined {
  const place = placeWorthTelling(cell, facts);
  if (!place) return undefined;
  const { guard } = place;
  const { kept, all } = guardedShare(place, facts);
  const broken = all.filter((access) => !kept.includes(access));
  return {
    id: `place ${cell}`,
    name: nameOfKey(cell),
    badges: [
      ...sharedBy(place),
      guard === undefined
        ? 'no lock guards it'
        : `guarded by ${lockName(guard, cell)}${place.isStated ? ', says its annotation,' : ''} ${shareOf(kept.length, all.length)}`,
    ],
    rows: [
      {
        label: 'Reached by',
        items: rootItems(
          place.roots,
          facts,
          all.map((access) => access.function),
        ),
      },
      ...(guard === undefined
        ? [{ label: 'Touched in', items: byFunction(broken, guard, facts) }]
        : [
            { label: 'Without that lock', items: byFunction(broken, guard, facts) },
            { label: 'With it', items: byFunction(kept, guard, facts) },
          ]),
    ],
    terms: guard === undefined ? ['shared-state', 'thread-confinement'] : ['guarded-by', 'lock'],
  };
}

/**
 * A shared place of which there is something to say. In a program of one event loop nearly all are shared, and it matters
 * only where somebody who touches them waits in between.
 */
export function placeWorthTelling(cell: CellKey, facts: Facts): SharedPlace | undefined {
  const place = sharedPlace(cell, facts);
  if (!place || place.guard !== undefined || !isOnLoop(place)) return place;
  return place.accesses.some((access) => (facts.summaryOf(access.function)?.awaits.length ?? 0) > 0) ? place : undefined;
}

/** The accesses of a place, one for each statement, and those of them that are made under its guard. */
export function guardedShare({ accesses, guard }: SharedPlace, facts: Facts): { readonly kept: readonly CellAccess[]; readonly all: readonly CellAccess[] } {
  const all = byStatement(accesses, facts);
  return { all, kept: guard === undefined ? [] : all.filter((access) => facts.guardsOf(access).has(guard)) };
}

/** `in 4 of 5 places`, `in all 5 places`. */
export function shareOf(kept: number, all: number): string {
  return kept === all ? (all === 1 ? 'in its only place' : `in all ${all} places`) : `in ${kept} of ${all} places`;
}

/** Who shares the place: threads at any moment, what runs on one event loop only at an await, processes not at all. */
function sharedBy(place: SharedPlace): string[] {
  const kinds = startedKinds(place);
  if (kinds.length === 0) return [];
  if (kinds.includes('process')) return ['each process has a copy of its own'];
  if (kinds.includes('worker')) return ['each worker has a copy of its own'];
  return [isOnLoop(place) ? 'shared on one event loop, so that others come in at an `await` only' : 'shared'];
}

/** Whether one event loop runs all that is known to come there. */
function isOnLoop(place: SharedPlace): boolean {
  const kinds = startedKinds(place);
  if (kinds.length === 0 || !kinds.every((kind) => runsOnLoop(kind, place.language))) return false;
  return place.language === 'typescript' || (kinds.includes('task') && !place.roots.includes(CALLER));
}

function startedKinds({ roots }: SharedPlace): string[] {
  return roots.filter((root) => rootParts(root).function !== undefined).map((root) => rootParts(root).kind);
}

/** One item for each function and what it does, writers first. */
function byFunction(accesses: readonly CellAccess[], guard: LockKey | undefined, facts: Facts): KnownItem[] {
  const does = (access: CellAccess) => (access.update ? 'changes' : access.write ? 'writes' : 'reads');
  const groups = [...groupBy(accesses, (access) => `${does(access)} ${access.function} ${underOthers(access, guard, facts)}`).values()];
  return [...groups.filter(([access]) => access.write), ...groups.filter(([access]) => !access.write)].map((group) => ({
    text: `${codeCall(group[0].function)} ${does(group[0])} it${underOthers(group[0], guard, facts)}`,
    sites: group.map((access) => ({ function: access.function, point: access.point })),
  }));
}

/** The locks that are held there instead of the one that guards the place; whose that one is where only callers hold it. */
function underOthers(access: CellAccess, guard: LockKey | undefined, facts: Facts): string {
  const held = [...facts.guardsOf(access)].filter((lock) => !isClaim(lock));
  if (guard !== undefined && held.includes(guard)) return access.held.some(({ lock }) => lock === guard) ? '' : ', with the lock of its callers';
  const names = held.map((lock) => (isNameless(lock) ? 'a lock without a name' : lockName(lock, access.function)));
  return names.length === 0 ? '' : `, holding ${names.join(', ')}`;
}
