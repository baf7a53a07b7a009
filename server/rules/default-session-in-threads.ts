// Threads make clients out of a library's default session, which is one for the process and not made for several threads.
import { callOfKey } from '../summary/keys';
import type { Rule } from './rule';
import { first, second, twoRuns } from './shared/interleavings';
import { isUnderLock, runsTwice } from './shared/restoring-steps';
import { startsOf, whyTheyMeet } from './shared/shared-access-traces';

/** Functions that work on a default session, and what makes a session of one's own. */
const BY_DEFAULT: Readonly<Record<string, string>> = {
  'boto3.client': 'boto3.session.Session().client()',
  'boto3.resource': 'boto3.session.Session().resource()',
};

export const defaultSessionInThreads: Rule = {
  id: 'default-session-in-threads',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const roots = runsTwice(key, facts);
    if (!roots) return;
    for (const [point, { api }] of fn.calls) {
      const instead = api === undefined ? undefined : BY_DEFAULT[api.name];
      if (!api || instead === undefined || isUnderLock(fn, point, facts)) continue;
      yield {
        rule: defaultSessionInThreads.id,
        family: defaultSessionInThreads.family,
        severity: defaultSessionInThreads.severity,
        confidence: 0.7,
        site: { function: key, point },
        message: `${api.name}() works on the default session, which is one for the whole process and not made for several threads: two threads that are in it at the same time fail with a KeyError such as 'credential_provider'. ${whyTheyMeet({ roots, by: 'threads' })} Make a session for each thread (${instead}), or make the client once, before the threads start: clients can be shared.`,
        related: [{ site: { function: key, point }, message: `thread A and thread B: ${callOfKey(key)} works on the same session` }, ...startsOf(roots, facts)],
        fixes: [],
        interleaving: {
          sides: twoRuns(roots, { function: key, point }, { function: key, point }),
          steps: [
            first({ function: key, point }, 'begins to set up the default session: part of it is there'),
            second({ function: key, point }, 'works on the same session, which is half set up'),
          ],
          harm: 'fails',
          outcome: "The second one fails with a KeyError such as 'credential_provider'.",
        },
      };
      return;
    }
  },
};
