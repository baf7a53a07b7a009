// A coroutine function is called and nobody awaits the coroutine that this gives: the function never runs.
import { methodOf } from '../model/calls';
import type { ApiEntry } from '../model/library';
import type { Call } from '../model/operation';
import type { Value } from '../model/value';
import { targetValue } from '../summary/call-values';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { calledApi } from './shared/event-loop-calls';
import { usesOf } from './shared/outcome-uses';
import { isUnderLock } from './shared/thread-fit';

export const coroutineNeverAwaited: Rule = {
  id: 'coroutine-never-awaited',
  family: 'dangling-task',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-call'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [number, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call') continue;
        const api = calledApi(fn, number, facts);
        const made = coroutineMade(fn, api, operation, facts);
        const fate = made === undefined ? undefined : fateOf(fn, number, operation);
        if (made !== undefined && fate) yield { ...findingOf(fn, number, fate === 'tested' ? TESTED(made) : DROPPED(made)), fixes: fixesOf(fn, number) };
        else if (api !== undefined && LIBRARIES.test(api)) yield* handedOver(fn, number, api, operation, facts);
      }
    }
  },
};

const FIX = 'Put await before the call, or hand the coroutine to asyncio.create_task() or asyncio.run().';
const DROPPED = (name: string) => `${name} never runs: calling a coroutine function only makes a coroutine, and nobody awaits this one. ${FIX}`;
const TESTED = (name: string) =>
  `${name} never runs and the test is always true: calling a coroutine function only makes a coroutine, which is tested here and never awaited. ${FIX}`;

/** Under a lock of threads nothing should be awaited. */
function fixesOf(fn: ResolvedFunction, point: number): readonly FixIntent[] {
  return modelOf(fn).isAsync && !isUnderLock(fn, point) ? [{ kind: 'await-call', site: { function: fn.key, point } }] : [];
}

function findingOf(fn: ResolvedFunction, point: number, message: string): Finding {
  return {
    rule: coroutineNeverAwaited.id,
    family: coroutineNeverAwaited.family,
    severity: coroutineNeverAwaited.severity,
    confidence: 0.9,
    site: { function: fn.key, point },
    message,
    related: [{ site: { function: fn.key, point }, message: 'A coroutine is made here, and does not begin' }],
    fixes: [],
  };
}

/** The name of the coroutine function that a call calls; undefined for all other calls. */
function coroutineMade(fn: ResolvedFunction, api: string | undefined, call: Call, facts: Facts): string | undefined {
  const entry = api === undefined ? undefined : facts.program.resolver.api('python', api);
  if (entry) return isCoroutineApi(entry) ? `${entry.name}()` : undefined;
  if (call.form !== 'call') return undefined;
  const key = coroutineFunction(fn, call.callee, facts);
  return key === undefined ? undefined : callOfKey(key);
}

/** What gives a future or a task runs by itself. */
function isCoroutineApi(entry: ApiEntry): boolean {
  if (entry.kind === 'class' || entry.semantics.awaitable !== true || !/^asyncio\./.test(entry.name)) return false;
  return entry.name !== 'asyncio.gather' && !/\.(?:Future|Task)$/.test(entry.returns ?? '');
}

/** The coroutine function that a value is, if every method that may be meant by it is one. */
function coroutineFunction(fn: ResolvedFunction, value: Value, facts: Facts): FunctionKey | undefined {
  const { resolver } = facts.program;
  const type = resolver.typeOf(fn.module, fn.index, value);
  if (type?.kind !== 'function' || !givesCoroutine(type.function, facts) || !isDeclared(fn, value, type.function, facts)) return undefined;
  if (value.kind === 'place' && value.place.path.length > 0) {
    const holder = resolver.typeOfPlace(fn.module, fn.index, value.place, value.place.path.length - 1);
    const name = value.place.path.at(-1)!;
    if (holder?.kind === 'instance' && resolver.overrides(holder.class, name).some((key) => !givesCoroutine(key, facts))) return undefined;
  }
  return type.function;
}

/** A function by its own name: a field or a container that functions are put into may hold another one. */
function isDeclared(fn: ResolvedFunction, value: Value, key: FunctionKey, facts: Facts): boolean {
  if (value.kind !== 'place') return value.kind === 'function';
  const { resolver } = facts.program;
  const { root, path } = value.place;
  if (path.length > 0) {
    const holder = resolver.typeOfPlace(fn.module, fn.index, value.place, path.length - 1);
    if (holder?.kind === 'instance' || holder?.kind === 'class') return resolver.method(holder.class, path.at(-1)!) === key;
    return holder?.kind === 'module';
  }
  if (root.kind === 'variable') return (fn.module.captured.get(`${root.function}:${root.name}`)?.values.length ?? 1) <= 1;
  // A call may give a partial: `call_soon(partial(self.flush, 1))`.
  return root.kind === 'module' || root.kind === 'import' || root.kind === 'result';
}

