// forEach, or a map whose outcome is dropped, starts async work for each element, and what follows does not wait for it.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding, Related } from './finding';
import type { Collection, FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { goesOnWithout } from './shared/await-interleavings';
import { ASIDE } from './shared/dropped-promises';
import { first, oneRun } from './shared/interleavings';
import { laterPoints } from './shared/later-points';
import { calledFunctions, functionGivesPromise, functionsGiven, givesPromise, isOnArray, isTakenCareOf } from './shared/promises';

export const asyncLoopNotAwaited: Rule = {
  id: 'async-loop-not-awaited',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-each', 'await-all'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call') continue;
        const work = workAt(fn, point, operation, facts);
        const reason = work && reasonOf(fn, point, work, facts);
        if (work && reason) yield findingOf(fn, point, calledName(operation), work, reason, facts);
      }
    }
  },
};

/** What runs for each element, and what in it gives the promise. */
interface Work {
  readonly key: FunctionKey;
  readonly fn: ResolvedFunction;
}

function workAt(fn: ResolvedFunction, point: Point, call: Call, facts: Facts): Work | undefined {
  const name = calledName(call);
  const isDropped = name === 'map' && call.outcome === 'dropped';
  if ((name !== 'forEach' && !isDropped) || call.callee.kind !== 'place' || call.form !== 'call') return undefined;
  // A class of the workspace may wait for what it calls; `await list.forEach(…)` says that it does, unless it is an array.
  if ((call.outcome === 'awaited' && !isOnArray(fn, call, facts)) || calledFunctions(fn, point, facts).length > 0) return undefined;
  const value = [...call.arguments].reverse().find((argument) => argument.value.kind === 'function' || argument.value.kind === 'place')?.value;
  if (!value || (call.arguments.length > 1 && value.kind !== 'function')) return undefined;
  const keys = functionsGiven(fn, value, facts);
  const work = keys.length === 1 ? facts.program.functions.get(keys[0]) : undefined;
  return work && givesAPromise(work, facts) ? { key: keys[0], fn: work } : undefined;
}

/** An async function, or one that only hands on a promise which nobody takes care of: `(hook) => hook.run()`. */
function givesAPromise(work: ResolvedFunction, facts: Facts): boolean {
  const model = modelOf(work);
  if (model.isAsync) return !model.isGenerator;
  const returned = model.operations.filter((operation) => operation.kind === 'return');
  const only = returned.length === 1 && returned[0].kind === 'return' ? resultOf(returned[0].value) : undefined;
  if (only === undefined) return functionGivesPromise(work.key, facts);
  const call = model.operations[only];
  if (call.kind !== 'call' || isTakenCareOf(model, only) || ASIDE.test(calledName(call))) return false;
  return givesPromise(work, only, facts) !== undefined;
}

interface Reason {
  readonly text: string;
  readonly related: readonly Related[];
  readonly confidence: number;
}

/** What shows that somebody counts on the work. */
function reasonOf(fn: ResolvedFunction, point: Point, work: Work, facts: Facts): Reason | undefined {
  const model = modelOf(fn);
  const later = laterPoints(model, point);
  const read = resultUsed(fn, work, later);
  if (read !== undefined)
    return {
      text: 'what it collects is used before it is there',
      related: [{ site: { function: fn.key, point: read }, message: 'Uses it without having waited' }],
      confidence: 0.9,
    };
  if (!modelOf(work.fn).isAsync && !model.isAsync) return undefined;
  if (!waitsInside(work, facts)) return undefined;
  if (model.isAsync && model.kind !== 'lambda')
    return { text: `${callOfKey(fn.key)} is done before it is, although it is async and could wait`, related: [], confidence: 0.8 };
  if (model.isAsync) return { text: 'the async function around it is done before it is', related: [], confidence: 0.75 };
  return undefined;
}

/** Whether the work ever waits, or hands on something that does; only what is written on the spot is looked into. */
function waitsInside(work: Work, facts: Facts): boolean {
  const model = modelOf(work.fn);
  if (model.kind !== 'lambda') return true;
  return (
    !model.isAsync ||
    model.operations.some(
      (operation, at) =>
        operation.kind === 'await' || (operation.kind === 'call' && operation.outcome === 'returned' && givesPromise(work.fn, at, facts) !== undefined),
    )
  );
}

/** Where a variable that the work fills behind an await is read afterwards. */
function resultUsed(fn: ResolvedFunction, work: Work, later: readonly Point[]): Point | undefined {
  const inner = modelOf(work.fn);
  const firstAwait = inner.operations.findIndex((operation) => operation.kind === 'await');
  if (firstAwait < 0) return undefined;
  const filled = new Set<string>();
  inner.operations.forEach((operation, at) => {
    if (at < firstAwait) return;
    if (operation.kind === 'write') addVariable(fn, { kind: 'place', place: operation.place }, filled);
    else if (operation.kind === 'call' && /^(?:push|unshift|set|add|append|concat|assign)$/.test(calledName(operation)))
      addVariable(fn, operation.callee, filled);
  });
  const { operations } = modelOf(fn);
  return later.find((at) => {
    const operation = operations[at];
    const place =
      operation.kind === 'read' ? operation.place : operation.kind === 'return' && operation.value.kind === 'place' ? operation.value.place : undefined;
    return place?.root.kind === 'variable' && place.root.function === fn.index && filled.has(place.root.name);
  });
}

function addVariable(fn: ResolvedFunction, value: Value, into: Set<string>): void {
  if (value.kind === 'place' && value.place.root.kind === 'variable' && value.place.root.function === fn.index) into.add(value.place.root.name);
}

/** What the method is called on. */
function collectionOf(fn: ResolvedFunction, point: Point, facts: Facts): Collection {
  const call = modelOf(fn).operations[point];
  if (call.kind !== 'call' || call.callee.kind !== 'place') return 'unknown';
  const { place } = call.callee;
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, place, place.path.length - 1);
  const name = type?.kind === 'container' || type?.kind === 'library' ? type.name.replace(/^Readonly/, '') : '';
  return name === 'Array' ? 'array' : name === 'Map' || name === 'Set' ? name : 'unknown';
}

function findingOf(fn: ResolvedFunction, point: Point, method: string, work: Work, { text, related, confidence }: Reason, facts: Facts): Finding {
  const at = { site: { function: fn.key, point }, collection: collectionOf(fn, point, facts) };
  const fixes: FixIntent[] = [
    { kind: 'await-each', ...at },
    { kind: 'await-all', ...at },
  ];
  const begun = modelOf(work.fn).operations.findIndex((operation) => operation.kind === 'await' || operation.kind === 'call');
  const inner = begun < 0 ? undefined : { function: work.key, point: begun };
  return {
    rule: asyncLoopNotAwaited.id,
    family: asyncLoopNotAwaited.family,
    severity: asyncLoopNotAwaited.severity,
    confidence,
    site: { function: fn.key, point },
    message: `${method}() does not wait for the async work that it starts for each element: ${text}, and what is rejected is an unhandled rejection. Use for … of with await, or await Promise.all() over map().`,
    related: [
      { site: { function: fn.key, point }, message: `${method}() drops the promises of all elements` },
      ...(inner ? [{ site: inner, message: 'The work for one element' }] : []),
      ...related,
    ],
    interleaving: goesOnWithout(
      [oneRun(undefined, fn.key), 'the work for one element'],
      at.site,
      'Nobody waits for the work, and a failure in it is an unhandled rejection.',
      related.map(({ site }) => first(site, 'uses what the work was to bring, without having waited')),
      inner,
    ),
    fixes,
  };
}
