// A thread waits on a condition without testing, under its lock and again after each wake-up, what it waits for.
import type { Operation } from '../model/operation';
import { printPlace } from '../model/place';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { nameOf, type SignalCall, signalCalls } from '../summary/signals';
import { type Enclosing, enclosing } from '../summary/structure';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { isLeftEarlier, isPassedUnasked, isTestedEarlier, isUsedAfter } from './shared/condition-tests';
import { calling } from './shared/conditions';
import { first, oneRun, second, twoCalls } from './shared/interleavings';

export const conditionWaitWithoutLoop: Rule = {
  id: 'condition-wait-without-loop',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('wait'),
  fixes: ['wait-in-loop'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const signal of signalCalls(fn)) {
      if (signal.kind !== 'condition' || signal.method !== 'wait') continue;
      // `return self._cond.wait(timeout)` tells the caller how it ended, and leaves it to them to look again.
      const operation = modelOf(fn).operations[signal.point];
      if (signal.timed && operation.kind === 'call' && operation.outcome === 'returned') continue;
      const fault = faultOf(fn, signal);
      if (fault) yield findingOf(fn, signal, fault);
    }
  },
};

/** `once`: tested once and not again; `taken`: what was tested is then used as well; `untested`: not tested under the lock; `outside`: tested before the lock is taken. */
type Fault = 'once' | 'taken' | 'untested' | 'outside';

function faultOf(fn: ResolvedFunction, signal: SignalCall): Fault | undefined {
  const model = modelOf(fn);
  const around = enclosing(model).get(signal.point) ?? [];
  const scope = around.findIndex((outer) => outer.kind === 'with' && outer.step.value.kind === 'place' && isSame(outer.step.value.place, signal));
  const takenByHand =
    scope < 0 &&
    model.operations.some((operation, point) => point < signal.point && isCall(operation, signal, 'acquire')) &&
    model.operations.some((operation) => isCall(operation, signal, 'release'));
  // A helper of somebody who holds the lock: the loop is theirs.
  if (scope < 0 && !takenByHand) return undefined;
  const inside = scope < 0 ? around : around.slice(0, scope);
  const outside = scope < 0 ? [] : around.slice(scope + 1);
  if (inside.some(isWhile)) return undefined;
  const tests = inside.flatMap((outer) => (outer.kind === 'branch' ? [outer.step] : []));
  const rounds = outside.filter(isWhile);
  if (tests.length > 0) {
    const used = isUsedAfter(fn, signal.point, tests, rounds[0]);
    if (used !== 'no') return used === 'used' ? 'taken' : undefined;
    return !signal.timed && (rounds.length === 0 || isPassedUnasked(fn, signal, tests, rounds[0])) ? 'once' : undefined;
  }
  if (signal.timed || isTestedEarlier(fn, signal, around[scope])) return undefined;
  if (rounds.length > 0)
    return (rounds[0].kind === 'loop' && ((rounds[0].step.test?.length ?? 0) > 0 || isLeftEarlier(fn, signal, rounds[0].step.body))) ||
      outside.some((outer) => outer.kind === 'branch')
      ? 'outside'
      : 'untested';
  if (outside.some((outer) => outer.kind === 'branch')) return 'outside';
  return /wait|sleep|pause|block|park/i.test(model.name) ? undefined : 'untested';
}

function isWhile(outer: Enclosing): boolean {
  return outer.kind === 'loop' && outer.part === 'body' && outer.step.over === undefined;
}

function isSame(place: Parameters<typeof printPlace>[0], signal: SignalCall): boolean {
  return printPlace(place) === signal.place;
}

function isCall(operation: Operation, signal: SignalCall, method: string): boolean {
  return operation.kind === 'call' && operation.callee.kind === 'place' && printPlace(operation.callee.place) === `${signal.place}.${method}`;
}

/** Somebody else takes what it was woken for, it is woken for something else, or the wake-up comes before the wait. */
function scheduleOf(wait: Site, name: string, fault: Fault): Interleaving {
  if (fault === 'taken')
    return {
      sides: twoCalls(wait.function),
      steps: [
        first(wait, `waits on ${name}, and is notified, but has to get its lock back first`),
        second(wait, 'comes just then, need not wait here, and takes away what there was'),
        first(wait, 'wakes up, does not look again, and goes on as if it were there'),
      ],
      harm: 'wrong',
      outcome: 'It works with what another one has taken already.',
    };
  const [before, then] =
    fault === 'once'
      ? [`waits on ${name}`, 'wakes up for a notify that was meant for something else, and does not look again']
      : fault === 'untested'
        ? [`comes a moment after the notify of ${name}, which has woken nobody`, 'waits without having looked whether there is anything to wait for']
        : ['has looked before it held the lock: the change and its notify have come since then', `waits on ${name} for what has been already`];
  return {
    sides: [oneRun(undefined, wait.function)],
    steps: [first(wait, before), first(wait, then)],
    harm: fault === 'once' ? 'wrong' : 'stuck',
    outcome: fault === 'once' ? 'It goes on as if what it waits for had come.' : 'It waits for the next notify, perhaps for ever, though it could go on.',
  };
}

function findingOf(fn: ResolvedFunction, signal: SignalCall, fault: Fault): Finding {
  const name = nameOf(signal.receiver);
  const isTested = fault === 'once' || fault === 'taken';
  const texts: Record<Exclude<Fault, 'taken'>, string> = {
    once: `What this wait on ${name} waits for may not hold when it returns: it is tested once before and not again. Another thread can be woken first and take it away, a notify may be meant for something else${signal.timed ? ', the time may be over' : ''}, and a wait may end without any. Put the wait in a while loop that tests the condition, or use wait_for().`,
    untested: `This wait on ${name} can miss its wake-up: nothing is tested under the lock before it, so that a notify that comes a moment earlier is lost and the thread waits for the next one, perhaps for ever. Test in a while loop what is waited for, with the lock held, or use wait_for().`,
    outside: `This wait on ${name} can miss its wake-up: what it waits for is tested before the lock is taken, and a change and its notify that come between the test and the wait are lost; the thread waits for the next one, perhaps for ever. Take the lock first and test in a while loop inside it, or use wait_for().`,
  };
  return {
    rule: conditionWaitWithoutLoop.id,
    family: conditionWaitWithoutLoop.family,
    // Between tasks the lock is taken without a pause where it is free.
    severity: fault === 'outside' && signal.task ? 'information' : conditionWaitWithoutLoop.severity,
    confidence: isTested ? 0.8 : 0.7,
    site: { function: fn.key, point: signal.point },
    message: texts[isTested ? 'once' : fault],
    related: [],
    interleaving: scheduleOf({ function: fn.key, point: signal.point }, name, fault),
    fixes: [{ kind: 'wait-in-loop', site: { function: fn.key, point: signal.point } }],
  };
}
