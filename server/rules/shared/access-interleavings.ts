// Interleavings of accesses: schedules of threads that touch one place, with the locks that they take around it.
import type { CellAccess, Facts } from '../../summary/facts';
import { type LockKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf } from '../../summary/resolved';
import type { HeldLock } from '../../summary/summary';
import type { Interleaving, InterleavingStep } from '../finding';
import { givesWay } from './await-interleavings';
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
  const keeper = keepers.find((each) => readBefore(each, lock, facts)) ?? keepers[0];
  const read = readBefore(keeper, lock, facts);
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
  if (!read && breach.update)
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
  if (read)
    return {
      sides,
      steps: [
        ...locks,
        first(read, `reads ${place}${held}`),
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

/** The same between tasks, which others come between only where they await something: known of those whose whole function has the lock. */
export function brokenBetweenTasks(place: string, lock: LockKey, breach: CellAccess, keepers: readonly CellAccess[], facts: Facts): Interleaving | undefined {
  const guard = nameOfKey(lock);
  for (const keeper of keepers) {
    const { operations } = modelOf(facts.program.functions.get(keeper.function)!);
    const awaited = operations.findIndex((operation, point) => operation.kind === 'await' && point > keeper.point);
    if (awaited < 0 || keeper.held.some((held) => held.lock === lock)) continue;
    return {
      sides: twoRuns(undefined, keeper, breach),
      steps: [
        first(keeper, `${keeper.write ? 'writes' : 'reads'} ${place}, holding ${guard}`),
        givesWay({ function: keeper.function, point: awaited }),
        second(breach, `${breach.write ? 'writes' : 'reads'} ${place} without asking for ${guard}`),
      ],
      harm: 'wrong',
      outcome: breach.write
        ? `Though it holds ${guard}, the first one does not have ${place} to itself.`
        : `It sees what ${guard} is there to hide: ${place} in the middle of a change.`,
    };
  }
  return undefined;
}

/** The read that a write rests on, if both are made while the lock is held without a break. */
function readBefore(write: CellAccess, lock: LockKey, facts: Facts): CellAccess | undefined {
  const own = write.held.find((held) => held.lock === lock);
  return facts
    .accessesOf(write.cell.key)
    .find(
      (access) =>
        access.function === write.function &&
        write.restsOn.includes(access.point) &&
        (!own || access.held.some((held) => held.lock === lock && held.taken === own.taken)),
    );
}
