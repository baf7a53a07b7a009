// A waiter that is cancelled stays in the line, and the turn that it is given there is lost.

import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { ELEMENT } from '../model/place';
import { cellOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Rule } from './rule';
import { asyncFunctions } from './shared/await-flow';
import { first, second, twoCalls } from './shared/interleavings';

export const waiterNeverRemoved: Rule = {
  id: 'waiter-never-removed',
  family: 'await-race',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const model = modelOf(fn);
      for (const [awaited, operation] of model.operations.entries()) {
        if (operation.kind !== 'await' || operation.value.kind !== 'place' || operation.value.place.root.kind !== 'result') continue;
        const made = operation.value.place.root.operation;
        if (!/(?:^|\.)create_future$|^asyncio\.Future$/.test(fn.calls.get(made)?.api?.name ?? '') || isCleanedUp(fn, awaited)) continue;
        const line = lineOf(fn, made, awaited, facts);
        const waker = line && wakerOf(fn, line.cell, facts);
        if (!line || !waker) continue;
        const place = nameOfKey(line.cell);
        yield {
          rule: waiterNeverRemoved.id,
          family: waiterNeverRemoved.family,
          severity: waiterNeverRemoved.severity,
          confidence: 0.75,
          site: { function: fn.key, point: awaited },
          message: `A waiter that is cancelled here stays in ${place}: ${callOfKey(waker.function)} then wakes it in vain, which raises InvalidStateError or loses the turn that somebody else waits for. Take it out of ${place} in a finally block, and pass over waiters that are done().`,
          related: [
            { site: { function: fn.key, point: line.point }, message: `Puts its waiter into ${place}` },
            { site: { function: fn.key, point: awaited }, message: 'Waits here; a timeout or a cancelled task ends that' },
            { site: waker, message: `${callOfKey(waker.function)} takes the waiter out and wakes it without asking whether it is done` },
          ],
          interleaving: {
            sides: twoCalls(fn.key, waker.function),
            steps: [
              first({ function: fn.key, point: line.point }, `puts its waiter into ${place}`),
              first({ function: fn.key, point: awaited }, 'waits, and is cancelled; the waiter stays where it is'),
              second(waker, `takes the waiter out of ${place}, and wakes it in vain`),
            ],
            harm: 'lost',
            outcome: 'The turn goes to somebody who no longer waits, or InvalidStateError is raised.',
          },
          fixes: [],
        };
      }
    }
  },
};

/** Inside a try that does something when the wait is cancelled. */
function isCleanedUp(fn: ResolvedFunction, awaited: number): boolean {
  return (enclosing(modelOf(fn)).get(awaited) ?? []).some(
    (around) => around.kind === 'try' && around.part === 'body' && (around.step.final.length > 0 || around.step.handlers.length > 0),
  );
}

/** The shared collection that the future is put into. */
function lineOf(fn: ResolvedFunction, made: number, awaited: number, facts: Facts): { cell: string; point: number } | undefined {
  for (const [point, call] of fn.calls) {
    const operation = modelOf(fn).operations[point];
    if (operation.kind !== 'call' || point > awaited || !operation.arguments.some((argument) => argument.depends.includes(made))) continue;
    const touched = call.touches.find((touch) => touch.write);
    if (touched && facts.accessesOf(touched.cell.key).length > 0) return { cell: touched.cell.key, point };
  }
  return undefined;
}

/** A function that takes a future out of the collection and sets its outcome without asking whether it is done. */
function wakerOf(fn: ResolvedFunction, cell: string, facts: Facts) {
  for (const key of fn.module.functionKeys) {
    const other = facts.program.functions.get(key);
    if (!other) continue;
    const { operations } = modelOf(other);
    const sets = operations.findIndex(
      (operation) => operation.kind === 'call' && isNamed(operation, /^set_(?:result|exception)$/) && comesFrom(other, operation, cell, facts),
    );
    if (sets < 0 || operations.some((operation) => operation.kind === 'call' && isNamed(operation, /^(?:done|cancelled)$/))) continue;
    return { function: key, point: sets };
  }
  return undefined;
}

function isNamed(call: Call, name: RegExp): boolean {
  return call.callee.kind === 'place' && name.test(methodOf(call));
}

function comesFrom(fn: ResolvedFunction, call: Call, cell: string, facts: Facts): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  if (path.includes(ELEMENT)) return cellOf(facts.program.resolver, fn.module, fn.index, { root, path: path.slice(0, -1) })?.key === cell;
  const popped = root.kind === 'result' ? fn.calls.get(root.operation) : undefined;
  return popped?.touches.some((touch) => touch.cell.key === cell) ?? false;
}
