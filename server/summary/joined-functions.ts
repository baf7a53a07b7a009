// Joined functions: what a thread or process runs that somebody waits for.
import type { Value } from '../model/value';
import { startedBy } from './call-targets';
import { functionsOf, runValues } from './call-values';
import { functionsThatFlow } from './handed-work';
import { makersWithin } from './item-makers';
import type { FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/** The functions of the workspace that run in a thread, process or future, as far as it is known where that was made. */
export function functionsRunBy(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): FunctionKey[] {
  const found = new Set<FunctionKey>();
  for (const { call, module: made, index: scope } of makersWithin(resolver, module, index, value)) {
    const callee = resolver.typeOf(made, scope, call.callee);
    if (callee?.kind === 'class') for (const spawn of startedBy(resolver, made, callee.class)) if (spawn.function) found.add(spawn.function);
    if (callee?.kind !== 'api') continue;
    for (const effect of resolver.api(made.language, callee.name)?.effects ?? []) {
      if (effect.kind !== 'spawn' || effect.runs === undefined) continue;
      for (const run of runValues(effect.runs, call, undefined)) for (const key of functionsOf(resolver, made, scope, run)) found.add(key);
      for (const { function: key } of functionsThatFlow(resolver, made, scope, call, effect.runs)) found.add(key);
    }
  }
  return [...found];
}
