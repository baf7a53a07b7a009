// Decorator locks: locks that a decorator's wrapper holds around the function that it wraps.
import type { Value } from '../model/value';
import { type LockReference, lockOf } from './cells';
import type { FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import { enclosing } from './structure';
import type { TypeResolver } from './type-resolver';

/** The locks that are held whenever a decorated function runs, as the function itself would name them. */
export function locksOfDecorators(resolver: TypeResolver, module: ModuleInterface, index: number): LockReference[] {
  const fn = module.module.functions[index];
  return fn.decorators.flatMap((decorator) => {
    const type = resolver.typeOf(module, fn.parent ?? 0, decorator);
    const wrapper = type?.kind === 'function' ? wrapperOf(resolver, type.function) : undefined;
    return wrapper === undefined ? [] : locksIn(resolver, wrapper, module, index);
  });
}

/** The function that a decorator puts in the place of the one it is given: defined in it, and calling its parameter. */
function wrapperOf(resolver: TypeResolver, decorator: FunctionKey): Wrapper | undefined {
  const place = resolver.functionAt(decorator);
  if (!place) return undefined;
  const { functions } = place.module.module;
  const wrapped = functions[place.index].parameters[0]?.name;
  for (const [index, fn] of functions.entries()) {
    if (fn.parent !== place.index) continue;
    const call = fn.operations.findIndex((operation) => operation.kind === 'call' && isVariable(operation.callee, place.index, wrapped));
    if (call >= 0) return { module: place.module, index, call };
  }
  return undefined;
}

interface Wrapper {
  readonly module: ModuleInterface;
  readonly index: number;
  /** Where it calls what it wraps. */
  readonly call: number;
}

function isVariable(value: Value, owner: number, name: string | undefined): boolean {
  if (value.kind !== 'place' || value.place.path.length > 0 || value.place.root.kind !== 'variable') return false;
  return value.place.root.function === owner && value.place.root.name === name;
}

/** The locks of the with steps around that call. */
function locksIn(resolver: TypeResolver, wrapper: Wrapper, module: ModuleInterface, index: number): LockReference[] {
  const owner = module.module.functions[index].class;
  const around = enclosing(wrapper.module.module.functions[wrapper.index]).get(wrapper.call) ?? [];
  return around.flatMap((each) => {
    if (each.kind !== 'with') return [];
    const { value } = each.step;
    const lock =
      owner !== undefined && isOfFirstParameter(value)
        ? lockOf(resolver, module, index, { kind: 'place', place: { root: { kind: 'receiver', class: owner }, path: value.place.path } })
        : lockOf(resolver, wrapper.module, wrapper.index, value);
    return lock?.kind && !lock.dynamic && !lock.perCall ? [lock] : [];
  });
}

/** `self._lock` of a wrapper `def wrapper(self, *args)`. */
function isOfFirstParameter(value: Value): value is Value & { kind: 'place' } {
  return value.kind === 'place' && value.place.root.kind === 'parameter' && value.place.root.index === 0 && value.place.path.length === 1;
}
