// Call tree: what a function and those it calls in its own file touch.
import { methodOf } from '../../model/calls';
import type { Facts } from '../../summary/facts';
import { type CellKey, type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';

const DEPTH = 4;
/** Calls that change nothing for anybody. */
const LOOKS = /^(?:debug|info|warning|warn|error|exception|critical|log|print|format|join|is_alive|acquire|release|locked|isinstance|len|repr|str|hasattr)$/;

/** A function and all that it calls in its file. */
export function calledBy(facts: Facts, key: FunctionKey): ReadonlySet<FunctionKey> {
  const found = new Set([key]);
  let layer = [key];
  for (let depth = 0; depth < DEPTH && layer.length > 0; depth++) {
    const next: FunctionKey[] = [];
    for (const caller of layer) {
      for (const { target } of facts.summaryOf(caller)?.calls ?? []) {
        if (found.has(target) || fileOfKey(target) !== fileOfKey(key)) continue;
        found.add(target);
        next.push(target);
      }
    }
    layer = next;
  }
  return found;
}

/** All shared places that are looked at or changed. */
export function cellsTouched(facts: Facts, functions: Iterable<FunctionKey>): Set<CellKey> {
  const cells = new Set<CellKey>();
  for (const key of functions) for (const access of facts.summaryOf(key)?.accesses ?? []) cells.add(access.cell.key);
  return cells;
}

/** Shared places that are written, or whose objects are made to do something. `unknown`: something that cannot be followed is called too. */
export function cellsChanged(facts: Facts, functions: Iterable<FunctionKey>): Set<CellKey> {
  const cells = new Set<CellKey>();
  for (const key of functions) {
    const fn = facts.program.functions.get(key);
    if (!fn) continue;
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind === 'write') add(fn.cells.get(number)?.key);
      if (operation.kind === 'write' || operation.kind === 'call') {
        const name = operation.kind === 'call' ? methodOf(operation) : '';
        if (LOOKS.test(name)) continue;
        for (const depend of operation.depends) add(fn.cells.get(depend)?.key);
      }
      // What is entered and what is returned is left to others.
      if (operation.kind === 'return' || operation.kind === 'await') for (const depend of operation.depends) add(fn.cells.get(depend)?.key);
    }
  }
  return cells;

  function add(cell: CellKey | undefined): void {
    if (cell !== undefined) cells.add(cell);
  }
}

/** Whether a function calls its base class's method of a name that is not known, which may do anything. */
export function leavesToBase(facts: Facts, functions: Iterable<FunctionKey>): boolean {
  for (const key of functions) {
    const fn = facts.program.functions.get(key);
    const { operations } = fn ? modelOf(fn) : { operations: [] };
    for (const [number, operation] of operations.entries()) {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
      const { root, path } = operation.callee.place;
      const made = root.kind === 'result' ? operations[root.operation] : undefined;
      const isSuper =
        made?.kind === 'call' && made.callee.kind === 'place' && made.callee.place.root.kind === 'global' && made.callee.place.root.name === 'super';
      const own = root.kind === 'receiver' && path.length === 1;
      if ((isSuper || own) && (fn!.calls.get(number)?.targets.length ?? 0) === 0) return true;
    }
  }
  return false;
}
