// A new timer, watcher or worker takes the place of one that still runs, which nobody can end any more.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { testsIn } from '../summary/structure';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { closableMade, endsIt } from './shared/closables';
import { first, second, twoCalls } from './shared/interleavings';
import { functionsOfClass, nestOf } from './shared/lifetimes';
import { aliasesIn, keptAt, meantKey, type PlaceKey, type PlaceUse, usesOfPlace } from './shared/place-uses';

/** Methods that their users call again. */
const AGAIN = /^_?#?(?:re)?(?:start|open|watch|play|resume|run|begin|enable|activate|reload|load|show|refresh|reset|restart|schedule)(?:[A-Z]\w*)?$/;
const LASTING = /^(?:file watcher|ResizeObserver|MutationObserver|IntersectionObserver|PerformanceObserver|cron job|EventSource|worker)$/;

export const replacedWhileRunning: Rule = {
  id: 'replaced-while-running',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const all = facts.functionsIn(file);
    const told = new Set<string>();
    for (const fn of all) {
      const { kind } = modelOf(fn);
      if (kind === 'module' || kind === 'constructor') continue;
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        const what = operation.kind === 'call' ? madeAt(operation) : undefined;
        if (what === undefined || told.has(fn.key)) continue;
        const finding = replaces(fn, point, what, all, facts);
        if (finding) told.add(fn.key);
        if (finding) yield finding;
      }
    }
  },
};

function madeAt(call: Call): string | undefined {
  if (calledName(call) === 'setInterval' && call.callee.kind === 'place' && call.callee.place.root.kind === 'global') return 'interval';
  const what = closableMade(call)?.what;
  return what !== undefined && LASTING.test(what) ? what : undefined;
}

function replaces(fn: ResolvedFunction, point: number, what: string, all: readonly ResolvedFunction[], facts: Facts): Finding | undefined {
  const kept = keptAt(fn, point);
  const name = kept.names.find((each) => /^this\.[^.[\]]+$|^module:|^variable\(/.test(each));
  const model = modelOf(fn);
  if (name === undefined || name.startsWith(`variable(${fn.index}:`) || kept.gone || kept.names.length > 1) return undefined;
  const parts = name.startsWith('this.') ? functionsOfClass(model.class ?? -1, fn.module.file, facts) : all;
  const ends = usesOfPlace(name, parts).filter(isEnd);
  // Somebody who ends it knows that it may run; whoever never does has another bug.
  if (ends.length === 0 || isSeenTo(fn, point, name, parts, all, facts)) return undefined;
  const { again } = facts.contextOf(fn.key);
  const callers = [...(facts.program.callers.get(fn.key)?.entries() ?? [])].filter(([key]) => fileOfKey(key) === fn.module.file);
  const seen = ([key, sites]: (typeof callers)[number]) => {
    const caller = facts.program.functions.get(key);
    return !caller || sites.every((site) => isSeenTo(caller, site.point, name, parts, all, facts, fn));
  };
  if (model.isPrivate && callers.length > 0 && callers.every(seen)) return undefined;
  // Somebody who starts it only where it does not run knows that it may: others who do not look are the bug.
  const watched = callers.some(seen) && (!model.isPrivate || !callers.every(seen));
  const repeats = again && callers.length > 0 && !callers.every(([key]) => modelOf(facts.program.functions.get(key)!).kind === 'constructor');
  const common = name.startsWith('module:') && AGAIN.test(model.name);
  if (!repeats && !watched && !common) return undefined;
  const severity: Severity = repeats ? 'warning' : 'information';
  const field = name.replace(/^module:|^variable\(\d+:/, '').replace(/\)$/, '');
  const ended = callOfKey(ends[0].fn.key);
  return {
    rule: replacedWhileRunning.id,
    family: replacedWhileRunning.family,
    severity,
    confidence: severity === 'warning' ? 0.7 : 0.5,
    site: { function: fn.key, point },
    message: `The ${what} before this one goes on for ever if ${callOfKey(fn.key)} runs twice: the new one takes its place in ${field} without a look at the old one, and ${ended} ends only the last. Each further call adds one more that nobody can end. End the old one first, or do nothing where there is one.`,
    related: [{ site: { function: ends[0].fn.key, point: ends[0].point }, message: `${ended} ends the one that ${field} holds then` }],
    interleaving: {
      sides: twoCalls(fn.key),
      steps: [
        first({ function: fn.key, point }, `starts the first ${what}, which goes to ${field}`),
        second({ function: fn.key, point }, `starts another ${what}, which takes its place in ${field}`),
        second({ function: ends[0].fn.key, point: ends[0].point }, `ends the one that ${field} holds, in ${ended}`),
      ],
      harm: 'lost',
      outcome: `The first ${what} goes on, and nobody can end it any more.`,
    },
    fixes: [],
  };
}

function isEnd(use: PlaceUse): boolean {
  return (
    (use.kind === 'argument' && /^clear(?:Interval|Timeout)$/.test(use.name)) ||
    (use.kind === 'method' && endsIt({ what: '', ends: [], kind: 'stream' }, use.name))
  );
}

/** Before the point something looks at the place, or at a flag that says as much. */
function isSeenTo(
  fn: ResolvedFunction,
  point: number,
  name: PlaceKey,
  parts: readonly ResolvedFunction[],
  all: readonly ResolvedFunction[],
  facts: Facts,
  except?: ResolvedFunction,
): boolean {
  const aliases = aliasesIn(parts);
  const model = modelOf(fn);
  for (const [number, operation] of model.operations.entries()) {
    if (number >= point) break;
    if ((operation.kind === 'read' || operation.kind === 'write') && meantKey(operation.place, aliases)?.startsWith(name)) return true;
    if (operation.kind !== 'call') continue;
    for (const target of fn.calls.get(number)?.targets ?? []) {
      if (target === except?.key) return false;
      for (const key of calledBy(facts, target)) {
        const called = facts.program.functions.get(key);
        if (called && called !== except && nestOf(called, all).some((each) => each !== fn && mentions(each, name, parts))) return true;
      }
    }
  }
  // A test of whatever is the object's own may be a guard.
  const tests = testsIn(model.body).filter((number) => number < point);
  return tests.some((number) => {
    const operation = model.operations[number];
    const tested =
      operation?.kind === 'read'
        ? meantKey(operation.place, aliases)
        : operation?.kind === 'call' && operation.callee.kind === 'place'
          ? meantKey(operation.callee.place, aliases)
          : undefined;
    return tested !== undefined && /^(?:this\.|module:|variable\()/.test(tested) && isFlag(tested, parts);
  });
}

function mentions(fn: ResolvedFunction, name: PlaceKey, parts: readonly ResolvedFunction[]): boolean {
  const aliases = aliasesIn(parts);
  return modelOf(fn).operations.some(
    (operation) => (operation.kind === 'read' || operation.kind === 'write') && meantKey(operation.place, aliases)?.startsWith(name),
  );
}

/** Somebody writes it after construction, or it is a getter. */
function isFlag(name: PlaceKey, parts: readonly ResolvedFunction[]): boolean {
  const aliases = aliasesIn(parts);
  return parts.some((fn) => {
    const model = modelOf(fn);
    if (model.kind === 'property' && name === `this.${model.name}`) return true;
    return (
      model.kind !== 'constructor' &&
      model.kind !== 'module' &&
      model.operations.some((operation) => operation.kind === 'write' && name.startsWith(meantKey(operation.place, aliases) ?? '-'))
    );
  });
}
