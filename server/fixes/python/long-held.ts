// Long held: whether a lock is held somewhere while its holder waits, so that taking it anywhere else may take as long.
import type { FunctionKey, LockKey } from '../../summary/keys';
import type { Program } from '../../summary/program';
import { modelOf } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Summary } from '../../summary/summary';

const WAITING = new Set(['sleep', 'io', 'process', 'queue']);

/** Whether some function sleeps, waits for a connection, a program or a queue, or for what others do, with a lock held. */
export function isHeldLong(program: Program, lock: LockKey): boolean {
  for (const [key, summary] of program.summaries) if (summary.mayAcquire.has(lock) && waitsWith(program, key, summary, lock)) return true;
  return false;
}

function waitsWith(program: Program, key: FunctionKey, summary: Summary, lock: LockKey): boolean {
  const isHeld = (held: readonly { readonly lock: LockKey }[]) => held.some((each) => each.lock === lock);
  if (summary.waits.some(({ held, releases }) => releases !== lock && isHeld(held))) return true;
  const fn = program.functions.get(key);
  const around = fn && enclosing(modelOf(fn));
  const under = new Set([...summary.uses, ...summary.calls].flatMap(({ point, held }) => (isHeld(held) ? [point] : [])));
  const byHand = [...(fn?.calls ?? [])].flatMap(([point, { locks }]) => (locks.some((each) => each.lock.key === lock) ? [point] : []));
  for (const [point, call] of fn?.calls ?? []) {
    const isBetween = byHand.length > 1 && byHand[0] < point && point < byHand.at(-1)!;
    const isInside = isBetween || under.has(point) || around!.get(point)?.some((outer) => outer.kind === 'with' && fn!.withs[~outer.point]?.lock?.key === lock);
    if (!isInside || call.waits?.releases === lock) continue;
    const waits = (target: FunctionKey) => [...(program.summaries.get(target)?.blocks.keys() ?? [])].some((kind) => WAITING.has(kind));
    if (call.blocks.some((kind) => WAITING.has(kind)) || call.targets.some(waits)) return true;
  }
  return false;
}
