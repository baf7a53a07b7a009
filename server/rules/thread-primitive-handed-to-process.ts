// A forked process is handed a lock, event or queue for threads: it gets a copy, which has nothing to do with the parent's.
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import type { Rule } from './rule';
import { first, second } from './shared/interleavings';
import { processSites } from './shared/process-sites';

export const threadPrimitiveHandedToProcess: Rule = {
  id: 'thread-primitive-handed-to-process',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const { resolver } = facts.program;
    for (const site of processSites(facts, file)) {
      // Where the child gets a pickle, it does not even start.
      if ((site.kind !== 'process' && site.kind !== 'initializer') || (site.method !== 'fork' && site.method !== 'default')) continue;
      for (const { value } of site.handed) {
        const type = resolver.typeOf(site.fn.module, site.fn.index, value);
        if (type?.kind !== 'library' || !/^(?:threading\.(?:Event|Lock|RLock|Condition|Semaphore|BoundedSemaphore|Barrier)|queue\.\w*Queue)$/.test(type.name))
          continue;
        const at = { function: site.fn.key, point: site.point };
        yield {
          rule: threadPrimitiveHandedToProcess.id,
          family: threadPrimitiveHandedToProcess.family,
          severity: threadPrimitiveHandedToProcess.severity,
          confidence: 0.85,
          site: at,
          message: `The child gets a copy of a ${type.name}, which works between the threads of one process only: what ${callOfKey(site.fn.key)} and the child do with it never meets, so that one waits for what the other has done to another object. Use the class of the same name from multiprocessing.`,
          related: [{ site: at, message: 'Handed to a process here, which copies it' }],
          fixes: [],
          interleaving: {
            sides: ['parent process', 'child process'],
            steps: [
              first(at, `hands over a ${type.name}, and goes on to use it`),
              second({ function: site.targets[0] ?? at.function, point: site.targets.length > 0 ? NAME : at.point }, 'begins with a copy of it, and uses that'),
            ],
            harm: 'stuck',
            outcome: 'What one of them does to its own the other never sees, and waits for.',
          },
        };
        break;
      }
    }
  },
};
