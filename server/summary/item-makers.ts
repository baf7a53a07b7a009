// Item makers: the calls that made what stands in a container, such as the threads in a list of threads.
import { ELEMENT } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { type Made, makersOf, valuesAt } from './cells';
import { extractionOf } from './contents';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/** So many steps from an item to its container are followed. */
const DEPTH = 4;

/** The calls that made a value, also where it is taken out of a container: `for thread in self._threads`. */
export function* makersWithin(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value, depth = DEPTH): Iterable<Made> {
  if (value.kind !== 'place' || depth === 0) return;
  const { root, path } = value.place;
  if (path.at(-1) === ELEMENT) {
    yield* itemMakers(resolver, module, index, { kind: 'place', place: { root, path: path.slice(0, -1) } }, depth - 1);
    return;
  }
  const made = resultOf(value);
  const call = made === undefined ? undefined : module.module.functions[index].operations[made];
  const taken = call?.kind === 'call' ? extractionOf(call, apiName(resolver, module, index, call.callee)) : undefined;
  if (taken?.one) yield* itemMakers(resolver, module, index, taken.container, depth - 1);
  else yield* makersOf(resolver, module, index, value);
}

function* itemMakers(resolver: TypeResolver, module: ModuleInterface, index: number, container: Value, depth: number): Iterable<Made> {
  if (container.kind === 'collection') {
    for (const item of container.items) yield* makersWithin(resolver, module, index, item, depth);
    return;
  }
  if (container.kind !== 'place' || depth === 0) return;
  const made = resultOf(container);
  const call = made === undefined ? undefined : module.module.functions[index].operations[made];
  if (call?.kind === 'call') {
    const copied = extractionOf(call, apiName(resolver, module, index, call.callee));
    if (copied && !copied.one) yield* itemMakers(resolver, module, index, copied.container, depth - 1);
    return;
  }
  const found = valuesAt(resolver, module, index, container.place);
  if (!found) return;
  for (const { value, function: scope } of found.field.contents ?? []) yield* makersWithin(resolver, found.module, scope, value, depth);
  for (const { value, function: scope } of found.field.values) if (value.kind === 'collection') yield* itemMakers(resolver, found.module, scope, value, depth);
}

function apiName(resolver: TypeResolver, module: ModuleInterface, index: number, callee: Value): string | undefined {
  const type = resolver.typeOf(module, index, callee);
  return type?.kind === 'api' ? type.name : undefined;
}
