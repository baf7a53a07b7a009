// A process is forked while other threads run: the child gets their locks as they happen to be, and none of the threads.

import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { CALLER, describeRoot, MAIN, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey, type LockKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { type Enclosing, enclosing, withPoints } from '../summary/structure';
import type { Finding, Interleaving, Related } from './finding';
import type { Rule } from './rule';
import { first, second } from './shared/interleavings';
import { resetsAtFork, type StartMethod, startMethodOf, startMethodOfClass, startMethodOfFile } from './shared/start-method';

export const forkWithThreads: Rule = {
  id: 'fork-with-threads',
  family: 'fork-hazard',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (!module || resetsAtFork(module)) return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        const fork = operation.kind === 'call' ? forkAt(facts, fn, point, operation) : undefined;
        if (!fork) continue;
        const threads = threadAround(facts, fn) ?? threadBefore(facts, fn, startOf(fn, point));
        if (!threads || waitsForThreads(facts, fn, point)) continue;
        yield findingOf(fn, point, fork, threads);
        // Of several starts in a function the first one says it all.
        break;
      }
    }
  },
};

interface Fork {
  readonly what: string;
  /** Certain to fork on POSIX, or by the default of Python before 3.14. */
  readonly certain: boolean;
}

interface Threads {
  readonly text: string;
  readonly related: readonly Related[];
}

/** Whether a call forks this process, and keeps on running Python in the child. */
function forkAt(facts: Facts, fn: ResolvedFunction, point: number, call: Call): Fork | undefined {
  if (!mayFork(fn, point, call)) return undefined;
  const { resolver } = facts.program;
  const callee = resolver.typeOf(fn.module, fn.index, call.callee);
  const name = callee?.kind === 'api' ? (resolver.api('python', callee.name)?.name ?? callee.name) : '';
  if (name === 'os.fork' || name === 'os.forkpty' || name === 'pty.fork') return execs(fn, point) ? undefined : { what: `${name}()`, certain: true };
  if (/^subprocess\.(?:Popen|run|call|check_call|check_output)$/.test(name)) {
    const given = call.arguments.find((argument) => argument.name === 'preexec_fn');
    return given && !(given.value.kind === 'constant') ? { what: 'a subprocess with preexec_fn', certain: true } : undefined;
  }
  const method = methodOf(facts, fn, call, name, callee?.kind === 'class' ? callee.class : undefined);
  if (method !== 'fork' && method !== 'default') return undefined;
  return {
    what: callee?.kind === 'class' ? 'a process' : /Pool/.test(name) ? 'a pool of processes' : /Manager/.test(name) ? 'a manager' : 'a process',
    certain: method === 'fork',
  };
}

/** Told without asking what is called, which is not cheap. */
function mayFork(fn: ResolvedFunction, point: number, call: Call): boolean {
  if (MAKES.test(fn.calls.get(point)?.api?.name ?? '') || fn.fresh.has(point)) return true;
  if (call.callee.kind !== 'place') return false;
  return /^(?:fork|forkpty)$/.test(calledName(call)) || call.arguments.some(({ name }) => name === 'preexec_fn');
}

const MAKES = /^multiprocessing\.(?:Process|pool\.Pool|Manager)$|^concurrent\.futures\.ProcessPoolExecutor$/;

function methodOf(facts: Facts, fn: ResolvedFunction, call: Call, name: string, owner: string | undefined): StartMethod | undefined {
  if (MAKES.test(name)) return startMethodOf(facts, fn.module, fn.index, call);
  if (owner !== undefined && facts.program.resolver.libraryBases(owner).includes('multiprocessing.Process')) {
    const method = startMethodOfClass(facts, owner);
    const here = startMethodOfFile(fn.module);
    return method === 'default' ? here : method;
  }
  return undefined;
}

/** After a plain fork the child turns into another program at once. */
function execs(fn: ResolvedFunction, point: number): boolean {
  return modelOf(fn).operations.some(
    (operation, number) => number > point && operation.kind === 'call' && /^(?:exec[lv]p?e?|posix_spawnp?)$/.test(calledName(operation)),
  );
}

