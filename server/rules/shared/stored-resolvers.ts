// Stored resolvers: promises whose resolve function is put into a shared place, for whoever will have the answer.
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
    if (executor?.kind !== 'function' || !isPromise) return [];
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
  const isResolve = (place: Value) =>
    place.kind === 'place' &&
    place.place.path.length === 0 &&
    ((place.place.root.kind === 'parameter' && place.place.root.index === 0) ||
      (place.place.root.kind === 'variable' && place.place.root.function === executor && place.place.root.name === functions[executor].parameters[0]?.name));
  if (isResolve(value)) return true;
  return (
    value.kind === 'function' &&
    functions[value.function].operations.some(
      (operation) =>
        operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'variable' && isResolve(operation.callee),
    )
  );
}
