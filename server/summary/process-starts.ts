// Process starts: whether a call that has to do with processes starts one, there and then, that loads the main module again.

import { methodOf } from '../model/calls';
import type { ApiEntry } from '../model/library';
import type { Block, Call } from '../model/operation';
import type { Value } from '../model/value';
import { makersOf, receiverOf } from './cells';
import type { ClassKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { ResolvedSpawn } from './resolved';
import { structuresIn } from './structure';
import type { TypeResolver } from './type-resolver';

/** What starts the processes of an object that is only made before: `Process(…)`, `ProcessPoolExecutor()`, `BaseManager()`. */
const STARTERS = ['start', 'submit'];

/**
 * Whether a Python call that concerns a process starts it at once, by a start method that makes the child import the main
 * module. An object that waits for its `start()` or for its first job does not start anything where it is made.
 */
export function startsNow(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, api: ApiEntry): boolean {
  if (isForked(resolver, module, index, call)) return false;
  if (call.arguments.some(({ name, value }) => name === 'processes' && value.kind === 'constant' && value.value === false)) return false;
  if (api.kind !== 'class' || !STARTERS.some((name) => startsProcess(resolver.api(module.language, `${api.name}.${name}`)))) return true;
  const { operations, body } = module.module.functions[index];
  const made = operations.indexOf(call);
  // `with ProcessPoolExecutor() as executor:` is there to be used at once.
  if (isEntered(body, made)) return true;
  // Where it is not known what `worker` is in `worker.start()`, it may be this one.
  return operations.some((other) => other.kind === 'call' && isUnknownStart(resolver, module, index, other));
}

/** The processes that an object of the workspace's own class starts because that class is a library's pool or executor. */
export function workersOf(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, key: ClassKey): ResolvedSpawn[] {
  if (module.language !== 'python') return [];
  return resolver.libraryBases(key).flatMap((base): ResolvedSpawn[] => {
    const entry = resolver.api(module.language, base);
    const pools = entry?.effects?.some((effect) => effect.kind === 'spawn' && effect.as === 'process' && effect.runs === undefined);
    return entry && pools && startsNow(resolver, module, index, call, entry) ? [{ as: 'process', many: false, sharedReceiver: false, reloads: true }] : [];
  });
}

/** Whether one of the arguments is an executor of processes. */
export function handsToProcesses(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call): boolean {
  return call.arguments.some(({ value }) => {
    const type = value.kind === 'place' ? resolver.typeOf(module, index, value) : undefined;
    return type?.kind === 'library' && startsProcess(resolver.api(module.language, `${type.name}.submit`));
  });
}

function startsProcess(entry: ApiEntry | undefined): boolean {
  return entry?.effects?.some((effect) => effect.kind === 'spawn' && effect.as === 'process') ?? false;
}

/** A context that forks, or an object that one has made: `get_context("fork").Process(…)`. */
function isForked(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call): boolean {
  const context = call.arguments.find(({ name }) => name === 'context' || name === 'mp_context')?.value;
  const wanted = context ?? receiverOf(call.callee);
  if (!wanted) return false;
  for (const { call: maker, module: made, index: scope } of makersOf(resolver, module, index, wanted)) {
    const callee = resolver.typeOf(made, scope, maker.callee);
    if (callee?.kind !== 'api') continue;
    if (/(?:^|\.)get_context$/.test(callee.name)) return maker.arguments[0]?.value.kind === 'constant' && maker.arguments[0].value.value === 'fork';
    if (maker !== call && isForked(resolver, made, scope, maker)) return true;
  }
  return false;
}

function isEntered(block: Block, made: number): boolean {
  const isIt = (value: Value) => value.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation === made;
  return structuresIn(block).some((step) => step.kind === 'with' && isIt(step.value));
}

function isUnknownStart(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call): boolean {
  if (!STARTERS.includes(methodOf(call))) return false;
  const receiver = receiverOf(call.callee);
  return receiver !== undefined && resolver.typeOf(module, index, receiver) === undefined;
}
