// Neighbours: the functions that see the same object as another one: methods of its class, closures of the same maker.
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/** The other functions of the class, of the factory or of the module, constructors left out. */
export function neighboursOf(fn: ResolvedFunction, facts: Facts): readonly ResolvedFunction[] {
  const { class: owner, parent } = modelOf(fn);
  return fn.module.functionKeys.flatMap((key) => {
    const other = key === fn.key ? undefined : facts.program.functions.get(key);
    if (!other) return [];
    const model = modelOf(other);
    if (model.kind === 'constructor' || model.kind === 'module') return [];
    return owner === undefined ? (model.parent === parent && model.class === undefined ? [other] : []) : model.class === owner ? [other] : [];
  });
}
