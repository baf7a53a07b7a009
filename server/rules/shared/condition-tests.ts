// Condition tests: what is asked before and behind a wait on a condition, and what is done on the strength of it.
import type { Block, Branch } from '../../model/operation';
import { ELEMENT, printPlace } from '../../model/place';
import { behind } from '../../summary/origins';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { SignalCall } from '../../summary/signals';
import { type Enclosing, enclosing, testsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { LOGS } from './loggers';

/** `if self.closed: return` before the wait, in the same with statement, is a test as well; the wait is left for good then. */
export function isTestedEarlier(fn: ResolvedFunction, signal: SignalCall, scope: Enclosing | undefined): boolean {
  if (scope?.kind !== 'with') return false;
  return scope.step.body.some((step) => {
    if (typeof step === 'number' || step.kind !== 'branch') return false;
    return (
      step.test.every((number) => number < signal.point) && step.arms.some((arm) => arm.some((inner) => typeof inner === 'number' && isLeaving(fn, inner)))
    );
  });
}

/** `while True: if self.free: return self.free.pop()`, and only then the lock and the wait. */
export function isLeftEarlier(fn: ResolvedFunction, signal: SignalCall, body: Block): boolean {
  return body.some(
    (step) =>
      typeof step !== 'number' &&
      step.kind === 'branch' &&
      step.test.every((number) => number < signal.point) &&
      step.arms.some((arm) => arm.some((inner) => typeof inner === 'number' && inner < signal.point && isLeaving(fn, inner))),
  );
}

/**
 * `if self._paused: wait()` and on with the round's work: what must not be done while the test holds is done after any
 * wake-up. Where the wait is for something to do, one round for nothing does no harm.
 */
export function isPassedUnasked(fn: ResolvedFunction, { point }: SignalCall, tests: readonly Branch[], round: Enclosing): boolean {
  const { operations } = modelOf(fn);
  const isBar = ({ negated, test }: Branch) =>
    negated !== true &&
    test.length > 0 &&
    test.every((number) => {
      const operation = operations[number];
      const name = operation.kind === 'read' && operation.place.root.kind === 'receiver' ? operation.place.path.at(-1)! : '';
      return name !== '' && name !== ELEMENT && !NOTHING_TO_DO.test(name);
    });
  if (!tests.every(isBar)) return false;
  return operations.some((operation, number) => number > point && operation.kind === 'call' && isIn(fn, number, round) && !isToldOnly(fn, number));
}

const NOTHING_TO_DO = /idle|empty|done|finished|drained|quiet/i;

function isToldOnly(fn: ResolvedFunction, number: Point): boolean {
  const operation = modelOf(fn).operations[number];
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
  const { root, path } = operation.callee.place;
  return LOGS.test(path.at(-1) ?? '') || (root.kind === 'global' && root.name === 'print');
}

function isIn(fn: ResolvedFunction, number: Point, round: Enclosing): boolean {
  return (
    enclosing(modelOf(fn))
      .get(number)
      ?.some((outer) => outer.kind === 'loop' && round.kind === 'loop' && outer.step === round.step) ?? false
  );
}

function isLeaving(fn: ResolvedFunction, point: Point): boolean {
  return /^(?:return|break|continue|raise)$/.test(modelOf(fn).operations[point].kind);
}

/** Whether what was tested before the wait is used behind it as if it held, or tested again first. */
export function isUsedAfter(fn: ResolvedFunction, wait: Point, tests: readonly Branch[], round: Enclosing | undefined): 'used' | 'tested' | 'no' {
  const model = modelOf(fn);
  const places = new Set<string>();
  for (const number of behind(
    model,
    tests.flatMap((test) => test.test),
  )) {
    const operation = model.operations[number];
    if (operation.kind === 'read') places.add(printPlace(operation.place));
  }
  const retests = new Set(testsIn(model.body));
  for (let number = wait + 1; number < model.operations.length; number++) {
    const operation = model.operations[number];
    if (round && !isIn(fn, number, round)) break;
    if (operation.kind === 'continue') return 'tested';
    const place = operation.kind === 'read' || operation.kind === 'write' ? printPlace(operation.place) : undefined;
    if (place === undefined || ![...places].some((tested) => place === tested || place.startsWith(`${tested}[`) || place.startsWith(`${tested}.`))) continue;
    const next = model.operations[number + 1];
    if (retests.has(number) || (next?.kind === 'call' && next.depends.includes(number) && retests.has(number + 1))) return 'tested';
    return 'used';
  }
  return 'no';
}
