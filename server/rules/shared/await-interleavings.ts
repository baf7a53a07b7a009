// Interleavings around an await: a call gives way there, and another one comes in between.
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { NAME } from '../../summary/points';
import type { Interleaving, InterleavingStep } from '../finding';
import { first, lostUpdate, type Sides, second } from './interleavings';

/** The first side gives way, so that the other one's steps may come next. */
export function givesWay(awaited: Site): InterleavingStep {
  return first(awaited, 'awaits: others run now');
}

/** A call reads a place, waits, and writes what it has worked out of the old value; another call does so meanwhile. */
export function updateAcrossAwait(sides: Sides, place: string, reads: Site, awaited: Site, writes: Site): Interleaving {
  const { steps, ...rest } = lostUpdate(sides, place, { reads, writes });
  return { ...rest, steps: [steps[0], givesWay(awaited), ...steps.slice(1)] };
}

/**
 * A call checks a place, waits, and writes it because of the check, which another call has passed meanwhile; `then` is what it
 * does between check and wait.
 */
export function checkAcrossAwait(sides: Sides, place: string, checks: Site, awaited: Site, writes: Site, then: readonly InterleavingStep[] = []): Interleaving {
  return {
    sides,
    steps: [
      first(checks, `checks ${place}, and may go on`),
      ...then,
      givesWay(awaited),
      second(checks, `checks ${place}, which is as it was, and may go on as well`),
      first(writes, `writes ${place}`),
      second(writes, `writes ${place} once more, after its own wait`),
    ],
    harm: 'wrong',
    outcome: 'Both get past a check that was to let only one of them through, and what follows is done twice.',
  };
}

/** Where a function waits first; its name where it does not wait itself. */
export function firstWait(key: FunctionKey, facts: Facts): Site {
  return { function: key, point: facts.summaryOf(key)?.awaits[0]?.point ?? NAME };
}

/** A caller begins some work and goes on without it; the work is done, or fails, only after the steps with which it goes on. */
export function goesOnWithout(sides: Sides, begins: Site, outcome: string, goesOn: readonly InterleavingStep[] = [], works: Site = begins): Interleaving {
  return {
    sides,
    steps: [
      first(begins, 'starts the work, and drops its promise'),
      ...(works === begins ? [] : [second(works, 'begins, and waits')]),
      ...(goesOn.length > 0 ? goesOn : [first(begins, 'goes on at once, as if the work were done')]),
      second(works, 'gets on with the work, or fails, only now'),
    ],
    harm: 'wrong',
    outcome,
  };
}
