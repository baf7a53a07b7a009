// Own locks: locks between tasks that JavaScript code makes by hand, known by what it does and not by a name.
import { methodOf } from '../model/calls';
import type { ModelFunction } from '../model/module';
import type { Operation } from '../model/operation';
import { type Place, printPlace } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { cellOf, type LockReference } from './cells';
import type { ModuleInterface } from './module-interface';
import type { OwnLock, OwnLocks } from './resolved';
import { enclosing, loopAround } from './structure';
import type { Point } from './summary';
import type { TypeResolver } from './type-resolver';

const NONE: OwnLocks = new Map();
const GIVES_BACK = /^(?:release|unlock|leave|exit|free|done|signal|give)/i;

/** The operations of a function that take or give back a lock made by hand. */
export function ownLocksOf(resolver: TypeResolver, module: ModuleInterface, index: number): OwnLocks {
  const fn = module.module.functions[index];
  if (module.language !== 'typescript' || !fn.operations.some((operation) => operation.kind === 'write' || operation.kind === 'call')) return NONE;
  const found = new Map<Point, OwnLock>();
  const lock = (place: Place): LockReference | undefined => {
    const cell = cellOf(resolver, module, index, place);
    const onReceiver = place.root.kind === 'receiver' && place.path.length === 1;
    return cell && !cell.element
      ? { key: cell.key, kind: { type: 'mutex', domain: 'task' }, place: printPlace(place), ...(onReceiver ? { onReceiver } : {}) }
      : undefined;
  };
  const note = (point: Point, kind: OwnLock['kind'], place: Place): void => {
    const reference = lock(place);
    if (reference) found.set(point, { kind, lock: reference });
  };
  for (const [point, operation] of fn.operations.entries()) {
    if (operation.kind !== 'write' || operation.mode !== 'assign' || operation.place.root.kind === 'parameter') continue;
    const { place, value } = operation;
    if (isFlag(value, true) && !isOwnVariable(place, index)) {
      const turn = waitsForTurn(module, fn, place, point);
      if (turn === undefined) continue;
      note(point, 'acquire', place);
      if (turn >= 0) note(turn, 'acquire', place);
      for (const [at, other] of fn.operations.entries())
        if (at > point && other.kind === 'write' && isSame(other.place, place) && isFlag(other.value, false)) note(at, 'release', place);
    } else if (isFlag(value, false) && (GIVES_BACK.test(fn.name) || wakesNext(fn))) note(point, 'release', place);
    const gate = isOwnVariable(place, index) ? undefined : waitsForFormer(fn, place, operation, point);
    if (gate === undefined) continue;
    note(gate, 'acquire', place);
    for (const at of openings(module, fn, value)) note(at, 'release', place);
  }
  return found.size > 0 ? found : NONE;
}

/** `release()`, `held.release()`: calls of what an awaited call of the function has given, with the number of that call. */
export function releasersIn(module: ModuleInterface, index: number): ReadonlyMap<Point, Point> {
  if (module.language !== 'typescript') return NO_RELEASERS;
  const { operations } = module.module.functions[index];
  let found: Map<Point, Point> | undefined;
  for (const [point, operation] of operations.entries()) {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.root.kind !== 'result') continue;
    const { root, path } = operation.callee.place;
    if (path.length > 1 || (path.length === 1 && !GIVES_BACK.test(path[0]))) continue;
    const awaited = operations[root.operation];
    const made =
      awaited?.kind === 'await' && awaited.value.kind === 'place' && awaited.value.place.root.kind === 'result'
        ? awaited.value.place.root.operation
        : undefined;
    if (made !== undefined && operations[made]?.kind === 'call') (found ??= new Map()).set(point, made);
  }
  return found ?? NO_RELEASERS;
}

const NO_RELEASERS: ReadonlyMap<Point, Point> = new Map();

/**
 * Before the flag is put up, the function waits until it is down: in a loop that asks for it, or in a line of those who
 * are woken one by one. Gives the await after which the flag is the function's own as well; -1 where there is none.
 */
