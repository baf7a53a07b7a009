// Somebody waits for a thread, a pool or an event while holding a lock that the other side needs to get there.
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, type FunctionKey, type LockKey, nameOfKey, type WaitKey, waitedFor } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import type { HeldLock, Point } from '../summary/summary';
import type { Finding, Interleaving, Related } from './finding';
import type { Rule } from './rule';
import { callsAlong, first, type Sides, second, twoRuns } from './shared/interleavings';
import { chainFrom, isOneObject, lockChain, type Way, wayFrom } from './shared/lock-chain';
import { wayToLock } from './shared/wait-interleavings';

export const joinUnderLock: Rule = {
  id: 'join-under-lock',
  family: 'lock-order',
  languages: ['python'],
  severity: 'warning',
  subject: 'lock',
  fixes: ['after-lock'],
  *check(lock, facts) {
    const kind = facts.locks.kindOf(lock);
    if (!kind) return;
    for (const key of facts.locks.functionsOf(lock)) {
      const finding = inFunction(key, lock, facts);
      if (finding) yield finding;
    }
  },
};

function inFunction(key: FunctionKey, lock: LockKey, facts: Facts): Finding | undefined {
  for (const wait of waitsUnder(key, lock, facts)) {
    for (const on of wait.on) {
      const needed = neededBy(on, lock, key, facts);
      if (!needed || !(isOneObject(lock, facts) || wait.held.reference.onReceiver || needed.certain)) continue;
      return findingOf(key, lock, wait, on, needed, facts);
    }
  }
  return undefined;
}

interface Wait {
  readonly point: Point;
  readonly held: HeldLock;
  readonly on: readonly WaitKey[];
  readonly through?: FunctionKey;
}

/** Where a function waits with the lock held, itself or through what it calls. */
function* waitsUnder(key: FunctionKey, lock: LockKey, facts: Facts): Iterable<Wait> {
  const summary = facts.summaryOf(key);
  const holding = (held: readonly HeldLock[]) => held.find((other) => other.lock === lock && !other.reference.dynamic);
  for (const { point, held, on } of summary?.waits ?? []) {
    const lockHeld = holding(held);
    if (lockHeld) yield { point, held: lockHeld, on };
  }
  for (const call of summary?.calls ?? []) {
    const lockHeld = holding(call.held);
    const on = lockHeld && !call.guessed ? [...(facts.summaryOf(call.target)?.mayWait.keys() ?? [])] : [];
    if (lockHeld && on.length > 0) yield { point: call.point, held: lockHeld, on, through: call.target };
  }
}

/** The other side: what has to run before the wait is over, and needs the lock. */
interface Need {
  readonly function: FunctionKey;
  readonly related: readonly Related[];
  /** The way to where the lock is waited for, or to where it is needed. */
  readonly way: Way;
  readonly what: string;
  readonly certain: boolean;
}

function neededBy(on: WaitKey, lock: LockKey, waiter: FunctionKey, facts: Facts): Need | undefined {
  const target = waitedFor(on);
  if ('function' in target) return runNeeds(target.function, lock, facts);
  for (const use of facts.usesOf(target.cell)) {
    const spawned = facts.summaryOf(use.function)?.spawns.filter((spawn) => spawn.point === use.point) ?? [];
    for (const { function: job } of spawned) {
      const need = job === undefined ? undefined : runNeeds(job, lock, facts);
      if (need)
        return {
          ...need,
          related: [
            { site: { function: use.function, point: use.point }, message: `${callOfKey(use.function)} hands ${callOfKey(job!)} to it here` },
            ...need.related,
          ],
        };
    }
  }
  return signalNeeds(target.cell, target.room ?? false, lock, waiter, facts);
}

const TAKES_OUT = /\.(?:get|get_nowait)$/;
const LOOKS = /\.(?:empty|qsize|full|is_set)$/;

/** A job or thread that takes the lock on its way. */
function runNeeds(job: FunctionKey, lock: LockKey, facts: Facts): Need | undefined {
  if (hasItsOwn(job, lock, facts)) return undefined;
  const witness = facts.summaryOf(job)?.mayAcquire.get(lock);
  if (!witness || witness.guessed) return undefined;
  const site = { function: job, point: witness.point };
  const related =
    witness.next === undefined ? [{ site, message: `${callOfKey(job)} waits for ${nameOfKey(lock)} here` }] : lockChain(facts, site, witness.next, lock);
  return { function: job, related, way: wayToLock(facts, site, witness.next, lock), what: `${callOfKey(job)}, which it waits for,`, certain: witness.own };
}

