// Call values: which of a call's values a library's effect is about, and which functions they run.
import type { Target } from '../model/library';
import type { Argument, Call } from '../model/operation';
import { moduleName, type Place } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { MAX_OVERRIDES, methodByName, methodsOf } from './call-targets';
import { valuesAt } from './cells';
import type { FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { ResolvedSpawn } from './resolved';
import type { TypeResolver } from './type-resolver';
import { functionsInParts, functionsOfType, type Type } from './types';

/** The value that an effect is about; undefined where the call does not have it. */
export function targetValue(target: Target, call: Call, receiver: Value | undefined): Value | undefined {
  if (target === 'receiver') return receiver ?? call.callee;
  if (target === 'result') return undefined;
  return argumentAt(target, call)?.value;
}

function argumentAt(target: { readonly argument: number; readonly name?: string }, call: Call): Argument | undefined {
  const named = target.name === undefined ? undefined : call.arguments.find((argument) => argument.name === target.name);
  const positional = call.arguments[target.argument];
  return named ?? (positional?.name === undefined ? positional : undefined);
}

/** The values that a spawn or a callback runs: an argument, its items where it is a list. */
export function runValues(target: Target, call: Call, receiver: Value | undefined): readonly Value[] {
  if (typeof target === 'object' && target.rest)
    return call.arguments.slice(target.argument).flatMap((argument) => (argument.spread || argument.name !== undefined ? [] : inside(argument.value)));
  if (typeof target === 'object' && target.name?.endsWith('*'))
    return call.arguments.flatMap(({ name, value }) => (name?.startsWith(target.name!.slice(0, -1)) ? inside(value) : []));
  const value = targetValue(target, call, receiver);
  if (value?.kind === 'collection') return inside(value);
  if (typeof target === 'object' && argumentAt(target, call)?.spread) return [];
  return value ? [value] : [];
}

/** A value, or what is in a literal, however deep: the handlers of `[{ method: 'GET', handler: list }]`. */
function inside(value: Value): readonly Value[] {
  return value.kind === 'collection' ? value.items.flatMap(inside) : [value];
}

/** The workspace functions that a value runs: a function itself, or the coroutine that calling one has made. */
export function functionsOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): FunctionKey[] {
  const made = resultOf(value);
  if (made !== undefined) {
    const call = module.module.functions[index].operations[made];
    if (call?.kind === 'call') {
      const callee = resolver.typeOf(module, index, call.callee);
      if (callee?.kind === 'function' && isCoroutine(resolver, callee.function)) return [callee.function];
      // `create_task(client.get(key))`, where only the method's name says what `client` is.
      if (!callee) {
        const found = methodsOf(resolver, module, index, call, undefined).filter((key) => isCoroutine(resolver, key));
        if (found.length > 0) return found;
      }
    }
  }
  const type = resolver.typeOf(module, index, value);
  if (type?.kind === 'container' && type.parts) return [...functionsInParts(type)];
  if (value.kind !== 'place' || value.place.path.length === 0) return [...functionsOfType(type)];
  if (type) return [...functionsOfType(type), ...overridesOf(resolver, module, index, value.place, type)];
  // `submit(app.send)`, where only the method's name says what `app` is.
  const holder = resolver.typeOfPlace(module, index, value.place, value.place.path.length - 1);
  return holder ? [] : methodByName(resolver, module, value.place);
}

/** `Thread(target=self.run)` in a base class runs what its subclasses have in the place of `run`. */
function overridesOf(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place, type: Type): FunctionKey[] {
  const holder = type.kind === 'function' ? resolver.typeOfPlace(module, index, place, place.path.length - 1) : undefined;
  if (holder?.kind !== 'instance' || holder.exact) return [];
  const found = resolver.overrides(holder.class, place.path.at(-1)!).filter((key) => !functionsOfType(type).includes(key));
  return found.length <= MAX_OVERRIDES ? found : [];
}

/** Whether calling a function gives something to wait for: a coroutine, or a promise. */
export function isCoroutine(resolver: TypeResolver, key: FunctionKey): boolean {
  const place = resolver.functionAt(key);
  const fn = place?.module.module.functions[place.index];
  return fn !== undefined && fn.isAsync && !fn.isGenerator;
}

