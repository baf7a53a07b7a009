// Detached contents: what a local still holds after something else has been put in the place that it came from.
import type { CellAccess, Facts } from '../../summary/facts';
import { modelOf } from '../../summary/resolved';

/**
 * Whether an access goes through a local to what has stood in the place before: `rows, self._rows = self._rows, []` takes
 * the list away from everybody else.
 */
export function isDetached(access: CellAccess, all: readonly CellAccess[], facts: Facts): boolean {
  if (!access.cell.element) return false;
  const fn = facts.program.functions.get(access.function);
  const depends = fn && modelOf(fn).operations[access.point].depends;
  return all.some((read) => !read.write && read.function === access.function && depends?.includes(read.point) && isReplacedBetween(read, access.point, all));
}

/** Whether the function that reads a place puts something else there before a point. */
export function isReplacedBetween(read: CellAccess, until: number, all: readonly CellAccess[]): boolean {
  return all.some((write) => write.write && !write.cell.element && write.function === read.function && write.point > read.point && write.point < until);
}