/** The function itself runs on a thread that is not the main one. */
function threadAround(facts: Facts, fn: ResolvedFunction): Threads | undefined {
  const { roots } = facts.contextOf(fn.key);
  const root = roots.find((id) => id !== MAIN && id !== CALLER && /^(?:thread|timer)$/.test(rootParts(id).kind));
  if (root === undefined) return undefined;
  const { many, function: started } = rootParts(root);
  const related: Related[] = [];
  for (const [spawner, sites] of facts.program.spawners.get(started ?? '') ?? [])
    if (related.length === 0)
      related.push({
        site: { function: spawner, point: sites[0].point },
        message: `${callOfKey(spawner)} has ${callOfKey(started!)} run on ${many ? 'several threads' : 'a thread'}`,
      });
  return {
    text: `${callOfKey(fn.key)} runs on ${describeRoot(root)}, beside the main thread${many ? ' and each other' : ''}`,
    related,
  };
}

/** `with lock: os.fork()`, where others do their work under that very lock: none of them is in the middle of it. */
function waitsForThreads(facts: Facts, fn: ResolvedFunction, point: number): boolean {
  if (!/fork/.test(fn.calls.get(point)?.api?.name ?? '')) return false;
  const points = withPoints(modelOf(fn));
  const held = (enclosing(modelOf(fn)).get(point) ?? []).flatMap((outer) => {
    if (outer.kind !== 'with') return [];
    const { value } = outer.step;
    const lock = fn.withs[~points.get(outer.step)!]?.lock;
    // Another object may not be known; then the lock's name has to do.
    const others = value.kind === 'place' && value.place.path.length > (value.place.root.kind === 'receiver' ? 1 : 0);
    return [...(lock ? [lock.key] : []), ...(others ? [`.${value.place.path.at(-1)}`] : [])];
  });
  if (held.length === 0) return false;
  const matches = (lock: LockKey) => held.some((wanted) => (wanted.startsWith('.') ? lock.endsWith(wanted) : lock === wanted));
  return (facts.program.modules.get(fn.module.file)?.functionKeys ?? []).some(
    (key) => key !== fn.key && facts.summaryOf(key)?.acquisitions.some(({ lock }) => matches(lock.key)),
  );
}

const STARTS_THREAD =
  /^threading\.(?:Thread|Timer)\.start$|^concurrent\.futures\.ThreadPoolExecutor\.(?:submit|map)$|^_thread\.start_new_thread$|^multiprocessing\.pool\.ThreadPool$/;

/** How many callers up, and how many calls down, a thread is looked for. */
const DEPTH = 3;

/** A thread that the function, or who calls it in the same file, has started before and not waited for. */
function threadBefore(facts: Facts, fn: ResolvedFunction, point: number, depth = DEPTH): Threads | undefined {
  const model = modelOf(fn);
  for (let number = 0; number < point; number++) {
    if (!leavesThread(facts, fn, number, depth) || exclusive(model, number, point) || ended(facts, fn, number, point)) continue;
    return {
      text: `${callOfKey(fn.key)} has started a thread before`,
      related: [{ site: { function: fn.key, point: number }, message: 'A thread is started here, and runs on' }],
    };
  }
  if (depth === 0) return undefined;
  for (const [caller, sites] of facts.program.callers.get(fn.key) ?? []) {
    const outer = fileOfKey(caller) === fn.module.file ? facts.program.functions.get(caller) : undefined;
    const found = outer && caller !== fn.key && sites.length > 0 ? threadBefore(facts, outer, sites[0].point, depth - 1) : undefined;
    if (found)
      return {
        ...found,
        related: [...found.related, { site: { function: caller, point: sites[0].point }, message: `${callOfKey(caller)} then calls ${callOfKey(fn.key)}` }],
      };
  }
  return threadOfObject(facts, fn);
}

/** The constructor of the object has started a thread that belongs to it. */
function threadOfObject(facts: Facts, fn: ResolvedFunction): Threads | undefined {
  const owner = modelOf(fn).class;
  if (owner === undefined || modelOf(fn).name === '__init__') return undefined;
  const key = facts.program.resolver.method(fn.module.classKeys[owner], '__init__');
  const made = key === undefined || fileOfKey(key) !== fn.module.file ? undefined : facts.program.functions.get(key);
  if (!made) return undefined;
  const number = modelOf(made).operations.findIndex((_, at) => leavesThread(facts, made, at, 1) && !ended(facts, made, at, Number.POSITIVE_INFINITY));
  if (number < 0) return undefined;
  return {
    text: `${callOfKey(made.key)} has started a thread of this object`,
    related: [{ site: { function: made.key, point: number }, message: 'A thread is started here, and runs on' }],
  };
}

