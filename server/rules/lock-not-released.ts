// A lock that is taken by hand stays taken on some way out of the function.

import type { Facts } from '../summary/facts';
import { type FunctionKey, nameOfKey } from '../summary/keys';
import type { LockAction } from '../summary/lock-actions';
import { type LockFault, lockFaults } from '../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { handlesLocks } from './shared/conditions';
import { describeOperation } from './shared/describe-operation';
import { first, oneRun } from './shared/interleavings';
import { type Kept, keptIn } from './shared/kept-takings';
import { lockCalls } from './shared/lock-calls';
import { isLibraryLock } from './shared/lock-makers';
import { awaitedCall } from './shared/place-names';
import { neverGivenBack } from './shared/wait-interleavings';

export const lockNotReleased: Rule = {
  id: 'lock-not-released',
  family: 'lock-leak',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['use-with', 'use-with-on-exits', 'release-in-finally'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      if (fn.module.language === 'python') yield* leftTaken(fn, facts);
      else for (const kept of keptIn(fn, facts)) yield findingOfKept(fn, kept, facts);
    }
  },
};

function* leftTaken(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  if (!handlesLocks(fn.key, facts)) return;
  const actions = actionsOf(fn, facts);
  const told = new Set<string>();
  const faults = lockFaults(fn, (target) => facts.summaryOf(target));
  for (const fault of faults) {
    const of = actions.get(fault.lock);
    const id = `${fault.lock} ${fault.taken}`;
    if (!of || !fault.paired || told.has(id) || !isMeantHere(fn, of) || isHandedOut(fn, fault, facts)) continue;
    const finding = findingOf(fn, fn.key, fault, of);
    if (!finding) continue;
    told.add(id);
    yield { ...finding, fixes: fixesOf(fn, fault, of, faults, facts) };
  }
}

/** What a function does to one lock, in source order. */
interface LockActions {
  readonly name: string;
  readonly acquires: readonly Point[];
  readonly releases: readonly Point[];
}

function actionsOf(fn: ResolvedFunction, facts: Facts): Map<string, LockActions> {
  const found = new Map<string, { name: string; acquires: Point[]; releases: Point[] }>();
  const add = (point: Point, { lock, name, kind }: LockAction) => {
    if (!found.has(lock)) found.set(lock, { name, acquires: [], releases: [] });
    found.get(lock)![kind === 'acquire' ? 'acquires' : 'releases'].push(point);
  };
  for (const [point, actions] of lockCalls(fn, facts)) for (const action of actions) add(point, action);
  return found;
}

/**
 * Whether the function itself means to give the lock back: it does so after taking it, and not only when something went
 * wrong. One that gives it back first has been entered with it.
 */
function isMeantHere(fn: ResolvedFunction, { acquires, releases }: LockActions): boolean {
  if (acquires.length === 0 || releases.length === 0 || releases[0] < acquires[0]) return false;
  const around = enclosing(modelOf(fn));
  return releases.some((point) => !around.get(point)?.some((outer) => outer.kind === 'try' && outer.part === 'handler'));
}

const TAKES = /^_*(?:try_?)?(?:acquire|lock|enter|begin|reserve|check_?out|claim|take|start)/i;

/** `acquire_if_free()` that returns True keeps the lock for its caller. */
function isHandedOut(fn: ResolvedFunction, fault: LockFault, facts: Facts): boolean {
  if (fault.kind !== 'exit') return false;
  const operation = modelOf(fn).operations[fault.at];
  if (operation.kind === 'raise' || operation.kind === 'continue') return false;
  if (operation.kind !== 'return') return true;
  if (TAKES.test(modelOf(fn).name)) return true;
  // A step of `acquire()` that stands in a function of its own.
  const callers = modelOf(fn).isPrivate ? [...(facts.program.callers.get(fn.key)?.keys() ?? [])] : [];
  if (callers.length > 0 && callers.every((key) => TAKES.test(nameOfKey(key).split('.').pop()!))) return true;
  return operation.value.kind === 'constant' && operation.value.value === true;
}

