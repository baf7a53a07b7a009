// A job of a thread pool waits for other work of the same pool, which gets no thread as long as the job keeps its own.
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { type Section, sectionsIn } from './shared/held-resources';
import { first, second } from './shared/interleavings';
import { isForOne, limitAt, needsSlot, slotsHeld } from './shared/limits';
import { argumentOf, madeIn } from './shared/made-objects';
import { flowsOf } from './shared/object-flow';
import { lifeOf } from './shared/object-life';
import { tellWay, type Way, wayTo } from './shared/own-needs';
import { type Awaited, WAITS_FOR_ALL, WORK, waitAfter } from './shared/pool-waits';
import { staysWithObject } from './shared/same-object';
import { starved } from './shared/wait-interleavings';

export const poolJobWaitsForOwnPool: Rule = {
  id: 'pool-job-waits-for-own-pool',
  family: 'self-deadlock',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) === 'typescript') {
      yield* limitedJobs(file, facts);
      return;
    }
    const seen = new Set<string>();
    for (const job of jobsIn(file, facts)) {
      for (const found of waitsIn(job, facts)) {
        const id = `${found.function} ${found.wait.point}`;
        if (seen.has(id)) continue;
        seen.add(id);
        yield finding(job, found, facts);
      }
    }
  },
};

/** The same between tasks: a job in a slot of a limit, or of a queue, waits for another one of the same limit. */
function* limitedJobs(file: string, facts: Facts): Iterable<Finding> {
  const seen = new Set<string>();
  for (const section of sectionsIn(file, facts, (fn) => slotsHeld(fn, facts))) {
    const way = wayTo(facts, section.runs, needsSlot(section.resource, facts));
    const id = way && `${way.steps[0].function} ${way.steps[0].point}`;
    if (!way || id === undefined || seen.has(id) || !staysWithObject(section, way, facts)) continue;
    seen.add(id);
    yield limitedFinding(section, way, facts);
  }
}

function limitedFinding(section: Section, way: Way, facts: Facts): Finding {
  const { id, family, severity } = poolJobWaitsForOwnPool;
  const last = way.steps.at(-1)!;
  const fn = facts.program.functions.get(last.function);
  const call = fn && modelOf(fn).operations[last.point];
  const limit = fn && call?.kind === 'call' ? limitAt(fn, call, last.point, facts) : undefined;
  const single = fn !== undefined && limit !== undefined && isForOne(fn, limit.place, facts);
  const { name } = section;
  const [who, from, where] = [callOfKey(section.runs), callOfKey(section.function), callOfKey(last.function)];
  return {
    rule: id,
    family,
    severity,
    confidence: single ? 0.9 : 0.7,
    site: way.steps[0],
    message: `Deadlock: ${who} runs in a slot of ${name}, and ${way.steps.length > 1 ? `${where}, which it waits for, ` : ''}waits for other work of ${name}: ${
      single
        ? 'it has just one slot, which is taken, so that the work never begins'
        : 'when all its slots are taken by work that waits like this, none is left for what it waits for'
    }. Keep only the part that does not wait for others in the slot, or do that work without asking ${name} for another one.`,
    related: [
      { site: { function: section.function, point: section.point }, message: `${from} has ${who} run in a slot of ${name} …` },
      ...tellWay(way, `… and ${where} waits for another slot of ${name} here`),
    ],
    fixes: [],
    interleaving: starved(`a job that runs ${who}`, `slot of ${name}`, section, way.steps, single),
  };
}

/** Has a job run in the pool that is its first argument. */
const LENDS = 'asyncio.AbstractEventLoop.run_in_executor';

/** A function that is handed to a pool of threads, and where the pool lives. */
interface Job {
  readonly from: ResolvedFunction;
  readonly point: number;
  readonly runs: FunctionKey;
  readonly pool?: CellKey;
  /** The job's own parameter that is the pool. */
  readonly parameter?: number;
}

interface Found {
  readonly function: FunctionKey;
  readonly wait: Awaited;
}

function* jobsIn(file: string, facts: Facts): Iterable<Job> {
  for (const fn of facts.functionsIn(file)) {
    const uses = facts.summaryOf(fn.key)?.uses ?? [];
    for (const [point, call] of fn.calls) {
      if (call.api === undefined) continue;
      const operation = modelOf(fn).operations[point];
      const lent = call.api.name === LENDS && operation.kind === 'call' ? operation.arguments[0] : undefined;
      if (operation.kind !== 'call' || !(lent || WORK.test(call.api.name))) continue;
      const pool = lent ? fn.cells.get(lent.depends.at(-1) ?? -1)?.key : uses.find((use) => use.point === point)?.cell.key;
      const receiver =
        operation.callee.kind === 'place' ? JSON.stringify({ root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) }) : '';
      const handed = operation.arguments.findIndex(({ value }) => value.kind === 'place' && JSON.stringify(value.place) === receiver);
      for (const spawn of call.spawns) {
        if (spawn.function === undefined) continue;
        const target = facts.program.functions.get(spawn.function);
        const bound = target && modelOf(target).kind === 'method' ? 1 : 0;
        yield { from: fn, point, runs: spawn.function, pool, ...(handed > 0 ? { parameter: handed - 1 + bound } : {}) };
      }
    }
  }
}

