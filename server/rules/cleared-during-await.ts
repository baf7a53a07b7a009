// A field is found filled, then the function waits, and uses it although another task may have emptied it meanwhile.
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn, isKeptOut } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { canMeet, type Reason } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';

export const clearedDuringAwait: Rule = {
  id: 'cleared-during-await',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const { steps } = flowIn(fn, facts);
      const told = new Set<string>();
      for (const use of steps) {
        if (use.kind !== 'use' || use.site.function !== fn.key || use.cell.element || told.has(use.cell.key) || use.cleanup) continue;
        const check = checkBefore(use, steps);
        const cleared = check && clearedBy(fn, use, facts);
        if (!check || !cleared || isOptional(fn, use)) continue;
        told.add(use.cell.key);
        const place = nameOfKey(use.cell.key);
        const nothing = fn.module.language === 'python' ? 'None' : 'empty';
        yield {
          rule: clearedDuringAwait.id,
          family: clearedDuringAwait.family,
          severity: clearedDuringAwait.severity,
          confidence: 0.75,
          site: use.site,
          message: `${place} may be ${nothing} here although it was checked: the check is before the await, and while ${callOfKey(fn.key)} waits ${callOfKey(cleared.access.function)} empties it. ${cleared.reason.text} Keep the object in a local variable, or check again after the await.`,
          related: [
            { site: check.site, message: `${callOfKey(fn.key)}: checks ${place}` },
            { site: use.awaited!, message: `${callOfKey(fn.key)}: waits here` },
            {
              site: { function: cleared.access.function, point: cleared.access.point },
              message: `Meanwhile: ${callOfKey(cleared.access.function)} empties ${place}`,
            },
            { site: use.site, message: `${callOfKey(fn.key)}: uses ${place}` },
          ],
          interleaving: {
            sides: twoCalls(fn.key, cleared.access.function),
            steps: [
              first(check.site, `checks ${place}, and finds it there`),
              givesWay(use.awaited!),
              second(cleared.access, `empties ${place}`),
              first(use.site, `uses ${place}, which is ${nothing} now`),
            ],
            harm: 'fails',
            outcome: `The use of ${place} fails, although the check had let it pass.`,
          },
          fixes: [],
        };
      }
    }
  },
};

/** `this.socket?.send(…)` does nothing where there is nothing. */
function isOptional(fn: ResolvedFunction, use: FlowStep): boolean {
  const operation = modelOf(fn).operations[use.site.point];
  return operation.kind === 'call' && operation.optional === true;
}

/** The check that the use rests on, if it is older than the last await and nothing has been looked at or put there since. */
function checkBefore(use: FlowStep, steps: readonly FlowStep[]): FlowStep | undefined {
  const tests = use.tests.filter((test) => test.cell.key === use.cell.key && !test.cell.element);
  const check = tests.at(-1);
  // A local variable keeps the object whatever becomes of the field.
  if (!use.from.some((read) => read.cell.key === use.cell.key && read.epoch === use.epoch)) return undefined;
  if (!check || tests.some((test) => test.epoch >= use.epoch) || isKeptOut(use, check.epoch)) return undefined;
  const between = steps.slice(steps.indexOf(check) + 1, steps.indexOf(use));
  return between.some((step) => step.kind === 'write' && step.cell.key === use.cell.key) ? undefined : check;
}

/** Somebody who empties the field, and runs beside this function. */
function clearedBy(fn: ResolvedFunction, use: FlowStep, facts: Facts): { access: CellAccess; reason: Reason } | undefined {
  for (const access of facts.accessesOf(use.cell.key)) {
    const other = facts.program.functions.get(access.function);
    if (!other || !access.write || access.cell.element || access.owned || other.key === fn.key || fileOfKey(other.key) !== fileOfKey(fn.key)) continue;
    const operation = modelOf(other).operations[access.point];
    const empties = operation.kind === 'write' && operation.mode === 'assign' && operation.value.kind === 'constant' && operation.value.value === null;
    // Whoever cancels the task first does not let it come to the use.
    if (empties && flowIn(other, facts).steps.some((step) => step.kind === 'use' && step.method === 'cancel')) continue;
    const reason = empties && modelOf(other).kind !== 'constructor' ? canMeet(fn, other, facts) : undefined;
    if (reason?.known) return { access, reason };
  }
  return undefined;
}
