// Spinning loops: loops of TypeScript that ask again and again without waiting in between.

import { calledName } from '../../model/calls';
import type { Block, Loop, Operation, Try } from '../../model/operation';
import { resultOf } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, loopsIn, pointsIn, structuresIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { type Effort, effortOf, pausesIn } from './pauses';

/** How a loop spins. */
export interface Spin {
  /**
   * `clock`: it looks at the clock or at shared memory until enough time has gone by; `microtask`: it waits for what is
   * there already, so that no timer and no socket gets its turn; `turn`: it asks again in each turn of the event loop;
   * `poll`: it asks others again as soon as they have answered; `retry`: it tries again at once what has just failed.
   */
  readonly kind: 'clock' | 'microtask' | 'turn' | 'poll' | 'retry';
  readonly point: Point;
}

const ASKS =
  /^(?:try|is|has|exists|check|acquire|lock|ping|poll|insert|set(?:NX|nx|Nx|IfNotExists)?|claim|status|ready|get(?:Lock|Status|State|Job|Result))(?:[A-Z_]\w*)?$|[lL]ock(?:ed)?$|Ready$|Exists$|Available$|Done$/;
const TAKES_OWN = /^(?:shift|pop|dequeue|splice|next|take|delete|advance|consume\w*|remove\w*|read(?:Line|Byte|Int|UInt)\w*)$/;

/** The spinning loops of a function. */
export function* spinsOf(fn: ResolvedFunction, facts: Facts): Iterable<Spin> {
  for (const loop of loopsIn(modelOf(fn).body)) {
    const spin = spinOf(fn, loop, facts);
    if (spin) yield spin;
  }
}

function spinOf(fn: ResolvedFunction, loop: Loop, facts: Facts): Spin | undefined {
  const { operations } = modelOf(fn);
  const inside = pointsIn(modelOf(fn), loop.body);
  if (inside.some((point) => point < 0) || inside.length === 0) return undefined;
  const efforts = inside.map((point) => [point, effortOf(fn, point, facts)] as const);
  const of = (effort: Effort) => efforts.find(([, each]) => each === effort)?.[0];
  if (of('pause') !== undefined) return undefined;
  const awaits = inside.filter((point) => operations[point].kind === 'await');
  const quiet = of('work') === undefined;
  // A loop that counts, or has something to do in each round, gets on by itself.
  if (quiet && awaits.length === 0) {
    const clock = of('clock');
    return clock !== undefined && (!loop.endless || leaves(operations, inside)) ? { kind: 'clock', point: clock } : undefined;
  }
  if (awaits.length === 0 || loop.over) return undefined;
  if (quiet) {
    const point = of('turn') ?? of('microtask');
    const kind = of('turn') === undefined ? 'microtask' : 'turn';
    return point === undefined || of('look') === undefined ? undefined : { kind, point };
  }
  if (pausesIn(fn, loop, facts) || changesLocals(fn, loop) || inside.some((point) => takesOwn(operations[point]))) return undefined;
  const turn = of('turn');
  if (turn !== undefined && efforts.every(([point, effort]) => operations[point].kind !== 'await' || effort === 'turn') && hasDeadline(fn, loop, efforts, turn))
    return { kind: 'turn', point: turn };
  return poll(fn, loop, inside, awaits, facts) ?? retry(fn, loop, awaits, facts);
}

/** Each round takes a turn, whatever it finds, and the clock ends the loop: what it waits for comes from others. */
function hasDeadline(fn: ResolvedFunction, loop: Loop, efforts: readonly (readonly [Point, Effort])[], turn: Point): boolean {
  const { operations } = modelOf(fn);
  if (!loop.body.includes(turn)) return false;
  const clocks = efforts.flatMap(([point, effort]) => (effort === 'clock' ? [point] : []));
  return loop.body.some(
    (step) =>
      typeof step !== 'number' &&
      step.kind === 'branch' &&
      step.test.some((test) => clocks.includes(test)) &&
      step.arms.some((arm) => arm.some((each) => typeof each === 'number' && /^(?:raise|return|break)$/.test(operations[each].kind))),
  );
}

function leaves(operations: readonly Operation[], inside: readonly Point[]): boolean {
  return inside.some((point) => /^(?:break|return)$/.test(operations[point].kind));
}

/** A statement of the loop that is about local variables alone, which are no places: `attempt++`, `name = next(name)`. */
function changesLocals(fn: ResolvedFunction, { span }: Loop): boolean {
  const { operations, statements } = modelOf(fn);
  const within = statements.flatMap((each, index) => (each.start > span.start && each.end <= span.end ? [index] : []));
  const holds = (outer: number, inner: number) =>
    outer !== inner && statements[inner].start >= statements[outer].start && statements[inner].end <= statements[outer].end;
  return within.some(
    (index) =>
      statements[index].end - statements[index].start > 3 &&
      !operations.some((operation) => operation.statement === index) &&
      !within.some((inner) => holds(index, inner)) &&
      !operations.some(({ span: at }) => at.start >= statements[index].start && at.end <= statements[index].end),
  );
}

