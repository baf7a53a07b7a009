// Work that holds a connection of a pool waits for another one of the same pool, which may never come.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { connectionsHeld, isOfOne, needsConnection } from './shared/connections';
import { holdersOf, type Section, sectionsIn } from './shared/held-resources';
import { oneRun } from './shared/interleavings';
import { tellWay, type Way, wayTo } from './shared/own-needs';
import { staysWithObject } from './shared/same-object';
import { starved } from './shared/wait-interleavings';

export const secondConnectionInTransaction: Rule = {
  id: 'second-connection-in-transaction',
  family: 'self-deadlock',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const seen = new Set<string>();
    for (const section of sectionsIn(file, facts, (fn) => connectionsHeld(fn, facts))) {
      const way = wayTo(facts, section.runs, needsConnection(section, facts), section);
      const last = way?.steps.at(-1);
      if (!way || !last || !staysWithObject(section, way, facts) || goesToOwnCopy(way, facts)) continue;
      const id = `${way.steps[0].function} ${way.steps[0].point}`;
      if (seen.has(id)) continue;
      seen.add(id);
      yield finding(section, way, facts);
    }
  },
};

/** Another object is asked that was made in here, or handed in, so that it may have been given the connection. */
function goesToOwnCopy({ steps }: Way, facts: Facts): boolean {
  return steps.slice(0, -1).some(({ function: key, point }, at) => {
    const fn = facts.program.functions.get(key);
    const call = fn && modelOf(fn).operations[point];
    const next = facts.program.functions.get(steps[at + 1].function);
    if (call?.kind !== 'call' || !next || modelOf(next).class === undefined || modelOf(next).class === modelOf(fn!).class) return false;
    const [place] = holdersOf(call);
    return place !== undefined && place.root.kind !== 'receiver' && place.root.kind !== 'module' && place.root.kind !== 'import';
  });
}

function finding(section: Section, way: Way, facts: Facts): Finding {
  const { id, family, severity } = secondConnectionInTransaction;
  const { name } = section;
  const last = way.steps.at(-1)!;
  const fn = facts.program.functions.get(section.function);
  const taking = fn && modelOf(fn).operations[section.point];
  const [place] = taking?.kind === 'call' ? holdersOf(taking) : [];
  const one = place !== undefined && isOfOne(section, place, facts);
  const [who, where] = [callOfKey(section.function), callOfKey(last.function)];
  const inner = way.steps.length > 1 ? `${where}, which it waits for, asks ${name} for another one` : `it asks ${name} for another one`;
  return {
    rule: id,
    family,
    severity,
    confidence: one ? 0.9 : 0.7,
    site: way.steps[0],
    message: `Deadlock: ${who} holds a connection of ${name}, and ${inner}. ${
      one
        ? 'There is just one, so that the call waits for itself for ever.'
        : 'When as many of these run at once as there are connections, each waits for one that the others hold; and what is asked there is not part of the transaction.'
    } Use the connection that is held, handing it on where that is needed, or ask before it is taken.`,
    related: [
      { site: { function: section.function, point: section.point }, message: `${who} has a connection of ${name} from here on …` },
      ...tellWay(way, `… and ${where} waits for another connection of ${name} here`),
    ],
    fixes: [],
    interleaving: starved(oneRun(undefined, section.function), `connection of ${name}`, section, way.steps, one),
  };
}
