// A link of a promise chain starts work and does not return its promise, so that the next link runs before it is done.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { goesOnWithout } from './shared/await-interleavings';
import { ASIDE, type Dropped, droppedIn, FINISHES, GOES_ON } from './shared/dropped-promises';
import { handingOf, settledBy } from './shared/inner-functions';
import { first, oneRun } from './shared/interleavings';
import { laterPoints } from './shared/later-points';
import { usesOf } from './shared/outcome-uses';

export const promiseMissingFromChain: Rule = {
  id: 'promise-missing-from-chain',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['return-promise'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      const dropped = lastWork(fn, facts);
      const handing = dropped && handingOf(fn, facts);
      if (!dropped || !handing) continue;
      if (handing.name === 'map' && handing.position === 0) {
        const all = joinOf(handing.fn, handing.point);
        if (all !== undefined) yield emptyJoin(fn, dropped, handing.fn, all);
        continue;
      }
      const by = settledBy(handing);
      const next = by && by !== 'failure' ? nextLink(handing.fn, handing.point, handing.call) : undefined;
      if (next !== undefined) yield findingOf(fn, dropped, handing.fn, next, by === 'always');
    }
  },
};

/** The promise that a plain function with a body of its own drops as its last step. */
function lastWork(fn: ResolvedFunction, facts: Facts): Dropped | undefined {
  const model = modelOf(fn);
  if (model.isAsync || model.isGenerator || model.kind !== 'lambda') return undefined;
  return droppedIn(fn, facts).find(({ point, called: name, functions }) => {
    // What takes care of its own errors, or of an event, was meant to go on by itself.
    if (/^_*(?:on|handle)[A-Z]/.test(name) || functions.some((key) => facts.summaryOf(key)?.rejects === false)) return false;
    if (ASIDE.test(name) || (GOES_ON.test(name) && !FINISHES.test(name))) return false;
    return laterPoints(model, point).every((each) => model.operations[each].kind === 'read');
  });
}

/** The `Promise.all()` that is given what a map makes. */
function joinOf(fn: ResolvedFunction, point: Point): Point | undefined {
  return usesOf(modelOf(fn), point).find((use) => use.by === 'operation' && /^Promise\.(?:all|allSettled)$/.test(fn.calls.get(use.number)?.api?.name ?? ''))
    ?.number;
}

/** `Promise.all(items.map((item) => { save(item); }))`: there is nothing in it to wait for. */
function emptyJoin(fn: ResolvedFunction, { point, name }: Dropped, outer: ResolvedFunction, all: Point): Finding {
  return {
    rule: promiseMissingFromChain.id,
    family: promiseMissingFromChain.family,
    severity: promiseMissingFromChain.severity,
    confidence: 0.9,
    site: { function: fn.key, point },
    message: `Promise.all() waits for nothing here: this callback starts ${name} and does not return its promise, so that map() gives undefined for each element, and a failure is an unhandled rejection. Put return before the call.`,
    related: [
      { site: { function: fn.key, point }, message: 'Starts the work and drops its promise' },
      { site: { function: outer.key, point: all }, message: 'Is meant to wait for it' },
    ],
    interleaving: goesOnWithout(
      [oneRun(undefined, outer.key), `the work of ${name}`],
      { function: fn.key, point },
      'Promise.all() has waited for nothing, and a failure is an unhandled rejection.',
      [first({ function: outer.key, point: all }, 'goes on, as there is no promise to wait for')],
    ),
    fixes: [{ kind: 'return-promise', site: { function: fn.key, point } }],
  };
}

/** What runs once the link is done: the next `then`, or whoever waits for the chain. */
function nextLink(fn: ResolvedFunction, point: Point, call: Call): Point | undefined {
  const model = modelOf(fn);
  const next = usesOf(model, point).find((use) => {
    const operation = use.by === 'operation' ? model.operations[use.number] : undefined;
    return operation?.kind === 'call' ? /^(?:then|finally)$/.test(calledName(operation)) : operation?.kind === 'await' || operation?.kind === 'return';
  });
  return next?.number ?? (call.outcome === 'returned' || call.outcome === 'awaited' ? point : undefined);
}

function findingOf(fn: ResolvedFunction, { point, name }: Dropped, outer: ResolvedFunction, next: Point, always: boolean): Finding {
  return {
    rule: promiseMissingFromChain.id,
    family: promiseMissingFromChain.family,
    severity: promiseMissingFromChain.severity,
    confidence: 0.8,
    site: { function: fn.key, point },
    message: `The chain goes on before ${name} is done: this ${always ? 'finally' : 'then'} callback starts it and does not return its promise, so that nobody waits for it, and a failure is an unhandled rejection. Put return before the call.`,
    related: [
      { site: { function: fn.key, point }, message: 'Starts the work and drops its promise' },
      { site: { function: outer.key, point: next }, message: 'Goes on without waiting for it' },
    ],
    interleaving: goesOnWithout(
      [oneRun(undefined, outer.key), `the work of ${name}`],
      { function: fn.key, point },
      'What comes next in the chain finds the work undone, and a failure is an unhandled rejection.',
      [first({ function: outer.key, point: next }, 'goes on along the chain')],
    ),
    fixes: [{ kind: 'return-promise', site: { function: fn.key, point } }],
  };
}
