// A `finally` makes a second promise that is rejected like the first one, and nobody gets that.

import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { type Place, printPlace } from '../model/place';
import { resultOf } from '../model/value';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { chainStart, isTakenCareOf, mayBeRejected } from './shared/promises';

export const rejectionCopied: Rule = {
  id: 'rejection-copied',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('finally'),
  fixes: ['catch-elsewhere'],
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
        if (isPlace && !mayFail(fn, call, facts)) continue;
        yield findingOf(fn, point, isPlace);
      }
    }
  },
};

/** A promise that is handed in may be rejected; of one in a field that is known only where this function puts it there. */
function mayFail(fn: ResolvedFunction, call: Call, facts: Facts): boolean {
  if (call.callee.kind !== 'place') return false;
  const holder: Place = { root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) };
  const { root, path } = holder;
  if (path.length === 0) return root.kind === 'result' ? mayBeRejected(fn, root.operation, facts) : root.kind === 'parameter' || root.kind === 'variable';
  return modelOf(fn).operations.some((operation) => {
    const made = operation.kind === 'write' && printPlace(operation.place) === printPlace(holder) ? resultOf(operation.value) : undefined;
    return made !== undefined && mayBeRejected(fn, made, facts);
  });
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
    fixes: stored ? [{ kind: 'catch-elsewhere', site: { function: fn.key, point } }] : [],
  };
}
