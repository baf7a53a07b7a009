// wait() or notify() of a condition is called without its lock.

import { type Place, printPlace } from '../model/place';
import { lockOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { ASSUMED_LOCK, isNameless } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { nameOf, signalCalls } from '../summary/signals';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';

export const conditionUsedWithoutLock: Rule = {
  id: 'condition-used-without-lock',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('wait', 'wait_for', 'notify', 'notify_all', 'notifyAll'),
  fixes: ['hold-condition'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const summary = facts.summaryOf(key);
    const { entry, roots } = facts.contextOf(key);
    if (!fn || !summary || !entry || roots.length === 0 || isWrapper(fn)) return;
    for (const signal of signalCalls(fn)) {
      if (signal.kind !== 'condition' || !/^(?:wait|wait_for|notify|notify_all)$/.test(signal.method)) continue;
      const lock = lockOf(facts.program.resolver, fn.module, fn.index, { kind: 'place', place: signal.receiver });
      const use = summary.uses.find((candidate) => candidate.point === signal.point);
      if (!lock?.type || !use || lock.dynamic || lock.perCall || isNameless(lock.key)) continue;
      const held = new Set([...use.held.map((each) => each.lock), ...entry]);
      if (held.has(lock.key) || held.has(ASSUMED_LOCK) || takesAnything(fn) || isHandedWith(fn, signal.receiver, facts)) continue;
      const name = nameOf(signal.receiver);
      const finding: Finding = {
        rule: conditionUsedWithoutLock.id,
        family: conditionUsedWithoutLock.family,
        severity: conditionUsedWithoutLock.severity,
        confidence: 0.85,
        site: { function: key, point: signal.point },
        message: `${signal.method}() of ${name} is called without its lock, which raises RuntimeError: nothing is ever ${signal.method.startsWith('wait') ? 'waited for' : 'woken'} here. Put it, and the change or the test that belongs to it, inside ${signal.task ? 'async with' : 'with'} ${name}.`,
        related: [],
        // Waiting gives back its own lock only.
        fixes:
          held.size > 0 && signal.method.startsWith('wait')
            ? []
            : [{ kind: 'hold-condition', site: { function: key, point: signal.point }, task: signal.task }],
      };
      yield finding;
    }
  },
};

/** `def notify(self): self._cond.notify()`: the caller holds the lock, as with the condition itself. */
function isWrapper(fn: ResolvedFunction): boolean {
  return /^_*(?:wait|wait_for|notify|notify_?all|notifyAll|signal|broadcast)/.test(modelOf(fn).name);
}

/** `with_lock(self._cond, wake)`: whoever gets the condition together with the function may well hold the one around the other. */
function isHandedWith(fn: ResolvedFunction, condition: Place, facts: Facts): boolean {
  const { functions } = facts.program;
  const outer = functions.get(fn.key.slice(0, Math.max(0, fn.key.lastIndexOf('.'))));
  const wanted = printPlace(condition);
  return (
    outer !== undefined &&
    modelOf(outer).operations.some(
      (operation) =>
        operation.kind === 'call' &&
        operation.arguments.some(({ value }) => value.kind === 'function' && value.function === fn.index) &&
        operation.arguments.some(({ value }) => value.kind === 'place' && printPlace(value.place) === wanted),
    )
  );
}

/** A lock that cannot be followed may be this one. */
function takesAnything(fn: ResolvedFunction): boolean {
  return (
    [...fn.calls.values()].some((call) => call.locks.some(({ kind, lock }) => kind !== 'release' && (lock.dynamic || isNameless(lock.key)))) ||
    fn.withs.some((entered) => entered.lock?.dynamic)
  );
}
