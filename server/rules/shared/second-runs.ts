// Second runs: how the one thread object in a field comes to be started again, by way of several methods.
import { calledName, placeOf } from '../../model/calls';
import { printPlace } from '../../model/place';
import type { Facts } from '../../summary/facts';
import { type CellKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, loopAround } from '../../summary/structure';
import type { Related } from '../finding';
import { calledBy } from './call-tree';
import type { MadeObject } from './made-objects';
import type { ObjectLife } from './object-life';

/** How it comes to a second start of the same object, and where. */
export interface Again {
  readonly site: Site;
  readonly why: string;
  readonly steps: readonly Related[];
}

/** `restart()`: somebody waits for the end of the thread and then starts the same object. */
export function inRestart(life: ObjectLife, site: Site, facts: Facts): Again | undefined {
  const [cell] = life.cells;
  if (!cell || !isWrittenInConstructorOnly(cell.key, facts)) return undefined;
  const joins = life.uses.filter((use) => use.name === 'join').map((use) => use.site);
  for (const fn of facts.functionsIn(fileOfKey(site.function))) {
    const found = followUp(fn, reaching(fn.key, joins, facts), reaching(fn.key, [site], facts));
    if (!found) continue;
    return {
      site,
      why: `${callOfKey(fn.key)} lets it end and then starts the same object`,
      steps: [
        { site: { function: fn.key, point: found.end }, message: `${callOfKey(fn.key)} waits here until it has ended …` },
        { site: { function: fn.key, point: found.begin }, message: '… and here it comes to the start of the same object' },
      ],
    };
  }
  return undefined;
}

/** A start that makes an object only where there is none, and an end that leaves the ended one there. */
export function inStartAndStop(made: MadeObject, life: ObjectLife, site: Site, facts: Facts): Again | undefined {
  const [cell] = life.cells;
  const fn = facts.program.functions.get(site.function);
  if (!cell || !fn || made.fn.key !== fn.key || modelOf(fn).kind === 'constructor') return undefined;
  const around = enclosing(modelOf(fn));
  const missing = (around.get(made.point) ?? []).find(
    (outer) => outer.kind === 'branch' && outer.step.test.some((test) => fn.cells.get(test)?.key === cell.key && modelOf(fn).operations[test].kind === 'read'),
  );
  if (!missing || (around.get(site.point) ?? []).some((outer) => outer.step === missing.step)) return undefined;
  const join = life.uses.find((use) => use.name === 'join' && use.site.function !== fn.key);
  if (!join || asksForLife(life, fn.key) || isForgotten(cell.key, fn.key, facts)) return undefined;
  return {
    site,
    why: `${callOfKey(fn.key)} makes a new one only where there is none, and ${callOfKey(join.site.function)} leaves the ended one there`,
    steps: [
      { site: join.site, message: `${callOfKey(join.site.function)} waits until it has ended, and keeps it` },
      { site, message: 'The next start is of the same object' },
    ],
  };
}

/** `search(what)` of a class that is a thread keeps what it is given and starts itself: each further request starts it again. */
export function inRequest(made: MadeObject, life: ObjectLife, facts: Facts): Again | undefined {
  const { resolver, functions } = facts.program;
  const type = resolver.typeOf(made.fn.module, made.fn.index, made.call.callee);
  const [cell] = life.cells;
  if (type?.kind !== 'class' || !cell || !isWrittenInConstructorOnly(cell.key, facts)) return undefined;
  for (const use of life.uses) {
    const request = functions.get(resolver.method(type.class, use.name) ?? '');
    const start = request && use.given && request.module.file === made.fn.module.file ? startOfItself(request) : undefined;
    const user = functions.get(use.site.function);
    if (start === undefined || !user || modelOf(user).kind === 'constructor' || asksForLife(life, user.key)) continue;
    if (loopAround(modelOf(user), use.site.point)) continue;
    return {
      site: use.site,
      why: `each ${use.name}() starts it, ${callOfKey(user.key)} may come to that any number of times, and the object is made only once`,
      steps: [
        { site: use.site, message: `${callOfKey(user.key)} comes here with the same object each time` },
        { site: { function: request!.key, point: start }, message: `${callOfKey(request!.key)} starts the object it is called on` },
      ],
    };
  }
  return undefined;
}

