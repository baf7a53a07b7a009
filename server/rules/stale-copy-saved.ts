// A record is loaded from a store, changed, and saved after an await; what another call has saved meanwhile is overwritten.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { asyncFunctions } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { inFlightTwice, isHandedOut, type Reason } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { isOneAtATime } from './shared/one-at-a-time';
import { type Resaved, resavedIn } from './shared/stored-records';

export const staleCopySaved: Rule = {
  id: 'stale-copy-saved',
  family: 'await-race',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const [record] = resavedIn(fn, facts);
      if (!record || isOneAtATime(fn, facts)) continue;
      const reason = inFlightTwice(fn, false, facts) ?? (isHandedOut(fn) ? HANDED_OUT : undefined);
      const severity = reason && weigh(record, reason, fn, facts);
      if (reason && severity) yield findingOf(fn, record, reason, severity);
    }
  },
};

const HANDED_OUT: Reason = { text: 'Whoever gets this function may call it again before the first call is done.', known: false };

/** A file that a program changes for itself, at a person's command, is seldom changed twice at a time. */
function weigh(record: Resaved, reason: Reason, fn: ResolvedFunction, facts: Facts): Severity | undefined {
  if ((facts.contextOf(fn.key).entry?.length ?? 0) > 0) return undefined;
  if ((facts.summaryOf(fn.key)?.awaits ?? []).some((each) => each.point === record.awaited && each.held.length > 0)) return undefined;
  if (reason.known) return 'warning';
  return record.store === 'file' && modelOf(fn).class === undefined ? 'hint' : 'information';
}

function findingOf(fn: ResolvedFunction, { load, awaited, save, store }: Resaved, reason: Reason, severity: Severity): Finding {
  const at = (point: number) => ({ function: fn.key, point });
  const what = store === 'file' ? 'file' : 'record';
  const name = callOfKey(fn.key);
  return {
    rule: staleCopySaved.id,
    family: staleCopySaved.family,
    severity,
    confidence: severity === 'warning' ? 0.8 : 0.55,
    site: at(save),
    message: `Lost update: the ${what} that is saved here was loaded before an await: while ${name} waits, another call can load the same ${what}, and of the two changes the one that is saved first is overwritten. ${reason.text} ${ADVICE[store]}`,
    related: [
      { site: at(load), message: `First call: loads the ${what}` },
      { site: at(awaited), message: `First call: waits here; a second call loads the same ${what}, changes and saves it` },
      { site: at(save), message: `First call: saves its own copy, without the second call’s change` },
    ],
    interleaving: {
      sides: twoCalls(fn.key),
      steps: [
        first(at(load), `loads the ${what}`),
        givesWay(at(awaited)),
        second(at(load), `loads the same ${what}, and changes its copy`),
        second(at(save), 'saves its copy'),
        first(at(save), 'saves its own copy, without the change of the other call'),
      ],
      harm: 'lost',
      outcome: `The ${what} holds only one of the two changes.`,
    },
    fixes: [],
  };
}

const ADVICE: Record<Resaved['store'], string> = {
  file: 'Let one call at a time read, change and write the file: chain them on a promise, or hold a lock.',
  keyed: 'Use an operation that the store does in one step (an increment, a compare-and-set, a transaction), or hold a lock for the key over all of it.',
  row: 'Let the store do it in one step (an increment, an update with a condition, a transaction), or hold a lock for the record over all of it.',
};
