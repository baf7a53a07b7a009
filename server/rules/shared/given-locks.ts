// Given locks: whether a callback takes the lock of an object that the function around it has been handed.
import type { Facts } from '../../summary/facts';
import type { FunctionKey, LockKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import type { Acquisition } from '../../summary/summary';

/** Where a callback in a function takes the lock of one of the function's parameters: `target.mutex`, with `target` the caller's choice. */
export function givenLock(outer: FunctionKey, callback: FunctionKey, lock: LockKey, facts: Facts): { acquisition: Acquisition; name: string } | undefined {
  const fn = facts.program.functions.get(outer);
  const inner = facts.program.functions.get(callback);
  if (!fn || !inner) return undefined;
  for (const acquisition of facts.summaryOf(callback)?.acquisitions ?? []) {
    const operation = acquisition.point < 0 ? undefined : modelOf(inner).operations[acquisition.point];
    if (acquisition.lock.key !== lock || acquisition.attempt || operation?.kind !== 'call' || operation.callee.kind !== 'place') continue;
    const { root, path } = operation.callee.place;
    // The lock itself, and what is done with it.
    if (root.kind !== 'variable' || root.function !== fn.index || path.length !== 2) continue;
    if (modelOf(fn).parameters.some(({ name }) => name === root.name)) return { acquisition, name: root.name };
  }
  return undefined;
}
