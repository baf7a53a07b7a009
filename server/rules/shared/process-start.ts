// Process start: the step by which a function comes to start a process, itself, through its calls, or through tasks and threads that it starts.
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import type { Witness } from '../../summary/summary';

/** Undefined where a function starts no process. What it hands to the event loop or to threads is followed inside its file. */
export function processStart(key: FunctionKey, facts: Facts, seen = new Set<FunctionKey>()): Witness | undefined {
  const summary = facts.summaryOf(key);
  if (!summary || summary.startsProcess || seen.has(key)) return summary?.startsProcess;
  seen.add(key);
  const inFile = (other: FunctionKey) => fileOfKey(other) === fileOfKey(key);
  for (const { as, guarded, point, function: next } of summary.spawns) {
    if (!guarded && startsSoon(as) && next !== undefined && inFile(next) && processStart(next, facts, seen)) return { point, next };
  }
  for (const { point, target: next } of summary.calls) {
    if (summary.unguardedCalls.has(point) && inFile(next) && processStart(next, facts, seen)) return { point, next };
  }
  return undefined;
}

/** What is started so begins to run soon, whether or not anybody waits for it. */
export function startsSoon(as: string): boolean {
  return as === 'thread' || as === 'timer' || as === 'task';
}
