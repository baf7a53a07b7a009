// Raising: which operations of a function raise in practice, so that what stands behind them may not be reached.
import type { ModelFunction } from '../model/module';
import type { Block, Call, Operation } from '../model/operation';
import type { Place } from '../model/place';
import { ELEMENT } from '../model/place';
import type { FunctionKey } from './keys';
import { modelOf, type ResolvedCall, type ResolvedFunction } from './resolved';
import { enclosing } from './structure';
import type { Point, SummaryOf, Witness } from './summary';
import { type Raising, throwingAt } from './throwing';

/** Built-ins that look at what they are given and refuse what does not fit. */
const PARSES = /^(?:float|int|complex|open|next|input|eval|exec|compile|__import__)$/;

/** Methods that do not raise on sound objects: containers, strings, signals, logging, clocks. */
const CALM =
  /^(?:append(?:left)?|extend(?:left)?|add|discard|clear|copy|get|items|keys|values|update|setdefault|insert|pop(?:left|item)?|remove|sort|reverse|count|index|union|difference|intersection|put|put_nowait|get_nowait|empty|full|qsize|task_done|set|is_set|notify(?:_all|All)?|wait|wait_for|locked|_is_owned|is_alive|isAlive|start|done|cancelled|cancel|add_done_callback|debug|info|warn(?:ing)?|error|exception|critical|log|msg|err|isEnabledFor|startswith|endswith|strip|lstrip|rstrip|split|rsplit|splitlines|partition|rpartition|lower|upper|title|replace|format|join|find|rfind|encode|isdigit|time|monotonic|perf_counter|total_seconds|isoformat|now|utcnow|fileno|getvalue|tell|getName|setName|setDaemon|hexdigest|group|groups|ident|__repr__|__str__|__hash__|__enter__|__exit__|close|print|inc|dec|observe|acquire(?:_\w+)?|release(?:_\w+)?|unlock)$/;

/** Modules whose functions do not raise on sound arguments. */
const CALM_MODULE =
  /^(?:time|threading|_thread|thread|queue|Queue|logging|collections|itertools|functools|operator|copy|weakref|gc|sys|math|random|uuid|datetime|contextlib|types|typing|warnings|traceback|string|hashlib|asyncio|os\.path|os\.getpid|os\.getenv|concurrent)(?:\.|$)/;

/** Whether an operation raises in practice. Leaving by `raise` itself, and acquiring and releasing locks, are no matter of this. */
export function raisingAt(fn: ResolvedFunction, number: Point, summaryOf: SummaryOf): Raising {
  if (fn.module.language !== 'python') return throwingAt(fn, number, summaryOf);
  const operation: Operation = modelOf(fn).operations[number];
  switch (operation.kind) {
    case 'await':
    case 'yield':
      // What waits may be cancelled there; what yields may be left there.
      return 'likely';
    case 'call':
      return ofCall(operation, fn.calls.get(number), fn.key, summaryOf);
    case 'read':
      return operation.place.path.at(-1) === ELEMENT ? 'possible' : 'no';
    case 'write':
      return operation.mode === 'delete' && operation.place.path.at(-1) === ELEMENT ? 'possible' : 'no';
    default:
      return 'no';
  }
}

/** The first operation whose exception leaves the function. A handler is taken to catch what its body raises. */
export function raisingWitness(fn: ResolvedFunction, summaryOf: SummaryOf): Witness | undefined {
  const model = modelOf(fn);
  if (isAbstract(model.operations)) return undefined;
  // What a coroutine of Python waits for is its caller's to wait for; a promise tells here how it went.
  const tells = fn.module.language === 'python' ? /^call$/ : /^(?:call|await)$/;
  for (const [number, operation] of model.operations.entries()) {
    if (operation.kind !== 'raise' && (!tells.test(operation.kind) || raisingAt(fn, number, summaryOf) !== 'likely')) continue;
    const around = enclosing(model).get(number) ?? [];
    if (around.some((outer) => outer.kind === 'try' && outer.part === 'body' && outer.step.handlers.length > 0)) continue;
    const next = operation.kind === 'call' ? fn.calls.get(number)?.targets.find((target) => summaryOf(target)?.mayRaise) : undefined;
    return { point: number, ...(next === undefined ? {} : { next }) };
  }
  return undefined;
}

function ofCall(call: Call, resolved: ResolvedCall | undefined, caller: FunctionKey, summaryOf: SummaryOf): Raising {
  const run = [...(resolved?.targets ?? []), ...(resolved?.callbacks ?? []).map((callback) => callback.function)];
  if (run.some((target) => summaryOf(target)?.mayRaise)) return 'likely';
  // A call of the same name as the caller is mostly another object's method.
  if (resolved?.targets.some((target) => target !== caller)) return 'possible';
  if (resolved?.locks.length) return 'possible';
  if (
    resolved?.api?.effects?.some((effect) => effect.kind === 'block' && ['io', 'file', 'files', 'process'].includes(effect.on)) &&
    resolved.api.name !== 'print'
  )
    return 'likely';
  if (call.callee.kind !== 'place') return 'possible';
  return ofPlace(call.callee.place);
}

function ofPlace({ root, path }: Place): Raising {
  const method = path.at(-1);
  if (root.kind === 'global') return path.length === 0 && PARSES.test(root.name) ? 'likely' : 'possible';
  if (root.kind === 'import') {
    const name = [root.specifier, root.name, ...path].filter((part) => part !== undefined).join('.');
    // Making an object of a library's class seldom fails.
    return CALM_MODULE.test(name) || /^_?[A-Z]/.test(method ?? root.name ?? '') || (method !== undefined && CALM.test(method)) ? 'possible' : 'likely';
  }
  if (method === undefined && 'name' in root && /^_?[A-Z]/.test(root.name ?? '')) return 'possible';
  if (method === undefined || method === ELEMENT) return 'likely';
  return CALM.test(method) || /^_?[A-Z]/.test(method) ? 'possible' : 'likely';
}

/** A body that only says that subclasses have to have one. */
function isAbstract(operations: readonly Operation[]): boolean {
  return operations.length <= 2 && operations.at(-1)?.kind === 'raise';
}

/** Whether a function ends with an exception on every way: neither returns nor comes to its end. */
export function neverReturns(model: ModelFunction): boolean {
  const { operations, body, isAsync, isGenerator } = model;
  if (isAsync || isGenerator || operations.some((operation) => operation.kind === 'return' || namesAbstract(operation))) return false;
  const raises = (block: Block): boolean => {
    const last = block.at(-1);
    if (last === undefined) return false;
    if (typeof last === 'number') return operations[last].kind === 'raise';
    return last.kind === 'branch' ? last.arms.every(raises) : last.kind === 'with' && raises(last.body);
  };
  return raises(body);
}

/** `raise NotImplementedError`: a subclass has something else there. */
function namesAbstract(operation: Operation): boolean {
  const value = operation.kind === 'call' ? operation.callee : operation.kind === 'raise' || operation.kind === 'return' ? operation.value : undefined;
  return value?.kind === 'place' && value.place.root.kind === 'global' && value.place.root.name === 'NotImplementedError';
}
