// Lock makers: which calls made the lock that is taken at a point of a function, and whether it can be nothing else.
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { withAt } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** The call whose outcome is the lock taken at a point; undefined where it comes from elsewhere. */
export function makerOf(fn: ResolvedFunction, point: Point): number | undefined {
  return resultOf(point < 0 ? withAt(modelOf(fn), point)?.value : calledOn(fn, point));
}

const MAKES = /^(?:threading|multiprocessing|asyncio)\.(?:Lock|RLock|Semaphore|BoundedSemaphore|Condition)$/;

/** Whether what is taken by a call is a library's lock for certain: made in the function, or all that is ever put in its place. */
export function isLibraryLock(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const made = makerOf(fn, point);
  if (made !== undefined) return makesLock(fn, made);
  const cell = facts.summaryOf(fn.key)?.uses.find((use) => use.point === point)?.cell.key;
  const writes = cell === undefined ? [] : facts.accessesOf(cell).filter((access) => access.write);
  return (
    writes.length > 0 &&
    writes.every((access) => {
      const writer = facts.program.functions.get(access.function);
      const operation = writer && modelOf(writer).operations[access.point];
      const maker = operation?.kind === 'write' && operation.either === undefined ? resultOf(operation.value) : undefined;
      return maker !== undefined && makesLock(writer!, maker);
    })
  );
}

function makesLock(fn: ResolvedFunction, point: Point): boolean {
  return MAKES.test(fn.calls.get(point)?.api?.name ?? '');
}

function calledOn(fn: ResolvedFunction, point: Point): Value | undefined {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call' || operation.callee.kind !== 'place') return undefined;
  return { kind: 'place', place: { root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) } };
}
