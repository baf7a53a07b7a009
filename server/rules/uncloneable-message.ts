// Something is sent to another thread, page or store that structured clone cannot copy, so that sending it throws.
import { ELEMENT } from '../model/place';
import type { Facts } from '../summary/facts';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { type Obstacle, obstaclesOf } from './shared/cloneability';
import { type MessageSite, messageSites, sendsMessages } from './shared/message-sites';

export const uncloneableMessage: Rule = {
  id: 'uncloneable-message',
  family: 'non-cloneable',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: sendsMessages,
  fixes: [],
  *check(file, facts) {
    for (const site of messageSites(file, facts)) {
      const found = site.how === 'json' ? undefined : worstIn(site, facts);
      if (found) yield findingOf(site, found);
    }
  },
};

/** The obstacle that is there most surely. */
function worstIn(site: MessageSite, facts: Facts): Obstacle | undefined {
  const found = site.values.flatMap(({ value }) => obstaclesOf(facts, site.fn, value, 'clone'));
  // As JSON, functions and the like are only left out.
  const grave = found.filter((each) => site.how === 'clone' || each.kind === 'proxy');
  return grave.find((each) => each.certain) ?? grave[0];
}

function findingOf(site: MessageSite, { what, path, kind, certain, origin }: Obstacle): Finding {
  const at = { function: site.fn.key, point: site.point };
  const name = path.filter((step) => step !== ELEMENT).join('.');
  const thing = kind === 'error' ? what : name === '' ? what : `${name}, ${what.replace(/^(?:a|an) /, (article) => article)}`;
  const related: Related[] = [{ site: at, message: `Sent by ${site.by} here` }];
  if (origin && (origin.function !== at.function || origin.point !== at.point)) related.push({ site: origin, message: 'What cannot be cloned comes in here' });
  const where = certain ? 'This sends what cannot be cloned' : 'This may send what cannot be cloned';
  return {
    rule: uncloneableMessage.id,
    family: uncloneableMessage.family,
    severity: certain ? 'warning' : 'information',
    confidence: certain ? 0.85 : 0.6,
    site: at,
    message: `${where}: ${thing}. ${site.by === 'postMessage' ? 'postMessage' : site.by[0].toUpperCase() + site.by.slice(1)} throws a DataCloneError then, and nothing of it arrives. ${remedyOf(kind)}`,
    related,
    fixes: [],
  };
}

function remedyOf(kind: Obstacle['kind']): string {
  if (kind === 'proxy') return 'Send a plain copy: toRaw(…) for an object without further proxies in it, or a copy of the fields that are needed.';
  if (kind === 'error') return 'Copy its name, message and stack, and of the rest what is plain data.';
  if (kind === 'object') return 'Send the plain data that the other side needs, and make such objects where they are used.';
  return 'Send the plain fields that the other side needs, and keep functions on this side.';
}
