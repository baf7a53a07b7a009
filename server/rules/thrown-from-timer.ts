// A timer's callback throws: nobody is left on the stack who could catch it, and the process ends.

import { isCaughtAt } from '../summary/escaping-errors';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { handMadeIn } from './shared/executors';
import { first, oneRun, second } from './shared/interleavings';
import { functionsGiven } from './shared/promises';

export const thrownFromTimer: Rule = {
  id: 'thrown-from-timer',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('setTimeout', 'setInterval'),
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    const told = new Set<string>();
    for (const fn of facts.functionsIn(file)) {
      for (const [point, { api }] of fn.calls) {
        if (api?.name !== 'setTimeout' && api?.name !== 'setInterval') continue;
        const call = modelOf(fn).operations[point];
        if (call.kind !== 'call' || isSoon(call.arguments[1]?.value)) continue;
        for (const key of functionsGiven(fn, call.arguments[0]?.value ?? { kind: 'unknown' }, facts)) {
          const callback = facts.program.functions.get(key);
          const thrown = callback && !told.has(key) ? thrownIn(callback, facts) : undefined;
          if (!callback || thrown === undefined || isInExecutor(callback, facts)) continue;
          told.add(key);
          yield findingOf(fn, point, callback, thrown);
        }
      }
    }
  },
};

/** `setTimeout(() => { throw error; })`: an error is handed to the process on purpose, at once. */
function isSoon(delay: { readonly kind: string; readonly value?: unknown } | undefined): boolean {
  return delay === undefined || (delay.kind === 'constant' && typeof delay.value === 'number' && delay.value <= 1);
}

/** Where a plain function throws an error that it has made itself. */
function thrownIn(fn: ResolvedFunction, facts: Facts): Point | undefined {
  const model = modelOf(fn);
  if (model.isAsync || facts.summaryOf(fn.key)?.rejects !== true) return undefined;
  const point = model.operations.findIndex(
    (operation, at) => operation.kind === 'raise' && operation.value.kind === 'place' && operation.value.place.root.kind === 'result' && !isCaughtAt(fn, at),
  );
  return point < 0 ? undefined : point;
}

/** There it is told that the promise is never settled. */
function isInExecutor(fn: ResolvedFunction, facts: Facts): boolean {
  return handMadeIn(fn.module.file, facts).some((made) => made.nest.some((each) => each.key === fn.key));
}

function findingOf(fn: ResolvedFunction, point: Point, callback: ResolvedFunction, thrown: Point): Finding {
  return {
    rule: thrownFromTimer.id,
    family: thrownFromTimer.family,
    severity: thrownFromTimer.severity,
    confidence: 0.75,
    site: { function: callback.key, point: thrown },
    message: `Nobody can catch what is thrown here: ${callOfKey(callback.key)} is called by a timer, long after ${callOfKey(fn.key)} has gone on, so that no try and no promise is around it and the process ends. Make a promise that the timer rejects, and race it against the work.`,
    related: [
      { site: { function: fn.key, point }, message: 'Has it called later, by the event loop' },
      { site: { function: callback.key, point: thrown }, message: 'Throws with nobody above it' },
    ],
    interleaving: {
      sides: [oneRun(undefined, fn.key), 'the timer'],
      steps: [
        first({ function: fn.key, point }, 'sets the timer, and goes on'),
        second({ function: callback.key, point: thrown }, 'throws, with nobody above it'),
      ],
      harm: 'fails',
      outcome: 'Nobody can catch it, and the process ends.',
    },
    fixes: [],
  };
}