/** Where a method that is given something, and keeps it, starts its own object in any case. */
function startOfItself(fn: ResolvedFunction): number | undefined {
  const model = modelOf(fn);
  if (model.kind !== 'method' || /^(?:run|start|__\w+__)$/.test(model.name)) return undefined;
  const keeps = model.operations.some(
    (operation) =>
      operation.kind === 'write' &&
      operation.place.root.kind === 'receiver' &&
      operation.value.kind === 'place' &&
      operation.value.place.root.kind === 'parameter',
  );
  const asks = model.operations.some((operation) => operation.kind === 'call' && /^(?:is_alive|isAlive|__init__)$/.test(calledName(operation)));
  if (!keeps || asks) return undefined;
  const start = model.operations.findIndex(
    (operation) =>
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      operation.callee.place.root.kind === 'receiver' &&
      operation.callee.place.path.length === 1 &&
      operation.callee.place.path[0] === 'start',
  );
  return start < 0 || (enclosing(model).get(start) ?? []).length > 0 ? undefined : start;
}

/** The points of a function from which it comes to one of the sites, itself or through its calls. */
function reaching(key: FunctionKey, sites: readonly Site[], facts: Facts): number[] {
  const calls = facts.summaryOf(key)?.calls ?? [];
  return [
    ...sites.filter((each) => each.function === key).map((each) => each.point),
    ...calls
      .filter(
        (call) => call.target !== key && fileOfKey(call.target) === fileOfKey(key) && sites.some((each) => calledBy(facts, call.target).has(each.function)),
      )
      .map((call) => call.point),
  ];
}

/** An end and a start of the same object behind it, not in two arms of one branch. */
function followUp(fn: ResolvedFunction, ends: readonly number[], begins: readonly number[]): { readonly end: number; readonly begin: number } | undefined {
  for (const end of ends) {
    const begin = begins.find((point) => point > end && meansTheSame(fn, end, point) && !isOther(fn, end, point));
    if (begin !== undefined && !begins.includes(end)) return { end, begin };
  }
  return undefined;
}

/** Two calls of methods of one object: of the own object, or of what stands in the same place. */
function meansTheSame(fn: ResolvedFunction, a: number, b: number): boolean {
  const [one, other] = [a, b].map((point) => {
    const operation = modelOf(fn).operations[point];
    return operation?.kind === 'call' ? placeOf(operation) : undefined;
  });
  if (!one || !other) return false;
  if (one.root.kind === 'receiver' && other.root.kind === 'receiver') return true;
  return printPlace({ root: one.root, path: one.path.slice(0, -1) }) === printPlace({ root: other.root, path: other.path.slice(0, -1) });
}

function isOther(fn: ResolvedFunction, a: number, b: number): boolean {
  const around = enclosing(modelOf(fn));
  return (around.get(a) ?? []).some((outer) =>
    (around.get(b) ?? []).some(
      (other) =>
        other.step === outer.step &&
        ((outer.kind === 'branch' && other.kind === 'branch' && outer.arm !== other.arm) ||
          (outer.kind === 'try' && other.kind === 'try' && outer.part !== other.part)),
    ),
  );
}

function asksForLife(life: ObjectLife, key: FunctionKey): boolean {
  const asks = /^(?:is_alive|isAlive)$/;
  return (
    life.uses.some((use) => asks.test(use.name) && use.site.function === key) ||
    life.attributes.some((each) => each.name === 'ident' && each.site.function === key)
  );
}

/** Somebody outside the constructor takes the object out of its place, so that the next start makes a new one. */
function isForgotten(cell: CellKey, maker: FunctionKey, facts: Facts): boolean {
  return facts
    .accessesOf(cell)
    .some(
      (access) =>
        access.write &&
        access.function !== maker &&
        !/(?:^|\.)__init__$/.test(nameOfKey(access.function)) &&
        facts.program.functions.get(access.function)?.index !== 0,
    );
}

function isWrittenInConstructorOnly(cell: CellKey, facts: Facts): boolean {
  const writers = facts.accessesOf(cell).flatMap((access) => (access.write && !access.constant ? [access.function] : []));
  return writers.length > 0 && writers.every((key) => /(?:^|\.)__init__$/.test(nameOfKey(key)));
}
