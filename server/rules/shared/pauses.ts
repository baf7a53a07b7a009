// Pauses: what a loop of TypeScript waits for in its rounds: time, others, a moment's turn, or nothing at all.

import { calledName } from '../../model/calls';
import type { Call, Loop } from '../../model/operation';
import { lastName } from '../../model/place';
import { resultOf } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/**
 * How much time an operation gives others: `clock`: it asks what time it is, or what stands in shared memory; `look`: it
 * costs nothing; `microtask`: waits for what is there already, so that only other promises get on; `turn`: lets the event
 * loop go round once; `pause`: waits for time or an event; `work`: anything else, which may wait.
 */
export type Effort = 'clock' | 'look' | 'microtask' | 'turn' | 'pause' | 'work';

const PAUSES =
  /^(?:sleep|delay|pause|wait|timeout|backoff|backOff|setTimeout|setInterval|requestAnimationFrame|requestIdleCallback|once|waitFor\w*|until|throttle|debounce|usleep|msleep|timer|poll|waitUntil|jitter)$|(?:Sleep|Delay|Backoff|Pause|Timeout|Wait)$|^(?:sleep|delay|wait|backoff|pause|retry)[A-Z]/;
const TURNS = /^(?:setImmediate|nextTick|queueMicrotask|yieldToEventLoop|setImmediatePromise|immediate)$/;
const LOOKS =
  /^(?:has|get|size|includes|some|every|peek|at|find|findIndex|indexOf|keys|values|entries|is[A-Z]\w*|has[A-Z]\w*|can[A-Z]\w*|should[A-Z]\w*|isDone|existsSync|abs|min|max|floor|round|now|random|log|debug|info|warn|error|trace|String|Number|Boolean)$/;
const CLOCKS = /^(?:now|hrtime|bigint|getTime|load|uptime)$/;

/** What one operation of a function takes. */
export function effortOf(fn: ResolvedFunction, point: Point, facts: Facts): Effort {
  const operation = modelOf(fn).operations[point];
  switch (operation?.kind) {
    case 'read':
    case 'break':
    case 'continue':
    case 'return':
    case 'raise':
      return 'look';
    case 'call':
      return operation.outcome === 'awaited' && !isLook(fn, operation, point, facts) ? 'look' : ofCall(fn, operation, point, facts);
    case 'await': {
      const { value } = operation;
      if (value.kind === 'constant') return 'microtask';
      const made = resultOf(value);
      const call = made === undefined ? undefined : modelOf(fn).operations[made];
      return call?.kind === 'call' ? ofAwaited(fn, call, made!, facts) : 'work';
    }
    default:
      return 'work';
  }
}

function ofCall(fn: ResolvedFunction, call: Call, point: Point, facts: Facts): Effort {
  if (call.callee.kind !== 'place') return 'work';
  const { root, path } = call.callee.place;
  const name = calledName(call);
  if (CLOCKS.test(name) && root.kind === 'global' && /^(?:Date|performance|process|Atomics)$/.test(root.name)) return 'clock';
  if (call.form === 'new') return name === 'Date' && path.length === 0 ? 'clock' : 'work';
  if (name === 'wait' && root.kind === 'global' && root.name === 'Atomics') return 'pause';
  if (PAUSES.test(name)) return isZero(call) ? 'turn' : 'pause';
  return isLook(fn, call, point, facts) ? 'look' : 'work';
}

/** What it is to wait for the outcome of a call. */
function ofAwaited(fn: ResolvedFunction, call: Call, point: Point, facts: Facts): Effort {
  if (call.callee.kind !== 'place') return 'work';
  const { root, path } = call.callee.place;
  const name = calledName(call);
  if (root.kind === 'global' && root.name === 'Promise' && path[0] === 'resolve') return 'microtask';
  if (call.form === 'new' && name === 'Promise') return ofExecutor(fn, call, facts);
  if (TURNS.test(name)) return name === 'queueMicrotask' ? 'microtask' : 'turn';
  if (name === 'yield' && path.includes('scheduler')) return 'turn';
  if (PAUSES.test(name)) return isZero(call) ? 'turn' : 'pause';
  const [target, ...others] = fn.calls.get(point)?.targets ?? [];
  return target !== undefined && others.length === 0 ? inside(target, facts) : 'work';
}

