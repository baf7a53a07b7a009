// Class makers: what runs besides `__init__` when a Python class is called: `__new__`, and what a decorator put in its place.
import type { ClassKey, FunctionKey } from './keys';
import type { TypeResolver } from './type-resolver';

export function madeBy(resolver: TypeResolver, key: ClassKey): readonly FunctionKey[] {
  const maker = resolver.method(key, '__new__');
  return [...(maker === undefined ? [] : [maker]), ...replacements(resolver, key)];
}

/** The inner functions that decorators of the class return: `@singleton` gives one that looks for the only object. */
function replacements(resolver: TypeResolver, key: ClassKey): FunctionKey[] {
  const module = resolver.moduleOfClass(key);
  const declared = resolver.classAt(key);
  const decorators = module && declared ? module.module.classes[declared.index].decorators : [];
  return decorators.flatMap((decorator) => {
    const type = resolver.typeOf(module!, 0, decorator);
    const place = type?.kind === 'function' ? resolver.functionAt(type.function) : undefined;
    if (!place) return [];
    const { operations } = place.module.module.functions[place.index];
    return operations.flatMap((operation) =>
      operation.kind === 'return' && operation.value.kind === 'function' ? [place.module.functionKeys[operation.value.function]] : [],
    );
  });
}
