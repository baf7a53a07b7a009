// The calls of the map: ways between the functions that are shown, those in between taken out.
import { closureOf } from '../summary/components';
import type { Facts } from '../summary/facts';
import { innerMap } from '../summary/grouping';
import type { FunctionKey } from '../summary/keys';

/** Caller → callee → how many functions lie between. */
export type ShownCalls = ReadonlyMap<FunctionKey, ReadonlyMap<FunctionKey, number>>;

/**
 * The calls among functions of which some matter. `starts` are further functions where ways begin (the bodies of files).
 * What is on a way from any of them to one that matters is taken out of the ways where only one leads in or only one goes
 * on, which makes no edge more; where several meet and part, the function stays, or all would lead to all. The keys of the
 * outcome are the functions that are shown; a start that leads nowhere is not among them.
 */
export function shownCalls(matter: ReadonlySet<FunctionKey>, starts: Iterable<FunctionKey>, facts: Facts): ShownCalls {
  const { callers } = facts.program;
  const leading = closureOf(matter, (key) => callers.get(key)?.keys() ?? []);
  const first = [...starts].filter((key) => leading.has(key));
  const kept = new Set([...matter, ...first]);
  const reached = closureOf(kept, (key) => facts.summaryOf(key)?.calls.flatMap(({ target }) => (leading.has(target) ? [target] : [])) ?? []);
  const out = new Map<FunctionKey, Map<FunctionKey, number>>();
  const into = new Map<FunctionKey, Map<FunctionKey, number>>();
  const connect = (from: FunctionKey, to: FunctionKey, between: number) => {
    if (from === to) return;
    const least = Math.min(between, out.get(from)?.get(to) ?? between);
    innerMap(out, from).set(to, least);
    innerMap(into, to).set(from, least);
  };
  for (const key of [...reached].sort()) {
    innerMap(out, key);
    for (const { target } of facts.summaryOf(key)?.calls ?? []) if (reached.has(target)) connect(key, target, 0);
  }
  const remove = (key: FunctionKey) => {
    const [before, after] = [into.get(key) ?? new Map<FunctionKey, number>(), out.get(key)!];
    for (const from of before.keys()) out.get(from)!.delete(key);
    for (const to of after.keys()) into.get(to)!.delete(key);
    for (const [from, one] of before) for (const [to, other] of after) connect(from, to, one + other + 1);
    out.delete(key);
    into.delete(key);
  };
  for (let waiting = [...out.keys()].filter((key) => !kept.has(key)), before = Infinity; waiting.length < before; ) {
    before = waiting.length;
    waiting = waiting.filter((key) => {
      if ((into.get(key)?.size ?? 0) > 1 && out.get(key)!.size > 1) return true;
      remove(key);
      return false;
    });
  }
  return out;
}
