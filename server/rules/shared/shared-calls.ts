// Shared calls: where a call that is under way can serve everybody who calls meanwhile.
import { methodOf } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { isSum } from '../../summary/written-values';
import type { FixIntent } from '../fix-intent';

/** Functions that give each caller something of its own. */
const HANDS_OUT =
  /^[_#]*(?:take|next|acquire|alloc\w*|reserve|pop|shift|dequeue|check_?out|draw|claim|borrow|lease|add|push|append|increment|consume|count)(?![a-z])/i;

/**
 * The fix that shares a call of a TypeScript function, which checks a place at one site and fills it at another: not where each
 * call counts, where callers get something of their own, or where a call leads to another one, which would wait for itself.
 * `element` tells that the place is an entry of a collection.
 */
export function sharedCall(fn: ResolvedFunction, site: Site, checked: Site, element: boolean, facts: Facts): FixIntent[] {
  const model = modelOf(fn);
  if (fn.module.language !== 'typescript' || checked.function !== fn.key || site.function !== fn.key || HANDS_OUT.test(model.name)) return [];
  const written = model.operations[site.point];
  if ((written.kind === 'write' && (written.mode !== 'assign' || isSum(written))) || callsItself(fn, facts)) return [];
  if (!element) return [{ kind: 'share-call', site, checked }];
  const key = keyOf(model.operations, checked.point);
  return key === undefined ? [] : [{ kind: 'share-call', site, checked, key: model.parameters[key].name }];
}

/** The parameter by which an entry is looked up: `entries[key]`, `entries.get(key)`. */
function keyOf(operations: readonly Operation[], checked: Point): number | undefined {
  const read = operations[checked];
  const asked = operations.find((each): each is Call => each.kind === 'call' && each.depends.includes(checked) && /^(?:get|has)$/.test(methodOf(each)));
  const value = (read.kind === 'read' ? read.key?.value : undefined) ?? asked?.arguments[0]?.value;
  return value?.kind === 'place' && value.place.path.length === 0 && value.place.root.kind === 'parameter' ? value.place.root.index : undefined;
}

/** Whether a call of a function leads to another call of it. */
function callsItself(fn: ResolvedFunction, facts: Facts): boolean {
  const seen = new Set<string>();
  const open = [fn];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const { target } of facts.summaryOf(next.key)?.calls ?? []) {
      if (target === fn.key) return true;
      const callee = seen.has(target) ? undefined : facts.program.functions.get(target);
      seen.add(target);
      if (callee) open.push(callee);
    }
  }
  return false;
}
