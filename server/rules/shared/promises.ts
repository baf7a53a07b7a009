// Promises: which calls give one, what becomes of it, and what its rejection does.
import { calledName } from '../../model/calls';
import type { ModelFunction } from '../../model/module';
import type { Call, Operation } from '../../model/operation';
import { lastName } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { mayReject } from '../../summary/escaping-errors';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { functionsOfType } from '../../summary/types';

/** How sure it is that something gives a promise: `maybe` where a type says that it may be one. */
export type Certainty = 'yes' | 'maybe';

/** How many functions that only hand on what others give are looked through. */
const DEPTH = 3;

/** Whether a call gives a promise. */
export function givesPromise(fn: ResolvedFunction, number: number, facts: Facts, depth = DEPTH): Certainty | undefined {
  const call = modelOf(fn).operations[number];
  if (call?.kind !== 'call') return undefined;
  if (call.form === 'new') return isNamed(call.callee, 'Promise') ? 'yes' : undefined;
  const api = fn.calls.get(number)?.api;
  // `once` of an emitter is not `once` of the module.
  if (api && !(api.name === 'events.once' && call.callee.kind === 'place' && call.callee.place.root.kind !== 'import'))
    return api.semantics.awaitable === true || api.returns === 'Promise' ? 'yes' : declared(call);
  const functions = calledFunctions(fn, number, facts);
  if (functions.length > 0) return functions.every((key) => functionGivesPromise(key, facts, depth)) ? 'yes' : declared(call);
  const { resolver } = facts.program;
  const type = resolver.typeOf(fn.module, fn.index, call.callee);
  if (type?.kind === 'api' && PROMISE_APIS.test(type.name)) return 'yes';
  if (isChained(call)) return 'yes';
  return isPromisified(fn, call.callee) ? 'yes' : declared(call);
}

/** Modules and functions of the platform that give promises. */
const PROMISE_APIS =
  /^(?:(?:fs|stream|timers|readline|dns)(?:\/promises|\.promises)\.(?!createReadStream|createWriteStream)\w+|fetch|globalThis\.fetch|window\.fetch|events\.once|navigator\.clipboard\.\w+|caches\.\w+|crypto\.subtle\.\w+)$/;

function declared(call: Call): Certainty | undefined {
  return call.gives === 'promise' ? 'yes' : call.gives === 'maybe-promise' ? 'maybe' : undefined;
}

/** The functions of the workspace that a call runs, or starts where nobody waits for it. */
export function calledFunctions(fn: ResolvedFunction, number: number, facts: Facts): readonly FunctionKey[] {
  const call = modelOf(fn).operations[number];
  if (call?.kind !== 'call' || call.form !== 'call') return [];
  const named = functionsOfType(facts.program.resolver.typeOf(fn.module, fn.index, call.callee));
  if (named.length > 0) return named;
  const resolved = fn.calls.get(number);
  // A method that was found by its name alone may be another object's.
  if (!resolved || resolved.api || resolved.guessed) return [];
  return [...resolved.targets, ...resolved.spawns.flatMap((spawn) => (spawn.as === 'task' ? (spawn.function ?? []) : []))];
}

/** Whether calling a function of the workspace gives a promise. */
export function functionGivesPromise(key: FunctionKey, facts: Facts, depth = DEPTH): boolean {
  const place = facts.program.resolver.functionAt(key);
  const model = place?.module.module.functions[place.index];
  if (!place || !model || model.isGenerator || model.kind === 'constructor' || model.kind === 'property') return false;
  if (model.isAsync) return true;
  if (model.returns) return isNamed({ kind: 'place', place: model.returns.place }, 'Promise');
  const fn = facts.program.functions.get(key);
  const returned = model.operations.filter((operation) => operation.kind === 'return');
  if (depth <= 0 || !fn || returned.length === 0) return false;
  return returned.every((operation) => {
    const made = operation.kind === 'return' ? resultOf(operation.value) : undefined;
    return made !== undefined && givesPromise(fn, made, facts, depth - 1) === 'yes';
  });
}

