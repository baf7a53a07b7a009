// Start methods: how a process that a call makes will be started, as far as its file says.

import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Value } from '../../model/value';
import { makersOf, receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import type { ClassKey } from '../../summary/keys';
import type { ModuleInterface } from '../../summary/module-interface';

/** `default`: the file says nothing, so the platform decides. `chosen`: somebody decides, and what is not known. */
export type StartMethod = 'fork' | 'spawn' | 'forkserver' | 'default' | 'chosen';

/** How many wrappers around `get_context` are looked through. */
const DEPTH = 3;

/** The start method of the process, pool, executor or manager that a call makes. */
export function startMethodOf(facts: Facts, module: ModuleInterface, index: number, call: Call): StartMethod {
  const given = call.arguments.find(({ name }) => name === 'mp_context' || name === 'context');
  if (given && !(given.value.kind === 'constant' && given.value.value === null)) return contextMethod(facts, module, index, given.value, DEPTH);
  const { resolver } = facts.program;
  const callee = resolver.typeOf(module, index, call.callee);
  if (callee?.kind === 'class') return startMethodOfClass(facts, callee.class);
  return methodNamed(callee?.kind === 'api' ? callee.name : '') ?? methodBehind(facts, module, index, call.callee);
}

/** The start method of a subclass of Process. */
export function startMethodOfClass(facts: Facts, key: ClassKey): StartMethod {
  const { resolver } = facts.program;
  for (const ancestor of resolver.lineage(key)) {
    const module = resolver.moduleOfClass(ancestor);
    for (const base of resolver.classAt(ancestor)?.bases ?? []) {
      const type = module && resolver.typeOf(module, 0, base);
      if (type?.kind === 'api') return methodNamed(type.name) ?? methodBehind(facts, module!, 0, base);
    }
  }
  return 'chosen';
}

/** What a file sets as the program's start method. */
export function startMethodOfFile(module: ModuleInterface): StartMethod {
  let found: StartMethod = 'default';
  for (const fn of module.module.functions) {
    for (const operation of fn.operations) {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
      if (calledName(operation) !== 'set_start_method') continue;
      const method = methodIn(operation.arguments[0]?.value) ?? 'chosen';
      found = found === 'default' || found === method ? method : 'chosen';
    }
  }
  return found;
}

/** Whether a file sees to its objects after a fork, with `os.register_at_fork`. */
export function resetsAtFork(module: ModuleInterface): boolean {
  return module.module.functions.some((fn) => fn.operations.some((operation) => operation.kind === 'call' && calledName(operation) === 'register_at_fork'));
}

/** Whether the child gets what it works with as a pickle. */
export function pickles(method: StartMethod): boolean {
  return method === 'spawn' || method === 'forkserver';
}

function methodBehind(facts: Facts, module: ModuleInterface, index: number, callee: Value): StartMethod {
  const receiver = receiverOf(callee);
  const type = receiver && facts.program.resolver.typeOf(module, index, receiver);
  return receiver && type?.kind === 'library' && type.name === 'multiprocessing.context.BaseContext'
    ? contextMethod(facts, module, index, receiver, DEPTH)
    : startMethodOfFile(module);
}

function contextMethod(facts: Facts, module: ModuleInterface, index: number, value: Value, depth: number): StartMethod {
  const { resolver } = facts.program;
  for (const { call, module: made, index: scope } of makersOf(resolver, module, index, value)) {
    const callee = resolver.typeOf(made, scope, call.callee);
    if (callee?.kind === 'api') {
      const named = methodNamed(callee.name);
      if (named) return named;
      if (!/(?:^|\.)get_context$/.test(callee.name)) continue;
      const [first] = call.arguments;
      if (!first || (first.value.kind === 'constant' && first.value.value === null)) return startMethodOfFile(made);
      return methodIn(first.value) ?? 'chosen';
    }
    const target = callee?.kind === 'function' && depth > 0 ? resolver.functionAt(callee.function) : undefined;
    if (!target) continue;
    for (const operation of target.module.module.functions[target.index].operations)
      if (operation.kind === 'return') return contextMethod(facts, target.module, target.index, operation.value, depth - 1);
  }
  return 'chosen';
}

function methodIn(value: Value | undefined): StartMethod | undefined {
  if (value?.kind !== 'constant') return undefined;
  return value.value === 'fork' || value.value === 'spawn' || value.value === 'forkserver' ? value.value : undefined;
}

/** `SpawnProcess`, `ForkServerContext` say it themselves. */
function methodNamed(name: string): StartMethod | undefined {
  const match = /(?:^|\.)(Spawn|ForkServer|Fork)(?:Process|Context)$/.exec(name);
  return match ? (match[1].toLowerCase() as StartMethod) : undefined;
}
