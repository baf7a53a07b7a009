// Stale checks: what an access rests on, and whether the lock it is under was held then.
import type { CellAccess, Facts } from '../../summary/facts';
import type { LockKey } from '../../summary/keys';
import { behind } from '../../summary/origins';
import { modelOf } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** Reads of the same place that decided that an access happens, and reads that flow into what it writes. */
export interface Grounds {
  readonly tests: readonly CellAccess[];
  readonly values: readonly CellAccess[];
}

/** What an access rests on, as accesses of the same place. */
export function groundsOf(access: CellAccess, all: readonly CellAccess[], facts: Facts): Grounds {
  const fn = facts.program.functions.get(access.function);
  const operation = fn && modelOf(fn).operations[access.point];
  const values = fn && operation?.kind === 'write' ? behind(modelOf(fn), operation.depends) : new Set<Point>();
  const reads = access.restsOn.flatMap((point) => all.find((other) => other.function === access.function && other.point === point && !other.write) ?? []);
  return { tests: reads.filter((read) => !values.has(read.point)), values: reads.filter((read) => values.has(read.point)) };
}

/** Whether a read was made in the very same stretch under the lock as the access that rests on it. */
export function inSameSection(read: CellAccess, access: CellAccess, lock: LockKey): boolean {
  const taken = access.held.find((held) => held.lock === lock)?.taken;
  return taken === undefined ? read.held.every((held) => held.lock !== lock) : read.held.some((held) => held.lock === lock && held.taken === taken);
}
