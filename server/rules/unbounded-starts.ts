// A loop that never ends starts a thread, a process, a task or a pool job in each round, and nothing limits how many there are.

import { methodOf } from '../model/calls';
import type { Loop, Operation } from '../model/operation';
import { lastName } from '../model/place';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, fileOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround, pointsIn } from '../summary/structure';
import type { Point, SpawnSite } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';

/** What starts one more of something, by how it is called. */
const STARTS: Readonly<Record<string, string>> = {
  'threading.Thread': 'thread',
  'multiprocessing.Process': 'process',
  'asyncio.create_task': 'task',
  'asyncio.ensure_future': 'task',
  'asyncio.AbstractEventLoop.create_task': 'task',
  'asyncio.TaskGroup.create_task': 'task',
  'asyncio.run_coroutine_threadsafe': 'task',
  'concurrent.futures.Executor.submit': 'pool job',
  'concurrent.futures.ThreadPoolExecutor.submit': 'pool job',
  'concurrent.futures.ProcessPoolExecutor.submit': 'pool job',
  'multiprocessing.pool.Pool.apply_async': 'pool job',
  'multiprocessing.pool.ThreadPool.apply_async': 'pool job',
};
/** Calls that make a round wait, or look how many there are. */
const LIMITS = /^(?:acquire|join|result|active_count|enumerate|len|wait|gather|as_completed|qsize|full|sleep|shutdown|terminate)$/;

export const unboundedStarts: Rule = {
  id: 'unbounded-starts',
  family: 'unbounded-concurrency',
  languages: ['python'],
  severity: 'information',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      const seen = new Set<Point>();
      for (const spawn of facts.summaryOf(fn.key)?.spawns ?? []) {
        const finding = seen.has(spawn.point) ? undefined : unbounded(fn, spawn, facts);
        seen.add(spawn.point);
        if (finding) yield finding;
      }
    }
  },
};

function unbounded(fn: ResolvedFunction, spawn: SpawnSite, facts: Facts): Finding | undefined {
  const model = modelOf(fn);
  const kind = kindOf(fn, spawn);
  const loop = loopAround(model, spawn.point);
  if (spawn.single || (spawn.function !== undefined && limitsItself(spawn.function, facts))) return undefined;
  if (gathersAll(fn, spawn)) return perItem(fn, spawn, 'task');
  if (kind === undefined || !loop) return undefined;
  if (loop.over !== undefined)
    return (kind === 'thread' || kind === 'process') && isOpen(fn, loop.over) && !isLimited(fn, loop) ? perItem(fn, spawn, kind) : undefined;
  const waits = takesRoundByRound(fn, loop);
  if (waits === undefined || isLimited(fn, loop)) return undefined;
  const [who, runs] = [callOfKey(fn.key), spawn.function === undefined ? 'it' : callOfKey(spawn.function)];
  return {
    rule: unboundedStarts.id,
    family: unboundedStarts.family,
    // Tasks cost little, and many programs live well with it.
    severity: kind === 'task' ? 'hint' : 'information',
    confidence: kind === 'task' ? 0.3 : 0.5,
    site: { function: fn.key, point: spawn.point },
    message: `Nothing limits how many of these there are: ${who} starts a ${kind} in each round of an endless loop and does not wait for any. When more comes in than ${runs} gets done, ${kind}s pile up until memory${kind === 'thread' || kind === 'process' ? `, or the number of ${kind === 'thread' ? 'threads' : 'processes'} that the system allows,` : ''} runs out. ${
      kind === 'thread'
        ? 'Use a pool of a fixed size, with a limit on what waits for it'
        : 'Take a semaphore before each start, and give it back at the end of the work'
    }.`,
    related: [
      { site: { function: fn.key, point: waits }, message: `Each round takes the next one here` },
      { site: { function: fn.key, point: spawn.point }, message: `… starts a ${kind} for it, and goes on to the next` },
    ],
    fixes: [],
  };
}

