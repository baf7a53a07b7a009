// Work waits for the very promise that stands for it, directly or through what it calls, so that neither ever ends.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { type Section, sectionsIn } from './shared/held-resources';
import { first } from './shared/interleavings';
import { promisesKept, waitsForKept } from './shared/kept-promises';
import { tellWay, type Way, wayTo } from './shared/own-needs';
import { staysWithObject } from './shared/same-object';

export const waitsForOwnPromise: Rule = {
  id: 'waits-for-own-promise',
  family: 'self-deadlock',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const seen = new Set<string>();
    for (const section of sectionsIn(file, facts, (fn) => promisesKept(fn, facts))) {
      // What runs before the first await has run before the promise is there to be found.
      const way = wayTo(facts, section.runs, waitsForKept(section.resource, facts), { late: !section.later });
      if (!way || !staysWithObject(section, way, facts)) continue;
      const id = `${way.steps[0].function} ${way.steps[0].point}`;
      if (seen.has(id)) continue;
      seen.add(id);
      yield finding(section, way, asksFirst(way, facts));
    }
  },
};

/** `if (this.retryer !== retryer)` on the way: it may ask whether the promise is somebody else's by now. */
function asksFirst(way: Way, facts: Facts): boolean {
  return way.steps.some(({ function: key, point }) => {
    const fn = facts.program.functions.get(key);
    const around = fn ? (enclosing(modelOf(fn)).get(point) ?? []) : [];
    return around.some((outer) => outer.kind === 'branch' && outer.step.test.filter((test) => fn?.cells.has(test)).length > 1);
  });
}

function finding(section: Section, way: Way, asks: boolean): Finding {
  const { id, family, severity } = waitsForOwnPromise;
  const last = way.steps.at(-1)!;
  const [runs, where] = [callOfKey(section.runs), callOfKey(last.function)];
  const several = section.resource.startsWith('several ');
  const what = several ? `everything in ${section.name}, its own promise among it` : `${section.name}, which is its own promise`;
  return {
    rule: id,
    family,
    severity: asks ? 'information' : severity,
    confidence: asks ? 0.5 : 0.8,
    site: way.steps[0],
    message: `Self-deadlock: ${runs} waits for ${what}${way.steps.length > 1 ? `, through ${where}` : ''}. The promise is settled when ${runs} ends, and ${runs} goes on when the promise is settled, so neither ever happens, and everybody else who waits for it hangs as well. Let ${runs} use what does not wait, or let the call go on without waiting.`,
    related: [
      {
        site: { function: section.function, point: section.point },
        message: `${callOfKey(section.function)} puts the promise of ${runs} into ${section.name} here …`,
      },
      ...tellWay(way, `… and ${where} waits for ${several ? 'all of ' : ''}${section.name} here`),
    ],
    fixes: [],
    interleaving: {
      sides: [`work of ${runs}`],
      steps: [
        first(section, `goes into ${section.name}, as a promise that ends when it ends`),
        ...way.steps.slice(0, -1).map((step, at) => first(step, `calls ${callOfKey(way.steps[at + 1].function)} and waits for it`)),
        first(last, `waits for ${several ? `everything in ${section.name}, itself among it` : `${section.name}: its own promise`}`),
      ],
      harm: 'stuck',
      outcome: 'It ends when the promise is settled, and the promise is settled when it ends: neither ever happens.',
    },
  };
}
