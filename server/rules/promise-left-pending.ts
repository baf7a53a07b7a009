// An error inside a promise made by hand goes past it: thrown in a callback, or in an async one, it rejects nothing, and who waits does so for ever.

import { methodOf } from '../model/calls';
import type { Operation } from '../model/operation';
import { isCaughtAt, mayThrow } from '../summary/escaping-errors';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { ASIDE, type Dropped, droppedIn } from './shared/dropped-promises';
import { type HandMade, handMadeIn, settler, settles } from './shared/executors';
import { handingOf, settledBy } from './shared/inner-functions';
import { first, second } from './shared/interleavings';
import { mayBeRejected } from './shared/promises';

export const promiseLeftPending: Rule = {
  id: 'promise-left-pending',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('Promise'),
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const made of handMadeIn(file, facts)) {
      for (const inner of made.nest) {
        const lost = lostIn(made, inner, facts);
        if (!lost) continue;
        yield findingOf(made, inner, lost);
        break;
      }
    }
  },
};

interface Lost {
  readonly point: Point;
  readonly how: 'executor' | 'async' | 'thrown' | 'dropped';
  /** What is dropped: `open()`. */
  readonly name?: string;
}

/** What goes wrong in a function inside an executor, and does not get to the promise. */
function lostIn(made: HandMade, inner: ResolvedFunction, facts: Facts): Lost | undefined {
  const model = modelOf(inner);
  const summaryOf = (key: string) => facts.summaryOf(key);
  const escapes = (kinds: RegExp) =>
    model.operations.findIndex((operation, point) => kinds.test(operation.kind) && mayThrow(inner, point, operation, summaryOf) && !isCaughtAt(inner, point));
  const dropped = droppedIn(inner, facts).find((each) => hasResolve(made, inner, each, facts));
  if (dropped) return { point: dropped.point, how: 'dropped', name: dropped.name };
  if (inner === made.executor) {
    const point = model.isAsync ? escapes(/^(?:await|raise)$/) : -1;
    return point >= 0 && settlesLater(made, inner, point) ? { point, how: 'executor' } : undefined;
  }
  const handing = handingOf(inner, facts);
  // What runs before the executor comes back throws there; what a chain runs is the chain's to catch.
  if (!handing || settledBy(handing) !== undefined || !comesLater(handing.fn, handing.point)) return undefined;
  if (model.isAsync) {
    const point = escapes(/^(?:await|raise)$/);
    return point >= 0 && settlesLater(made, inner, point) ? { point, how: 'async' } : undefined;
  }
  const point = escapes(/^raise$/);
  return point >= 0 && made.nest.some((fn) => fn === inner && modelOf(fn).operations.some((operation) => settles(made, fn, operation)))
    ? { point, how: 'thrown' }
    : undefined;
}

/** Whether dropped work alone can settle the promise, having been given what does so, and may fail without having done it. */
function hasResolve(made: HandMade, inner: ResolvedFunction, { start, call, certainty, called, functions }: Dropped, facts: Facts): boolean {
  // A function that calls itself with a callback gives no promise then.
  if (functions.includes(made.fn.key)) return false;
  if (certainty !== 'yes' || ASIDE.test(called) || !mayBeRejected(inner, start, facts)) return false;
  const takesError = call.arguments.some(
    ({ value }) => value.kind === 'function' && /^_?e(?:rr|rror)?$/.test(inner.module.module.functions[value.function].parameters[0]?.name ?? ''),
  );
  if (takesError) return false;
  const given = new Set(call.arguments.flatMap(({ value }) => (value.kind === 'function' ? [value.function] : [])));
  const isGiven = (fn: ResolvedFunction) => given.has(fn.index) || [...given].some((index) => isWithin(fn, { index }));
  let through = false;
  for (const fn of made.nest) {
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      if (!settles(made, fn, operation)) continue;
      if (!isGiven(fn) && !(fn === inner && point === start)) return false;
      // What is given reject as well tells of failures in that way, as a callback in the manner of Node.js does.
      if (rejects(made, fn, operation)) return false;
      through = true;
    }
  }
  return through;
}

/** Whether an operation calls, or hands on, the function that rejects the promise. */
function rejects(made: HandMade, fn: ResolvedFunction, operation: Operation): boolean {
  if (operation.kind !== 'call') return false;
  return [operation.callee, ...operation.arguments.map(({ value }) => value)].some((value) => settler(made, fn, value) === 1);
}

/** Whether a function settles the promise behind a point, so that it does not where the point throws. */
function settlesLater(made: HandMade, inner: ResolvedFunction, point: Point): boolean {
  return made.nest.some(
    (fn) =>
      (fn === inner || isWithin(fn, inner)) && modelOf(fn).operations.some((operation, at) => (fn !== inner || at > point) && settles(made, fn, operation)),
  );
}

function isWithin(fn: ResolvedFunction, outer: Pick<ResolvedFunction, 'index'>): boolean {
  const { functions } = fn.module.module;
  for (let at = functions[fn.index].parent; at !== undefined; at = functions[at].parent) if (at === outer.index) return true;
  return false;
}

/** Methods that have their callback run at once. */
const AT_ONCE = /^(?:forEach|map|filter|some|every|find|findIndex|reduce|sort|flatMap|replace|from|all)$/;

function comesLater(fn: ResolvedFunction, point: Point): boolean {
  const call = modelOf(fn).operations[point];
  if (call.kind !== 'call') return false;
  const effects = fn.calls.get(point)?.api?.effects;
  if (effects?.some((effect) => effect.kind === 'call')) return false;
  return call.callee.kind === 'place' && !AT_ONCE.test(methodOf(call));
}

function findingOf({ fn, point }: HandMade, inner: ResolvedFunction, { point: at, how, name }: Lost): Finding {
  const what =
    how === 'executor'
      ? 'its executor is async, so that what is thrown there rejects the promise of the executor, which nobody gets'
      : how === 'dropped'
        ? `what ${name} is rejected with goes to nobody, and nothing else can settle it`
        : how === 'async'
          ? 'what goes wrong in this async callback rejects the promise of the callback, which nobody gets'
          : 'what this callback throws goes to whoever calls it, an event loop or an emitter, and ends the process';
  return {
    rule: promiseLeftPending.id,
    family: promiseLeftPending.family,
    severity: promiseLeftPending.severity,
    confidence: how === 'thrown' ? 0.8 : 0.85,
    site: { function: inner.key, point: at },
    message: `The promise that is made here is never settled when this fails: ${what}, and who waits for it waits for ever. ${
      how === 'thrown'
        ? 'Call reject() instead of throwing.'
        : how === 'dropped'
          ? 'Add .catch(reject) to the call.'
          : how === 'executor'
            ? 'Make it an async function without new Promise, or catch and call reject().'
            : 'Catch what goes wrong and call reject().'
    }`,
    related: [
      { site: { function: fn.key, point }, message: 'Makes the promise' },
      { site: { function: inner.key, point: at }, message: 'Fails here, and nothing calls reject()' },
    ],
    interleaving: {
      sides: ['whoever waits for the promise', 'what is to settle it'],
      steps: [
        first({ function: fn.key, point }, 'gets the promise, and waits for it'),
        second({ function: inner.key, point: at }, 'fails, and calls neither resolve() nor reject()'),
      ],
      harm: 'stuck',
      outcome: 'The promise is never settled, and who waits for it waits for ever.',
    },
    fixes: [],
  };
}
