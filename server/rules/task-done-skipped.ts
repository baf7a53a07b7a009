// A worker takes an item from a queue and does not report it done on some way, so that join() of the queue never returns.

import type { LockAction } from '../summary/lock-actions';
import { BEFORE, lockFaults } from '../summary/lock-paths';
import { modelOf } from '../summary/resolved';
import { nameOf, signalCalls } from '../summary/signals';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { describeOperation } from './shared/describe-operation';
import { first, oneRun } from './shared/interleavings';

export const taskDoneSkipped: Rule = {
  id: 'task-done-skipped',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('task_done'),
  fixes: ['release-in-finally'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const calls = signalCalls(fn).filter((call) => call.kind === 'queue');
    const done = calls.filter((call) => call.method === 'task_done');
    if (done.length === 0) return;
    const actions = new Map<Point, readonly LockAction[]>();
    for (const { point, method, place, receiver } of calls) {
      const kind = /^get(?:_nowait)?$/.test(method) ? 'acquire' : method === 'task_done' ? 'release' : undefined;
      if (kind) actions.set(point, [{ kind, lock: place, name: nameOf(receiver), attempt: false, by: 'lock' }]);
    }
    const told = new Set<string>();
    const faults = lockFaults(
      fn,
      (target) => facts.summaryOf(target),
      [],
      (number) => actions.get(number) ?? [],
    );
    for (const { kind, lock, taken, at, paired } of faults) {
      if (!paired || taken === BEFORE || told.has(lock) || kind === 'attempt' || kind === 'twice') continue;
      // Who ends on a sentinel is joined as a thread, not waited for through the queue.
      if (kind === 'exit' && modelOf(fn).operations[at].kind !== 'continue') continue;
      told.add(lock);
      const name = actions.get(taken)![0].name;
      const report = done.find((call) => call.place === lock)!;
      const next = [...actions].find(([point, [action]]) => action.kind === 'acquire' && point > taken)?.[0] ?? Number.POSITIVE_INFINITY;
      const own = done.filter((call) => call.place === lock && call.point > taken && call.point < next).map(({ point }) => ({ function: key, point }));
      const what =
        kind === 'exception'
          ? `if ${describeOperation(fn, at)} raises`
          : kind === 'exit'
            ? 'when this round is left by continue'
            : 'on every way through this round';
      const finding: Finding = {
        rule: taskDoneSkipped.id,
        family: taskDoneSkipped.family,
        severity: taskDoneSkipped.severity,
        confidence: 0.75,
        site: { function: key, point: kind === 'exit' ? at : report.point },
        message: `task_done() of ${name} is not reached ${what}: the item counts as unfinished for ever, and whoever waits in ${name}.join() never goes on. Call task_done() in a finally right behind the get().`,
        related: [
          { site: { function: key, point: taken }, message: `The item is taken from ${name} here` },
          {
            site: { function: key, point: at },
            message: kind === 'exception' ? 'When this raises, task_done() is skipped' : 'From here on task_done() is skipped',
          },
        ],
        interleaving: {
          sides: [oneRun(undefined, key)],
          steps: [
            first({ function: key, point: taken }, `takes an item from ${name}`),
            first({ function: key, point: at }, kind === 'exception' ? 'fails here' : 'goes another way from here'),
            first({ function: key, point: report.point }, 'is not reached: the item counts as unfinished'),
          ],
          harm: 'stuck',
          outcome: `Whoever waits in ${name}.join() never goes on.`,
        },
        fixes: own.length === 0 ? [] : [{ kind: 'release-in-finally', site: own[0], taken: { function: key, point: taken }, releases: own }],
      };
      yield finding;
    }
  },
};
