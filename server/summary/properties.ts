// Properties: reading or setting an attribute that runs code, which is a call without brackets.
import type { Call, Operation } from '../model/operation';
import { ELEMENT } from '../model/place';
import type { Value } from '../model/value';
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
    if (step === ELEMENT) {
      const method = resolver.method(holder.class, elementMethod(operation));
      if (method !== undefined) targets.push(method);
      continue;
    }
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

/** `self[key]`, `key in self` and `for each in self` run methods as well. */
function elementMethod(operation: Operation & { kind: 'read' | 'write' }): string {
  if (operation.kind === 'write') return operation.mode === 'delete' ? '__delitem__' : '__setitem__';
  return operation.by === 'membership' ? '__contains__' : operation.by === 'step' ? '__iter__' : '__getitem__';
}

/** What a built-in function runs on an object of the workspace: `len(self)` is `self.__len__()`. */
const BUILT_IN: Readonly<Record<string, string>> = {
  len: '__len__',
  str: '__str__',
  repr: '__repr__',
  bool: '__bool__',
  hash: '__hash__',
  iter: '__iter__',
  next: '__next__',
  list: '__iter__',
  tuple: '__iter__',
  set: '__iter__',
  sorted: '__iter__',
};

/** The method that a built-in function runs on its argument; undefined for other calls. */
export function methodOfBuiltIn(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call): FunctionKey | undefined {
  const argument = builtInArgument(call);
  if (module.language !== 'python' || !argument) return undefined;
  const type = resolver.typeOf(module, index, argument);
  return type?.kind === 'instance' ? resolver.method(type.class, BUILT_IN[nameOf(call)]) : undefined;
}

/** The object whose method a built-in function runs. */
export function builtInArgument(call: Call): Value | undefined {
  return Object.hasOwn(BUILT_IN, nameOf(call)) && call.arguments.length === 1 ? call.arguments[0].value : undefined;
}

function nameOf(call: Call): string {
  const { callee } = call;
  return callee.kind === 'place' && callee.place.root.kind === 'global' && callee.place.path.length === 0 ? callee.place.root.name : '';
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
