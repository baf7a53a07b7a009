// Decorator locks: locks that a decorator's wrapper holds around the function that it wraps.
import type { Value } from '../model/value';
import { forEachWith } from './with-steps';
import { type LockReference, lockOf } from './cells';
import type { FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
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
function wrapperOf(resolver: TypeResolver, decorator: FunctionKey): FunctionKey | undefined {
  const place = resolver.functionAt(decorator);
  if (!place) return undefined;
  const { functions } = place.module.module;
  const wrapped = functions[place.index].parameters[0]?.name;
  const inner = functions.findIndex(
    (fn) =>
      fn.parent === place.index &&
      fn.operations.some(
        ({ kind, ...call }) =>
          kind === 'call' &&
          'callee' in call &&
          call.callee.kind === 'place' &&
          call.callee.place.path.length === 0 &&
          call.callee.place.root.kind === 'variable' &&
          call.callee.place.root.function === place.index &&
          call.callee.place.root.name === wrapped,
      ),
  );
  return inner < 0 ? undefined : place.module.functionKeys[inner];
}

function locksIn(resolver: TypeResolver, wrapper: FunctionKey, module: ModuleInterface, index: number): LockReference[] {
  const place = resolver.functionAt(wrapper)!;
  const fn = place.module.module.functions[place.index];
  const owner = module.module.functions[index].class;
  const found: LockReference[] = [];
  forEachWith(fn.body, (step) => {
    const lock =
      owner !== undefined && isOfFirstParameter(step.value)
        ? lockOf(resolver, module, index, { kind: 'place', place: { root: { kind: 'receiver', class: owner }, path: step.value.place.path } })
        : lockOf(resolver, place.module, place.index, step.value);
    if (lock?.kind && !lock.dynamic && !lock.perCall) found.push(lock);
  });
  return found;
}

/** `self._lock` of a wrapper `def wrapper(self, *args)`. */
function isOfFirstParameter(value: Value): value is Value & { kind: 'place' } {
  return value.kind === 'place' && value.place.root.kind === 'parameter' && value.place.root.index === 0 && value.place.path.length === 1;
}
