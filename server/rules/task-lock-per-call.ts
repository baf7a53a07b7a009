// A lock between tasks is made by each call for itself, so that it keeps nobody out.
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { takesLocks } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';

export const taskLockPerCall: Rule = {
  id: 'task-lock-per-call',
  family: 'await-race',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: takesLocks,
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const summary = facts.summaryOf(key);
    if (!fn || !summary) return;
    for (const { point, lock } of summary.acquisitions) {
      if (!lock.perCall || lock.kind?.domain !== 'task' || lock.kind.type === 'condition') continue;
      const made = Number(/\d+(?=\)$)/.exec(lock.key)?.[0]);
      if (Number.isNaN(made) || isHandedOn(fn, made)) continue;
      yield {
        rule: taskLockPerCall.id,
        family: taskLockPerCall.family,
        severity: taskLockPerCall.severity,
        confidence: 0.9,
        site: { function: key, point },
        message: `This lock keeps nobody out: each call of ${callOfKey(key)} makes a lock of its own, so that two calls never wait for each other. Make it once, where the state that it guards is made, such as in __init__.`,
        related: [
          { site: { function: key, point: made }, message: 'Made anew by each call' },
          { site: { function: key, point }, message: 'Taken here, where nobody else can have it' },
        ],
        interleaving: {
          sides: twoCalls(key),
          steps: [
            first({ function: key, point: made }, 'makes a lock'),
            first({ function: key, point }, 'takes it, and awaits something with it held'),
            second({ function: key, point: made }, 'makes a lock of its own'),
            second({ function: key, point }, 'takes its own lock, which nobody else can have'),
          ],
          harm: 'wrong',
          outcome: 'Both are at a time where the lock was to let only one be.',
        },
        fixes: [],
      };
      return;
    }
  },
};

/** Whether somebody else gets to know the lock: it is stored, passed on or returned. */
function isHandedOn(fn: ResolvedFunction, made: number): boolean {
  return modelOf(fn).operations.some((operation) => {
    if (operation.kind === 'call') return operation.arguments.some((argument) => argument.depends.includes(made));
    return (operation.kind === 'write' || operation.kind === 'return' || operation.kind === 'yield') && operation.depends.includes(made);
  });
}
