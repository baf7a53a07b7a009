// Kept promises: work whose promise is put where others find it and wait for it, and where a function waits for such a promise.
import { methodOf } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { nameOfPlace, type OwnSections, ranBy, resourceAt, type Section } from './held-resources';

/** Steps of a promise that is the same work going on. */
const STEPS = /^(?:then|catch|finally)$/;
const PUTS_IN = /^(?:push|unshift|add|set)$/;
const JOINS = /^(?:all|allSettled)$/;
/** What gives the things that are in a container. */
const OPENS = /^(?:values|slice|concat|toArray)$/;

/** The work of a function whose promise it puts into a place that is not its own. */
export function promisesKept(fn: ResolvedFunction, facts: Facts): OwnSections {
  const sections: Section[] = [];
  const lendings: OwnSections['lendings'][number][] = [];
  const { operations } = modelOf(fn);
  for (const [at, operation] of operations.entries()) {
    const kept = keptAt(operation);
    const resource = kept && resourceAt(fn, kept.place, facts);
    if (!kept || resource === undefined || isLocal(fn, kept.place)) continue;
    for (const { work, point, later } of workBehind(fn, kept.value, facts)) {
      const { functions, parameters } = ranBy(fn, work, facts);
      const section = {
        resource: `${kept.several ? 'several' : 'one'} ${resource}`,
        name: nameOfPlace(kept.place),
        function: fn.key,
        point: at,
        ...(later ? { later: true as const } : {}),
      };
      for (const runs of functions) sections.push({ ...section, runs });
      if (point < at) for (const parameter of parameters) lendings.push({ parameter, section });
    }
  }
  return { sections, lendings };
}

/** Whether a function waits for a promise in the place that is meant. */
export function waitsForKept(resource: string, facts: Facts): (fn: ResolvedFunction, point: Point) => boolean {
  return (fn, point) => {
    const operation = modelOf(fn).operations[point];
    if (operation.kind === 'await' || operation.kind === 'return') return waitsFor(fn, operation.value, resource, facts);
    return false;
  };
}

function waitsFor(fn: ResolvedFunction, value: Value, resource: string, facts: Facts, depth = 5): boolean {
  if (value.kind !== 'place' || depth === 0) return false;
  const { operations } = modelOf(fn);
  const { root, path } = value.place;
  if (root.kind !== 'result') return `one ${resourceAt(fn, value.place, facts)}` === resource;
  const made = operations[root.operation];
  if (path.length > 0 || made?.kind !== 'call' || made.callee.kind !== 'place') return false;
  const { place } = made.callee;
  const method = place.path.at(-1) ?? '';
  if (STEPS.test(method)) return waitsFor(fn, { kind: 'place', place: { root: place.root, path: place.path.slice(0, -1) } }, resource, facts, depth - 1);
  if (place.root.kind !== 'global' || place.root.name !== 'Promise' || !JOINS.test(method)) return false;
  return made.arguments.some(
    ({ value: given, depends }) =>
      isAllOf(fn, given, depends, resource, facts) || itemsOf(given).some((item) => waitsFor(fn, item, resource, facts, depth - 1)),
  );
}

function itemsOf(value: Value): readonly Value[] {
  return value.kind === 'collection' ? value.items : [];
}

/** `this.running`, `this.running.values()`, `[...this.running]`. */
function isAllOf(fn: ResolvedFunction, value: Value, depends: readonly Point[], resource: string, facts: Facts): boolean {
  const { operations } = modelOf(fn);
  const isIt = (place: Place): boolean => {
    if (`several ${resourceAt(fn, place, facts)}` === resource) return true;
    const made = place.root.kind === 'result' && place.path.length === 0 ? operations[place.root.operation] : undefined;
    if (made?.kind !== 'call' || made.callee.kind !== 'place') return false;
    const { root, path } = made.callee.place;
    if (root.kind === 'global' && root.name === 'Array') return made.arguments[0]?.value.kind === 'place' && isIt(made.arguments[0].value.place);
    return OPENS.test(path.at(-1) ?? '') && isIt({ root, path: path.slice(0, -1) });
  };
  if (value.kind === 'place') return isIt(value.place);
  return depends.some((number) => {
    const operation = operations[number];
    return (
      operation.kind === 'read' &&
      value.kind !== 'unknown' &&
      isIt({ root: operation.place.root, path: operation.place.path.filter((step) => step !== ELEMENT) })
    );
  });
}

/** Where a value is put: into a place, or into a container that stands in one. */
function keptAt(operation: Operation): { readonly place: Place; readonly value: Value; readonly several: boolean } | undefined {
  if (operation.kind === 'write' && operation.mode !== 'delete') {
    const { place, value } = operation;
    return place.path.at(-1) === ELEMENT ? undefined : { place, value, several: false };
  }
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return undefined;
  const { root, path } = operation.callee.place;
  const added = operation.arguments.at(-1)?.value;
  if (!PUTS_IN.test(path.at(-1) ?? '') || !added || root.kind === 'unknown') return undefined;
  return { place: { root, path: path.slice(0, -1) }, value: added, several: true };
}

/** A variable that one run of a function has for itself. */
function isLocal(fn: ResolvedFunction, place: Place): boolean {
  return place.root.kind === 'parameter' || place.root.kind === 'result' || (place.root.kind === 'variable' && place.root.function === fn.index);
}

interface Work {
  readonly work: Value;
  readonly point: Point;
  /** It begins when all that was done here is done: `.then(() => this.load())`. */
  readonly later: boolean;
}

/** What runs until the promise is settled. */
function* workBehind(fn: ResolvedFunction, value: Value, facts: Facts, depth = 5): Iterable<Work> {
  const point = resultOf(value);
  if (point === undefined || depth === 0) return;
  const call = modelOf(fn).operations[point];
  if (call?.kind !== 'call') return;
  const method = methodOf(call);
  if (STEPS.test(method) && call.callee.kind === 'place') {
    const { root, path } = call.callee.place;
    yield* workBehind(fn, { kind: 'place', place: { root, path: path.slice(0, -1) } }, facts, depth - 1);
    for (const { value: step } of method === 'finally' ? [] : call.arguments.slice(0, 1)) yield { work: step, point, later: true };
    return;
  }
  if (runsByItself(fn, call, point)) yield { work: call.callee, point, later: false };
}

/** Calling it gives a promise: an async function, or one that hands back what it waits for. */
function runsByItself(fn: ResolvedFunction, call: Call, point: Point): boolean {
  return call.form === 'call' && fn.calls.get(point)?.api === undefined;
}
