// Throwing: which operations of JavaScript and TypeScript throw or reject in practice, so that what stands behind them may not be reached.

import { calledName } from '../model/calls';
import type { Await, Call } from '../model/operation';
import { lastName } from '../model/place';
import { resultOf } from '../model/value';
import { executorRejects } from './escaping-errors';
import { modelOf, type ResolvedFunction } from './resolved';
import type { Point, SummaryOf } from './summary';

/** `likely`: what a careful reader reckons with; `possible`: an empty list, a missing key; enough to reach a handler. */
export type Raising = 'likely' | 'possible' | 'no';

/** Waits for time to pass, or says by itself how it went. */
const CALM =
  /^(?:sleep|delay|pause|wait|timeout|setTimeout|setImmediate|nextTick|tick|allSettled|resolve|idle|yieldToEventLoop|log|debug|info|warn|error|trace|emit)$/;
/** Clears up: what fails there is seldom more than the thing being gone already. */
const CLEARS_UP =
  /^(?:end|disconnect|terminate|kill|quit|abort|cancel|leave|cleanup|cleanUp|unref|unlink|rm|(?:close|destroy|dispose|stop|release|unlock|free)(?:[A-Z]\w*)?)$/;
/** Refuses what it cannot make sense of. */
const PARSES = /^(?:parse|decodeURI|decodeURIComponent|require|structuredClone|\w+Sync)$/;
/** What a caller hands in to be run, by its name. */
const TASK =
  /^(?:f|fn|func|function|run|task|work|job|operation|op|action|body|execute|executor|mutate|update|critical|section|thunk|producer|factory|load|loader)$|(?:Fn|Task|Work|Job|Action|Callback|Operation)$/;

/** Whether an operation throws or rejects in practice; leaving by `throw` itself is no matter of this. */
export function throwingAt(fn: ResolvedFunction, number: Point, summaryOf: SummaryOf): Raising {
  const operation = modelOf(fn).operations[number];
  switch (operation.kind) {
    case 'await':
      return ofAwait(fn, operation, summaryOf);
    case 'yield':
      return 'possible';
    case 'call':
      // A promise tells where it is awaited.
      return operation.outcome === 'awaited' ? 'possible' : ofCall(fn, operation, number, summaryOf);
    default:
      return 'no';
  }
}

function ofAwait(fn: ResolvedFunction, { value }: Await, summaryOf: SummaryOf): Raising {
  if (value.kind === 'constant' || value.kind === 'function' || value.kind === 'collection') return 'no';
  const made = resultOf(value);
  return made === undefined ? 'likely' : ofOutcome(fn, made, summaryOf);
}

/** How the promise that a call gives may end. */
function ofOutcome(fn: ResolvedFunction, number: Point, summaryOf: SummaryOf): Raising {
  const call = modelOf(fn).operations[number];
  if (call?.kind !== 'call') return 'likely';
  if (call.callee.kind !== 'place') return call.callee.kind === 'function' ? ofTargets(fn, number, summaryOf) : 'likely';
  const { place } = call.callee;
  const name = lastName(place) ?? '';
  if (call.form === 'new') return name === 'Promise' && executorRejects(fn, call) === false ? 'no' : 'likely';
  const on = place.root.kind === 'result' && place.path.length === 1 ? place.root.operation : undefined;
  if (on !== undefined && name === 'catch' && call.arguments.length > 0) return 'no';
  if (on !== undefined && name === 'then' && call.arguments.length > 1) return 'possible';
  if (on !== undefined && name === 'finally') return ofOutcome(fn, on, summaryOf);
  if (CALM.test(name)) return 'no';
  const own = fn.calls.get(number)?.targets.length ? ofTargets(fn, number, summaryOf) : 'likely';
  return own === 'likely' && CLEARS_UP.test(name) ? 'possible' : own;
}

function ofTargets(fn: ResolvedFunction, number: Point, summaryOf: SummaryOf): Raising {
  // What is no async function itself hands back a promise of somebody else's.
  return fn.calls.get(number)?.targets.some((target) => summaryOf(target)?.mayRaise || summaryOf(target)?.isAsync === false) ? 'likely' : 'possible';
}

function ofCall(fn: ResolvedFunction, call: Call, number: Point, summaryOf: SummaryOf): Raising {
  const resolved = fn.calls.get(number);
  if (resolved?.targets.some((target) => summaryOf(target)?.mayRaise && !summaryOf(target)!.isAsync)) return 'likely';
  if (resolved?.targets.length || call.callee.kind !== 'place' || call.form === 'new') return 'possible';
  const { root, path } = call.callee.place;
  if (root.kind === 'parameter' && path.length === 0) return TASK.test(modelOf(fn).parameters[root.index]?.name ?? '') ? 'likely' : 'possible';
  return PARSES.test(calledName(call)) && !(path.at(-1) === 'parse' && root.kind === 'import') ? 'likely' : 'possible';
}
