// notify() wakes one waiter where several, or waiters for different things, share the condition.
import type { ModelFunction } from '../model/module';
import { rootParts } from '../summary/contexts';
import type { Facts, FunctionUse } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { enclosing, pointsIn } from '../summary/structure';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { isUsed } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';

export const notifyWakesTooFew: Rule = {
  id: 'notify-wakes-too-few',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isUsed,
  fixes: ['notify-all'],
  *check(cell, facts) {
    const uses = facts.usesOf(cell).filter((use) => /\.Condition\.\w+$/.test(use.api));
    const waits = uses.filter((use) => /\.(?:wait|wait_for)$/.test(use.api));
    const singles = uses.filter((use) => use.api.endsWith('.notify') && wakesOne(use, facts));
    if (waits.length === 0 || singles.length === 0) return;
    const name = nameOfKey(cell);
    const waiters = new Set(waits.map((use) => use.function));
    const both = singles.filter((use) => waiters.has(use.function));
    const mixed = new Set(both.map((use) => use.function)).size > 1;
    const fixable = waits.every((wait) => testsAgain(wait, facts));
    for (const single of singles) {
      const other = waits.find((use) => use.function !== single.function)!;
      if (mixed && both.includes(single)) {
        yield findingOf(
          single,
          other,
          fixable ? both.filter((use) => use !== single) : undefined,
          true,
          `notify() may wake the wrong side: ${[...new Set(both.map((use) => callOfKey(use.function)))].join(' and ')} wait on ${name} for different things, and the one thread that is woken may be one that cannot go on; it sleeps again, and nobody wakes the others. Use notify_all(), or a condition for each side on the same lock.`,
        );
        continue;
      }
      const flag = endsFor(single, waits, facts);
      if (flag !== undefined && other && severalWait(waits, facts))
        yield findingOf(
          single,
          other,
          fixable ? [] : undefined,
          false,
          `notify() wakes one waiter only: ${nameOfKey(flag)} concerns everybody who waits on ${name}, and all but one of them sleep on for ever. Use notify_all().`,
        );
    }
  },
};

function findingOf(single: FunctionUse, wait: FunctionUse | undefined, others: readonly FunctionUse[] | undefined, mixed: boolean, message: string): Finding {
  const site = { function: single.function, point: single.point };
  return {
    rule: notifyWakesTooFew.id,
    family: notifyWakesTooFew.family,
    severity: notifyWakesTooFew.severity,
    confidence: 0.65,
    site,
    message,
    related: wait ? [{ site: { function: wait.function, point: wait.point }, message: `${callOfKey(wait.function)} waits here` }] : [],
    ...(wait && { interleaving: wokenWrongly(single, wait, mixed) }),
    fixes: others ? [{ kind: 'notify-all', site, others: others.map(({ function: key, point }) => ({ function: key, point })) }] : [],
  };
}

/** The one that should go on sleeps, since another one was woken. */
function wokenWrongly(single: FunctionUse, wait: FunctionUse, mixed: boolean): Interleaving {
  return {
    sides: twoCalls(wait.function, single.function),
    steps: [
      first(wait, `waits, and so does another one${mixed ? ', for something else' : ''}`),
      second(single, `wakes one of the two: the other one${mixed ? ', which cannot go on yet' : ''}`),
      first(wait, `sleeps on, though it could go on now`),
    ],
    harm: 'stuck',
    outcome: mixed ? 'The one that was woken sleeps again, and nobody wakes the one that could go on.' : 'Nobody wakes it: the one notify() is used up.',
  };
}

/** A waiter that is woken for nothing goes to sleep again: there is a test in its loop, and nothing is done before it comes round. */
function testsAgain(wait: FunctionUse, facts: Facts): boolean {
  if (wait.api.endsWith('.wait_for')) return true;
  const fn = facts.program.functions.get(wait.function);
  const model = fn && modelOf(fn);
  const around =
    model &&
    enclosing(model)
      .get(wait.point)
      ?.find((outer) => outer.kind === 'loop' || outer.kind === 'with');
  if (around?.kind !== 'loop' || around.part !== 'body' || around.step.over) return false;
  const { body, endless } = around.step;
  const points = pointsIn(model!, body);
  const isTested =
    !endless || body.some((step) => typeof step !== 'number' && step.kind === 'branch' && step.span.end <= model!.operations[wait.point].span.start);
  return isTested && points.every((point) => point <= wait.point || !DOES.has(model!.operations[point].kind) || isPartOf(model!, point, wait.point));
}

const DOES = new Set(['call', 'write', 'await', 'yield']);

/** `await cond.wait()` ends the wait itself; `raise TimeoutError("too late")` calls a class. */
function isPartOf({ operations }: ModelFunction, point: number, wait: number): boolean {
  const operation = operations[point];
  return (operation.kind === 'await' && operation.depends.includes(wait)) || operations.some((each) => each.kind === 'raise' && each.depends.includes(point));
}

/** `notify()`, not `notify(len(waiting))`. */
function wakesOne(use: FunctionUse, facts: Facts): boolean {
  const fn = facts.program.functions.get(use.function);
  const operation = fn && modelOf(fn).operations[use.point];
  if (operation?.kind !== 'call') return false;
  const count = operation.arguments[0]?.value;
  return count === undefined || (count.kind === 'constant' && count.value === 1);
}

/** The flag that the notifier raises for good, and that every waiter asks for: closed, stopped, failed. */
function endsFor(single: FunctionUse, waits: readonly FunctionUse[], facts: Facts): string | undefined {
  const fn = facts.program.functions.get(single.function);
  const writes = (facts.summaryOf(single.function)?.accesses ?? []).filter((access) => {
    const operation = fn && access.point >= 0 ? modelOf(fn).operations[access.point] : undefined;
    return operation?.kind === 'write' && operation.value.kind === 'constant' && operation.value.value === true && !access.owned;
  });
  const flag = writes.find(({ cell }) =>
    /clos|stop|shut|done|finish|cancel|exit|quit|abort|fail|broken|ready|opened|complete/i.test(nameOfKey(cell.key).split('.').at(-1)!),
  );
  if (!flag) return undefined;
  const asked = waits.some((wait) => facts.summaryOf(wait.function)?.accesses.some((access) => access.cell.key === flag.cell.key && !access.write));
  return asked ? flag.cell.key : undefined;
}

/** Several threads may wait: by being started more than once, or by being called by whoever likes to. */
function severalWait(waits: readonly FunctionUse[], facts: Facts): boolean {
  if (new Set(waits.map((wait) => wait.function)).size > 1) return true;
  return waits.some((wait) => facts.contextOf(wait.function).roots.some((root) => rootParts(root).many));
}
