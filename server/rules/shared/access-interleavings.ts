// Interleavings of accesses: schedules of threads that touch one place, with the locks that they take around it.
import type { CellAccess, Facts } from '../../summary/facts';
import { type LockKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import type { HeldLock } from '../../summary/summary';
import type { Interleaving, InterleavingStep } from '../finding';
import { type Change, first, second, stepBy, twoRuns } from './interleavings';
import { meetingOf } from './shared-access';

/** Where an access, or a use of an object, takes a lock in its own function: a step, or none. */
export function takes(side: 0 | 1, { function: key, held }: Site & { readonly held: readonly HeldLock[] }, lock: LockKey | undefined): InterleavingStep[] {
  const own = held.find((each) => each.lock === lock);
  return own ? [stepBy(side, { function: key, point: own.taken }, `takes ${nameOfKey(own.lock)}`)] : [];
}

/** Where the check is made that an access rests on. */
export function checkOf({ function: key, restsOn, point }: CellAccess): Site {
  return { function: key, point: restsOn[0] ?? point };
}

/** Where an access reads what it changes, and where it writes it back; of a plain write the write alone. */
export function changeBy({ function: key, restsOn, point, update }: CellAccess): Change {
  return { ...(update ? { reads: { function: key, point: restsOn.at(-1) ?? point } } : {}), writes: { function: key, point } };
}

/**
 * A place is changed without the lock that another thread counts on: of those that hold it, one that takes more than a single
 * step shows it best.
 */
export function brokenGuard(place: string, lock: LockKey, breach: CellAccess, keepers: readonly CellAccess[], facts: Facts): Interleaving {
  const keeper = keepers.find((each) => each.restsOn.length > 0) ?? keepers[0];
  const roots = meetingOf(keeper, breach, facts)?.roots;
  const sides = twoRuns(roots, keeper, breach);
  const guard = nameOfKey(lock);
  const locks = takes(0, keeper, lock);
  const held = locks.length === 0 ? `, holding ${guard}` : '';
  if (!breach.write)
    return {
      sides,
      steps: [...locks, first(keeper, `writes ${place}${held}`), second(breach, `reads ${place} without asking for ${guard}`)],
      harm: 'wrong',
      outcome: `It sees what ${guard} is there to hide: ${place} in the middle of a change.`,
    };
  if (keeper.restsOn.length === 0 && breach.update)
    return {
      sides,
      steps: [
        second(changeBy(breach).reads ?? breach, `reads ${place} without ${guard}: the old value`),
        ...locks,
        first(keeper, `writes ${place}${held}`),
        second(breach, `writes ${place}, worked out from the old value, over what the other wrote`),
      ],
      harm: 'lost',
      outcome: `What was written under ${guard} is gone.`,
    };
  if (keeper.restsOn.length > 0)
    return {
      sides,
      steps: [
        ...locks,
        first(keeper.update ? (changeBy(keeper).reads ?? keeper) : checkOf(keeper), `reads ${place}${held}`),
        second(breach, `${breach.update ? 'changes' : 'writes'} ${place} without asking for ${guard}`),
        first(keeper, `writes ${place}, counting on what it has read`),
      ],
      harm: keeper.update ? 'lost' : 'wrong',
      outcome: keeper.update
        ? `What was written without ${guard} is overwritten.`
        : `What was read under ${guard} is not what is there when it is acted upon, though ${guard} is still held.`,
    };
  return {
    sides,
    steps: [...locks, first(keeper, `writes ${place}${held}`), second(breach, `writes ${place} without asking for ${guard}`)],
    harm: 'wrong',
    outcome: `Though it holds ${guard}, the first one does not have ${place} to itself.`,
  };
}
