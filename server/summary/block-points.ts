// Block points: the first and last operation of a piece of control flow.
import type { Block } from '../model/operation';

/** The number of a block's first operation; infinite where there is none. */
export function firstPoint(block: Block): number {
  for (const step of block) {
    if (typeof step === 'number') return step;
    const parts = step.kind === 'branch' ? step.arms : [step.body];
    const first = Math.min(...parts.map(firstPoint));
    if (first < Number.POSITIVE_INFINITY) return first;
  }
  return Number.POSITIVE_INFINITY;
}

/** The number of a block's last operation; -1 where there is none. */
export function lastPoint(block: Block): number {
  let last = -1;
  for (const step of block) {
    if (typeof step === 'number') last = Math.max(last, step);
    else for (const part of step.kind === 'branch' ? step.arms : [step.body]) last = Math.max(last, lastPoint(part));
  }
  return last;
}
