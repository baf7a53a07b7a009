// A loop asks again and again for what others will change, without ever waiting in between.
import { methodOf } from '../model/calls';
import type { Loop } from '../model/operation';
import type { Facts } from '../summary/facts';
import { effortAt } from '../summary/polling';
import { type QuietRound, quietRound } from '../summary/quiet-rounds';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopsIn, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { describeOperation } from './shared/describe-operation';
import { repeatsOf } from './shared/self-repeating';
import { spinsBeside } from './shared/spinning-beside';
import { spinsOf } from './shared/spinning-loops';

export const busyWait: Rule = {
  id: 'busy-wait',
  family: 'busy-wait',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['wait-instead', 'pause-in-loop'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) yield* fn.module.language === 'python' ? waitsIn(fn, facts) : spinningIn(fn, facts);
  },
};

function* waitsIn(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  const told = new Set<Point>();
  for (const loop of loopsIn(modelOf(fn).body)) {
    const round = quietRound(fn, loop, (target) => facts.summaryOf(target));
    const quiet = round && evidenceOf(fn, loop, round, facts);
    const site = quiet ?? spinsBeside(fn, loop, facts);
    if (site === undefined || told.has(site)) continue;
    told.add(site);
    yield findingOf(fn, quiet === undefined ? undefined : round, site);
  }
}

/** The same in TypeScript, where nothing else runs in the thread meanwhile, or everything has to make way. */
function* spinningIn(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  const told = new Set<Point>();
  for (const { kind, point } of spinsOf(fn, facts)) {
    if (kind === 'retry' || told.has(point)) continue;
    told.add(point);
    yield spinFinding(fn, kind, point);
  }
  for (const { kind, point, again, name } of repeatsOf(fn, facts))
    if (kind === 'turn') yield { ...spinFinding(fn, 'turn', point), related: [{ site: again, message: `${name}() has it asked again here, over and over` }] };
}

const SPINS = {
  clock:
    'Busy wait: this loop looks at the clock or at shared memory until enough has gone by, and keeps a whole core busy with it. Nothing else runs in this thread meanwhile: no timer, no socket, no promise. Wait with a timer and await; where the thread has to stop, Atomics.wait() stops it without using it up.',
  microtask:
    'Busy wait: this loop awaits what is there already, so that only other promises get on between its rounds. Timers, sockets and files never get their turn, and what it waits for may never come. Wait for the event itself, or for a promise that is resolved when it is time.',
  turn: 'Busy wait: this asks again in every turn of the event loop until others have changed something, and keeps a whole core busy with it. Wait for the event itself, or for a promise that is resolved when it is time; at least let some milliseconds go by in between.',
  poll: 'Busy wait: this loop asks again as soon as it has its answer, without a pause, until the answer is another one. It floods the other side and keeps this one busy. Let some time go by in each round, longer each time, or wait to be told.',
} as const;

function spinFinding(fn: ResolvedFunction, kind: keyof typeof SPINS, point: Point): Finding {
  return {
    rule: busyWait.id,
    family: busyWait.family,
    severity: busyWait.severity,
    confidence: kind === 'clock' || kind === 'microtask' ? 0.85 : 0.7,
    site: { function: fn.key, point },
    message: SPINS[kind],
    related: [],
    fixes: [],
  };
}

function findingOf(fn: ResolvedFunction, round: QuietRound | undefined, site: Point): Finding {
  const operation = modelOf(fn).operations[site];
  const what = operation.kind === 'call' ? `calls ${describeOperation(fn, site)}` : 'looks';
  const task = modelOf(fn).isAsync;
  const pause = round?.givesWay ? 'a sleep of 0 only lets others run for a moment' : 'it never waits in between';
  return {
    rule: busyWait.id,
    family: busyWait.family,
    severity: round?.givesWay && task ? 'information' : busyWait.severity,
    confidence: !round || round.polls.length > 0 ? 0.8 : 0.7,
    site: { function: fn.key, point: site },
    message: `Busy wait: this loop ${what} again and again until others have changed something, and ${pause}. It keeps a processor busy${task ? (round?.givesWay ? '' : ', and with it the event loop, so that nothing else runs') : ' and takes the interpreter lock from the very thread it waits for'}. Wait for it instead: an Event, a Condition, a blocking get() or join(), or at least a sleep in each round.`,
    related: [],
    fixes: [
      { kind: 'wait-instead', site: { function: fn.key, point: site } },
      { kind: 'pause-in-loop', site: { function: fn.key, point: site } },
    ],
  };
}

