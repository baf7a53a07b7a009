// Class-level state: fields that stand in a class's body and that no object has a copy of.
import type { CellAccess, Facts } from '../../summary/facts';
import { modelOf } from '../../summary/resolved';

/**
 * Whether a place is one for all objects: the class's body makes it, and nothing gives an object one of its own. What is
 * in such a container is everybody's, though it is reached by `self`.
 */
export function isOfClass({ cell }: CellAccess, facts: Facts): boolean {
  if (cell.owner === undefined) return false;
  const field = facts.program.resolver.classAt(cell.owner)?.fields.get(cell.key.slice(cell.owner.length + 1));
  if (!field?.values.some(({ function: scope }) => scope === 0)) return false;
  return !facts.accessesOf(cell.key).some((each) => each.write && !each.cell.element && isOnReceiver(each, facts));
}

/** Written through `self`, which gives the object a place of its own. */
function isOnReceiver(access: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function);
  const operation = fn && modelOf(fn).operations[access.point];
  return operation?.kind === 'write' && operation.place.root.kind === 'receiver';
}
