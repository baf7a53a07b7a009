// The same lock of two objects is taken in the order in which the caller names them, so that two calls can cross.

import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Acquisition, HeldLock } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { takesLocks } from './shared/conditions';

export const locksInCallersOrder: Rule = {
  id: 'locks-in-callers-order',
  family: 'lock-order',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'function',
  when: takesLocks,
  repaired: false,
  *check(key, facts) {
    for (const acquisition of facts.summaryOf(key)?.acquisitions ?? []) {
      const held = acquisition.held.find((other) => crosses(other, acquisition));
      // Where a test decides, it is most often the one that puts the two in order.
      if (!held || isDecided(key, acquisition, facts) || facts.contextOf(key).roots.length === 0) continue;
      yield findingOf(key, held, acquisition);
      return;
    }
  },
};

/** The lock of one object is asked for while the same lock of another is held, and one of the two is the caller's choice. */
function crosses(held: HeldLock, { lock, attempt }: Acquisition): boolean {
  if (attempt || held.lock !== lock.key || lock.kind === undefined || lock.kind.type === 'semaphore') return false;
  const [first, second] = [held.reference, lock];
  return (first.dynamic === true || first.onReceiver === true) && (second.dynamic === true || second.onReceiver === true) && first.place !== second.place;
}

function isDecided(key: FunctionKey, { point }: Acquisition, facts: Facts): boolean {
  const fn = facts.program.functions.get(key)!;
  return (enclosing(modelOf(fn)).get(point) ?? []).some((around) => around.kind === 'branch');
}

function findingOf(key: FunctionKey, held: HeldLock, { lock, point }: Acquisition): Finding {
  const [name, what] = [callOfKey(key), nameOfKey(lock.key)];
  return {
    rule: locksInCallersOrder.id,
    family: locksInCallersOrder.family,
    severity: locksInCallersOrder.severity,
    confidence: 0.7,
    site: { function: key, point },
    message: `Deadlock: ${name} takes ${what} of two objects in the order in which its caller names them. When one call gets (a, b) and another one (b, a) at the same time, each holds what the other waits for. Take them in an order that both calls agree on, for instance sorted by id(), or use one lock for both objects.`,
    related: [
      { site: { function: key, point: held.taken }, message: `Call (a, b): holds ${what} of a from here on; call (b, a) holds that of b` },
      { site: { function: key, point }, message: `Call (a, b): waits for ${what} of b here; call (b, a) waits for that of a` },
    ],
    fixes: [],
  };
}
