// A `finally` makes a second promise that is rejected like the first one, and nobody gets that.
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { calledName } from './shared/future-methods';
import { chainStart, isTakenCareOf, mayBeRejected } from './shared/promises';

export const rejectionCopied: Rule = {
  id: 'rejection-copied',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('finally'),
  repaired: false,
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      const model = modelOf(fn);
      for (const [point, call] of model.operations.entries()) {
        if (call.kind !== 'call' || call.outcome !== 'dropped' || calledName(call) !== 'finally' || call.arguments.length !== 1) continue;
        if (call.callee.kind !== 'place' || isTakenCareOf(model, point) || (fn.calls.get(point)?.targets.length ?? 0) > 0) continue;
        const start = chainStart(model, point);
        const first = model.operations[start];
        const isPlace = start === point;
        // A promise that is stored or handed in is somebody else's to look at; one that is made here is nobody's.
        if (!isPlace && (first.kind !== 'call' || !mayBeRejected(fn, start, facts))) continue;
        if (isPlace && madeHere(fn, point, facts) === false) continue;
        yield findingOf(fn, point, isPlace);
      }
    }
  },
};

/** Whether the promise that the method is called on may be rejected, as far as this function makes it. */
function madeHere(fn: ResolvedFunction, point: Point, facts: Facts): boolean | undefined {
  const call = modelOf(fn).operations[point];
  if (call.kind !== 'call' || call.callee.kind !== 'place' || call.callee.place.root.kind !== 'result') return undefined;
  return mayBeRejected(fn, call.callee.place.root.operation, facts);
}

function findingOf(fn: ResolvedFunction, point: Point, stored: boolean): Finding {
  return {
    rule: rejectionCopied.id,
    family: rejectionCopied.family,
    severity: rejectionCopied.severity,
    confidence: 0.8,
    site: { function: fn.key, point },
    message: `A failure here is an unhandled rejection${
      stored ? ', however well the promise itself is looked after' : ''
    }: finally() gives a promise of its own that is rejected as well, and that one is dropped. Put .catch(() => {}) behind it if the failure is dealt with elsewhere, or use the promise that it gives.`,
    related: [{ site: { function: fn.key, point }, message: 'Makes a second promise and drops it' }],
    fixes: [],
  };
}
