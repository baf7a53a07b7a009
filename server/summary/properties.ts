// Properties: reading or setting an attribute that runs code, which is a call without brackets.
import type { Operation } from '../model/operation';
import type { FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { ResolvedCall } from './resolved';
import type { TypeResolver } from './type-resolver';

/** What reading or writing a place runs; undefined where that is nothing. Python alone. */
export function resolveProperty(
  resolver: TypeResolver,
  module: ModuleInterface,
  index: number,
  operation: Operation & { kind: 'read' | 'write' },
): ResolvedCall | undefined {
  if (module.language !== 'python') return undefined;
  const { place } = operation;
  const targets: FunctionKey[] = [];
  for (const [position, step] of place.path.entries()) {
    const holder = resolver.typeOfPlace(module, index, place, position);
    if (holder?.kind !== 'instance') continue;
    const isSet = operation.kind === 'write' && position === place.path.length - 1;
    const accessor = resolver.method(holder.class, isSet ? `${step}=` : step);
    if (accessor === undefined) continue;
    const descriptor = descriptorOf(resolver, accessor);
    if (isSet || descriptor !== undefined || kindOf(resolver, accessor) === 'property') targets.push(accessor);
    if (descriptor !== undefined) targets.push(descriptor);
  }
  if (targets.length === 0) return undefined;
  return {
    targets,
    overriding: new Set(),
    callbacks: [],
    spawns: [],
    locks: [],
    touches: [],
    joins: false,
    awaits: false,
    runsLoop: false,
    tellsThread: false,
    blocks: [],
    given: [],
    wraps: false,
  };
}

/** `__get__` of the workspace class that a method is decorated with: a home-made property. */
export function descriptorOf(resolver: TypeResolver, method: FunctionKey): FunctionKey | undefined {
  const place = resolver.functionAt(method);
  for (const decorator of place?.module.module.functions[place.index].decorators ?? []) {
    const type = resolver.typeOf(place!.module, 0, decorator);
    const getter = type?.kind === 'class' ? resolver.method(type.class, '__get__') : undefined;
    if (getter !== undefined) return getter;
  }
  return undefined;
}

function kindOf(resolver: TypeResolver, key: FunctionKey): string | undefined {
  const place = resolver.functionAt(key);
  return place?.module.module.functions[place.index].kind;
}
