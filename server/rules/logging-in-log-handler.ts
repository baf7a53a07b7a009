// A log handler logs while it holds a lock of its own, comes back to itself, and waits for the lock that it holds.
import type { Facts } from '../summary/facts';
import { type ClassKey, callOfKey, type FunctionKey, fileOfKey, type LockKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { enclosing, withPoints } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { first } from './shared/interleavings';
import { excludesItself, lockChain } from './shared/lock-chain';
import { attachedTo, hears, isLogging, loggerOf } from './shared/loggers';
import { makeReentrant } from './shared/re-entry';
import { waitsForItself, wayToLock } from './shared/wait-interleavings';

export const loggingInLogHandler: Rule = {
  id: 'logging-in-log-handler',
  family: 'self-deadlock',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['make-reentrant'],
  *check(file, facts) {
    for (const { key } of facts.program.modules.get(file)?.classes ?? []) {
      if (!facts.program.resolver.libraryBases(key).includes('logging.Handler')) continue;
      const emit = facts.program.resolver.method(key, 'emit');
      const finding = emit !== undefined && fileOfKey(emit) === file ? inHandler(key, emit, facts) : undefined;
      if (finding) yield finding;
    }
  },
};

function inHandler(handler: ClassKey, emit: FunctionKey, facts: Facts): Finding | undefined {
  const attached = attachedTo(handler, facts);
  for (const holder of calledBy(facts, emit)) {
    for (const { point, lock, taken, way } of loggingUnder(holder, facts)) {
      const logs = way.at(-1)!;
      const again = facts.summaryOf(emit)?.mayAcquire.get(lock);
      if (!again || again.guessed || !excludesItself(lock, facts) || leavesBefore(emit, again.point, facts)) continue;
      const logger = loggerOf(facts.program.functions.get(logs.function)!, logs.point, facts);
      const comesBack = attached.map((name) => hears(name, logger));
      if (comesBack.length > 0 && comesBack.every((heard) => heard === 'no')) continue;
      return findingOf({ emit, holder, point, taken, lock, way, sure: comesBack.includes('yes') }, facts);
    }
  }
  return undefined;
}

interface Logging {
  /** In the function that holds the lock: the call that logs, or comes to do so. */
  readonly point: Point;
  readonly lock: LockKey;
  readonly taken: Point;
  /** From there, call by call, to the one that logs. */
  readonly way: readonly { readonly function: FunctionKey; readonly point: Point }[];
}

/** What a function logs, itself or through what it calls in its file, inside its with statements on locks. */
function* loggingUnder(key: FunctionKey, facts: Facts): Iterable<Logging> {
  const fn = facts.program.functions.get(key);
  if (!fn) return;
  const points = withPoints(modelOf(fn));
  for (const [point, outer] of enclosing(modelOf(fn))) {
    const around = outer.flatMap((each) => (each.kind === 'with' ? [points.get(each.step)!] : []));
    const taken = around.find((with_) => fn.withs[~with_]?.lock);
    const lock = taken === undefined ? undefined : fn.withs[~taken]?.lock;
    if (point < 0 || taken === undefined || !lock || lock.dynamic || lock.perCall) continue;
    if (isLogging(fn, point, facts)) yield { point, lock: lock.key, taken, way: [{ function: key, point }] };
    for (const target of fn.calls.get(point)?.guessed ? [] : (fn.calls.get(point)?.targets ?? [])) {
      const way = wayToLogging(target, facts, new Set([key]));
      if (way) yield { point, lock: lock.key, taken, way: [{ function: key, point }, ...way] };
    }
  }
}

function wayToLogging(key: FunctionKey, facts: Facts, seen: Set<FunctionKey>): Logging['way'] | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn || seen.has(key) || seen.size > 12 || fileOfKey(key) !== fileOfKey([...seen][0])) return undefined;
  seen.add(key);
  const point = modelOf(fn).operations.findIndex((_, number) => isLogging(fn, number, facts));
  if (point >= 0) return [{ function: key, point }];
  for (const [at, call] of fn.calls) {
    for (const target of call.guessed ? [] : call.targets) {
      const way = wayToLogging(target, facts, seen);
      if (way) return [{ function: key, point: at }, ...way];
    }
  }
  return undefined;
}

/** `if self._busy.on: return` before the lock: it sees to it that it does not come back. */
function leavesBefore(emit: FunctionKey, taken: Point, facts: Facts): boolean {
  const { operations } = modelOf(facts.program.functions.get(emit)!);
  const first = taken >= 0 ? taken : operations.length;
  const inside = taken < 0 ? enclosing(modelOf(facts.program.functions.get(emit)!)) : undefined;
  return operations.some((operation, number) => operation.kind === 'return' && number < first && !inside?.get(number)?.some((each) => each.kind === 'with'));
}

function findingOf(found: Logging & { emit: FunctionKey; holder: FunctionKey; sure: boolean }, facts: Facts): Finding {
  const { emit, holder, point, taken, lock, way, sure } = found;
  const steps: Related[] = way.map((step, index) => ({
    site: step,
    message:
      index === way.length - 1
        ? `… and, with the lock held, ${callOfKey(step.function)} logs here, which runs ${callOfKey(emit)} again`
        : `${callOfKey(step.function)} calls ${callOfKey(way[index + 1].function)} …`,
  }));
  const again = facts.summaryOf(emit)!.mayAcquire.get(lock)!;
  const site = { function: emit, point: again.point };
  return {
    rule: loggingInLogHandler.id,
    family: loggingInLogHandler.family,
    severity: sure ? loggingInLogHandler.severity : 'information',
    confidence: sure ? 0.8 : 0.5,
    site: { function: holder, point },
    message: `Self-deadlock: ${callOfKey(emit)} logs while it holds ${nameOfKey(lock)}, and what it logs comes back to it${sure ? '' : ', if the handler is added to that logger or one above it'}: then it waits for ${nameOfKey(lock)}, which it holds itself, for ever, and so does everybody who logs. Log after the lock is released, or make the lock re-entrant.`,
    related: [
      { site: { function: holder, point: taken }, message: `${callOfKey(holder)} takes ${nameOfKey(lock)} here …` },
      ...steps,
      ...(again.next === undefined ? [{ site, message: `${callOfKey(emit)} waits for ${nameOfKey(lock)} here` }] : lockChain(facts, site, again.next, lock)),
    ],
    fixes: makeReentrant(lock, facts),
    interleaving: waitsForItself({ function: holder, point: taken }, lock, wayToLock(facts, site, again.next, lock), [
      ...way.slice(0, -1).map((step, index) => first(step, `calls ${callOfKey(way[index + 1].function)}`)),
      first(way.at(-1)!, `logs, which runs ${callOfKey(emit)} again`),
    ]),
  };
}
