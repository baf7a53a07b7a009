// Stale checks through helpers: one function asks, another, which is called and awaited because of it, waits and then writes.
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { isConstant, isOutcome } from '../summary/written-values';
import { type FlowStep, flowIn, isCaptured, isKeptOut } from './await-flow';
import type { Finding } from './finding';
import { inFlightTwice } from './in-flight';
import { HOLDS, MAKES } from './makes';

/** Findings with the cell that each is about. */
export function* throughHelpers(fn: ResolvedFunction, facts: Facts): Iterable<{ cell: string; finding: Finding }> {
  const reason = inFlightTwice(fn, true, facts);
  if (!reason) return;
  const told = new Set<number>();
  for (const write of flowIn(fn, facts).steps) {
    const check = checkOf(write);
    const called = check && calledAt(fn, write);
    if (!check || called === undefined || told.has(write.point)) continue;
    const harm = MAKES.test(called) || isRaised(write) || HOLDS.test(nameOfKey(write.cell.key).split('.').at(-1)!);
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
        message: `Check-then-act: ${called}() is called because of a check of ${place}, and sets ${place} only after an await: while it waits, another call passes the same check and runs ${called}() as well. ${reason.text} Hold a lock over the check and the call, or check again under the lock in ${called}().`,
        related: [
          { site: check.site, message: `First call: checks ${place}` },
          { site: at, message: `First call: runs ${called}()` },
          { site: write.awaited!, message: `First call: waits here; a second call passes the check and runs ${called}() meanwhile` },
          { site: write.site, message: `First call: writes ${place}, in ${callOfKey(write.site.function)}; the second does so again` },
        ],
        fixes: [],
      },
    };
  }
}

/** The check, outside the call that leads to the write, that the write rests on, if nothing has kept others out since. */
function checkOf(write: FlowStep): FlowStep | undefined {
  if ((write.kind !== 'write' && write.kind !== 'touch') || write.epoch === 0 || write.cleanup || isCaptured(write.cell.key) || !fills(write)) return undefined;
  const tests = write.tests.filter((test) => test.cell.key === write.cell.key);
  const check = tests.at(-1);
  if (!check || tests.some((test) => test.epoch === write.epoch) || check.point === write.point || isKeptOut(write, check.epoch)) return undefined;
  // What is written rests on what stands there now.
  if (write.from.some((read) => read.cell.key === write.cell.key && read.epoch === write.epoch)) return undefined;
  // `if self.channels: await self.subscribe(…)` goes on with what is there.
  if ((write.kind === 'touch' || write.cell.element) && !write.missing.includes(check)) return undefined;
  return check;
}

/** Something is put there: no clearing, and no flag that goes down. */
function fills({ write }: FlowStep): boolean {
  if (!write) return true;
  if (write.mode === 'delete') return false;
  return isOutcome(write) || !isConstant(write.value) || (write.value.kind === 'constant' && write.value.value === true);
}

const LOADS = /load|fetch|get|read|query|download|resolve|discover|update|sync|lookup/i;

function isRaised({ write }: FlowStep): boolean {
  return write?.value.kind === 'constant' && write.value.value === true;
}

/** The name of the function called at the point that leads to a step; undefined where the step is the function's own. */
function calledAt(fn: ResolvedFunction, step: FlowStep): string | undefined {
  const operation = modelOf(fn).operations[step.point];
  if (step.site.function === fn.key || operation?.kind !== 'call' || operation.callee.kind !== 'place') {
    return operation?.kind === 'call' && operation.callee.kind === 'function' && step.site.function !== fn.key ? nameOfKey(step.site.function) : undefined;
  }
  const { root, path } = operation.callee.place;
  return path.at(-1) ?? ('name' in root ? root.name : undefined);
}
