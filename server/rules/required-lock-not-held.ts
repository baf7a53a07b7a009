// A function is called, or started on a thread, without the lock that its annotation says its callers hold.
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, type LockKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { CallSite, HeldLock, Point } from '../summary/summary';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { holdLock } from './shared/guarding-lock';
import { isImportTime } from './shared/import-time';
import { first, second, twoCalls } from './shared/interleavings';
import { takenIn } from './shared/lock-chain';
import { isHeld, mayHoldOtherwise } from './shared/stated-guards';

export const requiredLockNotHeld: Rule = {
  id: 'required-lock-not-held',
  family: 'shared-state',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['hold-lock'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) yield* callsIn(fn, facts);
  },
};

function* callsIn(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  const summary = facts.summaryOf(fn.key);
  const told = new Set<Point>();
  for (const call of summary?.calls ?? []) {
    const lock = missing(call.target, call.held, fn, facts);
    if (lock === undefined || told.has(call.point) || isExempt(call, fn, facts)) continue;
    told.add(call.point);
    yield findingOf(fn, call.point, call.target, lock, false, facts);
  }
  for (const spawn of summary?.spawns ?? []) {
    // What is started runs when nobody holds a lock for it.
    const lock = spawn.function === undefined ? undefined : facts.summaryOf(spawn.function)?.requires[0];
    if (lock === undefined || told.has(spawn.point) || !RUNS_BESIDE.has(spawn.as)) continue;
    told.add(spawn.point);
    yield findingOf(fn, spawn.point, spawn.function!, lock, true, facts);
  }
}

const RUNS_BESIDE: ReadonlySet<string> = new Set(['thread', 'timer']);

/** A lock that a function requires and that is not held where it is called. */
function missing(target: FunctionKey, held: readonly HeldLock[], fn: ResolvedFunction, facts: Facts): LockKey | undefined {
  const required = facts.summaryOf(target)?.requires ?? [];
  if (required.length === 0) return undefined;
  const all = new Set([...held.map(({ lock }) => lock), ...(facts.contextOf(fn.key).entry ?? [])]);
  return required.find((lock) => !isHeld(lock, all) && !mayHoldOtherwise(fn.key, lock, facts));
}

/** Calls on what nobody else has yet, calls that may be none, and callers that nobody is known to reach. */
function isExempt(call: CallSite, fn: ResolvedFunction, facts: Facts): boolean {
  if (call.owned || call.made || call.constructing || call.overriding || call.guessed || call.wraps || modelOf(fn).kind === 'module') return true;
  const context = facts.contextOf(fn.key);
  if (context.roots.length === 0 || isImportTime(fn.key, facts)) return true;
  return call.onReceiver && (context.constructing || context.roots.every((root) => context.owned.includes(root)));
}

/** Beside somebody of the same file who keeps to it; undefined where nobody does. */
function besideHolder(fn: ResolvedFunction, site: Site, target: FunctionKey, lock: LockKey, starts: boolean, facts: Facts): Interleaving | undefined {
  const [holder] = facts.functionsIn(fn.module.file).flatMap((other) => (other.key === fn.key ? [] : takenIn(facts, other.key, lock)));
  if (!holder) return undefined;
  const [called, guard] = [callOfKey(target), nameOfKey(lock)];
  const [one, other] = twoCalls(holder.function, fn.key);
  return {
    sides: [one, starts ? `thread running ${called}` : other],
    steps: [
      first(holder, `takes ${guard}`),
      second(site, starts ? 'begins, with no lock' : `calls ${called} without ${guard}`),
      second({ function: target, point: NAME }, `works on what ${guard} guards, while the other counts on it`),
    ],
    harm: 'wrong',
    outcome: `Both are inside what ${guard} should keep apart.`,
  };
}

function findingOf(fn: ResolvedFunction, point: Point, target: FunctionKey, lock: LockKey, starts: boolean, facts: Facts): Finding {
  const [called, guard] = [callOfKey(target), nameOfKey(lock)];
  const caller = modelOf(fn).kind === 'module' ? 'this call' : callOfKey(fn.key);
  const site = { function: fn.key, point };
  return {
    rule: requiredLockNotHeld.id,
    family: requiredLockNotHeld.family,
    severity: requiredLockNotHeld.severity,
    confidence: 0.85,
    site,
    message: starts
      ? `Started without its lock: the annotation of ${called} says that its callers hold ${guard}, and what runs on a thread of its own begins with no lock. Start a function that takes ${guard} and calls ${called} then.`
      : `Called without its lock: the annotation of ${called} says that its callers hold ${guard}, and ${caller} does not. Hold ${guard} around the call, or say on ${caller} that its own callers do.`,
    related: [{ site: { function: target, point: NAME }, message: `The annotation: ${called} requires ${guard}` }],
    fixes: starts ? [] : holdLock(site, lock, facts),
    interleaving: besideHolder(fn, site, target, lock, starts, facts),
  };
}
