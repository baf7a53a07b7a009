// Promises are started together and awaited one after the other: one that is rejected while another is awaited is an unhandled rejection.

import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { resultOf } from '../model/value';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, loopAround, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, oneRun, second } from './shared/interleavings';
import { laterPoints } from './shared/later-points';
import { usesOf } from './shared/outcome-uses';
import { chainStart, functionGivesPromise, functionMayReject, functionsGiven, givesPromise, isTakenCareOf, mayBeRejected } from './shared/promises';

export const awaitedTooLate: Rule = {
  id: 'awaited-too-late',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['catch-elsewhere'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) if (modelOf(fn).isAsync) yield* lateIn(fn, facts);
  },
};

function* lateIn(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  const model = modelOf(fn);
  for (const [point, operation] of model.operations.entries()) {
    if (operation.kind !== 'call' || operation.outcome !== 'used') continue;
    const gathered = collectedAt(fn, point, operation, facts);
    // An array of promises has no catch of its own.
    if (gathered) yield { ...findingOf(fn, point, gathered.between, gathered.awaited, calledName(operation)), fixes: [] };
    const awaited = gathered ? undefined : onlyAwait(fn, point);
    if (awaited === undefined) continue;
    const between = awaitBetween(fn, point, awaited);
    if (between === undefined || isTakenCareOf(model, point)) continue;
    if (isForLater(fn, operation, facts)) continue;
    if (givesPromise(fn, point, facts) !== 'yes' || !mayBeRejected(fn, chainStart(model, point), facts)) continue;
    yield findingOf(fn, point, between, awaited, calledName(operation));
  }
}

/** Promises in an array, which is given to `Promise.all()` only after another await: those of a map, or pushed in a loop that waits. */
function collectedAt(fn: ResolvedFunction, point: Point, call: Call, facts: Facts): { readonly between: Point; readonly awaited: Point } | undefined {
  const model = modelOf(fn);
  const uses = usesOf(model, point).flatMap((use) => (use.by === 'operation' ? [use.number] : []));
  if (uses.length !== 1 || uses.length !== usesOf(model, point).length) return undefined;
  const user = model.operations[uses[0]];
  if (user.kind !== 'call') return undefined;
  if (calledName(call) === 'map' && isJoin(fn, uses[0])) {
    const callback = call.arguments[0]?.value;
    const keys = callback ? functionsGiven(fn, callback, facts) : [];
    if (keys.length === 0 || !keys.every((key) => functionGivesPromise(key, facts) && functionMayReject(key, facts))) return undefined;
    const between = awaitBetween(fn, point, uses[0]);
    return between === undefined ? undefined : { between, awaited: uses[0] };
  }
  if (
    calledName(user) !== 'push' ||
    givesPromise(fn, point, facts) !== 'yes' ||
    isTakenCareOf(model, point) ||
    !mayBeRejected(fn, chainStart(model, point), facts)
  )
    return undefined;
  const loop = loopAround(model, point);
  const between = loop && pointsIn(model, loop.body).find((at) => at > uses[0] && model.operations[at]?.kind === 'await' && !watches(fn, at));
  const awaited = laterPoints(model, point).find((at) => isJoin(fn, at) && loopAround(model, at) !== loop);
  return between === undefined || awaited === undefined ? undefined : { between, awaited };
}

function isJoin(fn: ResolvedFunction, point: Point): boolean {
  return /^Promise\.(?:all|allSettled|race|any)$/.test(fn.calls.get(point)?.api?.name ?? '');
}

/** `await Promise.race(running)` looks at the promises meanwhile. */
function watches(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  const made = operation.kind === 'await' ? resultOf(operation.value) : undefined;
  return made !== undefined && isJoin(fn, made);
}

/** A promise made by hand whose executor only puts away what settles it: nothing is under way yet. */
function isForLater(fn: ResolvedFunction, call: Call, facts: Facts): boolean {
  const given = call.form === 'new' ? call.arguments[0]?.value : undefined;
  const executor = given?.kind === 'function' ? facts.program.functions.get(fn.module.functionKeys[given.function]) : undefined;
  return executor !== undefined && modelOf(executor).operations.every((operation) => operation.kind === 'write' || operation.kind === 'read');
}

/** Where a promise is awaited, if that is all that is ever done with it. */
function onlyAwait(fn: ResolvedFunction, point: Point): Point | undefined {
  const model = modelOf(fn);
  const uses = usesOf(model, point);
  const [first] = uses;
  const isAwait = uses.every((use) => {
    const operation = use.by === 'operation' ? model.operations[use.number] : undefined;
    return operation?.kind === 'await' && resultOf(operation.value) === point;
  });
  return first && isAwait ? first.number : undefined;
}

/** Another await on the way from the start to the await. */
function awaitBetween(fn: ResolvedFunction, start: Point, awaited: Point): Point | undefined {
  const model = modelOf(fn);
  const around = enclosing(model);
  return laterPoints(model, start).find((point) => {
    if (point >= awaited || model.operations[point].kind !== 'await') return false;
    // Only what every run passes that comes to the await as well.
    return (around.get(point) ?? []).every((outer) => (around.get(awaited) ?? []).some((other) => other.step === outer.step) || outer.kind === 'try');
  });
}

function findingOf(fn: ResolvedFunction, start: Point, between: Point, awaited: Point, name: string): Finding {
  const site = (point: Point) => ({ function: fn.key, point });
  return {
    rule: awaitedTooLate.id,
    family: awaitedTooLate.family,
    severity: awaitedTooLate.severity,
    confidence: 0.75,
    site: site(start),
    message: `A rejection of ${name === 'Promise' || name === '' ? 'this promise' : `${name}()`} is unhandled if it comes early: the promise is awaited only after another await, so that nobody looks at it meanwhile, an unhandled rejection ends a Node.js process, and if the other one fails this one is never awaited at all. Await them together with Promise.all().`,
    related: [
      { site: site(start), message: 'Starts the work' },
      { site: site(between), message: 'Waits for something else' },
      { site: site(awaited), message: 'Looks at the promise only now' },
    ],
    interleaving: {
      sides: [oneRun(undefined, fn.key), /^(?:Promise|then|catch|finally|)$/.test(name) ? 'the promise' : `the work of ${name}()`],
      steps: [
        first(site(start), 'starts the work'),
        first(site(between), 'waits for something else'),
        second(site(start), 'fails, and nobody looks at its promise yet'),
        first(site(awaited), 'comes to look at the promise, too late'),
      ],
      harm: 'fails',
      outcome: 'The rejection counts as unhandled before anybody awaits it, and ends a Node.js process.',
    },
    fixes: [{ kind: 'catch-elsewhere', site: site(start) }],
  };
}
