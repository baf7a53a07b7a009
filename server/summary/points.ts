// Points with a meaning of their own.
import type { Point } from './summary';

/** The point that means a function's name. */
export const NAME: Point = Number.MIN_SAFE_INTEGER;

/** The point in a module's body that means its n-th annotation: the lock's name in the comment. */
export function annotationPoint(number: number): Point {
  return NAME + 1 + number;
}

/** The number of the annotation that a point means; undefined for any other point. */
export function annotationAt(point: Point): number | undefined {
  // No function has as many with steps, which count down from -1.
  return point > NAME && point < NAME / 2 ? point - NAME - 1 : undefined;
}
