// Import time: what only modules' bodies run, while they are imported, before anybody has started a thread.
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';

const DEPTH = 4;

/**
 * Whether the main program comes to a function only by calls that stand outside the main guard in modules that start
 * nothing themselves: decorators that register something, tables that are filled.
 */
export function isImportTime(key: FunctionKey, facts: Facts): boolean {
  const seen = new Set([key]);
  let layer: FunctionKey[] = [key];
  let found = false;
  for (let depth = 0; depth < DEPTH && layer.length > 0; depth++) {
    const next: FunctionKey[] = [];
    for (const callee of layer) {
      for (const [caller, sites] of facts.program.callers.get(callee) ?? []) {
        const fn = facts.program.functions.get(caller);
        if (fn && modelOf(fn).kind === 'module') {
          const body = facts.summaryOf(caller);
          if (!body || body.spawns.length > 0 || sites.some((site) => !body.unguardedCalls.has(site.point)) || startsSomething(caller, facts)) return false;
          found = true;
        } else if (!seen.has(caller)) {
          seen.add(caller);
          next.push(caller);
        }
      }
    }
    layer = next;
  }
  return found && layer.length === 0;
}

/** Whether a module's body, or what it calls, starts threads. */
function startsSomething(body: FunctionKey, facts: Facts): boolean {
  const seen = new Set([body]);
  let layer: readonly FunctionKey[] = [body];
  for (let depth = 0; depth < DEPTH && layer.length > 0; depth++) {
    const next: FunctionKey[] = [];
    for (const key of layer) {
      const summary = facts.summaryOf(key);
      if (summary?.spawns.some((spawn) => spawn.as === 'thread' || spawn.as === 'timer')) return true;
      for (const { target } of summary?.calls ?? []) {
        if (seen.has(target)) continue;
        seen.add(target);
        next.push(target);
      }
    }
    layer = next;
  }
  return false;
}
