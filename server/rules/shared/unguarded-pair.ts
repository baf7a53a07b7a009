// Unguarded pairs: what shows that an access without a lock and a change elsewhere happen at the same time.
import { placeOf } from '../../model/calls';
import type { CellAccess, Facts } from '../../summary/facts';
import type { LockKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import { bothOffered, isUnguarded, type Meeting, meetingOf } from './shared-access';

export interface Evidence {
  /** The lock that the change is made under and the access is not. */
  readonly lock?: LockKey;
  readonly meeting?: Meeting;
}

/**
 * Why an access and a change of the same place may meet; undefined where nothing says so. A lock around the change shows
 * that company is expected, if the change's own class takes it; where its callers take it, they may do so around the
 * access as well.
 */
export function evidenceOf(access: CellAccess, change: CellAccess, facts: Facts): Evidence | undefined {
  const guards = [...facts.threadGuardsOf(change)].filter((lock) => lock !== change.cell.key);
  if (access !== change && guards.some((lock) => !isUnguarded(access, facts, lock))) return undefined;
  const meeting = meetingOf(access, change, facts);
  if (guards.length === 0) {
    if (!isUnguarded(access, facts) || !meeting || meeting.by === 'locking') return undefined;
    return isOnSharedObject(access, facts) && isOnSharedObject(change, facts) ? { meeting } : undefined;
  }
  const [lock] = guards;
  const own = change.held.some((held) => held.lock === lock) || (change.cell.owner !== undefined && lock.startsWith(`${change.cell.owner}.`));
  const known = meeting && !['locking', 'guess'].includes(meeting.by);
  if (!known && !(own && bothOffered(access, change, facts))) return undefined;
  return isOnSharedObject(access, facts) ? { lock, ...(meeting ? { meeting } : {}) } : undefined;
}

/** Whether a path begins at an object that is known to be shared: not at an argument, or at what a call has given. */
function isOnSharedObject(access: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function);
  const place = placeOf(fn && modelOf(fn).operations[access.point]);
  return place === undefined || !['parameter', 'result', 'unknown'].includes(place.root.kind);
}

/**
 * Whether the function has, under a lock, set a flag that the change asks for under the same lock: `self._closed = True`
 * and `if self._closed: raise`. After that nothing is changed any more.
 */
export function isClosedBefore(access: CellAccess, change: CellAccess, facts: Facts): boolean {
  const flags = (facts.summaryOf(access.function)?.accesses ?? []).filter(
    (each) => each.write && each.constant && !each.cell.element && each.point < access.point && each.held.length > 0,
  );
  if (flags.length === 0) return false;
  const askers = [change.function, ...(facts.program.callers.get(change.function)?.keys() ?? [])];
  return askers.some((key) =>
    (facts.summaryOf(key)?.accesses ?? []).some((read) => !read.write && read.held.length > 0 && flags.some((flag) => flag.cell.key === read.cell.key)),
  );
}
