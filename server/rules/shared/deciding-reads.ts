// Deciding reads: the operations whose outcome a branch or the round of a loop rests on.

import type { ModelFunction } from '../../model/module';
import { testsIn } from '../../summary/structure';

/** Numbers of all operations that flow into a condition. */
export function decidingReads(model: ModelFunction): ReadonlySet<number> {
  const found = new Set<number>();
  const add = (number: number): void => {
    if (found.has(number)) return;
    found.add(number);
    for (const behind of model.operations[number].depends) add(behind);
  };
  testsIn(model.body).forEach(add);
  return found;
}
