// Later points: what a function may still come to after a point, in the same run.
import type { ModelFunction } from '../../model/module';
import type { Block, Step } from '../../model/operation';
import { partsOf, pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** The operations that may run after a point, in source order. Handlers are left out, other rounds of a loop too. */
export function laterPoints(model: ModelFunction, point: Point): readonly Point[] {
  return walk(model, model.body, point)?.later ?? [];
}

/** Looks for the point in a block: what comes behind it there, and whether the block can be left at its end. */
function walk(model: ModelFunction, block: Block, point: Point): { readonly later: readonly Point[]; readonly goesOn: boolean } | undefined {
  for (const [index, step] of block.entries()) {
    const inside = step === point ? { later: [], goesOn: true } : typeof step === 'number' ? undefined : within(model, step, point);
    if (!inside) continue;
    if (!inside.goesOn) return inside;
    const rest = block.slice(index + 1);
    return { later: [...inside.later, ...pointsIn(model, rest)], goesOn: !rest.some((each) => leaves(model, each)) };
  }
  return undefined;
}

function within(model: ModelFunction, step: Exclude<Step, number>, point: Point): { readonly later: readonly Point[]; readonly goesOn: boolean } | undefined {
  for (const part of partsOf(step)) {
    const found = walk(model, part, point);
    if (!found) continue;
    if (step.kind !== 'try' || part === step.final) return found;
    const otherwise = part === step.body ? step.otherwise : [];
    const final = pointsIn(model, step.final);
    return { later: [...found.later, ...(found.goesOn ? pointsIn(model, otherwise) : []), ...final], goesOn: found.goesOn };
  }
  return undefined;
}

/** A return, a throw or a jump on every way through a step. */
function leaves(model: ModelFunction, step: Step): boolean {
  if (typeof step === 'number') return /^(?:return|raise|break|continue)$/.test(model.operations[step].kind);
  if (step.kind === 'branch') return step.arms.length > 1 && step.arms.every((arm) => arm.some((each) => leaves(model, each)));
  return step.kind === 'with' && step.body.some((each) => leaves(model, each));
}
