// Stale writes in callbacks: what a function has read or checked decides what its `then` callback writes, a wait later.
import type { Branch } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import type { CellKey } from '../../summary/keys';
import { behind } from '../../summary/origins';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, structuresIn, testsIn } from '../../summary/structure';
import type { Access, Point, StaleWrite } from '../../summary/summary';
import { calledFor, isDerived, isOutcome, isSettled } from '../../summary/written-values';
import { type Handing, handingOf, innerFunctions } from './inner-functions';

/** A write in a callback that rests on what the function around it has read before. */
export interface LateWrite {
  readonly callback: ResolvedFunction;
  readonly access: Access;
  /** Read and wait are points of the function around it; the write is one of the callback. */
  readonly stale: StaleWrite;
}

/** The late writes in the callbacks that a function waits with instead of `await`. */
export function* lateWrites(fn: ResolvedFunction, facts: Facts): Iterable<LateWrite> {
  for (const callback of innerFunctions(fn, facts)) {
    const handing = handingOf(callback, facts);
    if (handing?.fn !== fn || !isLater(handing, callback)) continue;
    const held = facts.contextOf(callback.key).entry?.length ?? 0;
    if (held > 0) continue;
    for (const access of facts.summaryOf(callback.key)?.accesses ?? []) {
      const stale = staleOf(fn, callback, handing.point, access);
      if (stale) yield { callback, access, stale };
    }
  }
}

/** Callbacks of promises, and those that are given an error first, as Node's are. */
function isLater({ name, position, call }: Handing, callback: ResolvedFunction): boolean {
  if (name === 'then') return position === 0 && call.callee.kind === 'place' && call.callee.place.path.length > 0;
  return /^(?:e|err|error)$/.test(modelOf(callback).parameters[0]?.name ?? '') && name !== 'catch' && !/^(?:on|once|addListener)$/.test(name);
}

function staleOf(fn: ResolvedFunction, callback: ResolvedFunction, waits: Point, access: Access): StaleWrite | undefined {
  const model = modelOf(callback);
  const written = model.operations[access.point];
  if (!access.write || access.owned || access.held.length > 0 || written.kind !== 'write' || isOwn(written.place.root, fn, callback)) return undefined;
  const { cell } = access;
  const reads = (at: ResolvedFunction, numbers: Iterable<number>) =>
    [...numbers].filter((number) => modelOf(at).operations[number].kind === 'read' && at.cells.get(number)?.key === cell.key);
  const rests = behind(model, [...written.depends, ...testsIn(model.body)]);
  // Read or asked again in the callback.
  if (reads(callback, rests).length > 0 || written.mode === 'update' || asksAgain(callback, fn)) return undefined;
  const found = (read: Point, by: StaleWrite['by']): StaleWrite => {
    const called = calledFor(callback, written);
    return { cell, read, awaited: waits, write: access.point, by, constant: isSettled(written), ...(called === undefined ? {} : { called }) };
  };
  const [value] = reads(fn, valuesOf(fn, callback, written.depends, waits));
  if (value !== undefined && !isOutcome(written)) return found(value, 'value');
  const tests = testsBefore(fn, waits);
  const [test] = reads(fn, behind(modelOf(fn), tests));
  if (test === undefined || isClaimed(fn, tests, test)) return undefined;
  return found(test, 'test');
}

/** A variable of the callback, or of this very call of the function around it. */
function isOwn(root: { readonly kind: string; readonly function?: number }, fn: ResolvedFunction, callback: ResolvedFunction): boolean {
  return root.kind === 'variable' && (root.function === fn.index || root.function === callback.index);
}

/** The operations of the outer function that made what the callback has captured and now writes. */
function valuesOf(fn: ResolvedFunction, callback: ResolvedFunction, depends: readonly number[], before: Point): readonly number[] {
  const inside = modelOf(callback).operations;
  const outer = modelOf(fn).operations;
  const parts = (numbers: readonly number[], all: typeof inside): readonly number[] =>
    numbers.flatMap((number) => (isDerived(all[number]) ? [number, ...parts(all[number].depends, all)] : [number]));
  return parts(depends, inside).flatMap((number) => {
    const read = inside[number];
    if (read.kind !== 'read' || read.place.root.kind !== 'variable' || read.place.root.function !== fn.index) return [];
    const { name } = read.place.root;
    return outer.flatMap((write, at) =>
      at < before && write.kind === 'write' && write.place.root.kind === 'variable' && write.place.root.name === name && write.place.path.length === 0
        ? parts(write.depends, outer)
        : [],
    );
  });
}

/** The tests that let a function come to a point: around it, and earlier ones that would have left. */
function testsBefore(fn: ResolvedFunction, point: Point): readonly number[] {
  const model = modelOf(fn);
  const leaves = (step: Branch) =>
    step.arms.some((arm) => arm.some((each) => typeof each === 'number' && /^(?:return|raise)$/.test(model.operations[each].kind) && each < point));
  const around = (enclosing(model).get(point) ?? []).flatMap((each) => (each.kind === 'branch' ? each.step.test : []));
  const before = structuresIn(model.body).flatMap((step) =>
    step.kind === 'branch' && step.test.every((test) => test < point) && leaves(step) ? step.test : [],
  );
  return [...around, ...before];
}

/** What the tests asked for is changed before the function is left: a flag, or the promise itself, keeps later calls out. */
function isClaimed(fn: ResolvedFunction, tests: readonly number[], after: Point): boolean {
  const asked = new Set([...behind(modelOf(fn), tests)].flatMap((number) => fn.cells.get(number)?.key ?? []));
  return modelOf(fn).operations.some((operation, at) => at > after && operation.kind === 'write' && asked.has(fn.cells.get(at)?.key ?? ('' as CellKey)));
}

/** The callback looks at something shared before it writes: a version, a flag that says that it is too late. */
function asksAgain(callback: ResolvedFunction, fn: ResolvedFunction): boolean {
  const model = modelOf(callback);
  return [...behind(model, testsIn(model.body))].some((number) => {
    const read = model.operations[number];
    return read.kind === 'read' && callback.cells.has(number) && !isOwn(read.place.root, fn, callback);
  });
}
