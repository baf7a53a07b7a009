// Endless loops: whether what a thread runs can come to an end, and what it would take.
import type { Branch, Loop } from '../model/operation';
import type { Facts } from '../summary/facts';
import type { CellKey, FunctionKey } from '../summary/keys';
import { fileOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, pointsIn } from '../summary/structure';
import { lifeInCell } from './object-life';

/** A loop that nothing ends. */
export interface EndlessLoop {
  readonly function: FunctionKey;
  /** The first operation in it, to show where it is. */
  readonly site: Site;
  /** Places that the loop looks at to know whether to go on, and that nobody ever changes. */
  readonly flags: readonly CellKey[];
}

/** How many calls down the loop of a thread is looked for. */
const DEPTH = 2;
const LEAVES = /^(?:exit|_exit|quit|abort|kill|raise_signal|interrupt_main|execv\w*)$/;

/** The loop that keeps a function from ever returning, in itself or in what it calls in its file. */
export function endlessLoopOf(facts: Facts, key: FunctionKey, depth = DEPTH): EndlessLoop | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn || modelOf(fn).isGenerator) return undefined;
  const model = modelOf(fn);
  for (const step of loopsIn(fn)) {
    const flags = flagsOf(fn, step, facts);
    if (!flags) continue;
    const [first] = pointsIn(model, step.body);
    if (first !== undefined) return { function: key, site: { function: key, point: first }, flags };
  }
  if (depth === 0) return undefined;
  for (const call of facts.summaryOf(key)?.calls ?? []) {
    if (fileOfKey(call.target) !== fileOfKey(key) || isAvoidable(fn, call.point)) continue;
    const found = endlessLoopOf(facts, call.target, depth - 1);
    if (found) return found;
  }
  return undefined;
}

/** Whether a function ends the whole program, and all its threads with it. */
export function leavesProgram(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some(
    (operation) => operation.kind === 'call' && operation.callee.kind === 'place' && LEAVES.test(lastName(operation.callee.place)),
  );
}

/** Loops of the function itself that are always come to: not in another loop, not behind a test. */
function loopsIn(fn: ResolvedFunction): Loop[] {
  const found: Loop[] = [];
  const model = modelOf(fn);
  for (const point of model.operations.keys()) {
    const around = enclosing(model).get(point) ?? [];
    const outermost = around.findLastIndex((each) => each.kind === 'loop');
    const loop = around[outermost];
    if (loop?.kind !== 'loop' || found.includes(loop.step) || around.slice(outermost + 1).some((each) => each.kind === 'branch')) continue;
    found.push(loop.step);
  }
  return found;
}

function isAvoidable(fn: ResolvedFunction, point: number): boolean {
  return (enclosing(modelOf(fn)).get(point) ?? []).some((around) => around.kind === 'branch' || (around.kind === 'try' && around.part === 'handler'));
}

/** The flags that an unending loop asks; undefined for a loop that can end. */
function flagsOf(fn: ResolvedFunction, loop: Loop, facts: Facts): CellKey[] | undefined {
  const model = modelOf(fn);
  const flags = new Set<CellKey>();
  if (!loop.endless) {
    if (loop.over !== undefined || !loop.test || !areDead(loop.test, fn, facts, flags)) return undefined;
  }
  for (const point of pointsIn(model, loop.body)) {
    const operation = model.operations[point];
    if (!operation) continue;
    const around = enclosing(model).get(point) ?? [];
    const inside = around.slice(
      0,
      around.findIndex((each) => each.kind === 'loop' && each.step === loop),
    );
    const leaves =
      operation.kind === 'return' ||
      operation.kind === 'yield' ||
      (operation.kind === 'break' && !inside.some((each) => each.kind === 'loop')) ||
      (operation.kind === 'raise' && !inside.some((each) => each.kind === 'try' && each.part === 'body' && each.step.handlers.length > 0)) ||
      (operation.kind === 'call' && operation.callee.kind === 'place' && LEAVES.test(lastName(operation.callee.place)));
    if (!leaves) continue;
    if (inside.some((each) => each.kind === 'try' && each.part === 'handler')) return undefined;
    const tests = inside.flatMap((each) => (each.kind === 'branch' ? [each.step] : []));
    if (!tests.some((test: Branch) => areDead(test.test, fn, facts, flags))) return undefined;
  }
  return [...flags];
}

function lastName(place: { readonly root: object; readonly path: readonly string[] }): string {
  return place.path.at(-1) ?? ('name' in place.root ? String(place.root.name) : '');
}

/** Whether all that a test looks at are flags that nobody changes. */
function areDead(test: readonly number[], fn: ResolvedFunction, facts: Facts, flags: Set<CellKey>): boolean {
  const model = modelOf(fn);
  const reads = new Set<number>();
  const pending = [...test];
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    const operation = model.operations[number];
    if (operation.kind === 'read') reads.add(number);
    else if (operation.kind === 'call' && fn.calls.get(number)?.api !== undefined && operation.depends.length > 0) pending.push(...operation.depends);
    else return false;
  }
  const cells = [...reads].map((read) => fn.cells.get(read)?.key);
  if (cells.length === 0 || !cells.every((cell) => cell !== undefined && isDead(cell, facts))) return false;
  for (const cell of cells) flags.add(cell!);
  return true;
}

/** A flag that is given one value, or an event that is made and never set. */
function isDead(cell: CellKey, facts: Facts): boolean {
  const values = new Set<unknown>();
  for (const access of facts.accessesOf(cell)) {
    if (!access.write) continue;
    const fn = facts.program.functions.get(access.function);
    const operation = fn && modelOf(fn).operations[access.point];
    if (operation?.kind !== 'write') return false;
    if (operation.value.kind === 'constant') values.add(operation.value.value);
    else if (operation.value.kind === 'place' && operation.value.place.root.kind === 'result' && isEvent(fn!, operation.value.place.root.operation))
      values.add('event');
    else return false;
  }
  if (values.size !== 1) return false;
  const life = lifeInCell(facts, cell);
  return !life.escapes && !life.offered && life.cells.length === 1 && !life.uses.some((use) => use.name === 'set') && !isWrittenByName(cell, facts);
}

/** `worker.stopped = True` on something whose type is not known, or that its maker has to itself. */
function isWrittenByName(cell: CellKey, facts: Facts): boolean {
  const name = cell.slice(cell.lastIndexOf('.') + 1);
  for (const key of facts.program.modules.get(fileOfKey(cell))?.functionKeys ?? []) {
    const fn = facts.program.functions.get(key);
    const { operations } = fn ? modelOf(fn) : { operations: [] };
    for (const [number, operation] of operations.entries()) {
      const place =
        operation.kind === 'write' ? operation.place : operation.kind === 'call' && operation.callee.kind === 'place' ? operation.callee.place : undefined;
      if (!place || (operation.kind === 'write' && fn!.cells.has(number))) continue;
      const at = operation.kind === 'write' ? place.path.at(-1) : place.path.at(-1) === 'set' ? place.path.at(-2) : undefined;
      if (at === name && place.root.kind !== 'receiver') return true;
    }
  }
  return false;
}

function isEvent(fn: ResolvedFunction, point: number): boolean {
  return /\.Event$/.test(fn.calls.get(point)?.api?.name ?? '');
}
