// A thread is started and then given some time by a sleep, instead of being waited for.
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { first, oneRun, second } from './shared/interleavings';
import { startedIn } from './shared/started-work';

export const sleepAsSynchronisation: Rule = {
  id: 'sleep-as-synchronisation',
  family: 'advice',
  languages: ['python'],
  severity: 'hint',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const work of startedIn(file, facts)) {
      if (work.kind !== 'thread' && work.kind !== 'process') continue;
      const { operations } = modelOf(work.fn);
      const start = work.life.uses.find((use) => use.name === 'start' && use.site.function === work.fn.key);
      if (
        !start ||
        work.life.escapes ||
        work.life.uses.some((use) => use.name === 'join' && use.site.function === work.fn.key && use.site.point < start.site.point + 1)
      )
        continue;
      // The very next thing that happens is a sleep of a fixed time.
      const next = operations.findIndex((operation, point) => point > start.site.point && operation.kind === 'call');
      const sleep = operations[next];
      if (next < 0 || sleep.kind !== 'call' || work.fn.calls.get(next)?.api?.name !== 'time.sleep' || sleep.arguments[0]?.value.kind !== 'constant') continue;
      yield {
        rule: sleepAsSynchronisation.id,
        family: sleepAsSynchronisation.family,
        severity: 'hint',
        confidence: 0.4,
        site: { function: work.fn.key, point: next },
        message: `A sleep is no promise: ${callOfKey(work.fn.key)} gives the ${work.kind} running ${callOfKey(work.target)} some time and goes on, whether it has come as far or not. On a busy machine it has not, and on a fast one the time is wasted. Wait for what is meant: join the ${work.kind}, or let it set an Event.`,
        related: [{ site: start.site, message: `The ${work.kind} is started here` }],
        fixes: [],
        interleaving: {
          sides: [oneRun(undefined, work.fn.key), `${work.kind} running ${callOfKey(work.target)}`],
          steps: [
            first(start.site, `starts the ${work.kind}`),
            first({ function: work.fn.key, point: next }, 'sleeps for a while, and goes on as if all were done'),
            second({ function: work.target, point: NAME }, 'is not ready yet: the machine was busy'),
          ],
          harm: 'wrong',
          outcome: 'What was to be done first has not been done yet.',
        },
      };
    }
  },
};
