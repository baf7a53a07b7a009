// A process is waited for before what it has put into a queue or pipe is read, so that both wait for each other.
import { resultOf, type Value } from '../model/value';
import { type CellKey, callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { type Enclosing, enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, second } from './shared/interleavings';
import { type ProcessEvent, ProcessEvents } from './shared/process-events';

export const joinBeforeDrain: Rule = {
  id: 'join-before-drain',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['join-after-reading'],
  *check(file, facts) {
    const functions = facts.functionsIn(file);
    if (!functions.some((fn) => facts.summaryOf(fn.key)?.spawns.some((spawn) => spawn.as === 'process'))) return;
    const events = new ProcessEvents(facts, file);
    const told = new Set<string>();
    for (const fn of functions) {
      const found = earlyJoin(fn, events.of(fn));
      if (!found || told.has(found.key)) continue;
      told.add(found.key);
      yield findingOf(fn, found);
    }
    const kept = functions.flatMap((fn) => keptProcesses(fn, events.of(fn)));
    for (const fn of functions) {
      const found = earlyJoinOfKept(fn, kept, functions, events);
      if (!found || told.has(found.key)) continue;
      told.add(found.key);
      yield findingOf(fn, found);
    }
  },
};

interface EarlyJoin {
  readonly spawn: ProcessEvent;
  /** The function that makes the process, where it is another one. */
  readonly maker?: ResolvedFunction;
  readonly join: ProcessEvent;
  readonly get: ProcessEvent;
  readonly key: string;
}

function earlyJoin(fn: ResolvedFunction, events: readonly ProcessEvent[]): EarlyJoin | undefined {
  for (const [at, spawn] of events.entries()) {
    if (spawn.kind !== 'spawn') continue;
    for (const channel of spawn.channels) {
      const drains = (event: ProcessEvent) => event.kind === 'get' && event.channels.has(channel);
      const rest = events.slice(at + 1);
      const joins = rest.findIndex((event) => event.kind === 'join');
      const first = rest.findIndex(drains);
      if (joins < 0 || first < joins) continue;
      const [join, get] = [rest[joins], rest[first]];
      if (get.point === join.point || exclude(fn, join, get) || isPolling(fn, join, get)) continue;
      return { spawn, join, get, key: `${fn.key}:${join.point}` };
    }
  }
  return undefined;
}

/** A process that its maker puts into a field, for other methods to wait for. */
interface KeptProcess {
  readonly maker: ResolvedFunction;
  readonly spawn: ProcessEvent;
  readonly cell: CellKey;
}

function keptProcesses(fn: ResolvedFunction, events: readonly ProcessEvent[]): KeptProcess[] {
  const { operations } = modelOf(fn);
  return events.flatMap((spawn): KeptProcess[] => {
    if (spawn.kind !== 'spawn' || spawn.channels.size === 0) return [];
    const write = operations.findIndex((operation) => operation.kind === 'write' && holds(operation.value, spawn.point));
    const cell = fn.cells.get(write)?.key;
    return cell === undefined ? [] : [{ maker: fn, spawn, cell }];
  });
}

function holds(value: Value, made: number): boolean {
  if (value.kind === 'collection') return value.items.some((item) => holds(item, made));
  return resultOf(value) === made;
}

/** One method makes the process and another waits for it before it reads; nobody else reads what the process sends. */
function earlyJoinOfKept(fn: ResolvedFunction, kept: readonly KeptProcess[], all: readonly ResolvedFunction[], told: ProcessEvents): EarlyJoin | undefined {
  const { operations } = modelOf(fn);
  const events = told.of(fn);
  for (const { maker, spawn, cell } of kept) {
    if (maker.key === fn.key) continue;
    const waits = (event: ProcessEvent) =>
      event.kind === 'join' && operations[event.point].depends.some((read) => operations[read]?.kind === 'read' && fn.cells.get(read)?.key === cell);
    const join = events.find(waits);
    if (!join) continue;
    for (const channel of spawn.channels) {
      const drains = (event: ProcessEvent) => event.kind === 'get' && event.channels.has(channel);
      const get = events.find(drains);
      if (!get || get.point <= join.point || exclude(fn, join, get) || isPolling(fn, join, get)) continue;
      if (all.some((other) => other.key !== fn.key && drainsItself(other, channel, told))) continue;
      return { spawn, maker, join, get, key: `${fn.key}:${join.point}` };
    }
  }
  return undefined;
}

function drainsItself(fn: ResolvedFunction, channel: string, events: ProcessEvents): boolean {
  return events.of(fn, 1).some((event) => event.kind === 'get' && event.channels.has(channel));
}

function around(fn: ResolvedFunction, event: ProcessEvent): readonly Enclosing[] {
  return enclosing(modelOf(fn)).get(event.point) ?? [];
}

/** Of two arms of a branch, or of what raised and its handler, only one runs. */
function exclude(fn: ResolvedFunction, join: ProcessEvent, get: ProcessEvent): boolean {
  return around(fn, join).some(
    (one) =>
      (one.kind === 'branch' && around(fn, get).some((other) => other.kind === 'branch' && other.step === one.step && other.arm !== one.arm)) ||
      (one.kind === 'try' && one.part === 'handler' && around(fn, get).some((other) => other.kind === 'try' && other.step === one.step)),
  );
}

/** A join with a limit in the loop that also reads comes back to reading. */
function isPolling(fn: ResolvedFunction, join: ProcessEvent, get: ProcessEvent): boolean {
  const loops = around(fn, get).flatMap((structure) => (structure.kind === 'loop' ? [structure.step] : []));
  return (join.limited ?? false) && around(fn, join).some((structure) => structure.kind === 'loop' && loops.includes(structure.step));
}

function findingOf(fn: ResolvedFunction, { spawn, maker = fn, join, get }: EarlyJoin): Finding {
  const at = (point: number) => ({ function: fn.key, point });
  return {
    rule: joinBeforeDrain.id,
    family: joinBeforeDrain.family,
    severity: joinBeforeDrain.severity,
    confidence: join.limited ? 0.7 : 0.85,
    site: at(join.point),
    message: `${callOfKey(fn.key)} waits for a process before it has read what that process sends: the child cannot end until everything it has put is in the pipe, and a pipe that nobody reads is soon full. With a large enough result both wait for each other${
      join.limited ? ', until the time is up' : ' for ever'
    }. Read first, then join.`,
    related: [
      { site: { function: maker.key, point: spawn.point }, message: 'Child: puts its results into a queue or pipe, and ends only when they are in the pipe' },
      { site: at(join.point), message: 'Parent: waits here for the child to end' },
      { site: at(get.point), message: 'Parent: reads the results only here' },
    ],
    interleaving: {
      sides: ['parent process', 'child process'],
      steps: [
        first({ function: maker.key, point: spawn.point }, 'makes the child'),
        second({ function: maker.key, point: spawn.point }, 'puts its results into the pipe, which is soon full, and waits until it is read'),
        first(at(join.point), 'waits for the child to end'),
        first(at(get.point), 'is not reached: the results would be read here'),
      ],
      harm: 'stuck',
      outcome: `Each waits for the other${join.limited ? ', until the time is up' : ' for ever'}.`,
    },
    fixes: join.limited ? [] : [{ kind: 'join-after-reading', site: at(join.point), reading: at(get.point) }],
  };
}
