// One at a time: the fix for what two calls of a coroutine function do to one place while they wait.
import type { Facts } from '../../summary/facts';
import { type CellKey, nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import type { FixIntent } from '../fix-intent';

/** A lock around these points, beside a field of the object itself or a variable of the module. One lock for all keys of a memory would be too much. */
export function oneAtATime(fn: ResolvedFunction, cell: CellKey, points: readonly Point[], facts: Facts): readonly FixIntent[] {
  if (fn.module.language !== 'python' || !modelOf(fn).isAsync) return [];
  const access = facts.summaryOf(fn.key)?.accesses.find((each) => each.cell.key === cell && points.includes(each.point) && each.write);
  if (!access || access.cell.element || (access.cell.owner !== undefined && !access.onReceiver)) return [];
  const name = nameOfKey(cell).split('.').at(-1)!;
  const [site, ...along] = points.map((point) => ({ function: fn.key, point }));
  return [{ kind: 'one-at-a-time', site, along, name, ...(access.cell.owner === undefined ? {} : { owner: access.cell.owner }) }];
}
