// Class makers: what runs besides `__init__` when a Python class is called: `__new__`, what a decorator put in its place, and its metaclass.
import type { ClassKey, FunctionKey } from './keys';
import type { TypeResolver } from './type-resolver';

export function madeBy(resolver: TypeResolver, key: ClassKey): readonly FunctionKey[] {
  const maker = resolver.method(key, '__new__');
  const called = calledOnMetaclass(resolver, key);
  return [...(maker === undefined ? [] : [maker]), ...replacements(resolver, key), ...(called === undefined ? [] : [called])];
}

/** `__call__` of the workspace class that makes the instances of a class: a singleton's often gives the one that is there. */
export function calledOnMetaclass(resolver: TypeResolver, key: ClassKey): FunctionKey | undefined {
  for (const ancestor of resolver.lineage(key)) {
    const module = resolver.moduleOfClass(ancestor);
    const declared = resolver.classAt(ancestor);
    const metaclass = module && declared && module.module.classes[declared.index].metaclass;
    const type = metaclass && resolver.typeOf(module, 0, metaclass);
    if (type?.kind === 'class') return resolver.method(type.class, '__call__');
  }
  return undefined;
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
