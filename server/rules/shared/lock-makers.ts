// Lock makers: which call of a function made the lock that is taken at one of its points.
import { resultOf, type Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { withAt } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** The call whose outcome is the lock taken at a point; undefined where it comes from elsewhere. */
export function makerOf(fn: ResolvedFunction, point: Point): number | undefined {
  return resultOf(point < 0 ? withAt(modelOf(fn), point)?.value : calledOn(fn, point));
}

function calledOn(fn: ResolvedFunction, point: Point): Value | undefined {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call' || operation.callee.kind !== 'place') return undefined;
  return { kind: 'place', place: { root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) } };
}
