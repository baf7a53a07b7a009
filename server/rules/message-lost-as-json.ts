// A Map, a Set or a function goes to another process as JSON, which makes {} of it or leaves it out.
import { ELEMENT } from '../model/place';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { type Obstacle, obstaclesOf } from './shared/cloneability';
import { type MessageSite, messageSites, sendsMessages } from './shared/message-sites';

export const messageLostAsJson: Rule = {
  id: 'message-lost-as-json',
  family: 'non-cloneable',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: sendsMessages,
  fixes: [],
  *check(file, facts) {
    for (const site of messageSites(file, facts)) {
      if (site.how === 'clone') continue;
      const emptied = site.values.flatMap(({ value }) => obstaclesOf(facts, site.fn, value, 'json'));
      const found = emptied.find((each) => each.kind === 'container') ?? emptied.find((each) => each.kind === 'function' && each.certain);
      if (found) yield findingOf(site, found);
    }
  },
};

function findingOf(site: MessageSite, { what, path, kind, origin }: Obstacle): Finding {
  const at = { function: site.fn.key, point: site.point };
  const name = path.filter((step) => step !== ELEMENT).join('.');
  const related: Related[] = [{ site: at, message: `Sent by ${site.by} here` }];
  if (origin && (origin.function !== at.function || origin.point !== at.point)) related.push({ site: origin, message: 'It comes in here' });
  const sure = site.how === 'json';
  const thing = name === '' ? what : `${name}, ${what}`;
  return {
    rule: messageLostAsJson.id,
    family: messageLostAsJson.family,
    severity: sure ? 'warning' : 'information',
    confidence: sure ? 0.8 : 0.6,
    site: at,
    message:
      kind === 'container'
        ? `This loses what it sends: ${thing}. Messages to processes go as JSON unless they are forked with serialization: 'advanced', and the other side gets an empty object. Send an array of its entries, or fork with serialization: 'advanced'.`
        : `This loses what it sends: ${thing}, which JSON leaves out. Messages to processes go as JSON, so the other side gets the rest without it. Send plain data, and tell the other side by name what it should call.`,
    related,
    fixes: [],
  };
}
