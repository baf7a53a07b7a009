// What has just failed is tried again at once, so that it fails again, as fast as the processor can.
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { awaitedCall } from './shared/place-names';
import { repeatsOf } from './shared/self-repeating';
import { spinsOf } from './shared/spinning-loops';

export const retryWithoutPause: Rule = {
  id: 'retry-without-pause',
  family: 'busy-wait',
  languages: ['typescript'],
  severity: 'information',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const { kind, point } of spinsOf(fn, facts)) {
        if (kind !== 'retry') continue;
        const what = awaitedCall(fn, point);
        yield {
          rule: retryWithoutPause.id,
          family: retryWithoutPause.family,
          severity: retryWithoutPause.severity,
          confidence: 0.5,
          site: { function: fn.key, point },
          message: `Tried again at once: when ${what} fails, this loop catches it and goes round without a pause. While the cause lasts (the other side is away, the lock is taken) it fails as fast as it can, keeps a core busy, and floods the log and the other side. Let some time go by after a failure, longer each time.`,
          related: [],
          fixes: [],
        };
      }
      for (const { kind, point, again, name } of repeatsOf(fn, facts)) {
        if (kind !== 'reconnect') continue;
        yield {
          rule: retryWithoutPause.id,
          family: retryWithoutPause.family,
          severity: retryWithoutPause.severity,
          confidence: 0.5,
          site: { function: fn.key, point },
          message: `Connected again at once: on '${name}' ${modelOf(fn).name}() is called again without a pause. While the other side is down, each attempt fails and starts the next, as fast as the machine can; when it comes back, all clients storm it together. Use a timer, with a delay that grows and differs from client to client.`,
          related: [{ site: again, message: `It connects again from here` }],
          fixes: [],
        };
      }
    }
  },
};
