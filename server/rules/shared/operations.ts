// Operations: calls that begin something and learn its outcome through listeners, as a promise or through a controller.
import { calledName } from '../../model/calls';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { functionAt, nestOf } from './lifetimes';

export interface SettledPromise {
  /** The function whose call it is. */
  readonly outer: ResolvedFunction;
  /** What runs with the parameters that settle it; absent where a controller stands for the operation. */
  readonly executor?: ResolvedFunction;
  /** What is written inside the executor, or inside the function. */
  readonly nest: readonly ResolvedFunction[];
  /** In how many places it is settled. */
  readonly ways: number;
  /** It goes into Promise.race() or Promise.any(). */
  readonly raced: boolean;
  /** Functions that pass an abort on to a controller that this call has made. */
  readonly forwards: ReadonlySet<number>;
}

/** All operations that a file begins. */
export function operationsIn(file: string, facts: Facts): readonly SettledPromise[] {
  return facts.once(operationsIn, file, () => [...find(facts.functionsIn(file))]);
}

function* find(all: readonly ResolvedFunction[]): Iterable<SettledPromise> {
  for (const fn of all) {
    const model = modelOf(fn);
    for (const [point, operation] of model.operations.entries()) {
      if (operation.kind !== 'call' || operation.form !== 'new' || calledName(operation) !== 'Promise') continue;
      const given = operation.arguments[0]?.value;
      const executor = given?.kind === 'function' ? functionAt(given.function, all) : undefined;
      if (!executor || modelOf(fn).kind === 'module') continue;
      const nest = nestOf(executor, all);
      yield { outer: outerOf(fn, all), executor, nest, ways: waysOf(executor, nest), raced: isRaced(fn, point, nestOf(fn, all)), forwards: new Set() };
    }
    if (
      model.operations.some((operation) => operation.kind === 'call' && operation.form === 'new' && calledName(operation) === 'AbortController') &&
      model.kind !== 'constructor' &&
      model.kind !== 'module'
    ) {
      const nest = nestOf(fn, all);
      yield { outer: fn, nest, ways: 0, raced: false, forwards: forwardersIn(fn, nest) };
    }
  }
}

/** The nearest function around that has a name. */
function outerOf(fn: ResolvedFunction, all: readonly ResolvedFunction[]): ResolvedFunction {
  let at: ResolvedFunction | undefined = fn;
  while (at && modelOf(at).name.startsWith('lambda-')) {
    const { parent } = modelOf(at);
    const up: ResolvedFunction | undefined = functionAt(parent ?? -1, all);
    if (!up || modelOf(up).kind === 'module') break;
    at = up;
  }
  return at ?? fn;
}

/** How often the executor and what it registers call or hand on what settles the promise. */
function waysOf(executor: ResolvedFunction, nest: readonly ResolvedFunction[]): number {
  const names = modelOf(executor).parameters.map((parameter) => parameter.name);
  let ways = 0;
  for (const fn of nest) {
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'call') continue;
      const values = [operation.callee, ...operation.arguments.map((argument) => argument.value)];
      if (values.some((value) => settles(value, fn, executor, names))) ways++;
    }
  }
  return ways;
}

/** Whether a value is what settles the promise of an executor, whose parameters are called `names`. */
export function settles(value: Value, fn: ResolvedFunction, executor: ResolvedFunction, names: readonly string[]): boolean {
  if (value.kind !== 'place') return false;
  const { root } = value.place;
  if (root.kind === 'parameter') return fn === executor;
  return root.kind === 'variable' && root.function === executor.index && names.includes(root.name);
}

/** Whether a listener settles the operation's promise, itself or through functions written beside it. */
export function isSettledBy({ executor, nest }: SettledPromise, listener: Value, part: ResolvedFunction): boolean {
  if (!executor) return false;
  const names = modelOf(executor).parameters.map((parameter) => parameter.name);
  if (settles(listener, part, executor, names)) return true;
  if (listener.kind !== 'function') return false;
  const seen = new Set<number>();
  const waiting = [listener.function];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const fn = nest.find((each) => each.index === index);
    if (!fn || seen.has(index)) continue;
    seen.add(index);
    for (const each of nest) if (modelOf(each).parent === index) waiting.push(each.index);
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'call') continue;
      if (settles(operation.callee, fn, executor, names) || operation.arguments.some((argument) => settles(argument.value, fn, executor, names))) return true;
      if (operation.callee.kind === 'function') waiting.push(operation.callee.function);
    }
  }
  return false;
}

/** The promise, or the variable that it is kept in, is given to Promise.race(). */
function isRaced(fn: ResolvedFunction, point: number, all: readonly ResolvedFunction[]): boolean {
  const races = (each: ResolvedFunction, is: (value: Value) => boolean) =>
    modelOf(each).operations.some(
      (operation) =>
        operation.kind === 'call' &&
        /^(?:race|any)$/.test(calledName(operation)) &&
        operation.arguments.some(({ value }) => (value.kind === 'collection' ? value.items : [value]).some(is)),
    );
  if (races(fn, (value) => value.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation === point)) return true;
  const names = modelOf(fn).operations.flatMap((operation) =>
    operation.kind === 'write' && operation.place.root.kind === 'variable' && operation.depends.includes(point) ? [operation.place.root.name] : [],
  );
  return (
    names.length > 0 &&
    all.some((each) => races(each, (value) => value.kind === 'place' && value.place.root.kind === 'variable' && names.includes(value.place.root.name)))
  );
}

/** Functions that call abort() on what the function has made. */
function forwardersIn(fn: ResolvedFunction, nest: readonly ResolvedFunction[]): ReadonlySet<number> {
  const made = new Set(
    modelOf(fn).operations.flatMap((operation) =>
      operation.kind === 'write' && operation.place.root.kind === 'variable' && operation.depends.some((number) => isController(fn, number))
        ? [operation.place.root.name]
        : [],
    ),
  );
  return new Set(
    nest.flatMap((each) =>
      modelOf(each).operations.some((operation) => {
        if (operation.kind !== 'call' || calledName(operation) !== 'abort' || operation.callee.kind !== 'place') return false;
        const { root } = operation.callee.place;
        return root.kind === 'variable' && made.has(root.name);
      })
        ? [each.index]
        : [],
    ),
  );
}

function isController(fn: ResolvedFunction, number: number): boolean {
  const made = modelOf(fn).operations[number];
  return made?.kind === 'call' && calledName(made) === 'AbortController';
}
