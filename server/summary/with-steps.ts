// With steps: the with statements of a function's body, in source order.
import type { Block, With } from '../model/operation';

/** Calls `visit` for each with step, outer ones first. */
export function forEachWith(block: Block, visit: (step: With) => void): void {
  for (const step of block) {
    if (typeof step === 'number') continue;
    if (step.kind === 'with') {
      visit(step);
      forEachWith(step.body, visit);
    } else if (step.kind === 'branch') for (const arm of step.arms) forEachWith(arm, visit);
    else if (step.kind === 'loop') {
      forEachWith(step.body, visit);
      forEachWith(step.otherwise, visit);
    } else for (const part of [step.body, ...step.handlers, step.otherwise, step.final]) forEachWith(part, visit);
  }
}
