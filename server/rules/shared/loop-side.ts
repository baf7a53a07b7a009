// Loop side: which functions of a file run on an event loop's thread, which beside it, and which loops run in the background.
import { methodOf, placeOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { cellOf } from '../../summary/cells';
import { type RootId, rootParts } from '../../summary/contexts';
import type { Facts } from '../../summary/facts';
import type { CellKey, FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { calledApi, LOOP, namedApi } from './event-loop-calls';

/** Functions that are called when a coroutine handed to a loop ends: on the loop's thread, for all that a concurrent future is involved. */
export function loopCallbacks(functions: readonly ResolvedFunction[], facts: Facts): ReadonlySet<FunctionKey> {
  const found = new Set<FunctionKey>();
  for (const fn of functions) {
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind !== 'call' || fn.calls.get(number)?.api?.name !== 'concurrent.futures.Future.add_done_callback') continue;
      if (makerOfReceiver(fn, operation, facts) !== 'asyncio.run_coroutine_threadsafe') continue;
      for (const spawn of fn.calls.get(number)?.spawns ?? []) if (spawn.function !== undefined) found.add(spawn.function);
    }
  }
  return found;
}

/** The API whose outcome a method is called on, where that was made in the same function. */
function makerOfReceiver(fn: ResolvedFunction, call: Call, facts: Facts): string | undefined {
  const root = placeOf(call)?.root;
  return root?.kind === 'result' ? calledApi(fn, root.operation, facts) : undefined;
}

/** The loops that a thread started here runs, by the place they live in, with the function whose thread that is. */
export function backgroundLoops(functions: readonly ResolvedFunction[], facts: Facts): ReadonlyMap<CellKey, FunctionKey> {
  const found = new Map<CellKey, FunctionKey>();
  for (const fn of functions) {
    const onThread = facts.contextOf(fn.key).offLoop.some((root) => rootParts(root).kind === 'thread');
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind !== 'call') continue;
      const api = calledApi(fn, number, facts);
      if (onThread && api !== undefined && RUNS.has(api)) {
        const cell = fn.calls.get(number)?.receiver;
        if (cell) found.set(cell.key, fn.key);
      }
      if (!/(?:^|\.)Thread$/.test(api ?? '')) continue;
      const target = operation.arguments.find((argument) => argument.name === 'target')?.value;
      if (target?.kind !== 'place' || !RUNS.has(namedApi(fn, target, facts) ?? '')) continue;
      const place = { root: target.place.root, path: target.place.path.slice(0, -1) };
      const cell = cellOf(facts.program.resolver, fn.module, fn.index, place);
      if (cell) found.set(cell.key, fn.key);
    }
  }
  return found;
}

const RUNS = new Set([`${LOOP}.run_forever`, `${LOOP}.run_until_complete`]);

/** Whether a function finds out for itself on which thread, or beside which loop, it runs. */
export function asksWhereItRuns(fn: ResolvedFunction, facts: Facts): boolean {
  if (fn.mainTests.size > 0 || facts.summaryOf(fn.key)?.asksThread) return true;
  // What no library model knows may still say it by its name.
  return modelOf(fn).operations.some((operation, number) => {
    if (operation.kind !== 'call' || fn.calls.get(number)?.api || operation.callee.kind !== 'place') return false;
    return ASKS.test(methodOf(operation));
  });
}

const ASKS = /^_*(?:get_running_loop|is_running|(?:is_)?(?:in|on)_(?:the_)?(?:event_|main_|loop_)?(?:loop|thread))$/;

/** Whether the other arm of a branch around a point hands something over to a loop: here it is known that there is no need. */
export function isLocalArm(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const model = modelOf(fn);
  return (enclosing(model).get(point) ?? []).some(
    (around) =>
      around.kind === 'branch' &&
      around.step.arms.some(
        (arm, index) =>
          index !== around.arm &&
          pointsIn(model, arm).some((other) => {
            const api = other >= 0 && model.operations[other].kind === 'call' ? calledApi(fn, other, facts) : undefined;
            return api === `${LOOP}.call_soon_threadsafe` || api === 'asyncio.run_coroutine_threadsafe';
          }),
      ),
  );
}

/** Whether what goes wrong at a point for want of a loop is caught right there. */
export function isCaught(fn: ResolvedFunction, point: Point): boolean {
  return (enclosing(modelOf(fn)).get(point) ?? []).some(
    (around) =>
      around.kind === 'try' &&
      around.part === 'body' &&
      around.step.handlers.length > 0 &&
      (around.step.catches ?? [['*']]).some((names) => names.some((name) => CATCHES.has(name))),
  );
}

const CATCHES = new Set(['RuntimeError', 'Exception', 'BaseException', '*']);

/** The thread, beside any loop of its own, that reaches a function. */
export function threadBeside(fn: ResolvedFunction, callbacks: ReadonlySet<FunctionKey>, facts: Facts): RootId | undefined {
  return facts.contextOf(fn.key).offLoop.find((root) => {
    const { kind, function: key } = rootParts(root);
    return (kind === 'thread' || kind === 'timer') && !(key !== undefined && callbacks.has(key));
  });
}

/** How plain functions of a file are reached by its coroutines: each with the coroutine or function that calls it. */
export function calledByCoroutines(
  functions: readonly ResolvedFunction[],
  facts: Facts,
): ReadonlyMap<FunctionKey, { readonly function: FunctionKey; readonly point: Point }> {
  const byKey = new Map(functions.map((fn) => [fn.key, fn]));
  const found = new Map<FunctionKey, { function: FunctionKey; point: Point }>();
  const pending = functions.filter((fn) => modelOf(fn).isAsync).map((fn) => fn.key);
  for (const key of pending) {
    for (const call of facts.summaryOf(key)?.calls ?? []) {
      const target = byKey.get(call.target);
      if (!target || found.has(call.target) || call.wraps || call.overriding || modelOf(target).isAsync || modelOf(target).isGenerator) continue;
      if (asksWhereItRuns(target, facts) || isCaught(byKey.get(key)!, call.point)) continue;
      found.set(call.target, { function: key, point: call.point });
      pending.push(call.target);
    }
  }
  return found;
}
