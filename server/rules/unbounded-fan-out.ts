// All items of a list are worked on at a time, each with a file, a process, a connection or a query of its own, and nothing limits how many there are.
import { calledName, methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { type Cost, type CostlyCall, costlyCall, costOf, isLimiter } from './shared/costly-items';
import { type ListSource, listSource } from './shared/list-sources';

export const unboundedFanOut: Rule = {
  id: 'unbounded-fan-out',
  family: 'unbounded-concurrency',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['limit-concurrency'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      const told = new Set<Point>();
      for (const fan of fansOf(fn, facts)) {
        if (told.has(fan.point)) continue;
        told.add(fan.point);
        const finding = judge(fn, fan, facts);
        if (finding) yield finding;
      }
    }
  },
};

/** Work that is started for each item of a list. */
interface Fan {
  /** Where it is started, or where all of it is waited for. */
  readonly point: Point;
  readonly list: Value;
  /** What runs for each item: a function, or a call that is made for it. */
  readonly runs?: FunctionKey;
  readonly call?: Point;
  readonly awaited: boolean;
}

const GATHERS = /^(?:all|allSettled|any)$/;

function* fansOf(fn: ResolvedFunction, facts: Facts): Iterable<Fan> {
  const model = modelOf(fn);
  const gathered = new Set<Point>();
  for (const [point, operation] of model.operations.entries()) {
    if (operation.kind !== 'call') continue;
    if (isGather(operation)) {
      for (const fan of gatheredBy(fn, operation, point)) {
        if (fan.call !== undefined) gathered.add(fan.call);
        yield fan;
      }
    }
    if (/^(?:forEach|map)$/.test(calledName(operation)) && operation.outcome === 'dropped') {
      const fan = perElement(fn, operation, point);
      if (fan?.runs !== undefined && isAsync(fan.runs, facts)) yield { ...fan, awaited: false };
    }
    const loop = loopAround(model, point);
    if (loop?.over && operation.outcome !== 'awaited' && operation.outcome !== 'returned' && !gathered.has(point) && !isSerial(fn, loop.body)) {
      const started = fn.calls.get(point)?.spawns.find((spawn) => spawn.as === 'task' && spawn.function !== undefined);
      if (started && isLetGo(fn, point)) yield { point, list: loop.over, call: point, runs: started.function!, awaited: false };
    }
  }
}

/** `Promise.all(list.map(…))`, or of an array that a loop has put the promises into. */
function* gatheredBy(fn: ResolvedFunction, call: Call, point: Point): Iterable<Fan> {
  const model = modelOf(fn);
  const value = call.arguments[0]?.value;
  const number = resultOf(value);
  if (number !== undefined) {
    const made = model.operations[number];
    const fan = made?.kind === 'call' ? perElement(fn, made, number) : undefined;
    if (fan) yield { ...fan, point };
  }
  if (value?.kind !== 'collection') return;
  if (value.items.length === 0) yield* pushedBefore(fn, point);
  for (const item of value.items) {
    if (item.kind !== 'place' || item.place.root.kind !== 'result') continue;
    const started = item.place.root.operation;
    const loop = loopAround(model, started);
    if (loop?.over && model.operations[started]?.kind === 'call' && !isSerial(fn, loop.body)) yield { point, list: loop.over, call: started, awaited: true };
  }
}

/** `for (const item of list) jobs.push(work(item))` before all of them are waited for. */
function* pushedBefore(fn: ResolvedFunction, point: Point): Iterable<Fan> {
  const model = modelOf(fn);
  for (const [at, push] of model.operations.entries()) {
    if (at > point || push.kind !== 'call' || calledName(push) !== 'push' || push.callee.kind !== 'place' || push.callee.place.root.kind !== 'unknown')
      continue;
    const started = resultOf(push.arguments[0]?.value);
    const loop = started === undefined ? undefined : loopAround(model, started);
    if (loop?.over && started !== undefined && model.operations[started]?.kind === 'call' && !isSerial(fn, loop.body))
      yield { point, list: loop.over, call: started, awaited: true };
  }
}

/** `list.map(work)`, `Array.from(list, work)`. */
function perElement(fn: ResolvedFunction, call: Call, point: Point): Fan | undefined {
  if (call.callee.kind !== 'place') return undefined;
  const name = calledName(call);
  const { root, path } = call.callee.place;
  const from = name === 'from' && root.kind === 'global' && root.name === 'Array';
  if (!from && (!/^(?:map|flatMap|forEach)$/.test(name) || path.length === 0)) return undefined;
  const list: Value | undefined = from ? call.arguments[0]?.value : { kind: 'place', place: { root, path: path.slice(0, -1) } };
  const work = call.arguments[from ? 1 : 0]?.value;
  if (!list || !work) return undefined;
  const runs = work.kind === 'function' ? fn.module.functionKeys[work.function] : fn.calls.get(point)?.callbacks[0]?.function;
  return runs === undefined ? undefined : { point, list, runs, awaited: true };
}

