// Split calls: a caller that acts, by one method under a lock, on what another method found under the same lock.
import type { CellAccess, Facts } from '../../summary/facts';
import { byKey } from '../../summary/grouping';
import { type FunctionKey, isNameless, type LockKey } from '../../summary/keys';
import { behind, callsBehind } from '../../summary/origins';
import { modelOf } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { operationOf } from './container-changes';
import { groundsOf, inSameSection } from './stale-checks';

export interface SplitCalls {
  readonly caller: FunctionKey;
  /** Where the method is called that looks, and where the one that changes. */
  readonly look: Point;
  readonly change: Point;
  readonly looker: CellAccess;
  readonly changer: CellAccess;
  readonly lock: LockKey;
  /** What was found flows into what is written; otherwise it decided that something is written. */
  readonly byValue: boolean;
}

export function* splitCalls(accesses: readonly CellAccess[], facts: Facts): Iterable<SplitCalls> {
  for (const changer of accesses) {
    if (!changer.write) continue;
    for (const lock of ownGuards(changer, facts)) {
      const lookers = accesses.filter((access) => isLooker(access, lock, accesses, facts));
      if (lookers.length === 0) continue;
      yield* changedAfterCall(changer, lookers, lock, accesses, facts);
      for (const [caller, sites] of byKey(
        facts.program.callers.get(changer.function) as ReadonlyMap<FunctionKey, readonly { readonly point: Point }[]> | undefined,
      )) {
        for (const site of facts.summaryOf(caller)?.calls ?? []) {
          if (site.target !== changer.function || !sites.some(({ point }) => point === site.point) || isHeld(caller, site.held, lock, facts)) continue;
          for (const looker of lookers) {
            if (looker.function === changer.function || looker.function === caller) continue;
            const calls = facts.summaryOf(caller)?.calls ?? [];
            const look = calls.find((call) => call.target === looker.function && call.point < site.point && site.restsOn.includes(call.point));
            const property =
              look ??
              calls.find((call) => call.target === looker.function && call.point < site.point && isBehind(caller, call.point, site.point, changer, facts));
            if (!property || isHeld(caller, property.held, lock, facts)) continue;
            const byValue = flowsInto(caller, property.point, site.point, changer, facts);
            // What is taken out of a pool is given back to it: `connection = acquire()`, `release(connection)`.
            const looks = calls.filter((call) => call.target === looker.function).map((call) => call.point);
            if (!byValue && looks.some((point) => isGiven(caller, point, site.point, facts))) continue;
            yield { caller, look: property.point, change: site.point, looker, changer, lock, byValue };
          }
        }
      }
    }
  }
}

/** The function that changes the place under the lock has asked a method before it took the lock, and does not look again. */
function* changedAfterCall(
  changer: CellAccess,
  lookers: readonly CellAccess[],
  lock: LockKey,
  accesses: readonly CellAccess[],
  facts: Facts,
): Iterable<SplitCalls> {
  const caller = changer.function;
  if (groundsOf(changer, accesses, facts).tests.some((read) => inSameSection(read, changer, lock))) return;
  for (const call of facts.summaryOf(caller)?.calls ?? []) {
    if (!changer.decidedBy.includes(call.point) || isHeld(caller, call.held, lock, facts)) continue;
    const looker = lookers.find((each) => each.function === call.target && each.function !== caller);
    if (looker) yield { caller, look: call.point, change: changer.point, looker, changer, lock, byValue: false };
  }
}

/** Whether a function only looks, and says what it found: one that changes the place as well has acted already. */
function isLooker(access: CellAccess, lock: LockKey, accesses: readonly CellAccess[], facts: Facts): boolean {
  if (access.write || !ownGuards(access, facts).includes(lock) || !isReturned(access, facts)) return false;
  return !accesses.some((other) => other.write && other.function === access.function);
}

/** Locks that a function takes by itself around an access, and gives back before it returns. */
function ownGuards(access: CellAccess, facts: Facts): readonly LockKey[] {
  const entry = facts.contextOf(access.function).entry ?? [];
  return [...facts.threadGuardsOf(access)].filter((lock) => !entry.includes(lock) && !isNameless(lock));
}

/** Whether the function returns what it read, or something worked out of it. */
function isReturned(access: CellAccess, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(access.function)!);
  return model.operations.some((operation) => {
    if (operation.kind !== 'return') return false;
    return behind(model, operation.depends).has(access.point);
  });
}

function isHeld(caller: FunctionKey, held: readonly { readonly lock: LockKey }[], lock: LockKey, facts: Facts): boolean {
  return held.some((each) => each.lock === lock) || (facts.contextOf(caller).entry ?? []).includes(lock);
}

/** Whether what one call gave is the argument that the method called by another stores, or what a property is set to. */
function flowsInto(caller: FunctionKey, from: Point, to: Point, changer: CellAccess, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(caller)!);
  const operation = model.operations[to];
  const stored = operationOf(changer, facts);
  if (stored?.kind !== 'write' || stored.value.kind !== 'place' || stored.value.place.root.kind !== 'parameter') return false;
  if (operation?.kind === 'write') return behind(model, operation.depends).has(from);
  if (operation?.kind !== 'call') return false;
  const callee = modelOf(facts.program.functions.get(changer.function)!);
  const { index } = stored.value.place.root;
  const given =
    operation.arguments.find((argument) => argument.name === callee.parameters[index]?.name) ?? operation.arguments[index - (callee.kind === 'method' ? 1 : 0)];
  return given !== undefined && callsBehind(model, given.depends).includes(from);
}

/** Whether what one call gave is among the arguments of another, so that it need not have decided about it. */
function isGiven(caller: FunctionKey, from: Point, to: Point, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(caller)!);
  const operation = model.operations[to];
  return operation?.kind === 'call' && operation.arguments.some((argument) => callsBehind(model, argument.depends).includes(from));
}

/** The same for a property that is read and set. */
function isBehind(caller: FunctionKey, from: Point, to: Point, changer: CellAccess, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(caller)!);
  return model.operations[to]?.kind === 'write' && flowsInto(caller, from, to, changer, facts);
}
