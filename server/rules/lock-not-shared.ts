// A lock is held that the others do not have: one made for this call alone, or one of each object around state of the class.

import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { takesLocks } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';
import { makerOf } from './shared/lock-makers';

export const lockNotShared: Rule = {
  id: 'lock-not-shared',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: takesLocks,
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (fn) yield* madePerCall(fn, facts);
  },
};

/** `with threading.Lock():`, or a local lock that nobody else ever gets. */
function* madePerCall(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  const summary = facts.summaryOf(fn.key);
  const seen = new Set<string>();
  for (const { point, lock } of summary?.acquisitions ?? []) {
    if (!lock.perCall || lock.kind?.domain !== 'thread' || lock.kind.type === 'condition' || seen.has(lock.key)) continue;
    const made = makerOf(fn, point);
    if (made === undefined || isGivenAway(fn, made)) continue;
    seen.add(lock.key);
    yield {
      rule: lockNotShared.id,
      family: lockNotShared.family,
      severity: lockNotShared.severity,
      confidence: 0.9,
      site: { function: fn.key, point },
      message: `This lock keeps nobody out: ${callOfKey(fn.key)} makes a new one in each call, so that no two threads ever have the same one. Make it once, where the object or module is made, and hold that one.`,
      related: [{ site: { function: fn.key, point: made }, message: `The lock is made here, anew in each call of ${callOfKey(fn.key)}` }],
      fixes: [],
      interleaving: keepingNobodyOut({ function: fn.key, point: made }, { function: fn.key, point }),
    };
  }
}

function keepingNobodyOut(made: Site, taken: Site): Interleaving {
  return {
    sides: twoCalls(made.function),
    steps: [
      first(made, 'makes a lock'),
      first(taken, 'takes its lock, and goes inside'),
      second(made, 'makes a lock of its own'),
      second(taken, 'takes its own lock, which is free, and goes inside as well'),
    ],
    harm: 'wrong',
    outcome: 'Both are inside at the same time, as if there were no lock.',
  };
}

/** Whether what a call made is stored, passed on, returned, or put into something: others may have it then. */
function isGivenAway(fn: ResolvedFunction, made: number): boolean {
  const isIt = (value: Value): boolean => (value.kind === 'collection' ? value.items.some(isIt) : resultOf(value) === made);
  return modelOf(fn).operations.some((operation) => {
    if (operation.kind === 'call') return operation.arguments.some((argument) => isIt(argument.value) || argument.depends.includes(made));
    return (operation.kind === 'write' || operation.kind === 'return' || operation.kind === 'yield' || operation.kind === 'await') && isIt(operation.value);
  });
}
