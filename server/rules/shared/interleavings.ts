// Interleavings: schedules in which it goes wrong, put together from the sites that a rule knows already.
import { CALLER, DOCUMENTED, LOCKING, MAIN, type RootId, rootParts } from '../../summary/contexts';
import { callOfKey, type FunctionKey, type LockKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import type { Interleaving, InterleavingStep } from '../finding';
import type { Way } from './lock-chain';

/** Who the two columns of a schedule are. */
export type Sides = readonly [string, string];

/** A step of the first side; an access or a call will do as its site. */
export function first(site: Site, does: string): InterleavingStep {
  return stepBy(0, site, does);
}

/** A step of the second side. */
export function second(site: Site, does: string): InterleavingStep {
  return stepBy(1, site, does);
}

/** A step of either side. */
export function stepBy(side: 0 | 1, { function: key, point }: Site, does: string): InterleavingStep {
  return { side, site: { function: key, point }, does };
}

/** Two calls: `a call of get()` and `a call of put()`; of one function `a call of get()` and `another call of get()`. */
export function twoCalls(one: FunctionKey, other: FunctionKey = one): Sides {
  return apart(headOfCall(one), headOfCall(other));
}

/**
 * The two that meet at two sites: threads, tasks and the main program by what they run, callers from outside by the function
 * that they call.
 */
export function twoRuns(roots: readonly (RootId | undefined)[] | undefined, one: Site, other: Site): Sides {
  return apart(headOfRun(roots?.[0], one.function), headOfRun(roots?.[1], other.function));
}

/** One run by itself: `thread running work()`, `main program`, `a call of get()`. */
export function oneRun(root: RootId | undefined, key: FunctionKey): string {
  return headOfRun(root, key).replace(/^(?=(?:call|run) of )/, 'a ');
}

/** Two change a place, each from what it has read: what the second side writes in between is overwritten. */
export function lostUpdate(sides: Sides, place: string, one: Change, other: Change = one): Interleaving {
  return {
    sides,
    steps: [
      first(one.reads ?? one.writes, `reads ${place}: the old value`),
      ...(other.reads ? [second(other.reads, `reads ${place}: the same old value`)] : []),
      second(other.writes, `writes ${place}${other.reads ? ', worked out from the old value' : ''}`),
      first(one.writes, 'writes it, worked out from the old value, over what the other wrote'),
    ],
    harm: 'lost',
    outcome: `Of two changes of ${place} only the last one counts.`,
  };
}

/** Where a side reads the old value, if it does, and where it writes the new one; the two may be one statement. */
export interface Change {
  readonly reads?: Site;
  readonly writes: Site;
}

/** Two take two locks in opposite orders, each from its own first lock along its calls to the other's. */
export function deadlock(sides: Sides, one: Taking, other: Taking): Interleaving {
  return {
    sides,
    steps: [
      first(one.takes, `takes ${nameOfKey(one.held)}`),
      second(other.takes, `takes ${nameOfKey(other.held)}`),
      ...callsAlong(0, one.way),
      first(one.way.end, `waits for ${nameOfKey(one.wanted)}, which the other holds`),
      ...callsAlong(1, other.way),
      second(other.way.end, `waits for ${nameOfKey(other.wanted)}, which the other holds`),
    ],
    harm: 'stuck',
    outcome: 'Each waits for ever for the lock that the other holds.',
  };
}

/** Where a side takes the lock that it keeps, and how it comes to wait for the next. */
export interface Taking {
  readonly held: LockKey;
  readonly takes: Site;
  readonly wanted: LockKey;
  readonly way: Way;
}

/** A step for each call on a way; where the way ends is left to be told. */
export function callsAlong(side: 0 | 1, { calls }: Way): InterleavingStep[] {
  return calls.map(({ site, callee }) => stepBy(side, site, `calls ${callOfKey(callee)}`));
}

function headOfCall(key: FunctionKey): string {
  const name = callOfKey(key);
  return name.startsWith('a callback') ? `run of ${name}` : name.startsWith('the ') ? name : `call of ${name}`;
}

function headOfRun(root: RootId | undefined, key: FunctionKey): string {
  if (root === MAIN) return 'main program';
  if (root === undefined || root === CALLER || root === DOCUMENTED || root === LOCKING) return headOfCall(key);
  const { kind, function: target } = rootParts(root);
  return `${kind} running ${callOfKey(target ?? key)}`;
}

function apart(one: string, other: string): Sides {
  const isOne = one === other;
  const [left, right] = [one, other].map((head) => (isOne || /^(?:call|run) of /.test(head) ? `a ${head}` : head));
  return [left, isOne ? right.replace(/^a /, 'another ') : right];
}
