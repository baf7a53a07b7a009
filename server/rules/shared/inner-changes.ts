// Inner changes: where a file puts something into collections that are kept in another one, or takes something out of them.
import { methodOf } from '../../model/calls';
import type { Operation } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { CellAccess, Facts } from '../../summary/facts';
import type { CellKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/** The changes, each with what is known of the read of the outer collection before it: `self.topics.setdefault(topic, set()).add(one)`. */
export function innerChanges(cell: CellKey, facts: Facts): readonly CellAccess[] {
  return facts.accessesOf(cell).flatMap((access) => {
    const fn = access.write ? undefined : facts.program.functions.get(access.function);
    if (!fn) return [];
    return modelOf(fn).operations.flatMap((operation, point) => (changesInner(fn, operation, access.point) ? [{ ...access, point, write: true }] : []));
  });
}

function changesInner(fn: ResolvedFunction, operation: Operation, read: number): boolean {
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
  const { root, path } = operation.callee.place;
  if (root.kind !== 'result' || !CHANGES.test(path.at(-1) ?? '')) return false;
  const found = modelOf(fn).operations[root.operation];
  if (found.kind !== 'call' || found.callee.kind !== 'place' || !found.depends.includes(read)) return false;
  const name = methodOf(found);
  const steps = path.slice(0, -1);
  return steps.length === 0 ? /^(?:get|setdefault)$/.test(name) : /^(?:values|items)$/.test(name) && steps.every((step) => step === ELEMENT);
}

const CHANGES = /^(?:append|appendleft|add|insert|extend|update|remove|discard|pop|popleft|popitem|clear)$/;
