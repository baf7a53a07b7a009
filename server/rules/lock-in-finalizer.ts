// A finalizer waits for a lock that the interrupted code may hold: objects are collected anywhere, also under that lock.
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, type LockKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Related } from './finding';
import type { Rule } from './rule';
import { excludesItself, functionsAlong, lockChain, takenIn } from './shared/lock-chain';
import { interrupts, wayToLock } from './shared/wait-interleavings';

export const lockInFinalizer: Rule = {
  id: 'lock-in-finalizer',
  family: 'self-deadlock',
  languages: ['python'],
  severity: 'warning',
  subject: 'lock',
  fixes: [],
  *check(lock, facts) {
    if (!excludesItself(lock, facts) || facts.locks.kindOf(lock)?.domain === 'task') return;
    const functions = facts.locks.functionsOf(lock);
    for (const finalizer of functions.filter((key) => runsWhenCollected(key, lock, facts))) {
      const witness = facts.summaryOf(finalizer)!.mayAcquire.get(lock)!;
      const holder = functions.filter((key) => key !== finalizer && !isFinalizer(key, facts)).flatMap((key) => takenIn(facts, key, lock))[0];
      if (!holder) continue;
      const site = { function: finalizer, point: witness.point };
      const steps = functionsAlong(finalizer, (next) => facts.summaryOf(next)?.mayAcquire.get(lock)).length;
      const way: Related[] =
        witness.next === undefined ? [{ site, message: `The finalizer waits for ${nameOfKey(lock)} here` }] : lockChain(facts, site, witness.next, lock);
      yield {
        rule: lockInFinalizer.id,
        family: lockInFinalizer.family,
        // A long way round is seldom gone by an object that is collected.
        severity: steps <= NEAR ? lockInFinalizer.severity : 'hint',
        confidence: steps <= NEAR ? 0.7 : 0.3,
        site,
        message: `Self-deadlock: ${callOfKey(finalizer)} runs when an object is collected, and waits for ${nameOfKey(lock)}. The collector runs wherever memory is asked for, also in a thread that holds ${nameOfKey(lock)}, as ${callOfKey(holder.function)} does: then the holder waits for itself. Put the work on a queue.SimpleQueue that the holder empties later, or make the lock re-entrant.`,
        related: [
          { site: holder, message: `${callOfKey(holder.function)} holds ${nameOfKey(lock)} from here on; an object may be collected meanwhile …` },
          ...way,
        ],
        fixes: [],
        interleaving: interrupts(finalizer, 'begins here: the collector runs it meanwhile', holder, lock, wayToLock(facts, site, witness.next, lock)),
      };
    }
  },
};

/** The finalizer, what it calls, and what that calls. */
const NEAR = 3;

/** The object's own lock is safe in `__del__`: nobody who could hold it has the object any more. */
function runsWhenCollected(key: FunctionKey, lock: LockKey, facts: Facts): boolean {
  const witness = facts.summaryOf(key)?.mayAcquire.get(lock);
  if (!witness) return false;
  if (nameIs(key, '__del__', facts)) return !witness.own;
  return isFinalizer(key, facts) && !onlyAtExit(key, facts);
}

/** What runs at exit interrupts nobody: another thread that holds the lock goes on. */
function onlyAtExit(key: FunctionKey, facts: Facts): boolean {
  return [...(facts.program.spawners.get(key) ?? [])].every(([spawner, sites]) =>
    sites.every(({ point, as }) => as !== 'finalizer' || facts.program.functions.get(spawner)?.calls.get(point)?.api?.name === 'atexit.register'),
  );
}

function isFinalizer(key: FunctionKey, facts: Facts): boolean {
  return facts.contextOf(key).roots.some((root) => rootParts(root).kind === 'finalizer' && rootParts(root).function === key);
}

function nameIs(key: FunctionKey, name: string, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  return fn !== undefined && modelOf(fn).name === name;
}
