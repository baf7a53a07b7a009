// A thread waits on a condition without testing, under its lock and again after each wake-up, what it waits for.
import type { Block, Branch, Operation } from '../model/operation';
import { printPlace } from '../model/place';
import { behind } from '../summary/origins';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { nameOf, type SignalCall, signalCalls } from '../summary/signals';
import { type Enclosing, enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';

export const conditionWaitWithoutLoop: Rule = {
  id: 'condition-wait-without-loop',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  repaired: false,
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn || fn.module.language !== 'python') return;
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

/** `once`: tested once and not again; `untested`: not tested under the lock; `outside`: tested before the lock is taken. */
type Fault = 'once' | 'untested' | 'outside';

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
    if (used === 'tested') return undefined;
    return used === 'used' || (rounds.length === 0 && !signal.timed) ? 'once' : undefined;
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

/** `if self.closed: return` before the wait, in the same with statement, is a test as well; the wait is left for good then. */
function isTestedEarlier(fn: ResolvedFunction, signal: SignalCall, scope: Enclosing | undefined): boolean {
  if (scope?.kind !== 'with') return false;
  return scope.step.body.some((step) => {
    if (typeof step === 'number' || step.kind !== 'branch') return false;
    return (
      step.test.every((number) => number < signal.point) && step.arms.some((arm) => arm.some((inner) => typeof inner === 'number' && isLeaving(fn, inner)))
    );
  });
}

/** `while True: if self.free: return self.free.pop()`, and only then the lock and the wait. */
function isLeftEarlier(fn: ResolvedFunction, signal: SignalCall, body: Block): boolean {
  return body.some(
    (step) =>
      typeof step !== 'number' &&
      step.kind === 'branch' &&
      step.test.every((number) => number < signal.point) &&
      step.arms.some((arm) => arm.some((inner) => typeof inner === 'number' && inner < signal.point && isLeaving(fn, inner))),
  );
}

function isLeaving(fn: ResolvedFunction, point: Point): boolean {
  return /^(?:return|break|continue|raise)$/.test(modelOf(fn).operations[point].kind);
}

/** Whether what was tested before the wait is used behind it as if it held, or tested again first. */
function isUsedAfter(fn: ResolvedFunction, wait: Point, tests: readonly Branch[], round: Enclosing | undefined): 'used' | 'tested' | 'no' {
  const model = modelOf(fn);
  const places = new Set<string>();
  for (const number of behind(
    model,
    tests.flatMap((test) => test.test),
  )) {
    const operation = model.operations[number];
    if (operation.kind === 'read') places.add(printPlace(operation.place));
  }
  const retests = new Set(branchTests(model.body));
  for (let number = wait + 1; number < model.operations.length; number++) {
    const operation = model.operations[number];
    if (
      round &&
      !enclosing(model)
        .get(number)
        ?.some((outer) => outer.kind === 'loop' && round.kind === 'loop' && outer.step === round.step)
    )
      break;
    if (operation.kind === 'continue') return 'tested';
    const place = operation.kind === 'read' || operation.kind === 'write' ? printPlace(operation.place) : undefined;
    if (place === undefined || ![...places].some((tested) => place === tested || place.startsWith(`${tested}[`) || place.startsWith(`${tested}.`))) continue;
    const next = model.operations[number + 1];
    if (retests.has(number) || (next?.kind === 'call' && next.depends.includes(number) && retests.has(number + 1))) return 'tested';
    return 'used';
  }
  return 'no';
}

function branchTests(block: Block): Point[] {
  return block.flatMap((step): Point[] => {
    if (typeof step === 'number') return [];
    const own = step.kind === 'branch' || step.kind === 'loop' ? (step.test ?? []) : [];
    const parts =
      step.kind === 'branch'
        ? step.arms
        : step.kind === 'loop'
          ? [step.body, step.otherwise]
          : step.kind === 'with'
            ? [step.body]
            : [step.body, ...step.handlers, step.otherwise, step.final];
    return [...own, ...parts.flatMap(branchTests)];
  });
}

function findingOf(fn: ResolvedFunction, signal: SignalCall, fault: Fault): Finding {
  const name = nameOf(signal.receiver);
  const texts: Record<Fault, string> = {
    once: `What this wait on ${name} waits for may not hold when it returns: it is tested once before and not again. Another thread can be woken first and take it away, a notify may be meant for something else${signal.timed ? ', the time may be over' : ''}, and a wait may end without any. Put the wait in a while loop that tests the condition, or use wait_for().`,
    untested: `This wait on ${name} can miss its wake-up: nothing is tested under the lock before it, so that a notify that comes a moment earlier is lost and the thread waits for the next one, perhaps for ever. Test in a while loop what is waited for, with the lock held, or use wait_for().`,
    outside: `This wait on ${name} can miss its wake-up: what it waits for is tested before the lock is taken, and a change and its notify that come between the test and the wait are lost; the thread waits for the next one, perhaps for ever. Take the lock first and test in a while loop inside it, or use wait_for().`,
  };
  return {
    rule: conditionWaitWithoutLoop.id,
    family: conditionWaitWithoutLoop.family,
    // Between tasks the lock is taken without a pause where it is free.
    severity: fault === 'outside' && signal.task ? 'information' : conditionWaitWithoutLoop.severity,
    confidence: fault === 'once' ? 0.8 : 0.7,
    site: { function: fn.key, point: signal.point },
    message: texts[fault],
    related: [],
    fixes: [],
  };
}