function judge(fn: ResolvedFunction, fan: Fan, facts: Facts): Finding | undefined {
  const source = listSource(fn, fan.list, facts);
  if (!source) return undefined;
  const costly = costFor(fn, fan, facts);
  if (!costly || costly === 'limited') return undefined;
  const tree = fan.runs !== undefined && comesBack(fan.runs, fn.key, facts);
  const severity = severityOf(source, costly.cost, tree);
  if (!severity) return undefined;
  const who = callOfKey(fn.key);
  const each = EACH[costly.cost];
  const whole = tree ? `${who} calls itself for each entry, so that the whole tree is under way at a time` : `as many at a time as there are items`;
  const list =
    source.kind === 'handed'
      ? `Nothing here limits how long ${source.what} is`
      : source.kind === 'cut'
        ? `The list was cut up by ${source.what} because it may be long, and then all its pieces are started together`
        : `The list is ${source.what}, and grows with it`;
  return {
    rule: unboundedFanOut.id,
    family: unboundedFanOut.family,
    severity,
    confidence: severity === 'warning' ? 0.7 : 0.5,
    site: { function: fn.key, point: fan.point },
    message: `Everything is started at once: ${each.what} for each item, ${whole}. ${list}; ${each.end}. Let a fixed number work at a time: p-limit or p-map, a few workers over one list, or chunks one after the other.`,
    related: [
      ...(source.point === undefined
        ? []
        : [{ site: { function: fn.key, point: source.point }, message: `The list comes from here` }].filter(
            ({ site }) => modelOf(fn).operations[site.point]?.kind === 'call' && site.point < fan.point,
          )),
      { site: costly.site, message: `This happens for each item` },
      {
        site: { function: fn.key, point: fan.point },
        message: fan.awaited ? `All of them are waited for together here` : `Nobody waits for one before the next is started`,
      },
    ],
    // Each level of a tree would have a limit of its own.
    fixes: fan.awaited && !tree ? [{ kind: 'limit-concurrency', site: { function: fn.key, point: fan.point }, most: each.most }] : [],
  };
}

/** `most`: how many at a time hardly any machine, service or pool is troubled by. */
const EACH: Readonly<Record<Cost, { readonly what: string; readonly end: string; readonly most: number }>> = {
  process: { what: 'a process', end: 'a few hundred of them use up memory and processes, and spawn fails with EAGAIN or EMFILE', most: 4 },
  file: { what: 'an open file', end: 'with some thousands open() fails with EMFILE, for everything else in the process too', most: 8 },
  connection: { what: 'a request', end: 'with some thousands sockets and memory run out, and the other side refuses or times out', most: 8 },
  query: { what: 'a query', end: 'they use up the connection pool, and everybody else waits until requests time out', most: 5 },
};

function severityOf(source: ListSource, cost: Cost, tree: boolean): Severity | undefined {
  if (tree || source.kind === 'cut') return 'warning';
  // A connection pool queues what is too much, and many tables are short.
  if (source.kind === 'outside') return cost === 'query' ? 'information' : 'warning';
  return source.kind === 'named' || cost === 'process' ? 'information' : 'hint';
}

function costFor(fn: ResolvedFunction, { runs, call }: Fan, facts: Facts): CostlyCall | 'limited' | undefined {
  if (call !== undefined) {
    const made = modelOf(fn).operations[call];
    if (made?.kind === 'call') {
      if (isLimiter(made)) return 'limited';
      const own = costOf(fn, made);
      if (own) return { cost: own, site: { function: fn.key, point: call } };
      const resolved = fn.calls.get(call);
      for (const target of [...(resolved?.targets ?? []), ...(resolved?.spawns ?? []).flatMap((spawn) => spawn.function ?? [])]) {
        const found = costlyCall(target, facts);
        if (found) return found;
      }
    }
  }
  return runs === undefined ? undefined : costlyCall(runs, facts);
}

/** Whether the work for an item comes to the function again. */
function comesBack(from: FunctionKey, wanted: FunctionKey, facts: Facts, seen = new Set<FunctionKey>()): boolean {
  if (seen.has(from) || seen.size > 20) return false;
  seen.add(from);
  const fn = facts.program.functions.get(from);
  if (!fn || fn.module.file !== facts.program.functions.get(wanted)?.module.file) return false;
  return [...fn.calls.values()].some((call) =>
    [...call.targets, ...call.spawns.flatMap((spawn) => spawn.function ?? [])].some((target) => target === wanted || comesBack(target, wanted, facts, seen)),
  );
}

function isGather(call: Call): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  return root.kind === 'global' && root.name === 'Promise' && path.length === 1 && GATHERS.test(path[0]);
}

/** A loop that waits in its rounds does one after the other. */
function isSerial(fn: ResolvedFunction, body: Parameters<typeof pointsIn>[1]): boolean {
  return pointsIn(modelOf(fn), body).some((point) => modelOf(fn).operations[point]?.kind === 'await');
}

/** Whether the outcome of a call goes nowhere: dropped, or only looked after by `.catch()`. */
function isLetGo(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call') return false;
  if (operation.outcome === 'dropped') return true;
  return modelOf(fn).operations.some(
    (next, at) =>
      next.kind === 'call' &&
      next.callee.kind === 'place' &&
      next.callee.place.root.kind === 'result' &&
      next.callee.place.root.operation === point &&
      /^(?:catch|then|finally)$/.test(methodOf(next)) &&
      isLetGo(fn, at),
  );
}

function isAsync(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  return fn !== undefined && modelOf(fn).isAsync;
}