/** The functions of the workspace that a value may be. */
export function functionsGiven(fn: ResolvedFunction, value: Value, facts: Facts): readonly FunctionKey[] {
  return functionsOfType(facts.program.resolver.typeOf(fn.module, fn.index, value));
}

/** Whether the promise that a call gives may be rejected in practice. */
export function mayBeRejected(fn: ResolvedFunction, number: number, facts: Facts): boolean {
  const call = modelOf(fn).operations[number];
  if (call?.kind !== 'call') return false;
  const functions = calledFunctions(fn, number, facts);
  if (functions.length > 0) return functions.some((key) => facts.summaryOf(key)?.rejects ?? true);
  return mayReject(fn, number, call, (key) => facts.summaryOf(key));
}

/** Whether the promise that a function gives may be rejected; one that only hands on another's is looked through. */
export function functionMayReject(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn || modelOf(fn).isAsync || modelOf(fn).kind !== 'lambda') return facts.summaryOf(key)?.rejects ?? true;
  return modelOf(fn).operations.some((operation, at) => operation.kind === 'call' && operation.outcome === 'returned' && mayBeRejected(fn, at, facts));
}

/** Whether a method is called on what is known to be an array, and not only by the name of the method. */
export function isOnArray(fn: ResolvedFunction, call: Call, facts: Facts): boolean {
  if (call.callee.kind !== 'place' || call.callee.place.path.length === 0) return false;
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, call.callee.place, call.callee.place.path.length - 1);
  return (type?.kind === 'container' || type?.kind === 'library') && /^(?:Readonly)?Array$/.test(type.name);
}

/** The call that a chain of `then`, `catch` and `finally` begins with; the call itself where it is none. */
export function chainStart(model: ModelFunction, number: number): number {
  let at = number;
  for (;;) {
    const earlier = isChained(model.operations[at]) ? receiverCall(model, at) : undefined;
    if (earlier === undefined) return at;
    at = earlier;
  }
}

/** Whether a chain that ends with a call takes care of rejections somewhere. */
export function isTakenCareOf(model: ModelFunction, number: number): boolean {
  for (let at: number | undefined = number; at !== undefined; at = receiverCall(model, at)) {
    const call = model.operations[at];
    if (call.kind !== 'call' || !isChained(call)) return false;
    if (calledName(call) === 'catch' || (calledName(call) === 'then' && call.arguments.length > 1)) return true;
  }
  return false;
}

/** `p.then(…)`, `p.catch(…)`, `p.finally(…)`, whatever p is. */
export function isChained(operation: Operation | undefined): boolean {
  return operation?.kind === 'call' && /^(?:then|catch|finally)$/.test(calledName(operation)) && operation.callee.kind === 'place' && hasPath(operation.callee);
}

/** The call whose outcome a method is called on. */
export function receiverCall(model: ModelFunction, number: number): number | undefined {
  const call = model.operations[number];
  if (call?.kind !== 'call' || call.callee.kind !== 'place') return undefined;
  const { root, path } = call.callee.place;
  return root.kind === 'result' && path.length === 1 && model.operations[root.operation]?.kind === 'call' ? root.operation : undefined;
}

function hasPath(value: Value): boolean {
  return value.kind === 'place' && value.place.path.length > 0;
}

/** A global or an import of that name. */
export function isNamed(value: Value, name: string): boolean {
  return value.kind === 'place' && value.place.root.kind === 'global' && lastName(value.place) === name;
}

/** `const run = promisify(execFile)` */
function isPromisified(fn: ResolvedFunction, callee: Value): boolean {
  if (callee.kind !== 'place' || callee.place.path.length > 0) return false;
  const { root } = callee.place;
  const { module } = fn;
  const variable =
    root.kind === 'module' ? module.variables.get(root.name) : root.kind === 'variable' ? module.captured.get(`${root.function}:${root.name}`) : undefined;
  const made = root.kind === 'result' ? [{ value: callee, function: fn.index }] : (variable?.values ?? []);
  return made.some((scoped) => {
    const number = resultOf(scoped.value);
    const call = number === undefined ? undefined : module.module.functions[scoped.function].operations[number];
    return call?.kind === 'call' && calledName(call) === 'promisify';
  });
}
