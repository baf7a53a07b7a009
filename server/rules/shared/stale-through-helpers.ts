// Stale checks through helpers: one function asks, another, which is called and awaited because of it, waits and then writes.

import type { Root } from '../../model/place';
import { lastName } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { isAddition, isConstant, isOutcome } from '../../summary/written-values';
import type { Finding } from '../finding';
import { type FlowStep, flowIn, isKeptOut, isOfOneCall } from './await-flow';
import { checkAcrossAwait } from './await-interleavings';
import { inFlightTwice } from './in-flight';
import { first, twoCalls } from './interleavings';
import { HOLDS, MAKES } from './makes';
import { sharedCall } from './shared-calls';

/** Findings with the cell that each is about. */
export function* throughHelpers(fn: ResolvedFunction, facts: Facts): Iterable<{ cell: string; finding: Finding }> {
  const reason = inFlightTwice(fn, true, facts);
  if (!reason) return;
  const told = new Set<number>();
  const { steps } = flowIn(fn, facts);
  for (const write of steps) {
    const own = write.site.function === fn.key;
    // A new object's fields are not those of the object that was asked.
    if (!own && isConstructor(write.site.function, facts)) continue;
    const check = own ? askedElsewhere(fn, write, steps, facts) : checkOf(fn, write, steps);
    const called = check && (own ? makerOf(fn, write) : calledAt(fn, write));
    if (!check || called === undefined || told.has(write.point)) continue;
    // Of two objects, or two promises of work under way, one is left over.
    const isLeftOver = write.made === true && fn.module.language === 'typescript';
    const harm = isLeftOver || MAKES.test(called) || isRaised(write) || HOLDS.test(nameOfKey(write.cell.key).split('.').at(-1)!);
    if (!harm && !(reason.known && LOADS.test(called))) continue;
    told.add(write.point);
    const place = nameOfKey(write.cell.key);
    const at = { function: fn.key, point: write.point };
    yield {
      cell: write.cell.key,
      finding: {
        rule: 'stale-read-across-await',
        family: 'await-race',
        severity: reason.known && harm ? 'warning' : 'information',
        confidence: reason.known ? 0.75 : 0.5,
        site: at,
        message: own
          ? `Check-then-act: ${place} is written because of a check made before the await: while ${callOfKey(fn.key)} waits, another call passes the same check, and both write ${place}. ${reason.text} Hold a lock over the check and the write, or check again after the await.`
          : `Check-then-act: ${called}() is called because of a check of ${place}, and sets ${place} only after an await: while it waits, another call passes the same check and runs ${called}() as well. ${reason.text} Hold a lock over the check and the call, or check again under the lock in ${called}().`,
        related: [
          { site: check.site, message: `First call: checks ${place}` },
          ...(own ? [] : [{ site: at, message: `First call: runs ${called}()` }]),
          { site: write.awaited!, message: `First call: waits here; a second call passes the check and runs ${called}() meanwhile` },
          { site: write.site, message: `First call: writes ${place}, in ${callOfKey(write.site.function)}; the second does so again` },
        ],
        interleaving: checkAcrossAwait(twoCalls(fn.key), place, check.site, write.awaited!, write.site, own ? [] : [first(at, `calls ${called}()`)]),
        fixes: sharedCall(fn, at, check.site, write.cell.element, facts),
      },
    };
  }
}

function isConstructor(key: FunctionKey, facts: Facts): boolean {
  const called = facts.program.functions.get(key);
  return called !== undefined && modelOf(called).kind === 'constructor';
}

/** The check that a write of the function itself rests on, where a helper makes it, or it asks for a part of what is written. */
function askedElsewhere(fn: ResolvedFunction, write: FlowStep, steps: readonly FlowStep[], facts: Facts): FlowStep | undefined {
  const check = checkOf(fn, write, steps, (found) => isCount(found, facts) && isAddition(modelOf(fn).operations[write.point]));
  return check && (check.site.function !== fn.key || check.through?.includes(write.cell.key)) ? check : undefined;
}

