// Outdated removals: a run takes its entry out of a map when it ends, where others may have taken it out before and a newer run has put in its own.
import { calledName, methodOf } from '../../model/calls';
import type { Block, Operation } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import { type Cell, cellOf } from '../../summary/cells';
import type { CellAccess, Facts } from '../../summary/facts';
import { fileOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { pointsIn, structuresIn } from '../../summary/structure';
import { canMeet, type Reason } from './in-flight';

/** An entry that a run puts in and takes out, and who else takes it out meanwhile. */
export interface OutdatedRemoval {
  readonly cell: Cell;
  readonly put: Site;
  readonly removed: Site;
  readonly other: CellAccess;
  readonly reason: Reason;
}

/** The first entry that a function takes out at its end without looking whose it is. */
export function outdatedRemoval(fn: ResolvedFunction, facts: Facts): OutdatedRemoval | undefined {
  for (const { cell, site } of removalsAtEnd(fn, facts)) {
    const put = putOnce(fn, cell, facts);
    const met = put === undefined ? undefined : removedByOther(fn, cell, site, facts);
    if (put !== undefined && met) return { cell, put: { function: fn.key, point: put }, removed: site, ...met };
  }
  return undefined;
}

/** What a finally block, or a callback of `finally`, takes out in any case. */
function removalsAtEnd(fn: ResolvedFunction, facts: Facts): { cell: Cell; site: Site }[] {
  const model = modelOf(fn);
  const inBlocks = structuresIn(model.body).flatMap((step) => {
    if (step.kind !== 'try' || !pointsIn(model, step.body).some((point) => point >= 0 && model.operations[point].kind === 'await')) return [];
    return removalsIn(fn, step.final, facts);
  });
  const inCallbacks = model.operations.flatMap((operation) => {
    if (operation.kind !== 'call' || calledName(operation) !== 'finally') return [];
    const value = operation.arguments[0]?.value;
    const callback = value?.kind === 'function' ? facts.program.functions.get(fn.module.functionKeys[value.function]) : undefined;
    return callback ? removalsIn(callback, modelOf(callback).body, facts) : [];
  });
  return [...inBlocks, ...inCallbacks];
}

function removalsIn(fn: ResolvedFunction, block: Block, facts: Facts): { cell: Cell; site: Site }[] {
  return block.flatMap((step) => {
    const place = typeof step === 'number' ? removedFrom(modelOf(fn).operations[step]) : undefined;
    const cell = place && cellOf(facts.program.resolver, fn.module, fn.index, place);
    return cell && !cell.element ? [{ cell, site: { function: fn.key, point: step as number } }] : [];
  });
}

/** The map of `map.delete(key)` and of `delete map[key]`. */
function removedFrom(operation: Operation): Place | undefined {
  if (operation.kind === 'write' && operation.mode === 'delete' && operation.place.path.at(-1) === ELEMENT) return without(operation.place);
  if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.arguments.length !== 1) return undefined;
  return methodOf(operation) === 'delete' ? without(operation.callee.place) : undefined;
}

function without({ root, path }: Place): Place {
  return { root, path: path.slice(0, -1) };
}

/** Where a function puts an entry that it has looked for before: only then can an entry be of another run. */
function putOnce(fn: ResolvedFunction, cell: Cell, facts: Facts): number | undefined {
  const { operations } = modelOf(fn);
  const isOf = (place: Place) => cellOf(facts.program.resolver, fn.module, fn.index, without(place))?.key === cell.key;
  const looked = operations.findIndex((operation) => {
    if (operation.kind === 'read') return operation.place.path.at(-1) === ELEMENT && isOf(operation.place);
    return operation.kind === 'call' && operation.callee.kind === 'place' && /^(?:get|has)$/.test(calledName(operation)) && isOf(operation.callee.place);
  });
  const put = operations.findIndex((operation) => {
    if (operation.kind === 'write') return operation.mode === 'assign' && operation.place.path.at(-1) === ELEMENT && isOf(operation.place);
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || methodOf(operation) !== 'set') return false;
    return operation.arguments[1]?.value.kind !== 'constant' && isOf(operation.callee.place);
  });
  return looked >= 0 && put > looked ? put : undefined;
}

const CLOSES = /close|dispose|destroy|shut_?down|terminate|disconnect|teardown|exit|unmount/i;

/** Somebody else who takes entries out, so that the next call finds none and starts anew. */
function removedByOther(fn: ResolvedFunction, cell: Cell, own: Site, facts: Facts): { other: CellAccess; reason: Reason } | undefined {
  const found = facts.accessesOf(cell.key).flatMap((access) => {
    const other = facts.program.functions.get(access.function);
    if (!other || !access.write || access.owned || other.key === fn.key || other.key === own.function) return [];
    const { kind, name, operations } = modelOf(other);
    if (fileOfKey(other.key) !== fileOfKey(fn.key) || kind === 'constructor' || kind === 'module' || CLOSES.test(name)) return [];
    const operation = operations[access.point];
    const clears = operation?.kind === 'call' && methodOf(operation) === 'clear';
    if (!operation || (!clears && !removedFrom(operation))) return [];
    const reason = canMeet(fn, other, facts, true);
    return reason ? [{ other: access, reason }] : [];
  });
  return found.find(({ reason }) => reason.known) ?? found[0];
}
