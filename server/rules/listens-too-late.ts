// What is waited for is asked about first and listened for afterwards: an event in between is missed, and the wait does not end.
import { calledName, methodOf } from '../model/calls';
import type { Branch, Operation } from '../model/operation';
import { lastName, printPlace } from '../model/place';
import type { Value } from '../model/value';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { structuresIn } from '../summary/structure';
import type { Rule } from './rule';
import { asyncFunctions } from './shared/await-flow';
import { first, oneRun } from './shared/interleavings';

export const listensTooLate: Rule = {
  id: 'listens-too-late',
  family: 'await-race',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const found = lateListener(fn);
      if (!found) continue;
      const name = callOfKey(fn.key);
      const at = (point: number) => ({ function: fn.key, point });
      yield {
        rule: listensTooLate.id,
        family: listensTooLate.family,
        severity: listensTooLate.severity,
        confidence: 0.7,
        site: at(found.promise),
        message: `Lost wake-up: ${name} asks for the ${found.state}, waits for the answer, and listens for ${found.event} only afterwards; what happens in between is neither in the answer nor heard, and this promise stays pending. Listen first, then ask, or ask once more after the listener is there.`,
        related: [
          { site: at(found.awaited), message: `Asks and waits; it may happen from here on` },
          { site: at(found.test), message: `Looks at the ${found.state} as it was` },
          { site: at(found.promise), message: `Listens only from here on` },
        ],
        interleaving: {
          sides: [oneRun(undefined, fn.key)],
          steps: [
            first(at(found.awaited), `asks for the ${found.state}, and waits for the answer`),
            first(at(found.test), `looks at the ${found.state} as it was; ${found.event} comes only now, and nobody hears it`),
            first(at(found.promise), `listens for ${found.event}, which has been already`),
          ],
          harm: 'stuck',
          outcome: `Nobody has heard ${found.event}, and this promise stays pending.`,
        },
        fixes: [],
      };
    }
  },
};

interface Late {
  readonly awaited: number;
  readonly test: number;
  readonly state: string;
  readonly promise: number;
  readonly event: string;
}

/** What tells whether something is over, or has begun. */
const STATE =
  /^(?:state|status|phase|is)?(?:state|status|phase|ready|done|finished|completed?|closed|ended|settled|connected|loaded|opened|available|succeeded)(?:At|On|State)?$/i;
const LISTENS = /^(?:on|once|addListener|addEventListener|subscribe|prependListener)$/;

function lateListener(fn: ResolvedFunction): Late | undefined {
  const { operations, body } = modelOf(fn);
  for (const [promise, operation] of operations.entries()) {
    const event = listenedFor(fn, operation);
    if (event === undefined) continue;
    for (const step of structuresIn(body)) {
      if (step.kind !== 'branch' || !leaves(step, operations)) continue;
      for (const test of step.test) {
        const read = operations[test];
        if (test > promise || read.kind !== 'read' || read.place.root.kind !== 'result' || !STATE.test(lastName(read.place) ?? '')) continue;
        const awaited = read.place.root.operation;
        if (operations[awaited].kind === 'await' && !asksAgain(operations, awaited, promise))
          return { awaited, test, state: lastName(read.place)!, promise, event };
      }
    }
  }
  return undefined;
}

/** `new Promise((resolve) => events.once('done', resolve))`: the event; nothing for listeners on what the answer has brought. */
function listenedFor(fn: ResolvedFunction, operation: Operation): string | undefined {
  if (operation.kind !== 'call' || operation.form !== 'new' || calledName(operation) !== 'Promise') return undefined;
  const executor = operation.arguments[0]?.value;
  if (executor?.kind !== 'function') return undefined;
  const inside = fn.module.module.functions[executor.function].operations;
  for (const call of inside) {
    if (call.kind !== 'call' || call.callee.kind !== 'place' || !LISTENS.test(methodOf(call))) continue;
    if (call.callee.place.root.kind !== 'receiver' && call.callee.place.root.kind !== 'module' && call.callee.place.root.kind !== 'import') continue;
    return nameOf(call.arguments[0]?.value);
  }
  return undefined;
}

function nameOf(value: Value | undefined): string {
  return value?.kind === 'constant' ? `‘${String(value.value)}’` : 'the event';
}

/** An arm that returns: what is asked for has happened already. */
function leaves(step: Branch, operations: readonly Operation[]): boolean {
  return step.arms.some((arm) => {
    const last = arm.at(-1);
    return typeof last === 'number' && operations[last].kind === 'return';
  });
}

/** The same is asked again once the listener is there. */
function asksAgain(operations: readonly Operation[], awaited: number, promise: number): boolean {
  const name = (number: number | undefined) => {
    const call = number === undefined ? undefined : operations[number];
    return call?.kind === 'call' && call.callee.kind === 'place' ? printPlace(call.callee.place) : undefined;
  };
  const asked = operations[awaited];
  const first = asked.kind === 'await' ? name(asked.depends.find((each) => operations[each].kind === 'call')) : undefined;
  return operations.some((each, number) => number > promise && each.kind === 'call' && name(number) === first);
}
