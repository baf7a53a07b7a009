// Awaited elsewhere: whether a file waits for the same call of the same object in other places.

import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { printPlace } from '../../model/place';
import { resultOf } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { type Dropped, FINISHES, GOES_ON } from './dropped-promises';
import { calledFunctions } from './promises';
import type { Reason } from './reasons-to-wait';

/** What is only taken down is often not waited for. */
const TAKES_DOWN =
  /^_*(?:close|disconnect|release|unlock|cleanup|clean|clear|reset|teardown|dispose|destroy|cancel|stop|shutdown|terminate|kill|unsubscribe|unregister)(?![a-z])/;

/** The same work is waited for wherever else the file asks for it. */
export function awaitedElsewhere(fn: ResolvedFunction, { start, functions, call }: Dropped, name: string, facts: Facts): Reason | undefined {
  if (!modelOf(fn).isAsync || !FINISHES.test(name) || GOES_ON.test(name)) return undefined;
  // One that calls itself goes on by itself, on purpose.
  if (functions.some((key) => key === fn.key || facts.summaryOf(key)?.rejects === false)) return undefined;
  const holder = functions.length > 0 ? undefined : holderText(fn, call);
  if (functions.length === 0 && (holder === undefined || TAKES_DOWN.test(name))) return undefined;
  const others = callsOf(fn.module.file, name, facts).filter((other) =>
    holder === undefined ? other.functions.some((key) => functions.includes(key)) : other.functions.length === 0 && holderText(other.fn, other.call) === holder,
  );
  const waited = others.filter(
    (other) => (other.call.outcome === 'awaited' || (functions.length > 0 && other.call.outcome === 'returned')) && (other.fn !== fn || other.point !== start),
  );
  const dropped = others.filter((other) => other.call.outcome === 'dropped');
  if (waited.length === 0 || dropped.length > waited.length) return undefined;
  return {
    text: 'is waited for elsewhere in this file, and not here: who calls goes on before it is done, and does not learn that it failed',
    related: [{ site: { function: waited[0].fn.key, point: waited[0].point }, message: 'Is waited for here' }],
    confidence: 0.7,
  };
}

interface CallOf {
  readonly fn: ResolvedFunction;
  readonly point: Point;
  readonly call: Call;
  readonly functions: readonly string[];
}

/** All calls of a name in a file. */
function callsOf(file: string, name: string, facts: Facts): readonly CallOf[] {
  const byName = facts.once(callsOf, file, () => {
    const found = new Map<string, CallOf[]>();
    for (const fn of facts.functionsIn(file)) {
      for (const [point, call] of modelOf(fn).operations.entries()) {
        if (call.kind !== 'call' || call.form !== 'call') continue;
        const called = calledName(call);
        const list = found.get(called);
        const each = { fn, point, call, functions: calledFunctions(fn, point, facts) };
        if (list) list.push(each);
        else found.set(called, [each]);
      }
    }
    return found;
  });
  return byName.get(name) ?? [];
}

/** How the object is written that a method is called on, where nothing else is known of it: `Organization.findOne`. */
function holderText(fn: ResolvedFunction, call: Call): string | undefined {
  if (call.callee.kind !== 'place' || call.callee.place.path.length === 0) return undefined;
  const { root, path } = call.callee.place;
  const steps = path.slice(0, -1).join('.');
  switch (root.kind) {
    case 'parameter':
      return `${modelOf(fn).parameters[root.index]?.name} ${steps}`;
    case 'result': {
      const made = behindAwait(fn, root.operation);
      return made?.kind === 'call' && made.callee.kind === 'place' ? `${printPlace(made.callee.place)}() ${steps}` : undefined;
    }
    case 'module':
    case 'import':
    case 'receiver':
    case 'variable':
      return `${printPlace({ root, path: [] })} ${steps}`;
    default:
      return undefined;
  }
}

function behindAwait(fn: ResolvedFunction, number: Point): Operation | undefined {
  const operation = modelOf(fn).operations[number];
  const made = operation?.kind === 'await' ? resultOf(operation.value) : undefined;
  return made === undefined ? operation : modelOf(fn).operations[made];
}
