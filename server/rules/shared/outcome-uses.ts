// Outcome uses: what becomes of a call's outcome in the function that makes the call.

import type { ModelFunction } from '../../model/module';
import type { Operation } from '../../model/operation';
import { structuresIn } from '../../summary/structure';

/** Where an outcome flows to: further operations, the condition of a branch, what a with step enters. */
export interface OutcomeUse {
  readonly by: 'operation' | 'test' | 'with';
  /** The operation, for `operation`. */
  readonly number: number;
}

const KNOWN = new WeakMap<ModelFunction, ReadonlyMap<number, readonly OutcomeUse[]>>();

/** All that the outcome of an operation flows into directly, in source order. */
export function usesOf(model: ModelFunction, number: number): readonly OutcomeUse[] {
  let found = KNOWN.get(model);
  if (!found) KNOWN.set(model, (found = collect(model)));
  return found.get(number) ?? [];
}

/** Whether an outcome flows into the arguments of a call, and not only decides about the object it is called on. */
export function isArgument(operation: Operation & { kind: 'call' }, number: number): boolean {
  return operation.arguments.some((argument) => argument.depends.includes(number));
}

/** Whether a call is of a method of that very outcome: `task.add_done_callback(…)`. */
export function isReceiver(operation: Operation & { kind: 'call' }, number: number): boolean {
  const { callee } = operation;
  return callee.kind === 'place' && callee.place.root.kind === 'result' && callee.place.root.operation === number && callee.place.path.length === 1;
}

function collect(model: ModelFunction): Map<number, OutcomeUse[]> {
  const found = new Map<number, OutcomeUse[]>();
  const add = (number: number, use: OutcomeUse): void => {
    const list = found.get(number);
    if (list) list.push(use);
    else found.set(number, [use]);
  };
  model.operations.forEach((operation, number) => {
    for (const source of operation.depends) add(source, { by: 'operation', number });
  });
  for (const step of structuresIn(model.body)) {
    if (step.kind === 'branch') for (const source of step.test) add(source, { by: 'test', number: source });
    else if (step.kind === 'with') for (const source of step.depends) add(source, { by: 'with', number: source });
  }
  return found;
}
