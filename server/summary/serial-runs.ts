// Serial runs: work that one thread does piece after piece, however much of it is started, and what a server runs.
import type { ApiEntry, Effect, Target } from '../model/library';
import type { Call } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import { targetValue } from './call-values';
import { cellOf, makersOf, receiverOf } from './cells';
import type { ClassKey, FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

type Spawn = Extract<Effect, { kind: 'spawn' }>;

/**
 * A name for the one thread that runs what a call starts, equal for all that it runs: the thread of a client that calls
 * back, a pool made with one worker. Undefined where runs may overlap.
 */
export function lineOf(resolver: TypeResolver, module: ModuleInterface, index: number, effect: Spawn, call: Call, api: ApiEntry): string | undefined {
  const receiver = receiverOf(call.callee);
  if (effect.serial) return nameOf(resolver, module, index, receiver) ?? api.name;
  if (!effect.limit && !effect.follows) return undefined;
  const makers = receiver ? [...makersOf(resolver, module, index, receiver)] : [];
  if (makers.length === 0) return undefined;
  const lines = makers.map((maker) => {
    if (effect.limit) return isOne(effect.limit, maker.call) ? nameOf(resolver, module, index, receiver) : undefined;
    // Callbacks of what a process does, or a pool of one thread, come one by one.
    const callee = resolver.typeOf(maker.module, maker.index, maker.call.callee);
    const started = callee?.kind === 'api' ? resolver.api(maker.module.language, callee.name) : undefined;
    const spawn = started?.effects?.find((other): other is Spawn => other.kind === 'spawn');
    if (!started || !spawn) return undefined;
    const pool = nameOf(resolver, maker.module, maker.index, receiverOf(maker.call.callee));
    return spawn.as === 'process' ? `callbacks of ${pool}` : lineOf(resolver, maker.module, maker.index, spawn, maker.call, started);
  });
  return lines.every((line) => line !== undefined) ? lines[0] : undefined;
}

/** The methods that a library runs on a class of the workspace by itself: `do_GET` of a request handler. */
export function entryMethodsOf(resolver: TypeResolver, key: ClassKey): FunctionKey[] {
  const language = resolver.moduleOfClass(key)?.language ?? 'python';
  const patterns = resolver.libraryBases(key).flatMap((base) => resolver.api(language, base)?.entryMethods ?? []);
  const names = new Set(resolver.lineage(key).flatMap((ancestor) => Object.keys(resolver.classAt(ancestor)?.methods ?? {})));
  return [...names].flatMap((name) => {
    const runs = patterns.some(({ method, parameters }) => !parameters && (method.endsWith('*') ? name.startsWith(method.slice(0, -1)) : method === name));
    return runs ? (resolver.method(key, name) ?? []) : [];
  });
}

/** What a server runs in the thread that serves; nothing where it has a thread for each request. */
export function servedBy(resolver: TypeResolver, module: ModuleInterface, index: number, server: Value, handler: Target): FunctionKey[] {
  const found = new Set<FunctionKey>();
  for (const maker of makersOf(resolver, module, index, server)) {
    const value = targetValue(handler, maker.call, undefined);
    const type = value && resolver.typeOf(maker.module, maker.index, value);
    if (type?.kind !== 'class' || threadsFor(resolver, maker.module, maker.index, maker.call)) continue;
    for (const key of entryMethodsOf(resolver, type.class)) found.add(key);
  }
  return [...found];
}

/** The effect by which the class of a server that is made here has its handlers run in threads of their own. */
export function threadsFor(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call): Spawn | undefined {
  const callee = resolver.typeOf(module, index, call.callee);
  const names = callee?.kind === 'class' ? resolver.libraryBases(callee.class) : callee?.kind === 'api' ? [callee.name] : [];
  for (const name of names) {
    const spawn = resolver.api(module.language, name)?.effects?.find((effect): effect is Spawn => effect.kind === 'spawn' && effect.classes === true);
    if (spawn) return spawn;
  }
  return undefined;
}

function isOne(limit: Target, call: Call): boolean {
  const value = targetValue(limit, call, undefined);
  return value?.kind === 'constant' && value.value === 1;
}

function nameOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value | undefined): string | undefined {
  const made = resultOf(value);
  if (made !== undefined) return `${module.functionKeys[index]}(${made})`;
  return value?.kind === 'place' ? cellOf(resolver, module, index, value.place)?.key : undefined;
}
