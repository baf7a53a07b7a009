// An interval starts its async callback again although the run before has not come to its end.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, claimOf, type FunctionKey, isClaim } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { structuresIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { first, second } from './shared/interleavings';
import { calledFunctions, functionsGiven, givesPromise } from './shared/promises';

export const intervalOverlapsItself: Rule = {
  id: 'interval-overlaps-itself',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'information',
  subject: 'module',
  when: callingInFile('setInterval'),
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, { api }] of fn.calls) {
        if (api?.name !== 'setInterval') continue;
        const call = modelOf(fn).operations[point] as Call;
        const callback = call.arguments[0]?.value;
        for (const key of callback ? functionsGiven(fn, callback, facts) : []) {
          const work = workOf(key, facts);
          if (work && !isGuarded(work.fn, facts)) yield findingOf(fn, point, work);
        }
      }
    }
  },
};

/** What runs at each tick and waits: the callback itself, or the one thing that it calls. */
interface Work {
  readonly fn: ResolvedFunction;
  readonly awaited: Point;
  /** A callback that is given from outside, and may give a promise. */
  readonly callback?: true;
}

function workOf(key: FunctionKey, facts: Facts, depth = 2): Work | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn || depth === 0) return undefined;
  const model = modelOf(fn);
  const calls = model.operations.flatMap((operation, point) => (operation.kind === 'call' ? [{ operation, point }] : []));
  const changes = changesAfterAwait(fn, facts);
  if (model.isAsync) return changes === undefined ? undefined : { fn, awaited: changes };
  // A tick that itself looks whether it should go on is left alone.
  if (calls.length !== 1 || structuresIn(model.body).length > 0) return undefined;
  const [{ operation, point }] = calls;
  if (operation.gives === 'maybe-promise' && givesPromise(fn, point, facts) === 'maybe' && operation.outcome !== 'used')
    return { fn, awaited: point, callback: true };
  const [only, ...others] = calledFunctions(fn, point, facts);
  return only !== undefined && others.length === 0 && operation.outcome !== 'used' ? workOf(only, facts, depth - 1) : undefined;
}

/**
 * The first await behind which the function replaces what outlives it; undefined where nothing is replaced there. What is
 * only added to what stands there by then is right in any order.
 */
function changesAfterAwait(fn: ResolvedFunction, facts: Facts): Point | undefined {
  const summary = facts.summaryOf(fn.key);
  const first = summary?.awaits[0]?.point;
  // What rests on a read from before the await is told as a race of its own.
  if (first === undefined || summary!.staleWrites.length > 0) return undefined;
  return summary!.accesses.some((access) => access.write && access.point > first && !access.update && !access.constant && !isClaim(access.cell.key))
    ? first
    : undefined;
}

/** A flag, a lock or a stored promise keeps a second run out, or the timer is taken back first. */
function isGuarded(fn: ResolvedFunction, facts: Facts): boolean {
  const model = modelOf(fn);
  const summary = facts.summaryOf(fn.key);
  if (!summary) return true;
  if (summary.acquisitions.length > 0 || summary.awaits.some((site) => site.held.length > 0)) return true;
  if (facts.contextOf(fn.key).entry?.some((lock) => isClaim(lock) || lock !== claimOf(''))) return true;
  const first = summary.awaits[0]?.point ?? Number.POSITIVE_INFINITY;
  const early = model.operations.slice(0, first);
  if (early.some((operation) => operation.kind === 'call' && /^clear(?:Interval|Timeout)$/.test(calledName(operation)))) return true;
  // `if (this.busy) return;` before the first await.
  return structuresIn(model.body).some(
    (step) =>
      step.kind === 'branch' &&
      step.test.some((test) => test < first) &&
      step.arms.some((arm) => arm.some((each) => typeof each === 'number' && each <= first && model.operations[each].kind === 'return')),
  );
}

function findingOf(fn: ResolvedFunction, point: Point, { fn: work, awaited, callback }: Work): Finding {
  return {
    rule: intervalOverlapsItself.id,
    family: intervalOverlapsItself.family,
    severity: intervalOverlapsItself.severity,
    confidence: 0.6,
    site: { function: fn.key, point },
    message: callback
      ? 'The callback of this interval may be started again before it is done: its type allows a promise, and an interval does not wait for it, so that slow runs pile up and overlap. Start the next round with setTimeout() when the promise is settled.'
      : `${callOfKey(work.key)} may be started again before it is done: an interval does not wait for its async callback, so that a slow run is overtaken by the next one and writes what is out of date. Start the next round with setTimeout() at the end, or leave while a run is under way.`,
    related: [
      { site: { function: fn.key, point }, message: 'Starts it again and again, without waiting' },
      { site: { function: work.key, point: awaited }, message: callback ? 'Drops the promise' : 'Waits here; the next run may begin meanwhile' },
    ],
    interleaving: {
      sides: ['one run of the interval', 'the next run'],
      steps: [
        first({ function: fn.key, point }, 'is started'),
        first({ function: work.key, point: awaited }, 'waits, for longer than the interval'),
        second({ function: fn.key, point }, 'is started, though the other is not done'),
        second({ function: work.key, point: awaited }, 'waits as well, and is done first'),
        first({ function: work.key, point: awaited }, 'goes on with what is out of date by now'),
      ],
      harm: 'wrong',
      outcome: 'Runs pile up, and an older one has the last word.',
    },
    fixes: [],
  };
}
