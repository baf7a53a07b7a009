// Handed work: a library function that is handed over to run elsewhere and there runs what is handed over with it.
import type { SpawnKind, Target } from '../model/library';
import type { Call } from '../model/operation';
import type { Value } from '../model/value';
import { functionsOf } from './call-values';
import type { FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/**
 * The functions of the workspace that run in the end: `main` of `Thread(target=asyncio.run, args=(main(),))`, `parse` of
 * `executor.submit(context.run, parse)`. `runs` is where the call takes what it starts, `handed` is what stands there.
 */
export function handedWork(
  resolver: TypeResolver,
  module: ModuleInterface,
  index: number,
  call: Call,
  runs: Target,
  handed: Value,
): { readonly function: FunctionKey; readonly value: Value; readonly as?: SpawnKind }[] {
  const type = resolver.typeOf(module, index, handed);
  const entry = type?.kind === 'api' ? resolver.api(module.language, type.name) : undefined;
  return (entry?.effects ?? []).flatMap((effect) => {
    if ((effect.kind !== 'call' && effect.kind !== 'spawn') || typeof effect.runs !== 'object') return [];
    const value = argumentOf(call, runs, effect.runs.argument);
    if (!value) return [];
    const as = effect.kind === 'spawn' ? { as: effect.as } : {};
    return functionsOf(resolver, module, index, value).map((key) => ({ function: key, value, ...as }));
  });
}

/**
 * The functions of the workspace that may stand in an argument of which only its sources are known: `target` of
 * `for target in (self.read, self.write): Thread(target=target)`.
 */
export function functionsThatFlow(
  resolver: TypeResolver,
  module: ModuleInterface,
  index: number,
  call: Call,
  runs: Target,
): { readonly function: FunctionKey; readonly value: Value }[] {
  const argument = typeof runs === 'object' ? call.arguments[positionOf(call, runs)] : undefined;
  if (argument?.value.kind !== 'unknown') return [];
  return argument.depends.flatMap((number) => {
    const source = module.module.functions[index].operations[number];
    if (source.kind !== 'read') return [];
    const value: Value = { kind: 'place', place: source.place };
    return functionsOf(resolver, module, index, value).map((key) => ({ function: key, value }));
  });
}

/** Where among a call's arguments the one stands that is taken by position or name; -1 where it is not given. */
function positionOf(call: Call, target: { readonly argument: number; readonly name?: string }): number {
  return call.arguments.findIndex((argument, index) => (argument.name !== undefined ? argument.name === target.name : index === target.argument));
}

/** What will be argument `position` of the work: behind it in the call, or in the `args` that the call passes on. */
function argumentOf(call: Call, runs: Target, position: number): Value | undefined {
  const named = call.arguments.find((argument) => argument.name === 'args')?.value;
  const at = typeof runs === 'object' ? positionOf(call, runs) : -1;
  const behind = call.arguments.slice(at + 1).filter((argument) => argument.name === undefined && !argument.spread);
  const list = named ?? (behind[0]?.value.kind === 'collection' ? behind[0].value : undefined);
  if (list) return list.kind === 'collection' ? list.items[position] : undefined;
  return at < 0 ? undefined : behind[position]?.value;
}
