// Something that goes on until it is told to end is kept by an owner whose own end does not tell it.
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { type Closable, closableMade, endsIt } from './shared/closables';
import { LOOKS } from './shared/future-methods';
import { isOwnField, type Lifetime, lifetimesIn, lifetimesOnce } from './shared/lifetimes';
import { outlives, ownerOf } from './shared/outliving';
import { type Kept, keptAt, type PlaceUse, usesOfPlace } from './shared/place-uses';

export const resourceOutlivesClose: Rule = {
  id: 'resource-outlives-close',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['end-with-owner'],
  *check(file, facts: Facts) {
    for (const [fn, point, lifetime] of lifetimesOnce(lifetimesIn(file, facts), (call) => closableMade(call) !== undefined)) {
      const finding = leftOpen(fn, point, closableMade(modelOf(fn).operations[point] as Call)!, lifetime, facts);
      if (finding) yield finding;
    }
  },
};

function leftOpen(fn: ResolvedFunction, point: number, closable: Closable, lifetime: Lifetime, facts: Facts): Finding | undefined {
  const kept = keptAt(fn, point);
  if (kept.gone || kept.containers.length > 0 || kept.uses.some((use) => use.kind === 'argument' || endsIt(closable, use.name))) return undefined;
  if (lifetime.kind !== 'effect' && lifetime.closing.length === 0) return undefined;
  // What is made with a signal ends by that.
  if ((modelOf(fn).operations[point] as Call).arguments.some((argument) => argument.name === 'signal')) return undefined;
  if (!belongs(kept, closable, lifetime, fn) || !kept.names.every((name) => isOwnField(name, lifetime, facts))) return undefined;
  const uses = kept.names.flatMap((name) => usesOfPlace(name, lifetime.parts));
  if (
    uses.some(
      (use) =>
        use.kind === 'other' ||
        (use.kind === 'argument' && !LOOKS.test(use.name)) ||
        (use.kind === 'method' && (endsIt(closable, use.name) || isToldBy(use, closable, lifetime))),
    )
  )
    return undefined;
  const isUsed = [...uses, ...kept.uses].some((use) => use.kind === 'method');
  // A controller matters by its signal alone; something that nobody asks anything cannot be told to be in use.
  if (!isUsed || (closable.kind === 'controller' && !uses.some((use) => use.name === 'signal') && !usesSignal(fn, point))) return undefined;
  return findingOf(fn, point, closable, lifetime, kept.dropped || kept.names.length === 0);
}

/** The end sends it a message, or does something else with it that may end it. */
function isToldBy(use: PlaceUse, closable: Closable, lifetime: Lifetime): boolean {
  return (
    closable.kind !== 'observer' &&
    lifetime.ends.has(use.fn.key) &&
    !/^(?:on|off|once|removeListener|addListener|addEventListener|removeEventListener)$/.test(use.name)
  );
}

/** It stays with the lifetime: in a field, or in a variable of an effect or a factory. */
function belongs(kept: Kept, closable: Closable, lifetime: Lifetime, fn: ResolvedFunction): boolean {
  if (lifetime.kind === 'class') {
    if (kept.names.length > 0) return kept.names.every((name) => /^this\.[^.]+$/.test(name));
    return closable.kind === 'observer' && modelOf(fn).kind !== 'static-method';
  }
  if (lifetime.kind === 'effect') return closable.kind !== 'pool' && closable.kind !== 'process' ? true : kept.names.length > 0;
  return lifetime.kind === 'factory' && kept.names.every((name) => name.startsWith('variable('));
}

/** `new AbortController().signal`, or a local one whose signal is handed on. */
function usesSignal(fn: ResolvedFunction, point: number): boolean {
  return modelOf(fn).operations.some((operation) => operation.kind === 'read' && operation.depends.includes(point) && operation.place.path.at(-1) === 'signal');
}

function findingOf(fn: ResolvedFunction, point: number, closable: Closable, lifetime: Lifetime, lost: boolean): Finding {
  const end = lifetime.closing[0];
  const endName = end === undefined ? undefined : callOfKey(end);
  const { what, kind } = closable;
  // What gives a promise of its end is left to a person: somebody has to wait for it.
  const fixed = kind !== 'pool' && (end !== undefined || lifetime.kind === 'effect');
  const call = `${closable.ends[0]}()`;
  const left = lost
    ? `nobody keeps it, so that ${endName ?? 'no clean-up'} cannot end it`
    : endName === undefined
      ? 'the effect has no clean-up'
      : `${endName} does not call its ${call}`;
  const goesOn = {
    controller: 'what was begun with its signal goes on, and comes back to an object that has ended',
    observer: 'its callback still runs, for what has been taken down, and keeps that in memory',
    process: 'it goes on working, and keeps its memory and the process',
    stream: 'it stays open, events still arrive, and it can keep the process from ending',
    pool: 'its connections or workers stay, and the process cannot end',
  }[kind];
  const after = lifetime.kind === 'effect' ? 'its component' : lifetime.kind === 'class' ? `the ${lifetime.name}` : lifetime.name;
  return {
    rule: resourceOutlivesClose.id,
    family: resourceOutlivesClose.family,
    severity: resourceOutlivesClose.severity,
    confidence: 0.75,
    site: { function: fn.key, point },
    message: `${kind === 'controller' ? 'Nothing ever aborts this AbortController' : `This ${what} outlives ${after}`}: ${left}. So ${goesOn}. ${lost ? 'Keep it and call' : 'Call'} its ${call} ${endName === undefined ? 'in a clean-up that the effect returns' : `in ${endName}`}.`,
    related: [
      { site: { function: fn.key, point }, message: `${callOfKey(fn.key)} makes the ${what} here` },
      ...lifetime.closing.slice(0, 3).map((key) => ({ site: { function: key, point: NAME }, message: `${callOfKey(key)} ends ${after}, and leaves it` })),
    ],
    interleaving: outlives({
      owner: ownerOf(lifetime),
      what: `the ${what}`,
      begins: { function: fn.key, point },
      ends: end === undefined ? undefined : { function: end, point: NAME },
      after: { function: fn.key, point },
      does: kind === 'observer' ? 'calls its callback' : kind === 'controller' ? 'lets go on what was begun with its signal' : 'goes on',
    }),
    fixes: fixed
      ? [
          {
            kind: 'end-with-owner',
            site: { function: fn.key, point },
            end: end === undefined ? undefined : { function: end, point: NAME },
            undo: closable.ends[0],
            isPromised: kind === 'process',
          },
        ]
      : [],
  };
}
