// Outdated positions: where an item stands in a shared array is found out before a wait and used after it, when items may have moved.
import { calledName } from '../../model/calls';
import type { Operation } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { type Cell, cellOf } from '../../summary/cells';
import type { CellAccess, Facts } from '../../summary/facts';
import { fileOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, structuresIn } from '../../summary/structure';
import { isOfOneCall } from './await-flow';
import { begunTwice, canMeet, type Reason } from './in-flight';

/** A position that is found out, waited over and used, and who moves the items meanwhile. */
export interface OutdatedPosition {
  readonly cell: Cell;
  readonly found: Site;
  readonly awaited: Site;
  readonly used: Site;
  readonly moved: Site;
  readonly reason: Reason;
}

/** The positions that a function uses too late, one for each array. */
export function outdatedPositions(fn: ResolvedFunction, facts: Facts): readonly OutdatedPosition[] {
  const model = modelOf(fn);
  const told = new Map<string, OutdatedPosition>();
  for (const [point, operation] of model.operations.entries()) {
    const use = usedPosition(operation);
    const cell = use && sharedCell(fn, use.array, facts);
    if (!use || !cell || told.has(cell.key)) continue;
    const origin = originOf(fn, use.position, cell, facts);
    const waited = origin && waitBetween(fn, origin, point);
    if (!origin || !waited || looksAgain(fn, cell, waited.point, point)) continue;
    const met = movedBy(origin.fn, fn, cell, facts);
    if (!met) continue;
    told.set(cell.key, { cell, found: origin.site, awaited: waited.site, used: { function: fn.key, point }, ...met });
  }
  return [...told.values()];
}

/** `items.splice(i, 1)` and `items[i] = x`. */
function usedPosition(operation: Operation): { array: Place; position: Value } | undefined {
  if (operation.kind === 'write' && operation.mode === 'assign' && operation.place.path.at(-1) === ELEMENT && operation.key)
    return { array: without(operation.place), position: operation.key.value };
  if (operation.kind !== 'call' || operation.callee.kind !== 'place' || calledName(operation) !== 'splice') return undefined;
  const [position] = operation.arguments;
  return position && { array: without(operation.callee.place), position: position.value };
}

function without({ root, path }: Place): Place {
  return { root, path: path.slice(0, -1) };
}

function sharedCell(fn: ResolvedFunction, array: Place, facts: Facts): Cell | undefined {
  const cell = cellOf(facts.program.resolver, fn.module, fn.index, array);
  return cell && !cell.element && !isOfOneCall(cell.key, fn) && !(array.root.kind === 'variable' && array.root.function === fn.index) ? cell : undefined;
}

interface Origin {
  /** The function that has found the position out. */
  readonly fn: ResolvedFunction;
  readonly site: Site;
}

/** A search of this array in the function itself, or the number that `forEach` of the array has given to the function around it. */
function originOf(fn: ResolvedFunction, position: Value, cell: Cell, facts: Facts): Origin | undefined {
  if (position.kind !== 'place' || position.place.path.length > 0) return undefined;
  const { root } = position.place;
  const isOf = (of: ResolvedFunction, place: Place) => cellOf(facts.program.resolver, of.module, of.index, without(place))?.key === cell.key;
  const found = resultOf(position);
  if (found !== undefined) {
    const search = modelOf(fn).operations[found];
    if (search?.kind !== 'call' || search.callee.kind !== 'place' || !/^(?:findIndex|findLastIndex|indexOf|lastIndexOf)$/.test(calledName(search)))
      return undefined;
    return isOf(fn, search.callee.place) ? { fn, site: { function: fn.key, point: found } } : undefined;
  }
  const owner = root.kind === 'parameter' ? fn.index : root.kind === 'variable' ? root.function : undefined;
  const around = owner === undefined ? undefined : facts.program.functions.get(fn.module.functionKeys[owner]);
  const { parent } = around ? modelOf(around) : {};
  const outer = around && parent !== undefined ? facts.program.functions.get(fn.module.functionKeys[parent]) : undefined;
  if (!around || !outer) return undefined;
  const second = root.kind === 'parameter' ? root.index === 1 : root.kind === 'variable' && modelOf(around).parameters[1]?.name === root.name;
  if (!second) return undefined;
  const point = modelOf(outer).operations.findIndex(
    (operation) =>
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      /^(?:forEach|map)$/.test(calledName(operation)) &&
      operation.arguments[0]?.value.kind === 'function' &&
      operation.arguments[0].value.function === owner &&
      isOf(outer, operation.callee.place),
  );
  return point < 0 ? undefined : { fn: outer, site: { function: outer.key, point } };
}

