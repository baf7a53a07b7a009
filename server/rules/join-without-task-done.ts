// join() of a queue whose items nobody ever reports done never returns.
import { nameOfKey } from '../summary/keys';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { isUsed } from './shared/conditions';
import { first, oneRun, stepBy, twoCalls } from './shared/interleavings';

export const joinWithoutTaskDone: Rule = {
  id: 'join-without-task-done',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isUsed,
  fixes: [],
  *check(cell, facts) {
    const uses = facts.usesOf(cell).filter((use) => /Queue\.\w+$/.test(use.api));
    const join = uses.find((use) => use.api.endsWith('Queue.join'));
    const get = uses.find((use) => /Queue\.get(?:_nowait)?$/.test(use.api));
    if (!join || !get || uses.some((use) => use.api.endsWith('.task_done'))) return;
    // Handed to others, who may report.
    if (facts.accessesOf(cell).filter((access) => !access.write).length > facts.usesOf(cell).length) return;
    const name = nameOfKey(cell);
    const finding: Finding = {
      rule: joinWithoutTaskDone.id,
      family: joinWithoutTaskDone.family,
      severity: joinWithoutTaskDone.severity,
      confidence: 0.8,
      site: { function: join.function, point: join.point },
      message: `join() of ${name} never returns once something has been put in: it waits until each item is reported with task_done(), and nobody does that. Call task_done() in a finally right behind each get().`,
      related: [{ site: { function: get.function, point: get.point }, message: 'Takes an item and does not report it done' }],
      fixes: [],
      interleaving: {
        sides: get.function === join.function ? [oneRun(undefined, join.function)] : twoCalls(join.function, get.function),
        steps: [
          stepBy(get.function === join.function ? 0 : 1, get, 'takes an item, and does not report it done'),
          first(join, `waits until each item of ${name} is reported done`),
        ],
        harm: 'stuck',
        outcome: 'The last item counts as unfinished for ever, and join() never returns.',
      },
    };
    yield finding;
  },
};
