// Taken on one way: a lock that is taken under one condition, and taken again under another that may hold as well.
import type { ModelFunction } from '../../model/module';
import type { Block } from '../../model/operation';
import { printPlace } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { FunctionKey, LockKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Acquisition, Point } from '../../summary/summary';
import { isOneObject } from './lock-chain';

/** Where a function takes a lock a second time on a way that nothing rules out: the two conditions ask for different things. */
export function takenOnOneWay(key: FunctionKey, lock: LockKey, facts: Facts): { readonly first: Point; readonly second: Point } | undefined {
  const fn = facts.program.functions.get(key);
  if (fn?.module.language !== 'typescript') return undefined;
  const taken = (facts.summaryOf(key)?.acquisitions ?? []).filter((each) => each.lock.key === lock && !each.attempt && !each.lock.dynamic && each.point >= 0);
  for (const [at, first] of taken.entries()) {
    for (const second of taken.slice(at + 1)) {
      if (isSameLock(lock, first, second, facts) && isFree(fn, first.point, second.point) && !releasedBetween(fn, lock, first.point, second.point))
        return { first: first.point, second: second.point };
    }
  }
  return undefined;
}

function isSameLock(lock: LockKey, first: Acquisition, second: Acquisition, facts: Facts): boolean {
  return isOneObject(lock, facts) || (first.lock.onReceiver === true && second.lock.onReceiver === true);
}

/** The conditions of the one point say nothing about those of the other. */
function isFree(fn: ResolvedFunction, first: Point, second: Point): boolean {
  const model = modelOf(fn);
  const around = enclosing(model).get(second) ?? [];
  const conditions = branchesAround(model, first);
  if (conditions.length === 0 || conditions.some((each) => around.some((other) => other.step === each.step) || leaves(model, each.step.arms[each.arm])))
    return false;
  const asked = new Set(conditions.flatMap((each) => placesAsked(model, each.step.test)));
  const askedAgain = branchesAround(model, second).flatMap((each) => placesAsked(model, each.step.test));
  return asked.size > 0 && askedAgain.length > 0 && !askedAgain.some((place) => asked.has(place));
}

function branchesAround(model: ModelFunction, point: Point) {
  return (enclosing(model).get(point) ?? []).flatMap((around) => (around.kind === 'branch' ? [around] : []));
}

function leaves(model: ModelFunction, arm: Block): boolean {
  const last = arm.at(-1);
  return typeof last === 'number' && /^(?:return|raise|break|continue)$/.test(model.operations[last].kind);
}

/** What a condition asks for, whatever it does with it. */
function placesAsked(model: ModelFunction, test: readonly Point[]): string[] {
  const seen = new Set<Point>();
  const ask = (point: Point): string[] => {
    if (seen.has(point)) return [];
    seen.add(point);
    const operation = model.operations[point];
    return [...(operation.kind === 'read' ? [printPlace(operation.place)] : []), ...operation.depends.flatMap(ask)];
  };
  return test.flatMap(ask);
}

function releasedBetween(fn: ResolvedFunction, lock: LockKey, from: Point, to: Point): boolean {
  return [...fn.calls].some(([point, call]) => point > from && point < to && call.locks.some((each) => each.kind === 'release' && each.lock.key === lock));
}
