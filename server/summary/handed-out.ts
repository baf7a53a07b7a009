// Handed-out closures: functions that their maker gives back, alone or in an object, so that whoever gets that may call them at any time.
import { calledName } from '../model/calls';
import type { Module } from '../model/module';
import type { Operation } from '../model/operation';
import { printPlace } from '../model/place';
import type { Value } from '../model/value';

const KNOWN = new WeakMap<Module, ReadonlySet<number>>();

/** Whether a function of a module is one that the function around it gives back: `return { start, stop }`. */
export function isHandedOut(module: Module, index: number): boolean {
  let known = KNOWN.get(module);
  if (!known) KNOWN.set(module, (known = handedOutIn(module)));
  return known.has(index);
}

function handedOutIn(module: Module): ReadonlySet<number> {
  const found = new Set<number>();
  for (const fn of module.functions)
    for (const operation of fn.operations) if (operation.kind === 'return') for (const index of functionsIn(operation.value, fn.operations)) found.add(index);
  return found;
}

/** Objects in objects are followed so far; they may hold each other. */
const DEEPEST = 5;

function functionsIn(value: Value, operations: readonly Operation[], depth = 0): readonly number[] {
  if (depth > DEEPEST) return [];
  if (value.kind === 'function') return [value.function];
  if (value.kind === 'collection') return value.items.flatMap((item) => functionsIn(item, operations, depth + 1));
  if (value.kind !== 'place' || value.place.path.length > 0) return [];
  const { root } = value.place;
  if (root.kind === 'variable') {
    // A variable that the closures capture: `const api = { get }; return api`.
    const name = printPlace(value.place);
    return operations.flatMap((each) =>
      each.kind === 'write' && printPlace(each.place) === name && each.value.kind !== 'place' ? functionsIn(each.value, operations, depth + 1) : [],
    );
  }
  const made = root.kind === 'result' ? operations[root.operation] : undefined;
  if (made?.kind !== 'call' || !PASSES_ON.test(calledName(made))) return [];
  return made.arguments.flatMap((argument) => functionsIn(argument.value, operations, depth + 1));
}

/** What gives back what it was given: `Object.freeze({ start, stop })`. */
const PASSES_ON = /^(?:freeze|seal|assign|useMemo|useCallback|debounce|throttle|memo|reactive|readonly)$/;