/** `new Promise((resolve) => setTimeout(resolve, 100))`. */
function ofExecutor(fn: ResolvedFunction, call: Call, facts: Facts): Effort {
  const executor = call.arguments[0]?.value;
  if (executor?.kind === 'place') return TURNS.test(lastName(executor.place) ?? '') ? 'turn' : 'work';
  const key = executor?.kind === 'function' ? fn.module.functionKeys[executor.function] : undefined;
  const inner = key === undefined ? undefined : facts.program.functions.get(key);
  if (!inner) return 'work';
  const calls = modelOf(inner).operations.flatMap((operation) => (operation.kind === 'call' && operation.callee.kind === 'place' ? [operation] : []));
  const [only] = calls;
  if (calls.length !== 1)
    return calls.some((each) => PAUSES.test(lastName((each.callee as { place: Parameters<typeof lastName>[0] }).place) ?? '')) ? 'pause' : 'work';
  const name = calledName(only);
  if (TURNS.test(name)) return name === 'queueMicrotask' || name === 'nextTick' ? 'microtask' : 'turn';
  if (name === 'setTimeout') return isZero(only) ? 'turn' : 'pause';
  return PAUSES.test(name) ? 'pause' : 'work';
}

/** A small function of the file that does nothing but wait. */
function inside(key: FunctionKey, facts: Facts): Effort {
  const fn = facts.program.functions.get(key);
  if (!fn) return 'work';
  const { operations } = modelOf(fn);
  const awaits = operations.flatMap((operation, point) =>
    operation.kind === 'await' || (operation.kind === 'return' && operation.value.kind === 'place' && operation.value.place.root.kind === 'result')
      ? [point]
      : [],
  );
  for (const point of awaits) {
    const operation = operations[point];
    const value = operation.kind === 'await' || operation.kind === 'return' ? operation.value : undefined;
    const made = value?.kind === 'place' && value.place.root.kind === 'result' ? value.place.root.operation : undefined;
    const call = made === undefined ? undefined : operations[made];
    if (call?.kind === 'call' && call.callee.kind === 'place' && (call.form === 'new' || TURNS.test(calledName(call)) || PAUSES.test(calledName(call)))) {
      const effort = ofAwaited(fn, call, made!, facts);
      if (effort !== 'work') return effort;
    }
  }
  return 'work';
}

function isLook(fn: ResolvedFunction, call: Call, point: Point, facts: Facts): boolean {
  const targets = fn.calls.get(point)?.targets ?? [];
  if (targets.length > 0) return targets.every((target) => onlyLooks(target, facts));
  return LOOKS.test(calledName(call)) && call.outcome !== 'awaited';
}

/** A function of the file that only reads, asks and answers. */
function onlyLooks(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn || modelOf(fn).isAsync || modelOf(fn).operations.length > 20) return false;
  return modelOf(fn).operations.every(
    (operation) =>
      operation.kind === 'read' ||
      operation.kind === 'return' ||
      (operation.kind === 'call' && LOOKS.test(calledName(operation)) && operation.outcome !== 'awaited'),
  );
}

function isZero({ arguments: given, callee }: Call): boolean {
  const first = callee.kind === 'place' && lastName(callee.place) === 'setTimeout' && given[0]?.value.kind !== 'constant' ? given[1] : given[0];
  return first?.value.kind === 'constant' && first.value.value === 0;
}

/** Whether anything in a loop, or in a function that it calls, waits for time or an event. */
export function pausesIn(fn: ResolvedFunction, loop: Loop, facts: Facts): boolean {
  return pointsIn(modelOf(fn), loop.body).some((point) => point < 0 || mayPauseAt(fn, point, facts, new Set()));
}

function mayPauseAt(fn: ResolvedFunction, point: Point, facts: Facts, seen: Set<FunctionKey>): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call') return false;
  const name = calledName(operation);
  if (PAUSES.test(name) && !isZero(operation)) return true;
  // `BLOCK: 5000`, `timeout: 1000`: the other side waits for something to come, unless it fails.
  const inner = [
    ...operation.arguments.flatMap(({ value }) => (value.kind === 'function' ? [fn.module.functionKeys[value.function]] : [])),
    ...(operation.callee.kind === 'function' ? [fn.module.functionKeys[operation.callee.function]] : []),
    ...(fn.calls.get(point)?.targets ?? []),
  ];
  return inner.some((key) => {
    const other = facts.program.functions.get(key);
    if (!other || seen.has(key) || seen.size > 30 || other.module.file !== fn.module.file) return false;
    seen.add(key);
    return modelOf(other).operations.some((_, at) => mayPauseAt(other, at, facts, seen));
  });
}
