// Kept answers: calls that are made only where their outcome is missing, and whose outcome is then kept, so that they happen once.
import { methodOf } from '../model/calls';
import type { Operation } from '../model/operation';
import { ELEMENT, type Place, printPlace } from '../model/place';
import { modelOf, type ResolvedFunction } from './resolved';
import type { Point } from './summary';
import type { ActiveTest } from './walk-state';

/**
 * Whether what a call gives is put where a test that led to it has looked: `let t = cache.get(k); if (!t) cache.set(k, (t =
 * load(k)))`, `this.version ??= ask()`; or whether it is noted there that it has been done: `if (!ready) { read(); ready = true }`.
 */
export function keepsAnswer(fn: ResolvedFunction, point: Point, tests: readonly ActiveTest[]): boolean {
  const { operations } = modelOf(fn);
  const asked = new Set(tests.flatMap(({ reads, calls }) => [...reads, ...calls]).flatMap((number) => askedPlace(operations[number]) ?? []));
  if (asked.size === 0) return false;
  return operations.some((operation, number) => {
    if (number <= point) return false;
    if (operation.kind === 'write')
      return (
        asked.has(nameOf(operation.place)) && (reaches(operations, number, point) || (operation.value.kind === 'constant' && operation.value.value === true))
      );
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !PUTS.test(methodOf(operation))) return false;
    return asked.has(nameOf(holderOf(operation.callee.place))) && reaches(operations, number, point);
  });
}

const PUTS = /^(?:set|add|push|put|store|save|setItem)$/;
const ASKS = /^(?:get|has|peek|includes|getItem|find)$/;

function askedPlace(operation: Operation | undefined): string | undefined {
  if (operation?.kind === 'read') return nameOf(operation.place);
  if (operation?.kind !== 'call' || operation.callee.kind !== 'place' || !ASKS.test(methodOf(operation))) return undefined;
  return nameOf(holderOf(operation.callee.place));
}

function holderOf({ root, path }: Place): Place {
  return { root, path: path.slice(0, -1) };
}

/** A place and its elements are one here. */
function nameOf(place: Place): string {
  return printPlace({ root: place.root, path: place.path.filter((step) => step !== ELEMENT) });
}

/** Whether the outcome of an earlier operation flows into a later one. */
function reaches(operations: readonly Operation[], from: number, to: number, seen = new Set<number>()): boolean {
  if (from === to) return true;
  if (from < to || seen.has(from)) return false;
  seen.add(from);
  return operations[from].depends.some((number) => reaches(operations, number, to, seen));
}