/** Where a job, or what it calls, waits for work that it has given to its own pool, or for the pool itself. */
function* waitsIn(job: Job, facts: Facts): Iterable<Found> {
  if (job.pool !== undefined) {
    for (const key of calledBy(facts, job.runs)) {
      const fn = facts.program.functions.get(key);
      if (!fn) continue;
      for (const use of facts.summaryOf(key)?.uses ?? []) {
        if (use.cell.key !== job.pool) continue;
        const wait = WAITS_FOR_ALL.test(use.api) ? endsPool(fn, use.point) : WORK.test(use.api) ? waitAfter(fn, use.point) : undefined;
        if (wait) yield { function: key, wait };
      }
    }
  }
  const fn = facts.program.functions.get(job.runs);
  if (job.parameter === undefined || !fn || !modelOf(fn).parameters[job.parameter]) return;
  for (const flow of flowsOf(modelOf(fn), [], [{ root: { kind: 'parameter', index: job.parameter }, path: [] }])) {
    if (flow.kind !== 'method' || !/^(?:submit|map|apply|apply_async|map_async)$/.test(flow.name)) continue;
    const wait = waitAfter(fn, flow.point);
    if (wait) yield { function: job.runs, wait };
  }
}

/** `shutdown()` waits unless it is told not to. */
function endsPool(fn: ResolvedFunction, point: number): Awaited | undefined {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call') return undefined;
  const wait = argumentOf(operation, 'wait', 0);
  return wait?.kind === 'constant' && wait.value === false ? undefined : { point, how: 'all' };
}

function finding(job: Job, found: Found, facts: Facts): Finding {
  const { id, family, severity } = poolJobWaitsForOwnPool;
  const name = job.pool === undefined ? 'its own pool' : nameOfKey(job.pool);
  const [who, runs] = [callOfKey(found.function), callOfKey(job.runs)];
  const single = isSingle(job, facts);
  const all = found.wait.how === 'all';
  const certain = all || single;
  return {
    rule: id,
    family,
    severity,
    confidence: certain ? 0.9 : 0.7,
    site: { function: found.function, point: found.wait.point },
    message: all
      ? `Deadlock: ${who} runs in a thread of ${name} and waits for all threads of ${name} to end, its own among them. End the pool from outside, or use shutdown(wait=False).`
      : `Deadlock: ${who} runs in a thread of ${name} and waits for other work of ${name}: ${
          single
            ? 'it has just one thread, which is this one, so that the work never begins'
            : 'when all its threads wait like this, none is left for the work they wait for'
        }. Do that work in the job itself, give it to another pool, or let the job end and go on from a callback.`,
    related: [
      { site: { function: job.from.key, point: job.point }, message: `${callOfKey(job.from.key)} has ${runs} run in ${name}` },
      ...(found.wait.submitted === undefined
        ? []
        : [{ site: { function: found.function, point: found.wait.submitted }, message: `${who} gives ${name} more work …` }]),
      {
        site: { function: found.function, point: found.wait.point },
        message: all ? `${who} waits for the whole pool` : '… and waits for it, keeping its thread',
      },
    ],
    fixes: [],
    interleaving: scheduleOf(job, found, name, single),
  };
}

/** A job that waits by itself for its pool, or two that keep the last threads. */
function scheduleOf({ runs }: Job, { function: key, wait }: Found, name: string, single: boolean): Interleaving {
  const head = `job running ${callOfKey(runs)}`;
  const [gives, waits] = [
    { function: key, point: wait.submitted ?? wait.point },
    { function: key, point: wait.point },
  ];
  if (wait.how === 'all')
    return { sides: [head], steps: [first(waits, `waits until all threads of ${name} have ended, its own among them`)], harm: 'stuck', outcome: ITSELF };
  const gave = `gives ${name} more work`;
  if (single)
    return { sides: [head], steps: [first(gives, gave), first(waits, 'waits for it, in the only thread that could do it')], harm: 'stuck', outcome: ITSELF };
  return {
    sides: [`a ${head}`, `another ${head}`],
    steps: [first(gives, gave), second(gives, gave), first(waits, 'waits for it, and keeps its thread'), second(waits, 'waits for it, and keeps the last one')],
    harm: 'stuck',
    outcome: 'No thread is left for the work that they wait for.',
  };
}

const ITSELF = 'It waits for itself for ever.';

/** Whether the pool is known to have one thread. */
function isSingle(job: Job, facts: Facts): boolean {
  for (const made of madeIn(job.from.module.file, facts, (api) => /Executor$|\.ThreadPool$/.test(api))) {
    const size = argumentOf(made.call, /Executor$/.test(made.api) ? 'max_workers' : 'processes', 0);
    if (size?.kind !== 'constant' || size.value !== 1) continue;
    if (job.pool === undefined ? made.fn.key === job.from.key : lifeOf(facts, made.fn.key, made.point).cells.some((cell) => cell.key === job.pool)) return true;
  }
  return false;
}
