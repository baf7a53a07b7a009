// The promise of what is under way is forgotten only when it succeeds; once it has failed, everybody gets the same failure for ever.

import { isPromiseEntry } from './busy-flag-left-set';
import type { Rule } from './rule';
import { claimsLeftIn } from './shared/claims-left';
import { first, second, twoCalls } from './shared/interleavings';

export const failedPromiseKept: Rule = {
  id: 'failed-promise-kept',
  family: 'lock-leak',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['forget-failure'],
  *check(file, facts) {
    for (const left of facts.once(claimsLeftIn, file, () => [...claimsLeftIn(file, facts)])) {
      if (left.claim.kind !== 'promise' && !isPromiseEntry(left)) continue;
      const { claim, taken, given } = left;
      yield {
        rule: failedPromiseKept.id,
        family: failedPromiseKept.family,
        severity: failedPromiseKept.severity,
        confidence: 0.8,
        site: taken,
        message: `A failed promise is kept: ${claim.name} holds what is under way so that others wait for the same, and lets go of it only when that succeeds. Once it is rejected it stays, and everybody who asks gets the old failure, without a new attempt. Let go of it in finally, or in catch as well.`,
        related: [
          { site: taken, message: 'It is kept here, and others get it' },
          { site: given, message: 'It is let go of here, when it has succeeded' },
        ],
        fixes: [{ kind: 'forget-failure', site: taken, given }],
        interleaving: {
          sides: twoCalls(taken.function),
          steps: [
            first(taken, `begins, and keeps its promise in ${claim.name}`),
            first(given, 'is not reached: the promise has been rejected'),
            second(taken, `asks later, and gets the promise in ${claim.name}, which has failed long ago`),
          ],
          harm: 'wrong',
          outcome: 'Everybody who asks gets the old failure, and nobody tries again.',
        },
      };
    }
  },
};
