// Executors: functions given to `new Promise`, what is written inside them, and where they settle the promise.
import { calledName } from '../../model/calls';
import type { Operation } from '../../model/operation';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { innerFunctions } from './inner-functions';

/** A promise that is made by hand. */
export interface HandMade {
  readonly fn: ResolvedFunction;
  /** The `new Promise`. */
  readonly point: Point;
  readonly executor: ResolvedFunction;
  /** The executor and all functions written inside it. */
  readonly nest: readonly ResolvedFunction[];
}

/** The promises that a file makes by hand. */
export function handMadeIn(file: string, facts: Facts): readonly HandMade[] {
  return facts.once(handMadeIn, file, () =>
    facts.functionsIn(file).flatMap((fn) =>
      modelOf(fn).operations.flatMap((operation, point): HandMade[] => {
        if (operation.kind !== 'call' || operation.form !== 'new' || calledName(operation) !== 'Promise') return [];
        const given = operation.arguments[0]?.value;
        const executor = given?.kind === 'function' ? facts.program.functions.get(fn.module.functionKeys[given.function]) : undefined;
        return executor ? [{ fn, point, executor, nest: [executor, ...innerFunctions(executor, facts)] }] : [];
      }),
    ),
  );
}

/** Which of the executor's parameters a value is: 0 for resolve, 1 for reject; undefined for everything else. */
export function settler({ executor }: HandMade, fn: ResolvedFunction, value: Value): number | undefined {
  if (value.kind !== 'place' || value.place.path.length > 0) return undefined;
  const { root } = value.place;
  if (root.kind === 'parameter') return fn === executor && root.index < 2 ? root.index : undefined;
  if (root.kind !== 'variable' || root.function !== executor.index) return undefined;
  const index = modelOf(executor).parameters.findIndex((parameter) => parameter.name === root.name);
  return index === 0 || index === 1 ? index : undefined;
}

/** Whether an operation calls, or hands on, the function that resolves or rejects the promise. */
export function settles(made: HandMade, fn: ResolvedFunction, operation: Operation): boolean {
  if (operation.kind === 'write')
    return settler(made, fn, operation.value) !== undefined || items(operation.value).some((value) => settler(made, fn, value) !== undefined);
  if (operation.kind !== 'call') return false;
  const values = [operation.callee, ...operation.arguments.flatMap(({ value }) => [value, ...items(value)])];
  return values.some((value) => settler(made, fn, value) !== undefined);
}

function items(value: Value): readonly Value[] {
  return value.kind === 'collection' ? value.items : [];
}
