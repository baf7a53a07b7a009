// Endless loops: whether what a thread runs can come to an end, and what it would take.

import { calledName, placeOf } from '../../model/calls';
import type { Branch, Loop } from '../../model/operation';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { CellKey, FunctionKey } from '../../summary/keys';
import { fileOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, pointsIn } from '../../summary/structure';
import { lifeInCell } from './object-life';

/** A loop that nothing ends. */
export interface EndlessLoop {
  readonly function: FunctionKey;
  /** The first operation in it, to show where it is. */
  readonly site: Site;
  /** Places that the loop looks at to know whether to go on, and that nobody ever changes. */
  readonly flags: readonly CellKey[];
  /** Queues that the loop takes its work from, and that nobody ever puts anything into that would end it. */
  readonly queues: readonly CellKey[];
}

/** What a loop asks in vain. */
interface Asked {
  readonly flags: Set<CellKey>;
  readonly queues: Set<CellKey>;
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
    const asked = askedBy(fn, step, facts);
    if (!asked) continue;
    const [first] = pointsIn(model, step.body);
    if (first !== undefined) return { function: key, site: { function: key, point: first }, flags: [...asked.flags], queues: [...asked.queues] };
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
  return modelOf(fn).operations.some((operation) => operation.kind === 'call' && LEAVES.test(calledName(operation)));
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

/** What an unending loop asks; undefined for a loop that can end. */
function askedBy(fn: ResolvedFunction, loop: Loop, facts: Facts): Asked | undefined {
  const model = modelOf(fn);
  const asked: Asked = { flags: new Set(), queues: new Set() };
  if (!loop.endless) {
    if (loop.over !== undefined || !loop.test || !areDead(loop.test, fn, facts, asked)) return undefined;
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
      (operation.kind === 'call' && LEAVES.test(calledName(operation)));
    if (!leaves) continue;
    if (inside.some((each) => each.kind === 'try' && each.part === 'handler')) return undefined;
    const tests = inside.flatMap((each) => (each.kind === 'branch' ? [each.step] : []));
    if (!tests.some((test: Branch) => areDead(test.test, fn, facts, asked))) return undefined;
  }
  return asked;
}

/** Whether all that a test looks at are flags that nobody changes. */
function areDead(test: readonly number[], fn: ResolvedFunction, facts: Facts, asked: Asked): boolean {
  const model = modelOf(fn);
  const [only] = test;
  const queue = test.length === 1 ? facts.summaryOf(fn.key)?.uses.find((use) => use.point === only && /Queue\.get$/.test(use.api))?.cell.key : undefined;
  if (queue !== undefined) {
    if (!bringsNoEnd(queue, facts)) return false;
    asked.queues.add(queue);
    return true;
  }
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
  for (const cell of cells) asked.flags.add(cell!);
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
      const place = operation.kind === 'read' ? undefined : placeOf(operation);
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

/** Whether only objects that mean work are put into a queue: nothing that may be None, and nothing that cannot be told. */
function bringsNoEnd(queue: CellKey, facts: Facts): boolean {
  const life = lifeInCell(facts, queue);
  if (life.escapes || life.offered) return false;
  let puts = 0;
  for (const use of facts.usesOf(queue)) {
    if (!/Queue\.put(?:_nowait)?$/.test(use.api)) continue;
    const fn = facts.program.functions.get(use.function);
    const operation = fn && modelOf(fn).operations[use.point];
    const item = operation?.kind === 'call' ? operation.arguments[0]?.value : undefined;
    if (!item || !isWork(fn!, item, facts)) return false;
    puts++;
  }
  return puts > 0;
}

/** A tuple, a function, an element of a list, or a parameter for which nobody in the file gives None. */
function isWork(fn: ResolvedFunction, item: Value, facts: Facts): boolean {
  if (item.kind === 'collection' || item.kind === 'function') return true;
  if (item.kind !== 'place') return false;
  const { root, path } = item.place;
  if (root.kind === 'result') return path.length === 0;
  if (root.kind !== 'parameter') return false;
  if (path.length > 0) return true;
  for (const caller of facts.program.callers.get(fn.key)?.keys() ?? []) {
    const from = facts.program.functions.get(caller);
    if (!from || fileOfKey(caller) !== fileOfKey(fn.key)) return false;
    const gives = facts.summaryOf(caller)?.calls.some(({ target, point }) => {
      const call = modelOf(from).operations[point];
      return target === fn.key && call?.kind === 'call' && call.arguments.some(({ value }) => value.kind !== 'place' && value.kind !== 'collection');
    });
    if (gives) return false;
  }
  return true;
}
