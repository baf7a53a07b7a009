// A promise leaves a try without being awaited, so that the catch beside it never sees its rejection.

import { calledName } from '../model/calls';
import type { Try } from '../model/operation';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { ASIDE, droppedIn, GOES_ON } from './shared/dropped-promises';
import { first, oneRun, second } from './shared/interleavings';
import { calledFunctions, chainStart, givesPromise, isTakenCareOf, mayBeRejected } from './shared/promises';

export const promiseEscapesTry: Rule = {
  id: 'promise-escapes-try',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-call', 'catch-promise'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      const model = modelOf(fn);
      for (const [point, operation] of model.operations.entries()) {
        if (operation.kind !== 'call' || operation.outcome !== 'returned' || !model.isAsync || model.isGenerator) continue;
        const step = tryAround(fn, point);
        // What calls itself deals with its errors in its own try.
        if (!step || !handles(fn, step) || isTakenCareOf(model, point) || calledFunctions(fn, point, facts).includes(fn.key)) continue;
        if (givesPromise(fn, point, facts) === 'yes' && mayBeRejected(fn, chainStart(model, point), facts))
          yield findingOf(fn, point, step, `${calledName(operation)}()`, true);
      }
      const told = new Set<string>();
      for (const { point, start, called, name, certainty, functions } of droppedIn(fn, facts)) {
        if (told.has(name) || functions.includes(fn.key)) continue;
        const step = certainty === 'yes' ? tryAround(fn, point) : undefined;
        if (!step || !handles(fn, step) || ASIDE.test(called) || GOES_ON.test(called)) continue;
        if (!mayBeRejected(fn, start, facts)) continue;
        told.add(name);
        yield findingOf(fn, point, step, name, false);
      }
    }
  },
};

/** The innermost try with a catch whose body holds a point. */
function tryAround(fn: ResolvedFunction, point: Point): Try | undefined {
  const around = enclosing(modelOf(fn)).get(point) ?? [];
  const outer = around.find((each) => each.kind === 'try' && each.part === 'body' && each.step.handlers.length > 0);
  return outer?.kind === 'try' ? outer.step : undefined;
}

/** Whether a catch does anything about what it catches, but to throw it again as it is. */
function handles(fn: ResolvedFunction, step: Try): boolean {
  const { operations } = modelOf(fn);
  const tried = Math.max(...pointsIn(modelOf(fn), step.body).map((point) => operations[point].statement));
  return step.handlers.some((handler) => {
    const points = pointsIn(modelOf(fn), handler);
    // A statement before the throw changes the error itself: `error.path = path;`.
    return points.some((point) => operations[point].kind !== 'raise' || operations[point].depends.length > 0 || operations[point].statement > tried + 1);
  });
}

function findingOf(fn: ResolvedFunction, point: Point, step: Try, name: string, returned: boolean): Finding {
  const handler = step.handlers.flatMap((block) => pointsIn(modelOf(fn), block))[0];
  return {
    rule: promiseEscapesTry.id,
    family: promiseEscapesTry.family,
    severity: promiseEscapesTry.severity,
    confidence: returned ? 0.85 : 0.8,
    site: { function: fn.key, point },
    message: `The catch here never sees what ${name} is rejected with: its promise is ${
      returned
        ? `returned from the try without await, so that ${callOfKey(fn.key)} is out of the try when it is settled`
        : 'dropped in the try, so that its rejection is an unhandled one'
    }. Put await before the call.`,
    related: [
      { site: { function: fn.key, point }, message: returned ? 'Returns the promise as it is' : 'Drops the promise' },
      ...(handler === undefined ? [] : [{ site: { function: fn.key, point: handler }, message: 'Is meant to deal with the error' }]),
    ],
    interleaving: {
      sides: [oneRun(undefined, fn.key), `the work of ${name}`],
      steps: [
        first({ function: fn.key, point }, `starts the work, ${returned ? 'returns' : 'drops'} its promise, and leaves the try`),
        second({ function: fn.key, point }, 'fails, and the promise is rejected'),
      ],
      harm: 'fails',
      outcome: returned ? 'The catch does not run, and the rejection goes to the caller.' : 'The catch does not run, and the rejection is an unhandled one.',
    },
    fixes: [
      { kind: 'await-call', site: { function: fn.key, point } },
      { kind: 'catch-promise', site: { function: fn.key, point }, tried: true, mayBeNone: false },
    ],
  };
}
