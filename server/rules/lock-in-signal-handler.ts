// A signal handler waits for a lock that the interrupted code may hold, in the same thread, so that it waits for ever.
import { CALLER, MAIN, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import type { Related } from './finding';
import type { Rule } from './rule';
import { excludesItself, lockChain, takenIn } from './shared/lock-chain';
import { interrupts, wayToLock } from './shared/wait-interleavings';

export const lockInSignalHandler: Rule = {
  id: 'lock-in-signal-handler',
  family: 'self-deadlock',
  languages: ['python'],
  severity: 'warning',
  subject: 'lock',
  fixes: [],
  *check(lock, facts) {
    if (!excludesItself(lock, facts) || facts.locks.kindOf(lock)?.domain === 'task') return;
    const functions = facts.locks.functionsOf(lock);
    const handlers = functions.filter((key) =>
      facts.contextOf(key).roots.some((root) => rootParts(root).kind === 'signal' && rootParts(root).function === key),
    );
    if (handlers.length === 0) return;
    const main = functions.flatMap((key) => (runsOnMainThread(key, facts) ? takenIn(facts, key, lock) : []));
    // The next signal interrupts the handler of this one.
    const interrupted = main.length > 0 ? main : functions.flatMap((key) => (runsInHandler(key, facts) ? takenIn(facts, key, lock) : []));
    if (interrupted.length === 0) return;
    for (const handler of handlers) {
      const witness = facts.summaryOf(handler)!.mayAcquire.get(lock);
      if (!witness) continue;
      const site = { function: handler, point: witness.point };
      const way: Related[] =
        witness.next === undefined ? [{ site, message: `The handler waits for ${nameOfKey(lock)} here` }] : lockChain(facts, site, witness.next, lock);
      yield {
        rule: lockInSignalHandler.id,
        family: lockInSignalHandler.family,
        severity: main.length > 0 ? lockInSignalHandler.severity : 'information',
        confidence: main.length > 0 ? 0.8 : 0.6,
        site,
        message: `Self-deadlock: the signal handler ${callOfKey(handler)} waits for ${nameOfKey(lock)}, which ${main.length > 0 ? 'the main thread' : 'a handler that this signal interrupts, perhaps the same one,'} may hold just when the signal comes. Python runs handlers on the main thread, between two steps of what it does, so the holder cannot go on until the handler has ended, and the handler waits for the holder. Set a flag or an Event in the handler and do the work elsewhere, or make the lock re-entrant.`,
        related: [
          ...registrations(handler, facts),
          { site: interrupted[0], message: `${callOfKey(interrupted[0].function)} holds ${nameOfKey(lock)} from here on, and can be interrupted …` },
          ...way,
        ],
        fixes: [],
        interleaving: interrupts(handler, 'is run: the signal has come just now', interrupted[0], lock, wayToLock(facts, site, witness.next, lock)),
      };
    }
  },
};

/** Reached by the program's own thread, or by callers who may be that, not only by handlers and threads. */
function runsOnMainThread(key: FunctionKey, facts: Facts): boolean {
  return facts.contextOf(key).roots.some((root) => root === MAIN || root === CALLER || ['task', 'callback'].includes(rootParts(root).kind));
}

function runsInHandler(key: FunctionKey, facts: Facts): boolean {
  return facts.contextOf(key).roots.some((root) => rootParts(root).kind === 'signal');
}

function registrations(handler: FunctionKey, facts: Facts): Related[] {
  return byKey(facts.program.spawners.get(handler)).flatMap(([spawner, sites]) =>
    sites
      .slice(0, 1)
      .map(({ point }) => ({ site: { function: spawner, point }, message: `${callOfKey(spawner)} makes ${callOfKey(handler)} a signal handler here` })),
  );
}