/** The wait between: an await on the way, or the promise or timer whose callback uses the position. */
function waitBetween(fn: ResolvedFunction, origin: Origin, used: number): { site: Site; point: number } | undefined {
  const model = modelOf(fn);
  const from = origin.site.function === fn.key ? origin.site.point : -1;
  const around = enclosing(model);
  const apart = (point: number) =>
    (around.get(point) ?? []).some(
      (each) =>
        each.kind === 'branch' && (around.get(used) ?? []).some((other) => other.kind === 'branch' && other.step === each.step && other.arm !== each.arm),
    );
  const point = model.operations.findIndex((operation, at) => at > from && at < used && operation.kind === 'await' && !apart(at));
  if (point >= 0) return { site: { function: fn.key, point }, point };
  const { parent } = model;
  const outer = parent === undefined || origin.site.function === fn.key ? undefined : fn.module.module.functions[parent];
  if (!outer) return undefined;
  const later = outer.operations.findIndex(
    (operation) =>
      operation.kind === 'call' &&
      /^(?:then|finally|setTimeout)$/.test(calledName(operation)) &&
      operation.arguments.some(({ value }) => value.kind === 'function' && value.function === fn.index),
  );
  return later < 0 ? undefined : { site: { function: fn.module.functionKeys[parent!], point: later }, point: -1 };
}

/** Whether what stands there is looked at after the wait and before the use. */
function looksAgain(fn: ResolvedFunction, cell: Cell, waited: number, used: number): boolean {
  const model = modelOf(fn);
  const tested = structuresIn(model.body).flatMap((step) => (step.kind === 'branch' || step.kind === 'loop' ? (step.test ?? []) : []));
  const asked = new Set(tested);
  for (const number of tested) for (const each of model.operations[number]?.depends ?? []) asked.add(each);
  return [...asked].some((point) => point > waited && point < used && [...fn.cells].some(([at, found]) => at === point && found.key === cell.key));
}

const TOGETHER: Reason = { text: 'The items are gone through at once, and each of them waits for itself.', known: true };

/** Somebody who moves items of the array meanwhile: another function of the file, or a second run of this one. */
function movedBy(begun: ResolvedFunction, user: ResolvedFunction, cell: Cell, known: Facts): { moved: Site; reason: Reason } | undefined {
  const found = known.accessesOf(cell.key).flatMap((access) => {
    const other = known.program.functions.get(access.function);
    if (!other || access.owned || fileOfKey(other.key) !== fileOfKey(user.key) || !moves(other, access)) return [];
    const { kind } = modelOf(other);
    if (kind === 'constructor' || kind === 'module') return [];
    const own = other.key === user.key || other.key === begun.key;
    if (other.key === user.key && user.key !== begun.key) return [{ moved: { function: other.key, point: access.point }, reason: TOGETHER }];
    const reason = own ? begunTwice(begun, access.onReceiver, known) : canMeet(begun, other, known, true);
    return reason ? [{ moved: { function: other.key, point: access.point }, reason }] : [];
  });
  return found.find(({ reason }) => reason.known) ?? found[0];
}

function moves(fn: ResolvedFunction, { write, cell, point }: CellAccess): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind === 'call' && operation.callee.kind === 'place') return /^(?:splice|shift|unshift|sort|reverse)$/.test(calledName(operation));
  return write && !cell.element && operation?.kind === 'write' && operation.mode === 'assign';
}
