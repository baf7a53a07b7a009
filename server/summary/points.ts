// Points with a meaning of their own.
import type { Point } from './summary';

/** The point that means a function's name. */
export const NAME: Point = Number.MIN_SAFE_INTEGER;