/** As many as there are items: fine for ten of them, and not for ten thousand. */
function perItem(fn: ResolvedFunction, spawn: SpawnSite, kind: string): Finding {
  return {
    rule: unboundedStarts.id,
    family: unboundedStarts.family,
    severity: 'hint',
    confidence: 0.3,
    site: { function: fn.key, point: spawn.point },
    message: `One ${kind} for each item, all at a time: ${callOfKey(fn.key)} does not limit how many there are, so that a long list uses up memory, connections or threads. ${kind === 'task' ? 'A semaphore lets some of them work at a time.' : 'A pool of a fixed size does the same with less.'}`,
    related: [],
    fixes: [],
  };
}

/** `gather(*(fetch(url) for url in urls))` */
function gathersAll(fn: ResolvedFunction, spawn: SpawnSite): boolean {
  const operation = modelOf(fn).operations[spawn.point];
  return (
    spawn.function !== undefined &&
    fn.calls.get(spawn.point)?.api?.name === 'asyncio.gather' &&
    operation?.kind === 'call' &&
    operation.arguments.some((argument) => argument.spread)
  );
}

/** Whether what a loop goes through may be of any length: what is handed in, a field, what a call gives other than `range(4)`. */
function isOpen(fn: ResolvedFunction, over: Value): boolean {
  if (over.kind !== 'place') return false;
  const { root } = over.place;
  if (root.kind !== 'result') return root.kind !== 'unknown';
  const made = modelOf(fn).operations[root.operation];
  return !(made?.kind === 'call' && made.callee.kind === 'place' && made.callee.place.root.kind === 'global' && made.callee.place.root.name === 'range');
}

function kindOf(fn: ResolvedFunction, spawn: SpawnSite): string | undefined {
  const api = fn.calls.get(spawn.point)?.api?.name;
  const known = api !== undefined && Object.hasOwn(STARTS, api) ? STARTS[api] : undefined;
  // A class derived from Thread is made.
  return known ?? (spawn.function !== undefined && fn.fresh.has(spawn.point) && (spawn.as === 'thread' || spawn.as === 'process') ? spawn.as : undefined);
}

/** Where an endless loop waits for the next connection, message or item; undefined for other loops. */
function takesRoundByRound(fn: ResolvedFunction, loop: Loop): Point | undefined {
  if (loop.over !== undefined) return undefined;
  const { operations } = modelOf(fn);
  return pointsIn(modelOf(fn), loop.body).find((point) => {
    const operation = operations[point];
    return (
      operation?.kind === 'call' &&
      /^(?:accept|get|recv|receive|recvfrom|recv_multipart|poll|next|read|readline|pop|blpop|brpop|get_message|consume)$/.test(methodOf(operation))
    );
  });
}

function isLimited(fn: ResolvedFunction, loop: Loop): boolean {
  const { operations } = modelOf(fn);
  return pointsIn(modelOf(fn), loop.body).some((point) => {
    const operation = operations[point];
    if (point < 0) return true;
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
    const { place } = operation.callee;
    return LIMITS.test(lastName(place) ?? '');
  });
}

/** `async with semaphore:` in what is started: many may be waiting, few work at a time. */
function limitsItself(key: FunctionKey, facts: Facts): boolean {
  for (const called of calledBy(facts, key)) {
    const fn = facts.program.functions.get(called);
    if (fileOfKey(called) !== fileOfKey(key) || !fn) continue;
    if ((facts.summaryOf(called)?.uses ?? []).some((use) => /Semaphore|Limiter/.test(use.api))) return true;
    // A lock lets one of them in and all of them be there.
    const isLimit = (operation: Operation, n: number) =>
      operation.kind === 'call' && /^(?:acquire|release)$/.test(methodOf(operation)) && (fn.calls.get(n)?.locks.length ?? 0) === 0;
    if (modelOf(fn).operations.some(isLimit)) return true;
  }
  return false;
}
