// Process sides: whether a function runs in a child process, in the process that starts it, or in both.
import { CALLER, MAIN, rootParts } from '../../summary/contexts';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';

/** `unknown`: nothing is known to run it. */
export type Side = 'child' | 'parent' | 'both' | 'unknown';

/** Where a function runs, by the roots that reach it; threads, timers and tasks belong to whoever starts them. */
export function sideOf(facts: Facts, key: FunctionKey, seen: ReadonlySet<FunctionKey> = new Set()): Side {
  let side: Side = 'unknown';
  if (seen.has(key)) return side;
  const inner = new Set([...seen, key]);
  for (const root of facts.contextOf(key).roots) {
    const { kind, function: started } = rootParts(root);
    if (kind === 'process') side = merge(side, 'child');
    else if (root === MAIN || root === CALLER || started === undefined) side = merge(side, 'parent');
    else {
      const starters = [...(facts.program.spawners.get(started)?.keys() ?? [])];
      if (starters.length === 0) side = merge(side, 'parent');
      for (const starter of starters) side = merge(side, sideOf(facts, starter, inner));
    }
  }
  return side;
}

/** Whether a process root reaches a function; cheap, for leaving early. */
export function runsInProcess(facts: Facts, key: FunctionKey): boolean {
  return facts.contextOf(key).roots.some((root) => root.startsWith('process'));
}

/** Whether several processes run it, or one that is started several times. */
export function runsInSeveral(facts: Facts, key: FunctionKey): boolean {
  const roots = facts
    .contextOf(key)
    .roots.map(rootParts)
    .filter(({ kind }) => kind === 'process');
  return roots.some(({ many }) => many) || roots.length > 1;
}

/** Whether a function is reached by a root that interrupts: a signal's handler runs in every process that has it. */
export function interrupts(facts: Facts, key: FunctionKey): boolean {
  return facts.contextOf(key).roots.some((root) => /^(?:signal|finalizer|callback)$/.test(rootParts(root).kind));
}

function merge(a: Side, b: Side): Side {
  if (a === 'unknown') return b;
  return b === 'unknown' || a === b ? a : 'both';
}
