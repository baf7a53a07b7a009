// A listener is put on something that lives on, and stays there after its own object, component or connection has ended.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding, Severity } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { type Lifetime, lifetimesIn, lifetimesOnce } from './shared/lifetimes';
import { isLastEvent, isTakenBack, type Listening, listeningAt } from './shared/listening';
import { outlives, ownerOf } from './shared/outliving';
import { aliasesIn, meantKey, placeKey, usesOfPlace } from './shared/place-uses';

const EVERYBODYS = /^global:(?:window|document|process|globalThis|self|navigator|screen|visualViewport|history)(?:\.|$)/;
/** Parts of it that stay too. */
const PARTS =
  /^(?:document|body|document\.body|documentElement|visualViewport|history|navigation|fonts|connection|mediaDevices|serviceWorker|screen|orientation|parent|top)$/;
/** Names of what is made once for many to listen to. */
const SHARED =
  /(?:bus|events?|emitter|store|dispatcher|broker|registry|manager|service|hub|watcher|monitor|broadcaster|observable|subject|host|parent|window|document|body|app|changed?|changes|\$)$/i;

export const listenerOutlivesClose: Rule = {
  id: 'listener-outlives-close',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['take-listener-off'],
  when: callingInFile('on', 'addListener', 'prependListener', 'addEventListener', 'subscribe'),
  *check(file, facts) {
    const told = new Map<Lifetime, Finding>();
    for (const [fn, point, lifetime] of lifetimesOnce(lifetimesIn(file, facts), (call) =>
      /^(?:on|addListener|prependListener|addEventListener|subscribe)$/.test(calledName(call)),
    )) {
      const listening = listeningAt(fn, point, modelOf(fn).operations[point] as Call);
      const severity = listening && left(listening, lifetime);
      if (!listening || !severity) continue;
      const before = told.get(lifetime);
      // One finding for all that one end leaves behind.
      const also = { site: { function: fn.key, point }, message: `${callOfKey(fn.key)} adds one more here` };
      told.set(
        lifetime,
        before ? { ...before, related: [...before.related, also], fixes: alsoOff(before.fixes, also.site) } : findingOf(listening, lifetime, severity),
      );
    }
    yield* told.values();
  },
};

/** The end takes off all of them. */
function alsoOff(fixes: readonly FixIntent[], site: Site): FixIntent[] {
  return fixes.map((fix) => (fix.kind === 'take-listener-off' ? { ...fix, also: [...fix.also, site] } : fix));
}

function left(listening: Listening, lifetime: Lifetime): Severity | undefined {
  const { target, fn, call } = listening;
  if (!target || listening.once || (lifetime.kind !== 'effect' && lifetime.closing.length === 0) || isLastEvent(call)) return undefined;
  // What starts once for the whole program is not to be ended.
  if (modelOf(fn).kind === 'module' || isOnce(listening)) return undefined;
  const severity = livesOn(target, listening, lifetime);
  if (!severity || isTakenBack(listening, lifetime.parts, lifetime.ends) || endsTarget(target, lifetime)) return undefined;
  return severity;
}

/** Behind a test of a flag of the module that the function itself puts up, so that it happens once for all. */
function isOnce({ fn, point }: Listening): boolean {
  const { operations } = modelOf(fn);
  const written = new Set(
    operations.flatMap((operation) => (operation.kind === 'write' && operation.place.root.kind === 'module' ? [operation.place.root.name] : [])),
  );
  return (enclosing(modelOf(fn)).get(point) ?? []).some(
    (around) =>
      around.kind === 'branch' &&
      around.step.test.some((number) => {
        const tested = operations[number];
        return tested?.kind === 'read' && tested.place.root.kind === 'module' && written.has(tested.place.root.name);
      }),
  );
}