function waitsForTurn(module: ModuleInterface, fn: ModelFunction, place: Place, raised: Point): Point | undefined {
  for (const [point, operation] of fn.operations.entries()) {
    if (operation.kind !== 'await') continue;
    const loop = loopAround(fn, point);
    const asks = (at: Point) => isRead(fn.operations[at], place);
    if (loop && point < raised && loopAround(fn, raised) !== loop && [...fn.operations.keys()].some((at) => asks(at) && loopAround(fn, at) === loop)) return -1;
    // `if (!busy) { busy = true; return; } await new Promise((resolve) => waiting.push(resolve));`
    const tested = (enclosing(fn).get(raised) ?? []).some((around) => around.kind === 'branch' && around.step.test.some(asks));
    if (tested && point > raised && isPlaceInLine(module, fn, operation.value)) return point;
  }
  return undefined;
}

/** `new Promise((resolve) => this.waiting.push(resolve))`. */
function isPlaceInLine(module: ModuleInterface, fn: ModelFunction, value: Value): boolean {
  const executor = executorOf(module, fn, value);
  return (
    executor?.operations.some(
      (operation) =>
        operation.kind === 'call' &&
        /^(?:push|add|unshift|enqueue)$/.test(methodOf(operation)) &&
        operation.arguments.some(({ value: added }) => added.kind === 'place' && added.place.root.kind === 'parameter' && added.place.root.index === 0),
    ) ?? false
  );
}

/** The next one in line is taken out and told: `waiting.shift()?.()`. */
function wakesNext(fn: ModelFunction): boolean {
  return fn.operations.some((operation) => {
    if (
      operation.kind !== 'call' ||
      operation.callee.kind !== 'place' ||
      operation.callee.place.root.kind !== 'result' ||
      operation.callee.place.path.length > 1
    )
      return false;
    const taken = fn.operations[operation.callee.place.root.operation];
    return taken?.kind === 'call' && /^(?:shift|pop|dequeue)$/.test(methodOf(taken));
  });
}

/**
 * `const before = this.tail; this.tail = new Promise(…); await before;`: the promise that others will wait for is put in
 * the place of the one that is waited for. Gives that await.
 */
function waitsForFormer(fn: ModelFunction, place: Place, write: Operation, point: Point): Point | undefined {
  if (write.kind !== 'write' || write.value.kind !== 'place' || write.value.place.root.kind !== 'result') return undefined;
  const reads = new Set([...fn.operations.keys()].filter((at) => at < point && isRead(fn.operations[at], place)));
  if (reads.size === 0) return undefined;
  const found = fn.operations.findIndex(
    (operation, at) => operation.kind === 'await' && operation.depends.some((number) => reads.has(number)) && (at > point || at > Math.min(...reads)),
  );
  return found > point ? found : undefined;
}

/** Calls of what the promise's executor has put aside, which let the next one in. */
function openings(module: ModuleInterface, fn: ModelFunction, value: Value): Point[] {
  const executor = executorOf(module, fn, value);
  const opener = executor?.operations.find(
    (operation) => operation.kind === 'write' && operation.value.kind === 'place' && operation.value.place.root.kind === 'parameter',
  );
  if (opener?.kind !== 'write') return [];
  const name = printPlace(opener.place);
  return fn.operations.flatMap((operation, at) =>
    operation.kind === 'call' && operation.callee.kind === 'place' && printPlace(operation.callee.place) === name ? [at] : [],
  );
}

function executorOf(module: ModuleInterface, fn: ModelFunction, value: Value): ModelFunction | undefined {
  const number = resultOf(value);
  const made = number === undefined ? undefined : fn.operations[number];
  const isPromise =
    made?.kind === 'call' &&
    made.form === 'new' &&
    made.callee.kind === 'place' &&
    made.callee.place.root.kind === 'global' &&
    made.callee.place.root.name === 'Promise';
  const given = isPromise && made.kind === 'call' ? made.arguments[0]?.value : undefined;
  return given?.kind === 'function' ? module.module.functions[given.function] : undefined;
}

function isRead(operation: Operation | undefined, place: Place): boolean {
  return operation?.kind === 'read' && isSame(operation.place, place);
}

function isSame(a: Place, b: Place): boolean {
  return printPlace(a) === printPlace(b);
}

function isOwnVariable({ root }: Place, index: number): boolean {
  return root.kind === 'variable' && root.function === index;
}

function isFlag(value: Value, up: boolean): boolean {
  return value.kind === 'constant' && value.value === up;
}
