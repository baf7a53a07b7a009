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

/** What will be argument `position` of the work: behind it in the call, or in the `args` that the call passes on. */
function argumentOf(call: Call, runs: Target, position: number): Value | undefined {
  const named = call.arguments.find((argument) => argument.name === 'args')?.value;
  const at = call.arguments.findIndex((argument, index) =>
    typeof runs === 'object' ? (argument.name !== undefined ? argument.name === runs.name : index === runs.argument) : false,
  );
  const behind = call.arguments.slice(at + 1).filter((argument) => argument.name === undefined && !argument.spread);
  const list = named ?? (behind[0]?.value.kind === 'collection' ? behind[0].value : undefined);
  if (list) return list.kind === 'collection' ? list.items[position] : undefined;
  return at < 0 ? undefined : behind[position]?.value;
}