function findingOf(fn: ResolvedFunction, key: FunctionKey, fault: LockFault, { name, releases }: LockActions): Finding | undefined {
  const at = (point: Point) => ({ function: key, point });
  const release = releases.find((point) => point > fault.taken) ?? releases[0];
  const what = describeOperation(fn, fault.at);
  const use = `Take it with a with statement, or give it back in a finally.`;
  const told = { exception: 'exception', exit: 'exit', branch: 'branch', round: 'round' } as const;
  if (!(fault.kind in told)) return undefined;
  const texts: Record<keyof typeof told, string> = {
    exception: `${name} stays taken if ${what} raises: the release below it is not reached, and everything that needs ${name} afterwards waits for ever. ${use}`,
    exit: `${name} is still taken at this ${what}: this way out skips the release, and everything that needs ${name} afterwards waits for ever. ${use}`,
    branch: `${name} is given back on some ways out of here and not on others: where the release is skipped, everything that needs ${name} afterwards waits for ever. ${use}`,
    round: `${name} is taken in each round of this loop and not given back on every way through it: the next round waits for ever. ${use}`,
  };
  return {
    rule: lockNotReleased.id,
    family: lockNotReleased.family,
    severity: lockNotReleased.severity,
    confidence: fault.kind === 'branch' || fault.kind === 'round' ? 0.7 : 0.85,
    site: at(fault.kind === 'exit' ? fault.at : fault.taken),
    message: texts[fault.kind as keyof typeof told],
    related: [
      { site: at(fault.taken), message: `${name} is taken here` },
      ...(fault.kind === 'exception' ? [{ site: at(fault.at), message: `When ${what} raises, the function is left from here` }] : []),
      { site: at(release), message: `${name} is given back here, which is not reached on every way` },
    ],
    fixes: [],
    interleaving:
      fault.kind === 'round'
        ? {
            sides: [oneRun(undefined, key)],
            steps: [first(at(fault.taken), `takes ${name}`), first(at(fault.taken), `waits in the next round for ${name}, which it holds itself`)],
            harm: 'stuck',
            outcome: 'It waits for itself for ever.',
          }
        : neverGivenBack(name, at(fault.taken), at(fault.kind === 'branch' ? fault.taken : fault.at), leavesBy(fault.kind, name)),
  };
}

/** How the one that has it goes away without giving it back. */
function leavesBy(kind: LockFault['kind'] | Kept['kind'], name: string): string {
  const left: Partial<Record<typeof kind, string>> = {
    exit: 'leaves here',
    callback: 'leaves here',
    branch: 'goes a way out that skips the release',
    success: 'is not reached, since the promise before it is rejected',
  };
  return `${left[kind] ?? 'fails here'}, with ${name} still taken`;
}

/** The with statement where only an error goes past the release; its meaning for who is left with the lock needs a look. */
function fixesOf(fn: ResolvedFunction, fault: LockFault, { acquires, releases }: LockActions, faults: readonly LockFault[], facts: Facts): FixIntent[] {
  const next = acquires.find((point) => point > fault.taken) ?? Number.POSITIVE_INFINITY;
  const own = releases.filter((point) => point > fault.taken && point < next).map((point) => ({ function: fn.key, point }));
  const site = { function: fn.key, point: fault.taken };
  if (own.length === 0 || fault.taken < 0 || fault.kind === 'round') return [];
  if (!canBeEntered(fn, fault.taken)) return [{ kind: 'release-in-finally', site: own[0], taken: site, releases: own }];
  const isPlain = faults.every((each) => each.lock !== fault.lock || each.taken !== fault.taken || each.kind === 'exception');
  const isSafe = isPlain && !isReleasedElsewhere(fault.lock, fn, facts) && isLibraryLock(fn, fault.taken, facts);
  return [{ kind: isSafe ? 'use-with' : 'use-with-on-exits', site, releases: own }];
}

