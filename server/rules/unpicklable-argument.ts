// Something is sent to another process that cannot be pickled, so that the call fails, or the item is lost on the way.
import type { Facts } from '../summary/facts';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { obstacleInWrittenField } from './shared/fields-taken-along';
import { type Obstacle, obstacleOf } from './shared/picklability';
import { type ProcessSite, processSites } from './shared/process-sites';
import { pickles } from './shared/start-method';

export const unpicklableArgument: Rule = {
  id: 'unpicklable-argument',
  family: 'unpicklable',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['move-to-module'],
  *check(file, facts) {
    for (const site of processSites(facts, file)) {
      const always = site.kind === 'job' || site.kind === 'message';
      if (!always && !pickles(site.method) && site.method !== 'default') continue;
      const found = firstObstacle(site, facts, always);
      if (found) yield findingOf(site, found, always || pickles(site.method));
    }
  },
};

function firstObstacle(site: ProcessSite, facts: Facts, always: boolean): Obstacle | undefined {
  const { module, index } = site.fn;
  for (const value of [...(site.runs ? [site.runs] : []), ...site.handed.map((handed) => handed.value)]) {
    const way = always ? 'message' : 'start';
    const found = obstacleOf(facts, module, index, value, way) ?? obstacleInWrittenField(facts, site.fn, value, site.point, way);
    if (found) return found;
  }
  return undefined;
}

function findingOf(site: ProcessSite, { what, origin }: Obstacle, certain: boolean): Finding {
  const at = { function: site.fn.key, point: site.point };
  const related: Related[] = [{ site: at, message: site.kind === 'message' ? 'Put on its way to another process here' : 'Handed to another process here' }];
  if (origin) related.push({ site: origin, message: 'What cannot be pickled comes in here' });
  return {
    rule: unpicklableArgument.id,
    family: unpicklableArgument.family,
    severity: certain ? 'warning' : 'information',
    confidence: certain ? 0.9 : 0.5,
    site: at,
    message: `This sends to another process what cannot be pickled: ${what.replace(/,$/, '')}. ${consequence(site, certain)} ${remedyOf(what)}`,
    related,
    fixes: /^(?:a lambda|\w+\(\), which is defined inside)/.test(what) ? [{ kind: 'move-to-module', site: at }] : [],
  };
}

function consequence(site: ProcessSite, certain: boolean): string {
  if (site.kind === 'message')
    return 'Everything that goes through a queue or pipe between processes is pickled; a queue does it in a thread of its own, which only prints the error, and the receiver waits for an item that never comes.';
  if (site.kind === 'job') return 'Jobs are pickled whatever the start method, so the call fails and does nothing.';
  if (certain) return `With the start method ${site.method} the child gets a pickle of what it works with, so starting it fails.`;
  return 'It works only where children are forked, which is no longer the default anywhere since Python 3.14, and never was on Windows and macOS.';
}

function remedyOf(what: string): string {
  if (/lambda|defined inside|decorator/.test(what)) return 'Use a function at the top level of a module (under functools.wraps, where it is decorated).';
  if (/multiprocessing\.\w+, which may only/.test(what))
    return "Hand it to the workers with the pool's initializer, or use the one of multiprocessing.Manager().";
  if (/object along|whose field/.test(what))
    return 'Use a function at the top level of a module, make that object in the child, or leave the field out in __getstate__.';
  return 'Send plain data, and make such objects in the process that uses them.';
}
