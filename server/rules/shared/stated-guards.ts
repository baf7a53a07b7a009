// Stated guards: which accesses of an annotated place are made without the lock that the annotation names.
import type { Value } from '../../model/value';
import { lockOf } from '../../summary/cells';
import { rootParts } from '../../summary/contexts';
import type { CellAccess, Facts } from '../../summary/facts';
import { ASSUMED_LOCK, type CellKey, type FunctionKey, isClaim, isNameless, type LockKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import { isDetached } from './detached-contents';
import { makersOf } from './guarding-lock';
import { isImportTime } from './import-time';
import { isForOwner } from './thread-owners';

/** Methods in which an object is made, copied, shown or done away with: nobody else has it, or nobody relies on it. */
const APART = /^__(?:new|post_init|init_subclass|setstate|getstate|copy|deepcopy|reduce|reduce_ex|repr|str|del)__$/;

/** Whether an access is made without the lock that an annotation names for its place, where others may have the place by then. */
export function breaksStatement(access: CellAccess, facts: Facts): boolean {
  const guard = facts.stated.of(access.cell.key);
  if (!guard || isHeld(guard.lock, facts.guardsOf(access)) || !needsGuard(access, facts)) return false;
  if (makersOf(guard.lock, facts).has(access.function) || mayHoldOtherwise(access.function, guard.lock, facts)) return false;
  return (
    !isThroughLocal(access, guard.cell, facts) ||
    (access.write && access.cell.key === guard.cell && !isDetached(access, facts.accessesOf(access.cell.key), facts))
  );
}

/**
 * Whether a function may hold a lock in a way that is not followed: it gives back what somebody else has taken
 * (`__exit__`), or hands the lock to what may take it (`stack.enter_context(self._lock)`).
 */
export function mayHoldOtherwise(key: FunctionKey, lock: LockKey, facts: Facts): boolean {
  if (facts.summaryOf(key)?.releases.includes(lock)) return true;
  const fn = facts.program.functions.get(key);
  if (!fn) return false;
  const isIt = (value: Value) => lockOf(facts.program.resolver, fn.module, fn.index, value)?.key === lock;
  return modelOf(fn).operations.some((operation) => operation.kind === 'call' && operation.arguments.some(({ value }) => isIt(value)));
}

/** Whether others may have the place by the time of an access, so that a lock which guards it has to be held. */
export function needsGuard(access: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function);
  const model = fn && modelOf(fn);
  if (!model || access.owned || model.kind === 'module' || APART.test(model.name) || isForOwner(fn, access.point)) return false;
  // Each process has a copy of its own; what nobody is known to reach may have callers that hold the lock.
  if (!facts.rootsOf(access).some((root) => rootParts(root).kind !== 'process')) return false;
  return !(access.onReceiver && facts.contextOf(access.function).constructing) && !isImportTime(access.function, facts);
}

/** Whether a lock, or one that may be it, is among those that are held. */
export function isHeld(lock: LockKey, held: ReadonlySet<LockKey>): boolean {
  return held.has(lock) || held.has(ASSUMED_LOCK) || [...held].some((other) => !isClaim(other) && isNameless(other));
}

/**
 * Whether an access is to what an earlier statement has fetched from the place: `rows = self._rows` under the lock, `rows[0]`
 * after it. The annotation speaks of the place, and what has been fetched may be a list that nobody changes any more.
 */
function isThroughLocal(access: CellAccess, guarded: CellKey, facts: Facts): boolean {
  if (!access.cell.element && access.cell.key === guarded) return false;
  const { operations } = modelOf(facts.program.functions.get(access.function)!);
  const { depends, statement } = operations[access.point];
  return [guarded, access.cell.key].some((cell) =>
    facts
      .accessesOf(cell)
      .some((read) => !read.write && read.function === access.function && depends.includes(read.point) && operations[read.point].statement !== statement),
  );
}