const ENTERED = /^(?:threading|multiprocessing|asyncio)\.(?:Lock|RLock|Semaphore|BoundedSemaphore|Condition)\.acquire$/;

/** Known to be of a type that a with statement can enter, and taken for certain. */
function canBeEntered(fn: ResolvedFunction, taken: Point): boolean {
  const operation = modelOf(fn).operations[taken];
  const isSure = operation.kind === 'call' && operation.arguments.every(({ value }) => value.kind === 'constant' && value.value === true);
  return isSure && ENTERED.test(fn.calls.get(taken)?.api?.name ?? '');
}

/** Whoever gives back what others have taken may do so after an error. */
function isReleasedElsewhere(lock: string, fn: ResolvedFunction, facts: Facts): boolean {
  for (const other of facts.functionsIn(fn.module.file)) {
    const actions = other.key === fn.key ? [] : [...lockCalls(other, facts).values()].flat().filter((action) => action.lock === lock);
    if (actions.length > 0 && actions.every(({ kind }) => kind === 'release')) return true;
  }
  return false;
}

/** The same in TypeScript, where what throws is mostly an await. */
function findingOfKept(fn: ResolvedFunction, kept: Kept, facts: Facts): Finding {
  const { name, taken, at, given } = kept;
  const where = facts.program.functions.get(at.function) ?? fn;
  const what = awaitedCall(where, at.point);
  const after = /transaction/.test(name) ? 'it stays open, with its locks and its connection' : 'whoever needs it afterwards waits for ever';
  const use = 'Give it back in a finally block.';
  const texts: Record<Kept['kind'], string> = {
    exception: `${name} stays taken if ${what} fails: the line that gives it back is not reached, and ${after}. ${use}`,
    exit: `${name} is still taken at this ${what}: this way out skips giving it back, and ${after}. ${use}`,
    branch: `${name} is given back on some ways out of here and not on others: where that is skipped, ${after}. ${use}`,
    success: `${name} is given back only when the promise before it is fulfilled: when that rejects, ${after}. Give it back in finally() instead of then().`,
    callback: `${name} stays taken when this callback is left here: the line that gives it back stands further down, and ${after}. Give it back first, or on this way out too.`,
    cleanup: `${name} stays taken if ${what} fails: it stands before the release in the finally block, and ${after}. Put the release into a finally block of its own.`,
  };
  const leaves = kept.kind === 'exit' || kept.kind === 'callback' ? `The function is left here` : `When this fails, what follows is skipped`;
  return {
    rule: lockNotReleased.id,
    family: lockNotReleased.family,
    // A stream that failed is at its end, and mostly nobody else reads it.
    severity: /reader|writer/i.test(name) ? 'information' : lockNotReleased.severity,
    confidence: kept.kind === 'branch' ? 0.7 : 0.85,
    site: kept.kind === 'exit' || kept.kind === 'callback' ? at : taken,
    message: texts[kept.kind].replace(/^(?:the|what) /, (first) => first[0].toUpperCase() + first.slice(1)),
    related: [
      { site: taken, message: `${name} is taken here` },
      ...(kept.kind === 'branch' || kept.kind === 'success' ? [] : [{ site: at, message: leaves }]),
      { site: given, message: `${name} is given back here, which is not reached on every way` },
    ],
    fixes: fixesOfKept(kept),
    interleaving: neverGivenBack(name, taken, kept.kind === 'branch' || kept.kind === 'success' ? given : at, leavesBy(kept.kind, name)),
  };
}

/** Only where it is a failure that goes past the release: whoever leaves the function without it may hand it on. */
function fixesOfKept({ kind, taken, gives }: Kept): FixIntent[] {
  const last = gives?.at(-1);
  if (!last || taken.function !== last.function) return [];
  if (kind === 'cleanup') return [{ kind: 'release-in-finally', site: last, releases: [last] }];
  return kind === 'exception' ? [{ kind: 'release-in-finally', site: last, taken, releases: gives! }] : [];
}
