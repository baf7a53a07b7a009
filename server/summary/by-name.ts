// By name: what a method's name says in JavaScript where nothing is known of the object it is called on.
import type { ApiEntry } from '../model/library';
import type { Call } from '../model/operation';
import { functionsOf } from './call-values';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';
import type { Type } from './types';

/**
 * `socket.on('message', …)`, `load().then(…)`, `panel.onDidDispose(…)`: names that mean the same everywhere, where they are
 * given functions of the workspace to run.
 */
export function apiByName(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, callee: Type | undefined): ApiEntry | undefined {
  if (module.language !== 'typescript' || (callee && callee.kind !== 'api') || call.callee.kind !== 'place') return undefined;
  const name = call.callee.place.path.at(-1);
  if (name === undefined) return undefined;
  const entry = resolver.api('typescript', `any.${LISTENS.test(name) ? 'on' : name}`);
  if (!entry || !call.arguments.some((argument) => functionsOf(resolver, module, index, argument.value).length > 0)) return undefined;
  return LISTENS.test(name) ? { ...entry, effects: REGISTERS } : entry;
}

/** `onDidChange(…)`, `onMessage(…)`: whoever is called so takes a function to call at every such event. */
const LISTENS = /^on[A-Z]\w*$/;

const REGISTERS: ApiEntry['effects'] = [{ kind: 'spawn', as: 'callback', runs: { argument: 0, rest: true }, many: true }];
