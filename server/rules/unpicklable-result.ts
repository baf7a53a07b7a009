// A job given to other processes returns what cannot be pickled, so that its result never gets back.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { obstacleOf } from './shared/picklability';
import { type ProcessSite, processSites } from './shared/process-sites';

export const unpicklableResult: Rule = {
  id: 'unpicklable-result',
  family: 'unpicklable',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const told = new Set<string>();
    for (const site of processSites(facts, file)) {
      if (site.kind !== 'job') continue;
      for (const key of site.targets) {
        if (told.has(key)) continue;
        told.add(key);
        const finding = findingOf(site, key, facts);
        if (finding) yield finding;
      }
    }
  },
};

function findingOf(site: ProcessSite, key: string, facts: Facts): Finding | undefined {
  const place = facts.program.resolver.functionAt(key);
  const fn = place?.module.module.functions[place.index];
  if (!place || !fn || fn.decorators.length > 0) return undefined;
  const sent: Site = { function: site.fn.key, point: site.point };
  const name = callOfKey(key);
  if (fn.isGenerator || fn.isAsync) {
    const what = fn.isGenerator ? 'a generator' : 'a coroutine';
    return make(
      sent,
      `${name} gives ${what}, which cannot be pickled: the job does not run its body, and its result fails on the way back from the worker process. ${
        fn.isGenerator ? 'Return a list.' : 'Give the pool an ordinary function, which may call asyncio.run().'
      }`,
      sent,
    );
  }
  for (const [point, operation] of fn.operations.entries()) {
    const found = operation.kind === 'return' ? obstacleOf(facts, place.module, place.index, operation.value, 'message') : undefined;
    if (!found) continue;
    const returned: Site = { function: key, point };
    const here = place.module.file === site.fn.module.file;
    return make(
      here ? returned : sent,
      `${name} returns what cannot be pickled: ${found.what.replace(/,$/, '')}. It runs in a worker process, so its result is pickled on the way back and the call fails after all the work is done. Return plain data.`,
      sent,
      returned,
    );
  }
  return undefined;
}

function make(site: Site, message: string, sent: Site, returned?: Site): Finding {
  return {
    rule: unpicklableResult.id,
    family: unpicklableResult.family,
    severity: unpicklableResult.severity,
    confidence: 0.85,
    site,
    message,
    related: [{ site: sent, message: 'Given to a worker process here' }, ...(returned ? [{ site: returned, message: 'Returned here, in the worker' }] : [])],
    fixes: [],
  };
}