/** `cart.add` of the coroutine that `cart.add(item)` has made; any other value itself. */
export function calleeOf(module: ModuleInterface, index: number, value: Value): Value {
  const made = resultOf(value);
  const call = made === undefined ? undefined : module.module.functions[index].operations[made];
  return call?.kind === 'call' ? call.callee : value;
}

/** `self.work`, `module_function`, a closure: all runs see the same objects. A method of something made in a loop is not. */
export function sharing(value: Value): Pick<ResolvedSpawn, 'sharedReceiver' | 'receiverMadeAt' | 'onReceiver'> {
  if (value.kind !== 'place') return { sharedReceiver: value.kind === 'function' };
  const { root, path } = value.place;
  if (root.kind === 'result') return { sharedReceiver: path.length === 1, receiverMadeAt: root.operation };
  return { sharedReceiver: root.kind !== 'unknown', ...(root.kind === 'receiver' && path.length === 1 ? { onReceiver: true as const } : {}) };
}

/**
 * `__filename`, `import.meta.url`, the program that runs (`process.argv[1]`), or a URL or path made of them that names the
 * file itself; also through a constant, a field, or a function that returns it.
 */
export function meansThisFile(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value, depth = 7): boolean {
  if (value.kind !== 'place' || depth === 0) return false;
  const { root, path } = value.place;
  if (root.kind === 'global') return NAMES_OF_FILE.test([root.name, ...path].join('.'));
  if (root.kind !== 'result') {
    const held = valuesAt(resolver, module, index, value.place);
    return held?.field.values.some((each) => meansThisFile(resolver, held.module, each.function, each.value, depth - 1)) ?? false;
  }
  const call = module.module.functions[index].operations[root.operation];
  if (call?.kind !== 'call' || path.length > 1 || (path.length === 1 && path[0] !== 'href' && path[0] !== 'pathname')) return false;
  const callee = resolver.typeOf(module, index, call.callee);
  const target = callee?.kind === 'function' ? resolver.functionAt(callee.function) : undefined;
  if (target) {
    const { operations } = target.module.module.functions[target.index];
    return operations.some((each) => each.kind === 'return' && meansThisFile(resolver, target.module, target.index, each.value, depth - 1));
  }
  if (callee?.kind !== 'api' || !MAKES_PATH.test(callee.name)) return false;
  const [first, second] = call.arguments;
  if (!first) return false;
  const names = (given: Value | undefined) =>
    given?.kind === 'constant' && typeof given.value === 'string' && moduleName(given.value) === moduleName(module.file);
  if (first.value.kind === 'constant') return names(first.value) && second !== undefined && meansThisFile(resolver, module, index, second.value, depth - 1);
  // `path.join(__dirname, 'worker.js')`
  if (second?.value.kind === 'constant')
    return call.arguments.length === 2 && names(second.value) && meansThisFolder(resolver, module, index, first.value, depth - 1);
  return meansThisFile(resolver, module, index, first.value, depth - 1);
}

const NAMES_OF_FILE = /^(?:__filename|import\.meta\.(?:url|filename)|process\.argv\.1|require\.main\.filename|process\.mainModule\.filename|module\.filename)$/;

/** What makes a path or URL of another one. */
const MAKES_PATH = /^(?:URL|url\.(?:URL|fileURLToPath|pathToFileURL)|path\.(?:join|resolve|normalize)|require\.resolve|fs\.realpathSync|String)$/;

function meansThisFolder(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value, depth: number): boolean {
  if (value.kind !== 'place' || depth <= 0) return false;
  const { root, path } = value.place;
  if (root.kind === 'global') return /^(?:__dirname|import\.meta\.dirname)$/.test([root.name, ...path].join('.'));
  if (root.kind !== 'result') {
    const held = valuesAt(resolver, module, index, value.place);
    return held?.field.values.some((each) => meansThisFolder(resolver, held.module, each.function, each.value, depth - 1)) ?? false;
  }
  const call = module.module.functions[index].operations[root.operation];
  const callee = call?.kind === 'call' ? resolver.typeOf(module, index, call.callee) : undefined;
  const [first] = call?.kind === 'call' ? call.arguments : [];
  return callee?.kind === 'api' && callee.name === 'path.dirname' && first !== undefined && meansThisFile(resolver, module, index, first.value, depth - 1);
}
