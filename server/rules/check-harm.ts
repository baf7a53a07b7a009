// Check harm: what it costs when two threads both pass a check and both write.
import { ELEMENT, type Place } from '../model/place';
import type { CellAccess, Facts } from '../summary/facts';
import { modelOf } from '../summary/resolved';
import { MAKES } from './makes';

/**
 * `made`: something is made twice that has to be given back, or that others count on being one; `container`: the
 * second one throws away what was put into the first; `instance`: two objects where one was meant; `none`: the same
 * value worked out twice.
 */
export type Harm = 'made' | 'container' | 'instance' | 'none';

export function harmOf(check: CellAccess, facts: Facts): Harm {
  if (check.called !== undefined && MAKES.test(check.called)) return 'made';
  if (losesContents(check, facts)) return 'container';
  if (check.constant) return 'none';
  const written = facts.summaryOf(check.function)?.accesses.filter((access) => access.write && access.checked) ?? [];
  if (new Set(written.map((access) => access.cell.key)).size > 1) return 'made';
  if (facts.isWrittenElsewhere(check.cell.key, check.function)) return 'made';
  return isInstance(check, facts) ? 'instance' : 'none';
}

/** An empty list is put where none was, and the same function then puts something into what stands there. */
function losesContents(check: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(check.function);
  const operation = fn && modelOf(fn).operations[check.point];
  if (!fn || operation?.kind !== 'write' || operation.value.kind !== 'collection' || operation.value.type === 'tuple') return false;
  return modelOf(fn).operations.some((other, number) => {
    if (number <= check.point) return false;
    if (other.kind === 'call' && other.callee.kind === 'place')
      return GROWS.test(other.callee.place.path.at(-1) ?? '') && isUnder(other.callee.place, operation.place, other.callee.place.path.length - 1);
    return (
      other.kind === 'write' &&
      other.mode !== 'delete' &&
      other.place.path.at(-1) === ELEMENT &&
      isUnder(other.place, operation.place, other.place.path.length - 1)
    );
  });
}

const GROWS = /^(?:append|appendleft|add|insert|extend|update|setdefault)$/;

/** Whether the first steps of a place are another place. */
function isUnder(place: Place, holder: Place, steps: number): boolean {
  return JSON.stringify(place.root) === JSON.stringify(holder.root) && place.path.slice(0, steps).join() === holder.path.join();
}

/** A new object of a class of the workspace is written. */
function isInstance(check: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(check.function);
  const operation = fn && modelOf(fn).operations[check.point];
  if (!fn || operation?.kind !== 'write' || operation.value.kind !== 'place') return false;
  const { root, path } = operation.value.place;
  return root.kind === 'result' && path.length === 0 && facts.program.resolver.typeOf(fn.module, fn.index, operation.value)?.kind === 'instance';
}