/** Takes something out of what the program has itself: that ends when nothing is left. */
function takesOwn(operation: Operation): boolean {
  if (operation.kind === 'yield') return true;
  return operation.kind === 'call' && TAKES_OWN.test(calledName(operation));
}

/** `do { if (await tryLock()) return true; } while (Date.now() < deadline)` */
function poll(fn: ResolvedFunction, loop: Loop, inside: readonly Point[], awaits: readonly Point[], facts: Facts): Spin | undefined {
  const { operations } = modelOf(fn);
  const [awaited, ...others] = awaits;
  if (others.length > 0 || structuresIn(loop.body).some((step) => step.kind === 'try' || step.kind === 'loop')) return undefined;
  const name = nameBehind(operations, awaited);
  if (!ASKS.test(name)) return undefined;
  const call = callBehind(operations, awaited);
  // Everything else only decides whether to go on.
  const works = inside.filter((point) => point !== awaited && point !== call && effortOf(fn, point, facts) === 'work');
  if (works.length > 0) return undefined;
  const asked = structuresIn(loop.body).some(
    (step) =>
      step.kind === 'branch' &&
      step.test.some((test) => test === awaited || operations[test].depends.includes(awaited)) &&
      step.arms.some((arm) => leaves(operations, pointsIn(modelOf(fn), arm))),
  );
  // The condition of a while loop stands alone: nothing else looks at what was answered.
  const isCondition = inside.length <= 4 && !inside.some((point) => operations[point].depends.includes(awaited) && operations[point].kind !== 'read');
  return asked || isCondition ? { kind: 'poll', point: awaited } : undefined;
}

/** `while (running) { try { await read(); … } catch (error) { log(error); } }` */
function retry(fn: ResolvedFunction, loop: Loop, awaits: readonly Point[], facts: Facts): Spin | undefined {
  const { operations } = modelOf(fn);
  for (const step of loop.body) {
    if (typeof step === 'number' || step.kind !== 'try' || step.handlers.length === 0) continue;
    const tried = pointsIn(modelOf(fn), step.body);
    const first = awaits.find((point) => tried.includes(point));
    const handled = step.handlers.flatMap((handler) => pointsIn(modelOf(fn), handler));
    // What is waited for outside of it keeps the loop from going round at once.
    if (first === undefined || callBehind(operations, first) === undefined || awaits.some((point) => !tried.includes(point) && !handled.includes(point)))
      continue;
    // A handler that waits for something holds it back, unless it only asks.
    if (
      awaits.some(
        (point) =>
          handled.includes(point) && !ASKS.test(nameBehind(operations, point)) && !/^(?:release|remove|rm|unlink|delete)/.test(nameBehind(operations, point)),
      )
    )
      continue;
    if (!goesOn(fn, step) || isUnconditionalWork(fn, step, first, facts)) continue;
    return { kind: 'retry', point: first };
  }
  return undefined;
}

/** Whether some way through the handlers neither leaves nor waits for anything. */
function goesOn(fn: ResolvedFunction, step: Try): boolean {
  const { operations } = modelOf(fn);
  const through = (block: Block): boolean => {
    for (const each of block) {
      if (typeof each === 'number') {
        if (/^(?:return|raise|break)$/.test(operations[each].kind)) return false;
        if (operations[each].kind === 'continue') return true;
      } else if (each.kind === 'branch' && !each.arms.some(through)) return false;
      else if (
        each.kind === 'branch' &&
        each.test.length === 0 &&
        !each.asks &&
        each.arms.some((arm) => pointsIn(modelOf(fn), arm).some((point) => operations[point].kind === 'raise'))
      ) {
        // `if (attempt >= most) throw error`: a local count is a limit. What the error itself says is none.
        if (!isAboutError(fn, each.span.start, step)) return false;
      }
    }
    return true;
  };
  return step.handlers.every(through);
}

/** A test right at the start of the handler asks what went wrong. */
function isAboutError(fn: ResolvedFunction, start: number, step: Try): boolean {
  const first = step.handlers[0]?.[0];
  return typeof first === 'object' && first.span.start === start && fn !== undefined;
}

/** What was tried is work of the function's own file that is not known to fail at once. */
function isUnconditionalWork(fn: ResolvedFunction, step: Try, first: Point, facts: Facts): boolean {
  const call = callBehind(modelOf(fn).operations, first);
  const targets = call === undefined ? [] : (fn.calls.get(call)?.targets ?? []);
  if (targets.length > 0 && targets.every((target) => facts.summaryOf(target)?.mayRaise === undefined)) return true;
  // Inside another loop that goes through items, the outer one gets on.
  return (
    enclosing(modelOf(fn))
      .get(first)
      ?.some((outer) => outer.kind === 'loop' && outer.step.over !== undefined && !structuresIn(step.body).includes(outer.step)) ?? false
  );
}

function callBehind(operations: readonly Operation[], awaited: Point): Point | undefined {
  const operation = operations[awaited];
  return operation?.kind === 'await' ? resultOf(operation.value) : undefined;
}

function nameBehind(operations: readonly Operation[], awaited: Point): string {
  const call = callBehind(operations, awaited);
  const made = call === undefined ? undefined : operations[call];
  return made?.kind === 'call' ? calledName(made) : '';
}
