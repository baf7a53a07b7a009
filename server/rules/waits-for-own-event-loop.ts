// The event loop's own thread waits for a coroutine that only this loop can run.
import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Related } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { calledApi, callsAny } from './shared/event-loop-calls';
import { first } from './shared/interleavings';
import { asksWhereItRuns, calledByCoroutines } from './shared/loop-side';
import { submittedToOwnLoop } from './shared/own-loop';

export const waitsForOwnEventLoop: Rule = {
  id: 'waits-for-own-event-loop',
  family: 'loop-thread-crossing',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-in-place', 'wrap-future'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'python' || !callsAny(file, WAITS, facts)) return;
    const functions = facts.functionsIn(file);
    const reached = calledByCoroutines(functions, facts);
    for (const fn of functions) {
      const model = modelOf(fn);
      const via = reached.get(fn.key);
      if (!model.isAsync && (via === undefined || facts.contextOf(fn.key).offLoop.length > 0 || asksWhereItRuns(fn, facts))) continue;
      for (const [number, operation] of model.operations.entries()) {
        if (operation.kind !== 'call' || !WAITS.has(calledApi(fn, number, facts) ?? '')) continue;
        const submitted = submittedToOwnLoop(fn, operation, facts);
        if (submitted === undefined) continue;
        const called: Related[] = via ? [{ site: via, message: `${callOfKey(via.function)} runs on the loop and calls ${callOfKey(fn.key)}` }] : [];
        yield {
          rule: waitsForOwnEventLoop.id,
          family: waitsForOwnEventLoop.family,
          severity: waitsForOwnEventLoop.severity,
          confidence: 0.85,
          site: { function: fn.key, point: number },
          message: `Deadlock: ${model.isAsync ? callOfKey(fn.key) : `${callOfKey(fn.key)}, called by ${callOfKey(via!.function)},`} waits on the event loop’s own thread for a coroutine that this loop should run: while it waits the loop runs nothing, so the result never comes. Await the coroutine instead; run_coroutine_threadsafe is for other threads.`,
          related: [
            ...called,
            { site: { function: fn.key, point: submitted }, message: 'The coroutine is handed to the loop here' },
            { site: { function: fn.key, point: number }, message: 'The loop’s thread stands still here' },
          ],
          interleaving: {
            sides: ['thread of the event loop'],
            steps: [
              ...(via ? [first(via, `calls ${callOfKey(fn.key)}, from a coroutine`)] : []),
              first({ function: fn.key, point: submitted }, 'hands a coroutine to the loop, which is to run it when this one gives way'),
              first({ function: fn.key, point: number }, 'waits for the outcome of that coroutine, without giving way'),
            ],
            harm: 'stuck',
            outcome: 'The loop never comes to run the coroutine, and this waits for ever.',
          },
          fixes: model.isAsync ? fixesOf(fn, number, operation) : [],
        };
      }
    }
  },
};

const WAITS = new Set(['concurrent.futures.Future.result', 'concurrent.futures.Future.exception']);

/** Where the future that is waited for has no name, its coroutine can be awaited right there. */
function fixesOf(fn: ResolvedFunction, number: number, call: Call): readonly FixIntent[] {
  if (methodOf(call) !== 'result' || call.arguments.length > 0) return [];
  const isDirect = call.callee.kind === 'place' && call.callee.place.root.kind === 'result' && call.callee.place.path.length === 1;
  const site = { function: fn.key, point: number };
  return isDirect
    ? [
        { kind: 'await-in-place', site },
        { kind: 'wrap-future', site },
      ]
    : [{ kind: 'wrap-future', site }];
}
