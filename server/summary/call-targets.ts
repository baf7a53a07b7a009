// Call targets: which functions of the workspace, and which entry of the library, a call runs.
import type { ApiEntry } from '../model/library';
import type { Call, Operation } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { type ClassKey, classOfMethod, type FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { ResolvedSpawn } from './resolved';
import type { TypeResolver } from './type-resolver';
import type { Type } from './types';

/** A decorator's wrapper calls the function that it was given: any of those that are decorated with it. */
export function decoratedTargets(resolver: TypeResolver, module: ModuleInterface, call: Call): readonly FunctionKey[] {
  if (call.callee.kind !== 'place' || call.callee.place.path.length > 0 || call.callee.place.root.kind !== 'variable') return [];
  const { root } = call.callee.place;
  if (module.module.functions[root.function].parameters[0]?.name !== root.name) return [];
  return resolver.decoratedWith(module.functionKeys[root.function]);
}

/** More subclasses than this say nothing any more about which one is meant. */
export const MAX_OVERRIDES = 12;

/**
 * A method called through `self` or a typed object may be a subclass's, also one that the class itself does not have.
 * `super().method()` and `Class.method()` mean just one.
 */
export function methodsOf(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, target: FunctionKey | undefined): FunctionKey[] {
  const own = target === undefined ? [] : [target];
  if (call.callee.kind !== 'place' || call.callee.place.path.length === 0) return own;
  const holder = resolver.typeOfPlace(module, index, call.callee.place, call.callee.place.path.length - 1);
  if (!holder && target === undefined) return methodByName(resolver, module, call.callee.place);
  if (holder?.kind !== 'instance' || holder.exact) return own;
  const found = resolver.overrides(holder.class, call.callee.place.path.at(-1)!).filter((key) => key !== target);
  return found.length <= MAX_OVERRIDES ? [...own, ...found] : own;
}

/** A queue or an event has a lock of its own; what threads do to it through its methods needs no other. */
export function guardsItself(resolver: TypeResolver, module: ModuleInterface, method: ApiEntry): boolean {
  const owner = resolver.api(module.language, method.name.slice(0, method.name.lastIndexOf('.')));
  return owner?.semantics.threadSafe === true;
}

/** Where people do not write types, a method's name often says whose it is. `self.name()` that no class has is left alone. */
export function methodByName(resolver: TypeResolver, module: ModuleInterface, place: Place): FunctionKey[] {
  const name = place.path.at(-1)!;
  if (place.root.kind === 'global' || place.root.kind === 'import' || name.startsWith('__') || name === ELEMENT) return [];
  const only = resolver.onlyMethodNamed(module, name);
  return only === undefined ? [] : [only];
}

/** The library's entry of what is called: a function or class, an object that can be called, or the constructor of a base class. */
export function apiOf(resolver: TypeResolver, module: ModuleInterface, callee: Type | undefined): ApiEntry | undefined {
  if (callee?.kind === 'api') return resolver.api(module.language, callee.name);
  if (callee?.kind === 'library') return resolver.api(module.language, `${callee.name}.__call__`);
  return constructorOfBase(resolver, module, callee);
}

/** The call that gave the value that is called: `m.acquire()` of `const release = await m.acquire(); release()`. */
export function acquiredBy(module: ModuleInterface, index: number, value: Value): Call | undefined {
  const { operations } = module.module.functions[index];
  for (let at = resultOf(value); at !== undefined; ) {
    const operation: Operation | undefined = operations[at];
    if (operation?.kind === 'call') return operation;
    at = operation?.kind === 'await' ? resultOf(operation.value) : undefined;
  }
  return undefined;
}

/** Constructing an instance of `class Worker(Thread)` stands for starting it. */
export function startedBy(resolver: TypeResolver, module: ModuleInterface, key: ClassKey): ResolvedSpawn[] {
  return resolver.libraryBases(key).flatMap((base) =>
    (resolver.api(module.language, base)?.entryMethods ?? []).flatMap(({ method, as, many, serial }) => {
      const run = many || method.endsWith('*') ? undefined : resolver.method(key, method);
      return run === undefined
        ? []
        : [{ as, function: run, many: false, sharedReceiver: false, reloads: false, ...(serial ? { line: classOfMethod(run) } : {}) }];
    }),
  );
}

/** `super().__init__(target=…)` and `class W(Thread)` constructed: the library's constructor is what runs. */
function constructorOfBase(resolver: TypeResolver, module: ModuleInterface, callee: Type | undefined): ApiEntry | undefined {
  if (callee?.kind !== 'class') return undefined;
  for (const base of resolver.libraryBases(callee.class)) {
    const entry = resolver.api(module.language, base);
    if (entry?.effects) return { ...entry, effects: entry.effects.filter((effect) => effect.kind !== 'spawn') };
  }
  return undefined;
}
