// Waited for: which calls of a JavaScript function it waits for, and what runs before they are done.
import { methodOf } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** A function of the same file that runs, and is over, before a call's promise is. */
export interface WaitedCall {
  readonly point: Point;
  readonly target: FunctionKey;
  /** It is the call's own target, so that the call's arguments are what its parameters hold. */
  readonly direct: boolean;
}

/** Methods that call what they are given at once; those that also hand back what it returns can be waited for. */
const CALLS_AT_ONCE = /^(?:map|flatMap|forEach|filter|find|some|every|reduce)$/;
const JOINS = /^Promise\.(?:all|allSettled|race|any)$/;
const PUTS_IN = /^(?:push|unshift|add|set)$/;

/** The calls of a function that it waits for, with the functions of its file that run in them. */
export function waitedCalls(fn: ResolvedFunction, facts: Facts): readonly WaitedCall[] {
  return facts.once(waitedCalls, fn.key, () => {
    const model = modelOf(fn);
    const found: WaitedCall[] = [];
    for (const [point, operation] of model.operations.entries()) {
      if (operation.kind !== 'call' || !isWaitedFor(fn, point)) continue;
      const call = fn.calls.get(point);
      if (call?.guessed) continue;
      const add = (target: FunctionKey | undefined, direct: boolean) => {
        if (target !== undefined && fileOfKey(target) === fn.module.file && !found.some((each) => each.point === point && each.target === target))
          found.push({ point, target, direct });
      };
      for (const target of call?.targets ?? []) add(target, true);
      for (const spawn of call?.spawns ?? []) if (spawn.as === 'task') add(spawn.function, true);
      for (const callback of call?.callbacks ?? []) add(callback.function, false);
      for (const spawn of call?.spawns ?? []) if (spawn.as === 'callback' && isPromiseStep(call?.api?.name, operation)) add(spawn.function, false);
      if (operation.callee.kind === 'function') add(fn.module.functionKeys[operation.callee.function], true);
      if (CALLS_AT_ONCE.test(methodOf(operation)))
        for (const { value } of operation.arguments) if (value.kind === 'function') add(fn.module.functionKeys[value.function], false);
    }
    return found;
  });
}

/** Whether a function, or whoever gets what it returns, waits for the outcome of one of its calls. */
export function isWaitedFor(fn: ResolvedFunction, point: Point, depth = 6): boolean {
  const model = modelOf(fn);
  const operation = model.operations[point];
  if (operation?.kind !== 'call' || depth === 0) return false;
  if (operation.outcome !== 'used') return operation.outcome !== 'dropped';
  return model.operations.some((later, at) => {
    if (at <= point || !takesOutcome(later, point)) return false;
    if (later.kind === 'await' || later.kind === 'return') return true;
    if (later.kind !== 'call') return false;
    // `this.load().catch(report)`: as the chain fares, so does its first promise.
    if (later.callee.kind === 'place' && later.callee.place.root.kind === 'result' && later.callee.place.root.operation === point)
      return isWaitedFor(fn, at, depth - 1);
    if (JOINS.test(nameOf(fn, later, at))) return isWaitedFor(fn, at, depth - 1);
    // Put aside into a list of this function, which it waits for as a whole.
    return PUTS_IN.test(methodOf(later)) && later.callee.kind === 'place' && later.callee.place.root.kind === 'unknown' && joinsList(fn, at);
  });
}

/** The outcome itself, not something worked out from it, goes into the operation. */
function takesOutcome(operation: Operation, point: Point): boolean {
  return operation.depends.includes(point);
}

function joinsList(fn: ResolvedFunction, after: Point): boolean {
  return modelOf(fn).operations.some(
    (operation, at) => at > after && operation.kind === 'call' && JOINS.test(nameOf(fn, operation, at)) && isWaitedFor(fn, at),
  );
}

function isPromiseStep(api: string | undefined, call: Call): boolean {
  return api?.startsWith('Promise.') === true || /^(?:then|catch|finally)$/.test(methodOf(call));
}

function nameOf(fn: ResolvedFunction, call: Call, point: Point): string {
  const api = fn.calls.get(point)?.api?.name;
  if (api !== undefined) return api;
  if (call.callee.kind !== 'place') return '';
  const { root, path } = call.callee.place;
  return root.kind === 'global' ? [root.name, ...path].join('.') : '';
}
