// Results read: whether results that are handed out one by one are gone through by anybody.
import type { Block, Loop } from '../../model/operation';
import type { Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { calledName, LOOKS } from './future-methods';
import { usesOf } from './outcome-uses';

/** Whether results that come one by one are gone through, or handed to somebody who may. */
export function areRead(fn: ResolvedFunction, number: Point): boolean {
  const model = modelOf(fn);
  const used = usesOf(model, number).some((use) => {
    const operation = model.operations[use.number];
    return (
      use.by === 'with' ||
      (use.by === 'operation' && !(operation.kind === 'call' && LOOKS.test(calledName(operation)) && !/^(?:any|all)$/.test(calledName(operation))))
    );
  });
  const isIt = (value: Value | undefined) => value?.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation === number;
  return used || loopsIn(model.body).some((loop) => isIt(loop.over));
}

/** All loops of a block, also those that hold no operation. */
function loopsIn(block: Block): Loop[] {
  return block.flatMap((step): Loop[] => {
    if (typeof step === 'number') return [];
    switch (step.kind) {
      case 'branch':
        return step.arms.flatMap(loopsIn);
      case 'loop':
        return [step, ...loopsIn(step.body), ...loopsIn(step.otherwise)];
      case 'with':
        return loopsIn(step.body);
      case 'try':
        return [step.body, ...step.handlers, step.otherwise, step.final].flatMap(loopsIn);
    }
  });
}
