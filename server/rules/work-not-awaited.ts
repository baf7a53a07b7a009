// A promise is dropped although what comes next counts on its work: a lock is given back, something is closed, the caller told.
import { calledName } from '../model/calls';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { firstWait, goesOnWithout } from './shared/await-interleavings';
import { awaitedElsewhere } from './shared/awaited-elsewhere';
import { ASIDE, type Dropped, droppedAt, droppedIn } from './shared/dropped-promises';
import { first, oneRun } from './shared/interleavings';
import { calledFunctions, givesPromise } from './shared/promises';
import { reasonBeyond } from './shared/reasons-beyond';
import { type Reason, reasonToWait } from './shared/reasons-to-wait';

export const workNotAwaited: Rule = {
  id: 'work-not-awaited',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-call'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const dropped of droppedIn(fn, facts)) {
        const name = dropped.called;
        if (ASIDE.test(name)) continue;
        const reason = reasonToWait(fn, dropped, name, facts) ?? reasonBeyond(fn, dropped, name, facts) ?? awaitedElsewhere(fn, dropped, name, facts);
        if (reason) yield findingOf(fn, dropped, reason, facts);
      }
      yield* awaitedOtherwise(fn, facts);
    }
  },
};

/** What is not known to give a promise does so if the same call of the same object is waited for elsewhere. */
function* awaitedOtherwise(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  if (!modelOf(fn).isAsync) return;
  for (const [point, call] of modelOf(fn).operations.entries()) {
    if (call.kind !== 'call' || call.outcome !== 'dropped' || call.form !== 'call' || fn.calls.get(point)?.api) continue;
    if (calledFunctions(fn, point, facts).length > 0 || givesPromise(fn, point, facts) !== undefined) continue;
    const dropped = droppedAt(fn, point, 'maybe', facts);
    const reason = awaitedElsewhere(fn, dropped, calledName(call), facts);
    if (reason) yield findingOf(fn, dropped, reason, facts);
  }
}

function findingOf(fn: ResolvedFunction, { point, name, functions }: Dropped, { text, related, confidence }: Reason, facts: Facts): Finding {
  const later = related.filter(({ site, message }) => site.function === fn.key && site.point > point && /\b(?:without|not) /.test(message));
  return {
    rule: workNotAwaited.id,
    family: workNotAwaited.family,
    severity: workNotAwaited.severity,
    confidence,
    site: { function: fn.key, point },
    message: `${name} ${text}. Nobody gets its promise here. Put await before the call, or return the promise.`,
    related: [{ site: { function: fn.key, point }, message: `${callOfKey(fn.key)} starts it and drops its promise` }, ...related],
    interleaving: goesOnWithout(
      [oneRun(undefined, fn.key), `the work of ${name}`],
      { function: fn.key, point },
      `${name} is not done when others count on it.`,
      later.map(({ site, message }) => first(site, `${message[0].toLowerCase()}${message.slice(1)}`)),
      functions.length > 0 ? firstWait(functions[0], facts) : undefined,
    ),
    fixes: [{ kind: 'await-call', site: { function: fn.key, point } }],
  };
}
