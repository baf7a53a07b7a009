// Stored resolvers: promises whose resolve function is put into a shared place, for whoever will have the answer.
import type { Operation } from '../../model/operation';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { type FlowStep, flowIn, isOfOneCall } from './await-flow';

/** Where a promise is made, and where its executor puts what settles it. */
export interface StoredResolver {
  readonly made: number;
  readonly stored: FlowStep;
}

/** `new Promise((resolve) => { this.pending = { resolve }; })` in a function of TypeScript. */
export function storedResolvers(fn: ResolvedFunction, facts: Facts): readonly StoredResolver[] {
  const { operations } = modelOf(fn);
  return operations.flatMap((operation, made) => {
    const executor = operation.kind === 'call' && operation.form === 'new' ? operation.arguments[0]?.value : undefined;
    const isPromise = operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'global';
    if (executor?.kind !== 'function' || !isPromise || !isGivenToCaller(made, operations) || isSettledAnyway(executor.function, fn)) return [];
    const key = fn.module.functionKeys[executor.function];
    const steps = flowIn(fn, facts).steps.filter((step) => step.kind === 'write' && step.site.function === key && !step.cell.element);
    return steps.flatMap((stored) =>
      stored.write && !isOfOneCall(stored.cell.key, fn) && settles(stored.write.value, executor.function, fn) ? [{ made, stored }] : [],
    );
  });
}

/** A value that holds the executor's first parameter, or a function that calls it. */
function settles(value: Value, executor: number, fn: ResolvedFunction): boolean {
  if (value.kind === 'collection') return value.items.some((item) => settles(item, executor, fn));
  const { functions } = fn.module.module;
  if (isResolve(value, executor, fn)) return true;
  return (
    value.kind === 'function' &&
    functions[value.function].operations.some(
      (operation) =>
        operation.kind === 'call' &&
        operation.callee.kind === 'place' &&
        operation.callee.place.root.kind === 'variable' &&
        isResolve(operation.callee, executor, fn),
    )
  );
}

/** The promise is what this very call waits for or gives back, not one that is kept for everybody. */
function isGivenToCaller(made: number, operations: readonly Operation[]): boolean {
  const restsOn = (numbers: readonly number[]): boolean => numbers.some((number) => number === made || (number > made && restsOn(operations[number].depends)));
  return operations.some((operation) => (operation.kind === 'await' || operation.kind === 'return') && restsOn(operation.depends));
}

/** `setTimeout(resolve, delay)`: it is settled sooner or later, whatever becomes of what was stored. */
function isSettledAnyway(executor: number, fn: ResolvedFunction): boolean {
  return fn.module.module.functions[executor].operations.some(
    (operation) =>
      operation.kind === 'call' &&
      operation.arguments.some(({ value }) => value.kind === 'place' && value.place.root.kind !== 'result' && isResolve(value, executor, fn)),
  );
}

/** The executor's first parameter, which a closure in it may have captured. */
function isResolve(value: Value, executor: number, fn: ResolvedFunction): boolean {
  if (value.kind !== 'place' || value.place.path.length > 0) return false;
  const { root } = value.place;
  if (root.kind === 'parameter') return root.index === 0;
  return root.kind === 'variable' && root.function === executor && root.name === fn.module.module.functions[executor].parameters[0]?.name;
}
