// Deciding reads: the operations whose outcome a branch or the round of a loop rests on.
import type { ModelFunction } from '../../model/module';
import type { Block } from '../../model/operation';

/** Numbers of all operations that flow into a condition. */
export function decidingReads(model: ModelFunction): ReadonlySet<number> {
  const found = new Set<number>();
  const add = (number: number): void => {
    if (found.has(number)) return;
    found.add(number);
    for (const behind of model.operations[number].depends) add(behind);
  };
  const visit = (block: Block): void => {
    for (const step of block) {
      if (typeof step === 'number') continue;
      if (step.kind === 'branch') {
        step.test.forEach(add);
        step.arms.forEach(visit);
      } else if (step.kind === 'loop') {
        step.test?.forEach(add);
        visit(step.body);
        visit(step.otherwise);
      } else if (step.kind === 'with') visit(step.body);
      else [step.body, ...step.handlers, step.otherwise, step.final].forEach(visit);
    }
  };
  visit(model.body);
  return found;
}