/** The operation that shows that the loop waits for others; undefined where it may get on by itself. */
function evidenceOf(fn: ResolvedFunction, loop: Loop, round: QuietRound, facts: Facts): Point | undefined {
  const summaryOf = (target: string) => facts.summaryOf(target);
  const inside = pointsIn(modelOf(fn), loop.body);
  // What the loop is there for says more than whether it is to go on.
  const sures = round.polls.filter((point) => isSure(fn, point));
  const sure = sures.find((point) => !loop.test?.includes(point)) ?? sures[0];
  if ((!round.explicit || round.atOnce) && inside.some((point) => !round.polls.includes(point) && mayPause(fn, point, facts))) return undefined;
  if (round.atOnce) return asksWhetherItWaits(fn) ? undefined : round.polls.at(-1);
  if (sure !== undefined) return sure;
  const guess = round.polls[0] ?? round.flags[0];
  if (guess === undefined || makesProgress(fn, loop, round)) return undefined;
  if (round.flags.includes(guess) && writesFlag(fn, inside, guess)) return undefined;
  // A test that was made with a pause before it may be made again behind the pause.
  const jump = Math.max(...round.points);
  if (inside.some((point) => point < jump && mayPause(fn, point, facts))) return undefined;
  const works = inside.some((point) => point >= 0 && effortAt(fn, point, summaryOf) === 'work');
  return works && !round.explicit ? undefined : guess;
}

/** Whoever has looked how a socket is set up does not come here with one that does not wait. */
function asksWhetherItWaits(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some((operation) => operation.kind === 'call' && /^get(?:timeout|blocking)$/.test(methodOf(operation)));
}

/** Queues, events, threads, futures and the clock do not change because of what the loop does to its own variables. */
function isSure(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
  const api = fn.calls.get(point)?.api?.name;
  if (api !== undefined) return !api.startsWith('os.path');
  if (fn.calls.get(point)?.locks.length) return true;
  const { root, path } = operation.callee.place;
  if (root.kind === 'import') return /^(?:time|datetime|select)$/.test(root.specifier);
  return /^(?:empty|get_nowait|put_nowait|is_set|isSet|is_alive|isAlive)$/.test(path.at(-1) ?? '');
}

/** Something in the loop sleeps or waits: then the quiet way may be one that never comes about. */
export function mayPause(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  if (point < 0) return false;
  const operation = modelOf(fn).operations[point];
  if (effortAt(fn, point, (target) => facts.summaryOf(target)) !== 'work') return false;
  if (operation.kind !== 'call') return operation.kind === 'await';
  const call = fn.calls.get(point);
  if (call?.blocks.some((kind) => kind !== 'queue') || call?.targets.some((target) => (facts.summaryOf(target)?.blocks.size ?? 0) > 0)) return true;
  if (operation.callee.kind === 'place' && operation.callee.place.root.kind === 'unknown' && operation.callee.place.path.length === 0) return true;
  const name = methodOf(operation);
  return /sleep|wait|pause|delay|select|poll|recv|read|accept|join|flush|process_events|tick|yield|idle|backoff|communicate/i.test(name);
}

/** A statement of the round that may change a local variable: `node = node.next`. */
function makesProgress(fn: ResolvedFunction, loop: Loop, round: QuietRound): boolean {
  const { operations, statements } = modelOf(fn);
  const within = statements.flatMap((span, index) => (span.start > loop.span.start && span.end <= loop.span.end ? [index] : []));
  const isLeaf = (index: number) =>
    !within.some((other) => other !== index && statements[other].start >= statements[index].start && statements[other].end <= statements[index].end);
  const jump = round.explicit ? Math.max(...round.points.filter((point) => point >= 0).map((point) => operations[point].span.start)) : Number.POSITIVE_INFINITY;
  return within.filter(isLeaf).some((index) => {
    const own = operations.filter((operation) => operation.statement === index);
    const { start, end } = statements[index];
    // `pass` and `...` do nothing.
    if (own.length === 0) return end - start > 4 && start < jump;
    const onTheWay = round.points.some((point) => point >= 0 && operations[point].statement === index);
    return (
      onTheWay &&
      !own.some(
        (operation) =>
          /^(?:break|continue|return|raise)$/.test(operation.kind) ||
          (operation.kind === 'call' && (operation.outcome === 'dropped' || operation.outcome === 'awaited')),
      )
    );
  });
}

function writesFlag(fn: ResolvedFunction, inside: readonly Point[], flag: Point): boolean {
  const cell = fn.cells.get(flag)?.key;
  return cell !== undefined && inside.some((point) => point >= 0 && modelOf(fn).operations[point].kind === 'write' && fn.cells.get(point)?.key === cell);
}