/** A child process has a copy of a lock between threads. */
function hasItsOwn(job: FunctionKey, lock: LockKey, facts: Facts): boolean {
  const begun = facts.contextOf(job).roots.filter((root) => rootParts(root).function === job);
  return begun.length > 0 && begun.every((root) => rootParts(root).kind === 'process') && facts.locks.kindOf(lock)?.domain !== 'process';
}

/** An event, a condition or a queue: everybody who could end the wait needs the lock to do so. */
function signalNeeds(cell: CellKey, room: boolean, lock: LockKey, waiter: FunctionKey, facts: Facts): Need | undefined {
  if (facts.locks.lockOfCondition(cell) === lock) return undefined;
  const uses = facts.usesOf(cell);
  // Who looks whether there is something does not wait for it.
  if (uses.some((use) => use.function === waiter && LOOKS.test(use.api))) return undefined;
  const signals = uses.filter((use) => {
    if (room) return TAKES_OUT.test(use.api);
    const entry = facts.program.resolver.api('python', use.api);
    return entry?.effects?.some((effect) => effect.kind === 'notify') || /\.(?:put|put_nowait|set|set_result|set_exception)$/.test(use.api);
  });
  const signal = signals[0];
  const needs = (use: (typeof signals)[number]) => use.held.some((held) => held.lock === lock) || (facts.contextOf(use.function).entry ?? []).includes(lock);
  if (!signal || !signals.every(needs)) return undefined;
  return {
    function: signal.function,
    related: [
      {
        site: { function: signal.function, point: signal.point },
        message: `${callOfKey(signal.function)} ends the wait here, but it needs ${nameOfKey(lock)} to get here`,
      },
    ],
    way: { calls: [], end: { function: signal.function, point: signal.held.find((held) => held.lock === lock)?.taken ?? signal.point } },
    what: `${callOfKey(signal.function)}, which would end the wait,`,
    certain: false,
  };
}

function waitingForEachOther(sides: Sides, taken: Site, lock: string, wait: { readonly way: Way; readonly what: string }, need: Way): Interleaving {
  return {
    sides,
    steps: [
      first(taken, `takes ${lock}`),
      ...callsAlong(0, wait.way),
      first(wait.way.end, `waits for ${wait.what}`),
      ...callsAlong(1, need),
      second(need.end, `waits for ${lock}, which the other holds`),
    ],
    harm: 'stuck',
    outcome: 'Each waits for the other for ever.',
  };
}

function findingOf(key: FunctionKey, lock: LockKey, wait: Wait, on: WaitKey, needed: Need, facts: Facts): Finding {
  const site = { function: key, point: wait.point };
  const target = waitedFor(on);
  const what = 'cell' in target ? `${target.room ? 'room in ' : ''}${nameOfKey(target.cell)}` : callOfKey(target.function);
  const here: Related[] =
    wait.through === undefined
      ? [{ site, message: `… and, still holding it, waits for ${what} here` }]
      : chainFrom(
          site,
          wait.through,
          (next) => facts.summaryOf(next)?.mayWait.get(on),
          (last) => `… and ${callOfKey(last)} waits for ${what} here`,
        );
  const runsThere = facts.contextOf(needed.function).roots.find((root) => rootParts(root).function === needed.function);
  return {
    rule: joinUnderLock.id,
    family: joinUnderLock.family,
    severity: joinUnderLock.severity,
    confidence: needed.certain || runsThere !== undefined ? 0.8 : 0.6,
    site,
    message: `Deadlock: ${callOfKey(key)} holds ${nameOfKey(lock)} while it waits for ${what}, and ${needed.what} needs ${nameOfKey(lock)} to get there. Each waits for the other for ever. Release ${nameOfKey(lock)} before waiting: take what is needed out under the lock, and wait outside.`,
    related: [{ site: { function: key, point: wait.held.taken }, message: `${callOfKey(key)} takes ${nameOfKey(lock)} here …` }, ...here, ...needed.related],
    fixes: wait.held.taken < 0 ? [{ kind: 'after-lock', site, taken: { function: key, point: wait.held.taken } }] : [],
    interleaving: waitingForEachOther(
      twoRuns([undefined, runsThere], site, { function: needed.function, point: NAME }),
      { function: key, point: wait.held.taken },
      nameOfKey(lock),
      { way: wayFrom(site, wait.through, (next) => facts.summaryOf(next)?.mayWait.get(on)), what: 'cell' in target ? what : `${what} to end` },
      needed.way,
    ),
  };
}