/** How sure it is that what is listened to lives longer than the lifetime. */
function livesOn(target: Place, { fn, kind, call }: Listening, lifetime: Lifetime): Severity | undefined {
  const { root, path } = target;
  const name = meantKey(target, aliasesIn(lifetime.parts));
  if (root.kind === 'global' && path.length > 0 && !PARTS.test(path.join('.'))) return undefined;
  if (root.kind === 'global') return EVERYBODYS.test(name ?? '') ? (name === 'global:process' ? 'information' : 'warning') : undefined;
  if (root.kind === 'import' && /^parentPort$/.test(path.at(-1) ?? root.name ?? '')) return undefined;
  if (root.kind === 'import') return path.length > 0 || isObject(root.name) ? 'warning' : undefined;
  if (root.kind === 'module') return lifetime.kind !== 'class' || !isOwn(name!, lifetime) ? 'warning' : undefined;
  if (root.kind === 'result') {
    const made = modelOf(fn).operations[root.operation] as Call;
    return made?.kind === 'call' && calledName(made) === 'matchMedia' ? 'warning' : undefined;
  }
  if (name === undefined || name === 'this' || isOwn(name, lifetime) || path.includes(ELEMENT) || path.at(-1) === 'current') return undefined;
  if (lifetime.kind === 'connection') return undefined;
  if (lifetime.kind === 'effect') return isOutside(target, lifetime) ? 'warning' : undefined;
  const last = path.at(-1) ?? ('name' in root ? root.name : '');
  // One step of an injected object: an emitter of its own that others hold too.
  if (kind === 'subscription') return path.length > 1 || SHARED.test(last ?? '') ? 'warning' : undefined;
  if (path.length > 1 && SHARED.test(last ?? '')) return 'warning';
  return SHARED.test(last ?? '') && call.callee.kind === 'place' ? 'information' : undefined;
}

function isObject(name: string | undefined): boolean {
  return name !== undefined && /^[a-z]/.test(name);
}

/** A variable of an effect that the effect has not made. */
function isOutside(target: Place, lifetime: Lifetime): boolean {
  const inside = new Set(lifetime.parts.map((fn) => fn.index));
  return target.root.kind === 'variable' && !inside.has(target.root.function);
}

/** The lifetime makes it itself, or a part of what it makes. */
function isOwn(name: string, lifetime: Lifetime): boolean {
  const base = name.startsWith('this.') ? name.split('.').slice(0, 2).join('.') : name.split('.')[0];
  return usesOfPlace(base, lifetime.parts).some(
    (use) =>
      use.kind === 'write' &&
      use.value?.kind === 'place' &&
      use.value.place.root.kind === 'result' &&
      modelOf(use.fn).operations[use.value.place.root.operation]?.kind !== 'read',
  );
}

/** The end gives what is listened to away, or does something with all of it that cannot be followed. */
function endsTarget(target: Place, lifetime: Lifetime): boolean {
  const name = placeKey(target);
  if (name === undefined || EVERYBODYS.test(name)) return false;
  return usesOfPlace(name, lifetime.parts).some((use) => use.kind === 'other' && lifetime.ends.has(use.fn.key));
}

function findingOf({ fn, point, kind, event, target }: Listening, lifetime: Lifetime, severity: Severity): Finding {
  const end = lifetime.closing[0];
  const on = describe(target!);
  const what = kind === 'listener' ? `This listener${event === undefined ? '' : ` for '${event}'`} stays on ${on}` : `This subscription to ${on} goes on`;
  const after = lifetime.kind === 'effect' ? 'its component is gone' : lifetime.kind === 'connection' ? 'the other side has gone' : callOfKey(end);
  const back = kind === 'listener' ? 'the same function off' : 'it';
  return {
    rule: listenerOutlivesClose.id,
    family: listenerOutlivesClose.family,
    severity,
    confidence: severity === 'warning' ? 0.75 : 0.5,
    site: { function: fn.key, point },
    message: `${what} after ${after}: nothing takes it back, so that it runs on for what has ended, keeps that in memory, and comes once more with each new one. ${
      kind === 'listener' ? `Take ${back} again` : 'Keep the subscription and unsubscribe'
    } ${end === undefined ? 'in a clean-up that the effect returns' : `in ${callOfKey(end)}`}.`,
    related: [
      { site: { function: fn.key, point }, message: `${callOfKey(fn.key)} ${kind === 'listener' ? 'adds the listener' : 'subscribes'} here` },
      ...lifetime.closing
        .slice(0, 3)
        .map((key) => ({ site: { function: key, point: NAME }, message: `${callOfKey(key)} ends ${lifetime.name}, and leaves it there` })),
    ],
    interleaving: outlives({
      owner: ownerOf(lifetime),
      what: kind === 'listener' ? 'the listener' : 'the subscription',
      begins: { function: fn.key, point },
      ends: end === undefined ? undefined : { function: end, point: NAME },
      after: { function: fn.key, point },
      does: 'is called when something happens',
    }),
    fixes:
      end !== undefined && lifetime.kind === 'class'
        ? [{ kind: 'take-listener-off', site: { function: fn.key, point }, also: [], end: { function: end, point: NAME } }]
        : [],
  };
}

function describe({ root, path }: Place): string {
  const start = root.kind === 'receiver' ? 'this' : 'name' in root && root.name !== undefined ? root.name : root.kind === 'result' ? 'what it asks for' : 'it';
  return [start, ...path.filter((step) => step !== ELEMENT)].join('.');
}
