// Interleavings of waits: schedules that end with somebody who waits for what never comes.
import type { Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey, type LockKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { NAME } from '../../summary/points';
import type { Interleaving, InterleavingStep } from '../finding';
import { callsAlong, first, oneRun, second, stepBy, twoCalls } from './interleavings';
import { type Way, wayFrom } from './lock-chain';

/** The way from a site to where a lock is waited for; `target` is what the site calls, if it does not wait itself. */
export function wayToLock(facts: Facts, site: Site, target: FunctionKey | undefined, lock: LockKey): Way {
  return wayFrom(site, target, (key) => facts.summaryOf(key)?.mayAcquire.get(lock));
}

/** Whoever holds a lock comes to ask for it again; `steps` lie between the two. */
export function waitsForItself(taken: Site, lock: LockKey, way: Way, steps: readonly InterleavingStep[] = []): Interleaving {
  const name = nameOfKey(lock);
  return {
    sides: [oneRun(undefined, taken.function)],
    steps: [first(taken, `takes ${name}`), ...steps, ...callsAlong(0, way), first(way.end, `waits for ${name}, which it holds itself`)],
    harm: 'stuck',
    outcome: `It waits for itself for ever, and so does everybody else who needs ${name}.`,
  };
}

/** What interrupts a thread, and runs in it, waits for the lock that was held just then. */
export function interrupts(interrupter: FunctionKey, begins: string, holder: Site, lock: LockKey, way: Way): Interleaving {
  const name = nameOfKey(lock);
  return {
    sides: [oneRun(undefined, holder.function), `${callOfKey(interrupter)}, in the same thread`],
    steps: [
      first(holder, `takes ${name}`),
      second({ function: interrupter, point: NAME }, begins),
      ...callsAlong(1, way),
      second(way.end, `waits for ${name}, which the interrupted one holds`),
    ],
    harm: 'stuck',
    outcome: 'The interrupted one goes on only when this has ended, and this waits for it: the thread stands still for ever.',
  };
}

/**
 * Work that has one of the places of something waits for another one: for itself where there is just one, else beside
 * another that has the last one. `place` is what a person calls such a place.
 */
export function starved(head: string, place: string, takes: Site, way: readonly Site[], single: boolean): Interleaving {
  const [end, calls] = [way.at(-1)!, way.slice(0, -1)];
  const along = (side: 0 | 1) => calls.map((site, at) => stepBy(side, site, `calls ${callOfKey(way[at + 1].function)} and waits for it`));
  if (single)
    return {
      sides: [head],
      steps: [first(takes, `takes the only ${place}`), ...along(0), first(end, `waits for another ${place}`)],
      harm: 'stuck',
      outcome: 'There is no other, so that it waits for itself for ever.',
    };
  return {
    sides: [head, `another ${head.replace(/^an? /, '')}`],
    steps: [
      first(takes, `takes a ${place}`),
      second(takes, `takes the last ${place} that is free`),
      ...along(0),
      first(end, `waits for another ${place}`),
      ...along(1),
      second(end, `waits for another ${place}`),
    ],
    harm: 'stuck',
    outcome: 'Each keeps what the other waits for, for ever.',
  };
}

/** One call leaves something taken, and the next one never gets it. */
export function neverGivenBack(name: string, taken: Site, left: Site, leaves: string): Interleaving {
  return {
    sides: twoCalls(taken.function),
    steps: [first(taken, `takes ${name}`), first(left, leaves), second(taken, `waits for ${name}, which nobody gives back`)],
    harm: 'stuck',
    outcome: `Whoever needs ${name} from now on waits for ever.`,
  };
}
