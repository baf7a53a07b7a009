// Process sites: where a file hands functions and values to other processes, and through which parameters they arrive.
import { methodOf } from '../../model/calls';
import type { Argument, Call } from '../../model/operation';
import { ELEMENT, extendPlace } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { functionsOf } from '../../summary/call-values';
import { makersOf, receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import type { ModuleInterface } from '../../summary/module-interface';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { type StartMethod, startMethodOf } from './start-method';

/** A value that goes to another process. */
export interface Handed {
  readonly value: Value;
  /** The parameter of the function that runs there, counted without `self`; absent where it is not known. */
  readonly parameter?: number;
  readonly name?: string;
}

export interface ProcessSite {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly call: Call;
  /**
   * `process`: what a Process is made with, `initializer`: what a pool starts its workers with; both are pickled only where
   * children are not forked. `job`: a call given to a pool, `message`: put into a queue or pipe; these are always pickled.
   */
  readonly kind: 'process' | 'initializer' | 'job' | 'message';
  readonly api: string;
  readonly runs?: Value;
  readonly handed: readonly Handed[];
  readonly method: StartMethod;
  /** Several processes run it. */
  readonly many: boolean;
  /** The functions of the workspace that it runs. */
  readonly targets: readonly FunctionKey[];
}

const JOB = /^multiprocessing\.pool\.Pool\.(apply|apply_async|map|map_async|imap|imap_unordered|starmap|starmap_async)$/;
const MESSAGE = /^multiprocessing\.(?:Queue|SimpleQueue|JoinableQueue)\.put(?:_nowait)?$|^multiprocessing\.connection\.Connection\.send$/;

/** All places of a file that hand something to other processes, in source order; calls of wrappers in the file after them. */
export function processSites(facts: Facts, file: string): readonly ProcessSite[] {
  return facts.once(processSites, file, () => {
    const module = facts.program.modules.get(file);
    if (module?.language !== 'python') return [];
    const direct = directSites(facts, module);
    return [...direct, ...direct.flatMap((site) => wrapperCalls(facts, site, WRAPPERS))];
  });
}

/** How many wrappers around a pool or process are looked through. */
const WRAPPERS = 2;

/** The calls that give a function to what hands it on to a process: `run_parallel(work, items)`. */
function wrapperCalls(facts: Facts, site: ProcessSite, depth: number): readonly ProcessSite[] {
  const { runs, fn } = site;
  if (depth === 0 || runs?.kind !== 'place') return [];
  const maker = makerOf(facts, fn, runs);
  if (!maker) return [];
  const { resolver, functions, callers } = facts.program;
  const { parameters, kind } = modelOf(maker.fn);
  return [...(callers.get(maker.fn.key) ?? [])].flatMap(([caller, calls]) => {
    const outer = fileOfKey(caller) === fn.module.file ? functions.get(caller) : undefined;
    return calls.flatMap(({ point }) => {
      const call = outer && modelOf(outer).operations[point];
      if (!outer || call?.kind !== 'call') return [];
      const position = maker.parameter - (kind === 'method' || kind === 'constructor' || kind === 'class-method' ? 1 : 0);
      const given = argumentOf(call, parameters[maker.parameter].name, position)?.value;
      if (!given) return [];
      const outside: ProcessSite = {
        ...site,
        fn: outer,
        point,
        call,
        runs: given,
        handed: [],
        targets: functionsOf(resolver, outer.module, outer.index, given),
      };
      return [outside, ...wrapperCalls(facts, outside, depth - 1)];
    });
  });
}

/** The function, and its parameter, that a value comes in through: a parameter itself, or a field that the constructor sets to one. */
function makerOf(facts: Facts, fn: ResolvedFunction, value: Value): { readonly fn: ResolvedFunction; readonly parameter: number } | undefined {
  if (value.kind !== 'place') return undefined;
  const { root, path } = value.place;
  if (root.kind === 'parameter' && path.length === 0) return modelOf(fn).parameters[root.index]?.rest === undefined ? { fn, parameter: root.index } : undefined;
  if (root.kind !== 'receiver' || path.length !== 1) return undefined;
  const field = fn.module.classes[root.class]?.fields.get(path[0]);
  for (const { value: put, function: scope } of field?.values ?? []) {
    const made = facts.program.functions.get(fn.module.functionKeys[scope]);
    if (made && modelOf(made).name === '__init__' && put.kind === 'place' && put.place.root.kind === 'parameter' && put.place.path.length === 0)
      return { fn: made, parameter: put.place.root.index };
  }
  return undefined;
}

function directSites(facts: Facts, module: ModuleInterface): readonly ProcessSite[] {
  return facts.functionsIn(module.file).flatMap((fn) => {
    if (!isConcerned(fn)) return [];
    return modelOf(fn).operations.flatMap((operation, point) =>
      operation.kind === 'call' ? (siteOf(facts, fn, point, operation, fn.calls.get(point)?.api?.name ?? '') ?? []) : [],
    );
  });
}

/** Functions that call nothing of these hand nothing to processes. */
function isConcerned(fn: ResolvedFunction): boolean {
  for (const { api } of fn.calls.values()) if (api && CONCERNED.test(api.name)) return true;
  return false;
}

const CONCERNED = /^multiprocessing\.|^concurrent\.futures\.ProcessPoolExecutor|\.run_in_executor$/;

function siteOf(facts: Facts, fn: ResolvedFunction, point: number, call: Call, api: string): ProcessSite | undefined {
  const { resolver } = facts.program;
  const site = (kind: ProcessSite['kind'], runs: Value | undefined, handed: readonly Handed[], many: boolean): ProcessSite => ({
    fn,
    point,
    call,
    kind,
    api,
    ...(runs ? { runs } : {}),
    handed,
    method: kind === 'process' || kind === 'initializer' ? startMethodOf(facts, fn.module, fn.index, call) : 'default',
    many,
    targets: runs ? functionsOf(resolver, fn.module, fn.index, runs) : [],
  });
  const named = (name: string, position: number) => argumentOf(call, name, position)?.value;
  const job = JOB.exec(api)?.[1];
  if (api === 'multiprocessing.Process' && !isSubclassCall(facts, fn, call)) {
    return site('process', named('target', 1), [...tupled(named('args', 3)), ...mapped(named('kwargs', 4))], false);
  }
  if (job !== undefined) {
    if (!surely(facts, fn, call, 'multiprocessing.pool.Pool')) return undefined;
    const runs = named('func', 0);
    const second = named(job.startsWith('apply') ? 'args' : 'iterable', 1);
    if (job.startsWith('apply')) return site('job', runs, [...tupled(second), ...mapped(named('kwds', 2))], job !== 'apply');
    return site('job', runs, job.startsWith('starmap') ? tupled(element(second)) : [{ value: element(second), parameter: 0 }], true);
  }
  if (/^concurrent\.futures\.ProcessPoolExecutor\.(?:submit|map)$/.test(api)) {
    if (!surely(facts, fn, call, 'concurrent.futures.ProcessPoolExecutor')) return undefined;
    const [runs, ...rest] = call.arguments;
    const each = api.endsWith('.map') ? element : (value: Value) => value;
    const handed = rest.flatMap(({ value, name, spread }, parameter): Handed[] =>
      spread || (api.endsWith('.map') && name !== undefined) ? [] : [{ value: each(value), ...(name === undefined ? { parameter } : { name }) }],
    );
    return site('job', runs?.value, handed, true);
  }
  if (/\.run_in_executor$/.test(api) && isLibrary(facts, fn, call.arguments[0]?.value, 'concurrent.futures.ProcessPoolExecutor')) {
    const handed = call.arguments.slice(2).map(({ value }, parameter) => ({ value, parameter }));
    return site('job', call.arguments[1]?.value, handed, true);
  }
  if (api === 'multiprocessing.pool.Pool' || api === 'concurrent.futures.ProcessPoolExecutor') {
    const runs = named('initializer', api === 'multiprocessing.pool.Pool' ? 1 : 2);
    const handed = tupled(named('initargs', api === 'multiprocessing.pool.Pool' ? 2 : 3));
    return site('initializer', runs?.kind === 'constant' ? undefined : runs, handed, true);
  }
  if ((MESSAGE.test(api) || isPipeSend(fn, call)) && !isFromManager(facts, fn, receiverOf(call.callee))) {
    const message = call.arguments[0];
    return message && !message.spread ? site('message', undefined, [{ value: message.value }], false) : undefined;
  }
  return undefined;
}

/** `Worker(…)` of a subclass runs the subclass's constructor, whose parameters are its own. */
function isSubclassCall(facts: Facts, fn: ResolvedFunction, call: Call): boolean {
  return facts.program.resolver.typeOf(fn.module, fn.index, call.callee)?.kind === 'class';
}

/** A field that holds now a pool of processes, now one of threads, is not known to pickle anything. */
function surely(facts: Facts, fn: ResolvedFunction, call: Call, owner: string): boolean {
  const { resolver } = facts.program;
  const receiver = receiverOf(call.callee);
  if (!receiver) return false;
  for (const { call: maker, module, index } of makersOf(resolver, fn.module, fn.index, receiver)) {
    const type = resolver.typeOfCall(module, index, maker);
    if (type?.kind === 'library' && type.name !== owner && resolver.api('python', type.name)?.name !== owner) return false;
  }
  return true;
}

/** Whether a value is made by a manager: a proxy, which may go anywhere. */
export function isFromManager(facts: Facts, fn: ResolvedFunction, value: Value | undefined): boolean {
  const { resolver } = facts.program;
  if (!value) return false;
  for (const { call, module, index } of makersOf(resolver, fn.module, fn.index, value)) {
    const callee = resolver.typeOf(module, index, call.callee);
    if (callee?.kind === 'api' && callee.name.includes('.managers.')) return true;
  }
  return false;
}

export function isLibrary(facts: Facts, fn: ResolvedFunction, value: Value | undefined, name: string): boolean {
  const type = value && facts.program.resolver.typeOf(fn.module, fn.index, value);
  return type?.kind === 'library' && type.name === name;
}

/** `one, other = Pipe()` and then `one.send(…)`. */
export function isPipeEnd(fn: ResolvedFunction, value: Value | undefined): boolean {
  if (value?.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length !== 1) return false;
  return fn.calls.get(value.place.root.operation)?.api?.name === 'multiprocessing.Pipe';
}

function isPipeSend(fn: ResolvedFunction, call: Call): boolean {
  return methodOf(call) === 'send' && isPipeEnd(fn, receiverOf(call.callee));
}

export function argumentOf(call: Call, name: string, position: number): Argument | undefined {
  const positional = call.arguments[position];
  return call.arguments.find((argument) => argument.name === name) ?? (positional?.name === undefined && !positional?.spread ? positional : undefined);
}

function tupled(value: Value | undefined): Handed[] {
  return value?.kind === 'collection' && value.type !== 'set' && value.type !== 'dict'
    ? value.items.map((item, parameter) => ({ value: item, parameter }))
    : [];
}

function mapped(value: Value | undefined): Handed[] {
  return value?.kind === 'collection' ? value.items.map((item) => ({ value: item })) : [];
}

/** What iterating over a value gives. */
function element(value: Value | undefined): Value {
  if (value?.kind === 'collection') return value.items.length === 1 || value.items.length > 1 ? value.items[0] : UNKNOWN;
  return value?.kind === 'place' ? { kind: 'place', place: extendPlace(value.place, ELEMENT) } : UNKNOWN;
}
