// Jobs: calls that hand work to a pool or an event loop and give a future for it.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/** One job that is handed over. */
export interface Job {
  readonly call: Call;
  /** `future`: one that keeps the exception; `task`: one of an event loop, which writes it to the log when it is forgotten; `results`: read one by one. */
  readonly gives: 'future' | 'task' | 'results';
  /** What runs, where the call names it. */
  readonly work?: Value;
  /** The kind of executor is only told by its name. */
  readonly guessed: boolean;
  /** It runs in another process: the way there and back can fail as well. */
  readonly remote?: boolean;
}

const REMOTE = /^(?:concurrent\.futures\.ProcessPoolExecutor|multiprocessing\.pool\.Pool)\./;

const KNOWN: readonly { readonly api: RegExp; readonly gives: Job['gives']; readonly work: number }[] = [
  { api: /^concurrent\.futures\.\w+\.submit$/, gives: 'future', work: 0 },
  { api: /^multiprocessing\.pool\.\w+\.(?:apply|map|starmap)_async$/, gives: 'future', work: 0 },
  { api: /^asyncio\.run_coroutine_threadsafe$/, gives: 'future', work: 0 },
  { api: /^asyncio\.AbstractEventLoop\.run_in_executor$/, gives: 'task', work: 1 },
  { api: /^concurrent\.futures\.\w+\.map$/, gives: 'results', work: 0 },
  { api: /^multiprocessing\.pool\.\w+\.imap(?:_unordered)?$/, gives: 'results', work: 0 },
];

/** Where the object is not known, its name and the method's together say enough. */
const BY_NAME: readonly { readonly method: RegExp; readonly object: RegExp; readonly gives: Job['gives']; readonly work: number }[] = [
  { method: /^submit$/, object: /(?:executor|pool)s?$/i, gives: 'future', work: 0 },
  { method: /^(?:apply|map|starmap)_async$/, object: /pool$/i, gives: 'future', work: 0 },
  { method: /^run_in_executor$/, object: /loop$/i, gives: 'task', work: 1 },
  { method: /^map$/, object: /executor$/i, gives: 'results', work: 0 },
];

/** The job that a call hands over; undefined for any other call. */
export function jobAt(fn: ResolvedFunction, number: number, facts: Facts): Job | undefined {
  const call = modelOf(fn).operations[number];
  if (call.kind !== 'call') return undefined;
  // What a function is handed to call may have its work bound already: partial(pool.submit, work).
  if (call.callee.kind === 'place' && call.callee.place.root.kind === 'parameter' && call.callee.place.path.length === 0) return undefined;
  const resolved = fn.calls.get(number);
  const api = resolved?.api?.name;
  const known = api === undefined ? undefined : KNOWN.find((each) => each.api.test(api));
  if (known) return { call, gives: known.gives, work: argumentAt(call, known.work), guessed: false, remote: REMOTE.test(api!) };
  if (api !== undefined || (resolved?.targets.length ?? 0) > 0 || call.callee.kind !== 'place') return undefined;
  const { root, path } = call.callee.place;
  const method = calledName(call);
  const object = path.at(-2) ?? nameOf(fn, root);
  const guess = path.length > 0 ? BY_NAME.find((each) => each.method.test(method) && each.object.test(object)) : undefined;
  if (!guess || facts.program.resolver.typeOfPlace(fn.module, fn.index, call.callee.place, path.length - 1)) return undefined;
  return { call, gives: guess.gives, work: argumentAt(call, guess.work), guessed: true };
}

/** What a job runs, in words, and whether an exception may come out of it; undefined where that is not known. */
export function workOf(fn: ResolvedFunction, job: Job, facts: Facts): { readonly name: string; readonly function?: FunctionKey; readonly raises?: boolean } {
  const value = job.work;
  if (!value) return { name: 'the job' };
  const { resolver } = facts.program;
  const made = resultOf(value);
  const source = made === undefined ? undefined : modelOf(fn).operations[made];
  const run = source?.kind === 'call' && resolver.typeOf(fn.module, fn.index, value)?.kind !== 'function' ? source.callee : value;
  const type = resolver.typeOf(fn.module, fn.index, run);
  if (type?.kind === 'function') {
    const target = facts.program.functions.get(type.function);
    const decorated =
      target &&
      modelOf(target).decorators.some(
        (decorator) => decorator.kind !== 'place' || !PLAIN_DECORATOR.test(decorator.place.path.at(-1) ?? nameOf(target, decorator.place.root)),
      );
    const raises = !decorated && facts.summaryOf(type.function)?.mayRaise !== undefined;
    // What it is given and what it returns are pickled on the way, and the process can be killed.
    return { name: callOfKey(type.function), function: type.function, raises: job.remote && !decorated && !raises ? undefined : raises };
  }
  if (type?.kind === 'api') return { name: type.name, raises: !NEVER_FAILS.test(type.name) };
  const last = run.kind === 'place' ? (run.place.path.at(-1) ?? '') : '';
  if (NEVER_FAILS.test(last)) return { name: last, raises: false };
  return { name: 'the job' };
}

/** Decorators that do not catch what the function raises. */
const PLAIN_DECORATOR = /^(?:staticmethod|classmethod|override|final|profile|lru_cache|cache|wraps)$/;
/** Work that has nothing to tell. */
const NEVER_FAILS =
  /(?:^|\.)(?:set|clear|release|put|put_nowait|notify|notify_all|cancel|close|shutdown|stop|start|print|sleep|info|debug|warning|error|exception|log|append|add|discard|task_done|join|wait)$/;

function argumentAt(call: Call, position: number): Value | undefined {
  const named = call.arguments.find(({ name }) => name === 'fn' || name === 'func' || name === 'coro');
  const argument = named ?? call.arguments[position];
  return argument && !argument.spread && (named || argument.name === undefined) ? argument.value : undefined;
}

/** The name of the variable that a place begins with. */
function nameOf(fn: ResolvedFunction, root: { readonly kind: string; readonly name?: string; readonly index?: number }): string {
  if (root.kind === 'parameter') return modelOf(fn).parameters[root.index ?? -1]?.name ?? '';
  return root.name ?? '';
}
