// Keyed locks: functions that wait until a key is free and take it, whoever made them, and functions that run work meanwhile.

import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import { printPlace } from '../../model/place';
import { resultOf } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey, nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { loopAround } from '../../summary/structure';
import type { Point } from '../../summary/summary';

const TAKES = /^(?:acquire|lock|lockAsync|acquireAsync|takeLock|getLock|wait)$|^(?:acquire|lock)[A-Z_]/;
const FREES = /^(?:release|unlock|free)/;
const RUNS = /^(?:with|run|do|in)?_?(?:\w*(?:lock|mutex|exclusive|serial|critical)\w*)$|^(?:runExclusive|using|synchronized)$/i;

/** Whether a call waits for a lock, and comes back with it. */
export function takesLock(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation.kind !== 'call' || operation.outcome !== 'awaited') return false;
  const call = fn.calls.get(point);
  if (call?.locks.some((lock) => lock.kind === 'acquire')) return true;
  if (call?.api?.effects?.some((effect) => effect.kind === 'acquire')) return true;
  if (call?.api) return false;
  const targets = call?.targets ?? [];
  if (targets.length > 0)
    return targets.some(
      (target) =>
        (fileOfKey(target) === fn.module.file && takesKey(target, facts)) || (TAKES.test(nameOfKey(target).replace(/^.*\./, '')) && !runsGiven(operation)),
    );
  return operation.arguments.length > 0 && TAKES.test(calledName(operation)) && !runsGiven(operation);
}

/** Whether a call gives a lock back. */
export function freesLock(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation.kind !== 'call') return false;
  const call = fn.calls.get(point);
  return (call?.locks.some((lock) => lock.kind === 'release') ?? false) || FREES.test(calledName(operation)) || isReleaser(operation);
}

/** What runs work while a key is held: `withLock(id, async () => …)`; the arguments that are the key and the work. */
export function keyOfRun(fn: ResolvedFunction, point: Point, facts: Facts): { readonly key: number; readonly work: number; readonly by: string } | undefined {
  const operation = modelOf(fn).operations[point];
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return undefined;
  const work = operation.arguments.findIndex(({ value }) => value.kind === 'function');
  if (work < 1) return undefined;
  const call = fn.calls.get(point);
  const runs =
    call?.api?.effects?.some((effect) => effect.kind === 'call' && effect.holding !== undefined) ||
    RUNS.test(calledName(operation)) ||
    call?.targets.some((target) => fileOfKey(target) === fn.module.file && takesKey(target, facts));
  return runs ? { key: 0, work, by: printPlace(operation.callee.place) } : undefined;
}

/** Whether a function, by what it does, waits until a key is free and takes it. */
export function takesKey(key: FunctionKey, facts: Facts, depth = 2): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn) return false;
  const { operations } = modelOf(fn);
  return operations.some((operation, point) => {
    if (operation.kind !== 'call') return false;
    if (asksForAbsence(operation) && loopAround(modelOf(fn), point) !== undefined) return true;
    if (
      operation.arguments.some(({ value }) => value.kind === 'constant' && /\bFOR UPDATE\b|pg_advisory(?:_xact)?_lock|\bGET_LOCK\b/i.test(String(value.value)))
    )
      return true;
    if (putsKeyAfterWaiting(fn, operation, point)) return true;
    return (
      depth > 0 &&
      operation.outcome === 'awaited' &&
      (fn.calls.get(point)?.targets ?? []).some((target) => target !== key && fileOfKey(target) === fileOfKey(key) && takesKey(target, facts, depth - 1))
    );
  });
}

/** `redis.set(key, owner, 'PX', 1000, 'NX')`, `redis.set(key, owner, { NX: true })`, `setnx`. */
function asksForAbsence(call: Call): boolean {
  const method = calledName(call);
  return (
    method === 'setnx' ||
    (method === 'set' && call.arguments.some(({ name, value }) => /^nx$/i.test(name ?? '') || (value.kind === 'constant' && value.value === 'NX')))
  );
}

/** `while (this.taken.has(key)) await …; this.taken.add(key)`, and the same with a map of promises, whose last one is waited for. */
function putsKeyAfterWaiting(fn: ResolvedFunction, call: Call, point: Point): boolean {
  if (!/^(?:add|set)$/.test(calledName(call)) || call.callee.kind !== 'place') return false;
  const { operations } = modelOf(fn);
  const { root, path } = call.callee.place;
  const container = printPlace({ root, path: path.slice(0, -1) });
  const key = call.arguments[0]?.value;
  if (root.kind === 'unknown' || root.kind === 'result' || key?.kind !== 'place') return false;
  const asked = operations.findIndex(
    (operation) =>
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      /^(?:has|get)$/.test(calledName(operation)) &&
      printPlace({ root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) }) === container &&
      operation.arguments[0]?.value.kind === 'place' &&
      printPlace(operation.arguments[0].value.place) === printPlace(key.place),
  );
  if (asked < 0 || asked > point) return false;
  return operations.some((operation, at) => {
    if (operation.kind !== 'await' || at < asked) return false;
    // What was there before is waited for, or whatever, until it is gone.
    return (
      operation.depends.includes(asked) ||
      (at < point &&
        loopAround(modelOf(fn), asked) !== undefined &&
        loopAround(modelOf(fn), asked) === loopAround(modelOf(fn), at) &&
        loopAround(modelOf(fn), point) !== loopAround(modelOf(fn), asked))
    );
  });
}

function runsGiven(call: Call): boolean {
  return call.arguments.some(({ value }) => value.kind === 'function');
}

/** `release()`: what an acquire has given is called. */
function isReleaser(call: Call): boolean {
  return resultOf(call.callee) !== undefined && call.arguments.length === 0;
}
