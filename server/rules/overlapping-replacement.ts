// The old object is closed, then the function waits for a new one and stores it; two calls at a time make two, and one is lost.
import { ELEMENT } from '../model/place';
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn, isKeptOut, isOfOneCall } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { inFlightTwice } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { isOneAtATime } from './shared/one-at-a-time';
import { oneAtATime } from './shared/one-at-a-time-fix';
import { runExclusive } from './shared/own-mutex';

export const overlappingReplacement: Rule = {
  id: 'overlapping-replacement',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['one-at-a-time', 'run-exclusive'],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const found = (facts.contextOf(fn.key).entry?.length ?? 0) > 0 || isOneAtATime(fn, facts) ? undefined : replacementIn(fn, facts);
      const reason = found && inFlightTwice(fn, true, facts);
      // That a program reconnects from several places is likely; that it opens twice is not.
      if (!found || !reason || (!reason.known && !AGAIN.test(modelOf(fn).name))) continue;
      const { closed, stored } = found;
      const place = nameOfKey(stored.cell.key);
      const name = callOfKey(fn.key);
      yield {
        rule: overlappingReplacement.id,
        family: overlappingReplacement.family,
        ...weigh(fn, reason.known),
        site: stored.site,
        message: `Two calls of ${name} at a time each store a new ${place}: both close the old one and wait for a new one, and what the first has stored is overwritten and never closed. ${reason.text} Hold a lock over the whole, or let later calls await the one that is under way.`,
        related: [
          { site: closed.site, message: `First call: gives up the old ${place}` },
          { site: stored.awaited!, message: `First call: waits here; a second call comes as far meanwhile` },
          { site: stored.site, message: `First call: stores a new one; the second call stores another over it` },
        ],
        interleaving: {
          sides: twoCalls(fn.key),
          steps: [
            first(closed.site, `gives up the old ${place}`),
            givesWay(stored.awaited!),
            second(closed.site, `gives up the same old ${place}`),
            second(stored.awaited!, 'awaits as well'),
            first(stored.site, `stores a new ${place}`),
            second(stored.site, `stores another ${place} over it`),
          ],
          harm: 'lost',
          outcome: `The first new ${place} is forgotten, and nobody closes it.`,
        },
        fixes:
          closed.site.function === fn.key
            ? [
                ...oneAtATime(fn, stored.cell.key, [stored.site.point, closed.site.point], facts),
                ...runExclusive(fn, stored.cell.key, stored.site, [closed.site], facts),
              ]
            : [],
      };
    }
  },
};

/** In JavaScript most such calls turn out to come one after the other, by a promise that later ones wait for elsewhere. */
function weigh(fn: ResolvedFunction, known: boolean): Pick<Finding, 'severity' | 'confidence'> {
  if (fn.module.language === 'typescript') return { severity: 'information', confidence: known ? 0.6 : 0.5 };
  return known ? { severity: 'warning', confidence: 0.8 } : { severity: 'information', confidence: 0.5 };
}

const AGAIN = /^_*(?:re(?:connect|start|set|new|fresh|load|open|build|create|initiali[sz]e|subscribe|login|start)|rotate|switch|swap)/i;
const CLOSES = /^_*(?:a?close|disconnect|terminate|kill|stop|shutdown|wait_closed|destroy|end|cancel|quit|logout)/i;

/** A new object is stored after an await, unconditionally as far as the old one goes, which was closed before. */
function replacementIn(fn: ResolvedFunction, facts: Facts): { closed: FlowStep; stored: FlowStep } | undefined {
  const { steps } = flowIn(fn, facts);
  for (const [at, stored] of steps.entries()) {
    if (stored.kind !== 'write' || stored.cell.element || stored.epoch === 0 || !stored.made || !isFollowed(stored, fn)) continue;
    // A variable of a helper is made anew by each call.
    if (fn.module.language === 'typescript' && isOfOneCall(stored.cell.key, fn)) continue;
    // What is kept under a key is most often another one for each call: `self._links[peer].writer`.
    if (stored.write?.place.path.includes(ELEMENT)) continue;
    if (stored.tests.some((test) => test.cell.key === stored.cell.key && test.epoch === stored.epoch)) continue;
    const closed = steps.slice(0, at).find((step) => step.kind === 'use' && step.cell.key === stored.cell.key && CLOSES.test(step.method ?? ''));
    if (closed && closed.epoch < stored.epoch && !isKeptOut(stored, closed.epoch)) return { closed, stored };
  }
  return undefined;
}

/** In TypeScript storing is followed into helpers: `this.attach(await dial())`. */
function isFollowed(stored: FlowStep, fn: ResolvedFunction): boolean {
  return stored.site.function === fn.key || fn.module.language === 'typescript';
}