function givesCoroutine(key: FunctionKey, facts: Facts, depth = 3): boolean {
  const { resolver } = facts.program;
  const place = resolver.functionAt(key);
  const model = place?.module.module.functions[place.index];
  if (!place || !model?.isAsync || model.isGenerator || model.kind === 'property') return false;
  return model.decorators.every((decorator) => {
    const type = resolver.typeOf(place.module, model.parent ?? 0, decorator);
    if (type?.kind === 'api') return TRANSPARENT.test(type.name);
    return type?.kind === 'function' && wrapsInCoroutine(type.function, facts, depth);
  });
}

/** Decorators after which a coroutine function still is one. */
const TRANSPARENT =
  /^(?:staticmethod|classmethod|abc\.abstractmethod|typing\.(?:override|final|no_type_check)|typing_extensions\.(?:override|final)|types\.coroutine|functools\.wraps)$/;

/** A decorator of the workspace that gives an `async def` wrapper. */
function wrapsInCoroutine(decorator: FunctionKey, facts: Facts, depth: number): boolean {
  const { resolver } = facts.program;
  const place = resolver.functionAt(decorator);
  if (!place || depth <= 0) return false;
  const model = place.module.module.functions[place.index];
  const returned = model.operations.filter((operation) => operation.kind === 'return');
  return (
    returned.length > 0 &&
    returned.every((operation) => {
      const type = operation.kind === 'return' ? resolver.typeOf(place.module, place.index, operation.value) : undefined;
      const inner = type?.kind === 'function' ? resolver.functionAt(type.function) : undefined;
      const wrapper = inner?.module.module.functions[inner.index];
      return wrapper !== undefined && wrapper.isAsync && !wrapper.isGenerator;
    })
  );
}

/** Whether a coroutine is dropped, or only tested for being there; undefined where it goes somewhere. */
function fateOf(fn: ResolvedFunction, number: number, call: Call): 'dropped' | 'tested' | undefined {
  if (call.outcome === 'awaited' || call.outcome === 'returned') return undefined;
  const uses = usesOf(modelOf(fn), number);
  if (uses.some((use) => use.by !== 'test')) return undefined;
  return uses.length > 0 ? 'tested' : 'dropped';
}

/** What calls a function and drops, or hands on unawaited, what it returns. */
const CALLS_PLAINLY = new Set(['callback', 'timer', 'signal', 'finalizer', 'thread', 'process']);

/** What the event loop calls between tasks; it does not look at what that returns. */
const CALLED_BY_LOOP = /^asyncio\.(?:AbstractEventLoop\.(?:call|add)_\w+|Future\.add_done_callback)$/;

/** Whose APIs are looked at. */
const LIBRARIES = /^(?:asyncio|threading|_thread|concurrent|multiprocessing|atexit|signal|weakref)\./;

/** A coroutine function handed to something that calls it like any function. */
function* handedOver(fn: ResolvedFunction, number: number, api: string, call: Call, facts: Facts): Iterable<Finding> {
  const entry = facts.program.resolver.api('python', api);
  if (!entry) return;
  const effect = entry.effects?.find(
    (candidate) => candidate.kind === 'spawn' && candidate.runs !== undefined && (CALLS_PLAINLY.has(candidate.as) || CALLED_BY_LOOP.test(entry.name)),
  );
  if (effect?.kind !== 'spawn' || effect.runs === undefined || isUsedFurther(fn, number)) return;
  const value = targetValue(effect.runs, call, undefined);
  const name = value && (coroutineNamed(fn, value, facts) ?? coroutineOfLambda(fn, value, facts));
  if (!value || name === undefined) return;
  const how = entry.name.slice(entry.name.lastIndexOf('.') + 1);
  yield findingOf(
    fn,
    number,
    `${name} never runs: it is a coroutine function, and ${how}() calls it like any other function and drops the coroutine it gives. Hand over a function that starts a task and keeps it${/thread|process/.test(effect.as) ? ', or lambda: asyncio.run(…)' : ''}.`,
  );
}

function coroutineNamed(fn: ResolvedFunction, value: Value, facts: Facts): string | undefined {
  const key = coroutineFunction(fn, value, facts);
  return key === undefined ? undefined : callOfKey(key);
}

/** `lambda: self.flush()` */
function coroutineOfLambda(fn: ResolvedFunction, value: Value, facts: Facts): string | undefined {
  if (value.kind !== 'function' || fn.module.module.functions[value.function]?.kind !== 'lambda') return undefined;
  const lambda = facts.program.functions.get(fn.module.functionKeys[value.function]);
  const returned = lambda && modelOf(lambda).operations.findIndex((operation) => operation.kind === 'call' && operation.outcome === 'returned');
  if (!lambda || returned === undefined || returned < 0) return undefined;
  return coroutineMade(lambda, calledApi(lambda, returned, facts), modelOf(lambda).operations[returned] as Call, facts);
}

/** `result = await to_thread(function)`: whoever gets the coroutine may await it. */
function isUsedFurther(fn: ResolvedFunction, number: number): boolean {
  const model = modelOf(fn);
  const call = model.operations[number] as Call;
  if (call.outcome === 'dropped') return false;
  return usesOf(model, number).some((use) => {
    const operation = use.by === 'operation' ? model.operations[use.number] : undefined;
    if (operation?.kind === 'await') return usesOf(model, use.number).length > 0;
    return !(operation?.kind === 'call' && methodOf(operation) === 'start');
  });
}
