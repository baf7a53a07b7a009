// Structure: the control flow around each point of a function.
import type { ModelFunction } from '../model/module';
import type { Block, Branch, Loop, Structure, Try, With } from '../model/operation';
import type { Point } from './summary';

/** A structure that holds a point, and in which part of it the point stands. */
export type Enclosing =
  | { readonly kind: 'branch'; readonly step: Branch; readonly arm: number }
  | { readonly kind: 'loop'; readonly step: Loop; readonly part: 'body' | 'otherwise' }
  | { readonly kind: 'try'; readonly step: Try; readonly part: 'body' | 'handler' | 'otherwise' | 'final' }
  | { readonly kind: 'with'; readonly step: With; readonly point: Point };

const KNOWN = new WeakMap<ModelFunction, ReadonlyMap<Point, readonly Enclosing[]>>();

/** For each point of a function (operations, and with steps as `~n`) the structures around it, innermost first. */
export function enclosing(model: ModelFunction): ReadonlyMap<Point, readonly Enclosing[]> {
  let found = KNOWN.get(model);
  if (!found) KNOWN.set(model, (found = walk(model)));
  return found;
}

/** The innermost loop around a point; undefined outside loops. */
export function loopAround(model: ModelFunction, point: Point): Loop | undefined {
  return enclosing(model)
    .get(point)
    ?.flatMap((around) => (around.kind === 'loop' && around.part === 'body' ? [around.step] : []))[0];
}

/** The points of all operations and with steps in a block, in source order. */
export function pointsIn(model: ModelFunction, block: Block): readonly Point[] {
  const withs = withPoints(model);
  return block.flatMap((step): readonly Point[] => {
    if (typeof step === 'number') return [step];
    const inside = partsOf(step).flatMap((part) => pointsIn(model, part));
    return step.kind === 'with' ? [withs.get(step)!, ...inside] : inside;
  });
}

/** All structures of a block, outer ones first, in source order. */
export function structuresIn(block: Block): Structure[] {
  return block.flatMap((step) => (typeof step === 'number' ? [] : [step, ...partsOf(step).flatMap(structuresIn)]));
}

/** All loops of a block, also those that hold no operation. */
export function loopsIn(block: Block): Loop[] {
  return structuresIn(block).filter((step) => step.kind === 'loop');
}

/** The operations that the conditions of a block's branches and loops ask for. */
export function testsIn(block: Block): Point[] {
  return structuresIn(block).flatMap((step) => (step.kind === 'branch' || step.kind === 'loop' ? (step.test ?? []) : []));
}

function walk(model: ModelFunction): Map<Point, readonly Enclosing[]> {
  const found = new Map<Point, readonly Enclosing[]>();
  const withs = withPoints(model);
  const visit = (block: Block, around: readonly Enclosing[]): void => {
    for (const step of block) {
      if (typeof step === 'number') found.set(step, around);
      else if (step.kind === 'branch') for (const [arm, steps] of step.arms.entries()) visit(steps, [{ kind: 'branch', step, arm }, ...around]);
      else if (step.kind === 'loop') {
        visit(step.body, [{ kind: 'loop', step, part: 'body' }, ...around]);
        visit(step.otherwise, [{ kind: 'loop', step, part: 'otherwise' }, ...around]);
      } else if (step.kind === 'with') {
        const point = withs.get(step)!;
        found.set(point, around);
        visit(step.body, [{ kind: 'with', step, point }, ...around]);
      } else {
        visit(step.body, [{ kind: 'try', step, part: 'body' }, ...around]);
        for (const handler of step.handlers) visit(handler, [{ kind: 'try', step, part: 'handler' }, ...around]);
        visit(step.otherwise, [{ kind: 'try', step, part: 'otherwise' }, ...around]);
        visit(step.final, [{ kind: 'try', step, part: 'final' }, ...around]);
      }
    }
  };
  visit(model.body, []);
  return found;
}

const KNOWN_WITHS = new WeakMap<ModelFunction, ReadonlyMap<With, Point>>();

/** The points of a function's with steps, in source order: `~n` for the n-th. */
export function withPoints(model: ModelFunction): ReadonlyMap<With, Point> {
  let points = KNOWN_WITHS.get(model);
  if (!points) {
    const withs = structuresIn(model.body).filter((step) => step.kind === 'with');
    KNOWN_WITHS.set(model, (points = new Map(withs.map((step, ordinal) => [step, ~ordinal]))));
  }
  return points;
}

/** The with step at a point; undefined where another kind of point was given. */
export function withAt(model: ModelFunction, point: Point): With | undefined {
  for (const [step, at] of withPoints(model)) if (at === point) return step;
  return undefined;
}

/** The blocks of a structure, in source order. */
export function partsOf(step: Structure): readonly Block[] {
  if (step.kind === 'branch') return step.arms;
  if (step.kind === 'loop') return [step.body, step.otherwise];
  return step.kind === 'with' ? [step.body] : [step.body, ...step.handlers, step.otherwise, step.final];
}