/** Whether a read asks for how many there are. */
function isCount({ site }: FlowStep, facts: Facts): boolean {
  const asking = facts.program.functions.get(site.function);
  return (
    asking !== undefined &&
    modelOf(asking).operations.some(
      ({ kind, depends, ...call }) =>
        kind === 'call' && depends.includes(site.point) && 'callee' in call && call.callee.kind === 'place' && isNamed(call.callee.place.root, 'len'),
    )
  );
}

function isNamed(root: Root, name: string): boolean {
  return root.kind === 'global' && root.name === name;
}

/** The check, outside the call that leads to the write, that the write rests on, if nothing has kept others out since. */
function checkOf(fn: ResolvedFunction, write: FlowStep, steps: readonly FlowStep[], limits?: (check: FlowStep) => boolean): FlowStep | undefined {
  if ((write.kind !== 'write' && write.kind !== 'touch') || write.epoch === 0 || write.cleanup || isOfOneCall(write.cell.key, fn) || !fills(write))
    return undefined;
  const tests = write.tests.filter((test) => test.cell.key === write.cell.key || test.through?.includes(write.cell.key));
  const check = tests.at(-1);
  if (!check || tests.some((test) => test.epoch === write.epoch) || check.point === write.point || isKeptOut(write, check.epoch)) return undefined;
  if (isCountedIn(write, check, steps)) return undefined;
  // What is written rests on what stands there now.
  if (write.kind === 'write' && write.from.some((read) => read.cell.key === write.cell.key && read.epoch === write.epoch)) return undefined;
  // `if self.channels: await self.subscribe(…)` goes on with what is there.
  if ((write.kind === 'touch' || write.cell.element) && !write.missing.includes(check) && !limits?.(check)) return undefined;
  return check;
}

/** `if self.open + self.opening < most: self.opening += 1`: the next one that asks sees that this one has passed. */
function isCountedIn(write: FlowStep, check: FlowStep, steps: readonly FlowStep[]): boolean {
  const asked = new Set(write.tests.filter((test) => test.epoch === check.epoch).map((test) => test.cell.key));
  return steps.some(
    (step) => step.write?.mode === 'update' && step.epoch === check.epoch && asked.has(step.cell.key) && steps.indexOf(step) > steps.indexOf(check),
  );
}

/** Something is put there: no clearing, and no flag that goes down. */
function fills({ write }: FlowStep): boolean {
  if (!write) return true;
  if (write.mode === 'delete') return false;
  return isOutcome(write) || !isConstant(write.value) || (write.value.kind === 'constant' && write.value.value === true);
}

const LOADS = /load|fetch|get|read|query|download|resolve|discover|update|sync|lookup/i;

function isRaised({ write }: FlowStep): boolean {
  return write !== undefined && isRaisedValue(write.value);
}

function isRaisedValue(value: Value): boolean {
  return value.kind === 'constant' && value.value === true;
}

/** The name of what makes that which a function writes, or puts in. */
function makerOf(fn: ResolvedFunction, { site }: FlowStep): string | undefined {
  const { operations } = modelOf(fn);
  const step = operations[site.point];
  let number = resultOf(step.kind === 'write' ? step.value : step.kind === 'call' ? step.arguments.at(-1)?.value : undefined);
  while (number !== undefined) {
    const made = operations[number];
    if (made.kind === 'await') number = resultOf(made.value);
    else if (made.kind !== 'call') return undefined;
    else if (made.callee.kind === 'class') return fn.module.classes[made.callee.class].name;
    else if (made.callee.kind === 'function') return fn.module.module.functions[made.callee.function].name;
    else if (made.callee.kind !== 'place') return undefined;
    else return lastName(made.callee.place);
  }
  return step.kind === 'write' && isRaisedValue(step.value) ? '' : undefined;
}

/** The name of the function called at the point that leads to a step; undefined where the step is the function's own. */
function calledAt(fn: ResolvedFunction, step: FlowStep): string | undefined {
  const operation = modelOf(fn).operations[step.point];
  if (step.site.function === fn.key || operation?.kind !== 'call' || operation.callee.kind !== 'place') {
    return operation?.kind === 'call' && operation.callee.kind === 'function' && step.site.function !== fn.key ? nameOfKey(step.site.function) : undefined;
  }
  return lastName(operation.callee.place);
}