/** Whether an operation starts a thread, itself or through what it calls, that still runs when it is done. */
function leavesThread(facts: Facts, fn: ResolvedFunction, number: number, depth: number): boolean {
  const call = fn.calls.get(number);
  if (call?.api) return STARTS_THREAD.test(call.api.name);
  if (!call || depth === 0) return false;
  return call.targets.slice(0, 1).some((key) => {
    const target = fileOfKey(key) === fn.module.file && key !== fn.key ? facts.program.functions.get(key) : undefined;
    if (!target || modelOf(target).isGenerator) return false;
    return modelOf(target).operations.some((_, at) => leavesThread(facts, target, at, depth - 1) && !ended(facts, target, at, Number.POSITIVE_INFINITY));
  });
}

/** Where a process that a call makes is started: at the `start()` of what it gives, if that stands in the same function. */
function startOf(fn: ResolvedFunction, made: number): number {
  const { operations } = modelOf(fn);
  const start = operations.findIndex(
    (operation, number) =>
      number > made &&
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      operation.callee.place.root.kind === 'result' &&
      operation.callee.place.root.operation === made &&
      operation.callee.place.path.join() === 'start',
  );
  return start < 0 ? made : start;
}

/** Waited for in between: joined, or the end of the block that the pool of threads was opened for. */
function ended(facts: Facts, fn: ResolvedFunction, start: number, point: number): boolean {
  const model = modelOf(fn);
  if ((facts.summaryOf(fn.key)?.joins ?? []).some((join) => join > start && join < point)) return true;
  const withs = (at: number): readonly Enclosing[] => (enclosing(model).get(at) ?? []).filter((structure) => structure.kind === 'with');
  const operation = model.operations[start];
  const pool =
    operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'result'
      ? operation.callee.place.root.operation
      : undefined;
  return withs(start).some(
    (structure) =>
      structure.kind === 'with' &&
      structure.step.value.kind === 'place' &&
      structure.step.value.place.root.kind === 'result' &&
      structure.step.value.place.root.operation === pool &&
      !withs(point).some((other) => other.kind === 'with' && other.step === structure.step),
  );
}

function exclusive(model: ReturnType<typeof modelOf>, one: number, other: number): boolean {
  const around = (at: number) => enclosing(model).get(at) ?? [];
  return around(one).some(
    (structure) =>
      structure.kind === 'branch' && around(other).some((second) => second.kind === 'branch' && second.step === structure.step && second.arm !== structure.arm),
  );
}

function scheduleOf(forks: Site, starts: Site): Interleaving {
  return {
    sides: ['thread of the parent', 'child process'],
    steps: [
      first(starts, 'runs from here on, and takes a lock, for instance that of logging'),
      second(forks, 'begins as a copy of the process: the lock is taken, and the thread that has it is not there'),
      first(starts, "gives the parent's lock back, and not the child's"),
    ],
    harm: 'stuck',
    outcome: 'The child waits for ever when it needs that lock.',
  };
}

function findingOf(fn: ResolvedFunction, point: number, fork: Fork, threads: Threads): Finding {
  const at = { function: fn.key, point };
  return {
    rule: forkWithThreads.id,
    family: forkWithThreads.family,
    severity: forkWithThreads.severity,
    confidence: fork.certain ? 0.85 : 0.7,
    site: at,
    message: `This forks a program that has threads: ${threads.text}, and makes ${fork.what}${
      fork.certain ? '' : ' by the default start method, which forks on Linux before Python 3.14'
    }. The child has only the thread that forked; a lock that another thread holds at that moment (of logging, of a stream, of an allocator) stays taken in it for ever, and the child hangs when it wants it. ${
      fork.what.startsWith('os.') || fork.what.startsWith('pty') || fork.what.startsWith('a subprocess')
        ? 'Fork before any thread is started, or start another program instead.'
        : 'Choose the start method spawn or forkserver with get_context() or set_start_method(), or start processes before threads.'
    }`,
    related: [...threads.related, { site: at, message: 'Forks here, whatever the other threads are doing' }],
    fixes: [],
    interleaving: scheduleOf(at, threads.related[0]?.site ?? at),
  };
}
