// A listener is taken off with another function than the one that was put on, which does nothing.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';

const REMOVES = /^(?:removeEventListener|removeListener|off)$/;
/** Functions that make a new function of another. */
const WRAPS = /^(?:bind|debounce|throttle|once|wrap|partial|curry|memoize)$/;

export const removalOfAnotherListener: Rule = {
  id: 'removal-of-another-listener',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'function',
  fixes: [],
  when: calling('removeEventListener', 'removeListener', 'off'),
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      const finding = operation.kind === 'call' ? inVain(fn, point, operation) : undefined;
      if (finding) yield finding;
    }
  },
};

function inVain(fn: ResolvedFunction, point: number, call: Call): Finding | undefined {
  const [event, listener] = call.arguments;
  if (!REMOVES.test(calledName(call)) || event?.value.kind !== 'constant' || !listener || listener.name !== undefined) return undefined;
  const made = madeAnew(fn, listener.value);
  if (made === undefined || isKept(fn, listener.value, point)) return undefined;
  return {
    rule: removalOfAnotherListener.id,
    family: removalOfAnotherListener.family,
    severity: removalOfAnotherListener.severity,
    confidence: 0.9,
    site: { function: fn.key, point },
    message: `This takes no listener off: ${made} makes a new function each time, and only the very function that was put on can be taken off again. The listener for '${String(event.value.value)}' stays, and one more comes with each round. Keep the function in a field or a variable, and give the same to both calls.`,
    related: [],
    fixes: [],
  };
}

/** What makes the function right here, in the words of a person. */
function madeAnew(fn: ResolvedFunction, value: Value): string | undefined {
  const { operations } = modelOf(fn);
  if (value.kind === 'function')
    return fn.module.module.functions[value.function].name.startsWith('lambda-') ? 'an arrow function written out here' : undefined;
  const number = resultOf(value);
  const made = number === undefined ? undefined : operations[number];
  return made?.kind === 'call' && made.form === 'call' && WRAPS.test(calledName(made)) ? `${calledName(made)}()` : undefined;
}

/** The same function is put on by another call of this run, or kept for later. */
function isKept(fn: ResolvedFunction, value: Value, point: number): boolean {
  const made = value.kind === 'place' && value.place.root.kind === 'result' ? value.place.root.operation : -1;
  return modelOf(fn).operations.some((operation, number) => number !== point && number !== made && operation.depends.includes(made));
}
