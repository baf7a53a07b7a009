// Promise.all() fails with the first rejection while the other work goes on, and what follows a failure counts on its having ended.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey, isClaim } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, pointsIn, structuresIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding, InterleavingStep, Related } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { exitAbove } from './shared/exit-above';
import { type Handing, handingOf, innerFunctions } from './shared/inner-functions';
import { first, oneRun, second } from './shared/interleavings';
import { isForOne, limitAt } from './shared/limits';
import { usesOf } from './shared/outcome-uses';
import { functionsGiven } from './shared/promises';

export const workOutlivesPromiseAll: Rule = {
  id: 'work-outlives-promise-all',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('all'),
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, { api }] of fn.calls) {
        if (api?.name !== 'Promise.all' || !isAwaited(fn, point)) continue;
        const work = workAt(fn, point, facts);
        const harm = work && (cleanedUp(fn, point, work) ?? unlocked(fn, work, facts) ?? ended(fn, work, facts));
        if (harm) yield findingOf(fn, point, work, harm);
      }
    }
  },
};

/** Awaited or returned as it is, so that its rejection is what the function fails with. */
function isAwaited(fn: ResolvedFunction, point: Point): boolean {
  const call = modelOf(fn).operations[point];
  if (call.kind !== 'call') return false;
  if (call.outcome === 'awaited' || call.outcome === 'returned') return true;
  return usesOf(modelOf(fn), point).some((use) => use.by === 'operation' && modelOf(fn).operations[use.number].kind === 'await');
}

/** What is under way: the function that is called for each element. */
interface Work {
  readonly name: string;
  readonly functions: readonly ResolvedFunction[];
}

function workAt(fn: ResolvedFunction, point: Point, facts: Facts): Work | undefined {
  const model = modelOf(fn);
  const given = (model.operations[point] as Call).arguments[0];
  for (const source of given?.depends ?? []) {
    const call = model.operations[source];
    if (call.kind !== 'call' || calledName(call) !== 'map') continue;
    const callback = call.arguments[0]?.value;
    const [key] = callback ? functionsGiven(fn, callback, facts) : [];
    const work = key === undefined ? undefined : facts.program.functions.get(key);
    if (!work) continue;
    const called = [...work.calls.values()]
      .flatMap((resolved) => resolved.targets)
      .flatMap((target) => (fileOfKey(target) === fn.module.file ? (facts.program.functions.get(target) ?? []) : []));
    const only = modelOf(work).operations.find(
      (operation) => operation.kind === 'call' && (operation.outcome === 'returned' || operation.outcome === 'awaited'),
    );
    return { name: only?.kind === 'call' ? `${calledName(only)}()` : callOfKey(work.key), functions: [work, ...innerFunctions(work, facts), ...called] };
  }
  return undefined;
}

interface Harm {
  readonly text: string;
  readonly related: readonly Related[];
  readonly confidence: number;
  /** What is done too early. */
  readonly early: InterleavingStep;
}

/** What takes away what the work writes to. */
const REMOVES = /^(?:rm|rmdir|rmSync|remove|removeSync|rimraf|unlink|del|emptyDir|rollback|ROLLBACK|removeCallback|cleanup\w*)$/;
const WRITES =
  /^(?:write\w*|output\w*|append\w*|copy\w*|mkdir\w*|rename|move|save|insert|update|create\w*|put|upload|extract\w*|download\w*|run|exec\w*|spawn|execa|build\w*|compile\w*|render\w*|query|pipeline|install\w*|cut|generate\w*)$/;

function writes({ functions }: Work): boolean {
  return functions.some((fn) => modelOf(fn).operations.some((operation) => operation.kind === 'call' && WRITES.test(calledName(operation))));
}

/** A finally or a catch removes files, or rolls back, while the others still write. */
function cleanedUp(fn: ResolvedFunction, point: Point, work: Work): Harm | undefined {
  if (!writes(work)) return undefined;
  for (const outer of enclosing(modelOf(fn)).get(point) ?? []) {
    if (outer.kind !== 'try' || outer.part !== 'body') continue;
    const removed = [...outer.step.final, ...outer.step.handlers.flat()]
      .flatMap((step) => pointsIn(modelOf(fn), [step]))
      .find((at) => {
        const operation = modelOf(fn).operations[at];
        if (operation.kind !== 'call') return false;
        return REMOVES.test(calledName(operation)) || rollsBack(operation) || fn.calls.get(at)?.locks.some((lock) => lock.kind === 'release') || false;
      });
    if (removed === undefined) continue;
    const operation = modelOf(fn).operations[removed] as Call;
    const isLock = fn.calls.get(removed)?.locks.some((lock) => lock.kind === 'release');
    return {
      text: isLock ? 'the lock is given back while the others still work under it' : `${calledName(operation)}() cleans up while the others still write`,
      related: [
        { site: { function: fn.key, point: removed }, message: isLock ? 'Gives the lock back, with work under way' : 'Cleans up, with work under way' },
      ],
      confidence: 0.75,
      early: first({ function: fn.key, point: removed }, isLock ? 'gives the lock back' : 'cleans up'),
    };
  }
  return undefined;
}

/** `connection.query('ROLLBACK')` */
function rollsBack(call: Call): boolean {
  return call.arguments.some(({ value }) => value.kind === 'constant' && typeof value.value === 'string' && /^\s*rollback\b/i.test(value.value));
}

/** The callback of a lock, or of a queue with one place, ends with the failure, and the next one begins beside the others. */
function unlocked(fn: ResolvedFunction, work: Work, facts: Facts): Harm | undefined {
  const held = [...(facts.contextOf(fn.key).entry ?? [])].filter((lock) => !isClaim(lock));
  const handing = modelOf(fn).kind === 'lambda' ? handingOf(fn, facts) : undefined;
  const call = handing && handing.fn.calls.get(handing.point);
  const holding =
    (call?.callbacks.some((callback) => callback.function === fn.key && callback.holding) ?? false) || (handing !== undefined && isOnePlace(handing, facts));
  if (!handing || (!holding && held.length === 0)) return undefined;
  if (!changes(work)) return undefined;
  return {
    text: `the lock that ${handing.name}() holds around this is free again while the others still work, and the next holder meets them`,
    related: [{ site: { function: handing.fn.key, point: handing.point }, message: 'Holds the lock until the callback has failed or ended' }],
    confidence: 0.8,
    early: first({ function: handing.fn.key, point: handing.point }, 'gives the lock to the next one, as the callback has failed'),
  };
}

/** A queue that runs one piece of work at a time. */
function isOnePlace({ fn, point, call }: Handing, facts: Facts): boolean {
  const limit = limitAt(fn, call, point, facts);
  return limit !== undefined && isForOne(fn, limit.place, facts);
}

/** Whether the work does more than to read. */
function changes(work: Work): boolean {
  return !/^(?:get|find|read|load|fetch|list|count|exists|stat|lookup|resolve|is|has)(?![a-z])/.test(work.name);
}

/** The work cleans up behind itself, and whoever hears of the failure ends the process. */
function ended(fn: ResolvedFunction, work: Work, facts: Facts): Harm | undefined {
  const cleaner = work.functions.find((each) => cleansUp(each));
  const exit = cleaner && exitAbove(fn, facts, 3);
  if (!cleaner || !exit) return undefined;
  const cleaning = structuresIn(modelOf(cleaner).body).flatMap((step) => (step.kind === 'try' ? pointsIn(modelOf(cleaner), step.final) : []))[0];
  return {
    text: `the process ends while the others still have to clean up behind themselves`,
    related: [
      ...(cleaning === undefined ? [] : [{ site: { function: cleaner.key, point: cleaning }, message: 'Would clean up here, after the process has ended' }]),
      { site: exit, message: 'Ends the process with the first failure' },
    ],
    confidence: 0.75,
    early: first(exit, 'ends the process'),
  };
}

/** An await in a finally block. */
function cleansUp(fn: ResolvedFunction): boolean {
  const model = modelOf(fn);
  return structuresIn(model.body).some(
    (step) => step.kind === 'try' && pointsIn(model, step.final).some((point) => point >= 0 && model.operations[point].kind === 'await'),
  );
}

function findingOf(fn: ResolvedFunction, point: Point, work: Work, { text, related, confidence, early }: Harm): Finding {
  const begun = { function: work.functions[0].key, point: NAME };
  return {
    rule: workOutlivesPromiseAll.id,
    family: workOutlivesPromiseAll.family,
    severity: workOutlivesPromiseAll.severity,
    confidence,
    site: { function: fn.key, point },
    message: `Promise.all() does not wait for the rest when one fails: ${text}, and what else goes wrong is never seen. Wait with Promise.allSettled() and throw the first failure then.`,
    related: [{ site: { function: fn.key, point }, message: 'Fails with the first rejection; the other work goes on' }, ...related],
    interleaving: {
      sides: [oneRun(undefined, fn.key), `the work of ${work.name}`],
      steps: [
        first({ function: fn.key, point }, 'waits for the work on all elements'),
        second(begun, 'fails for one element, and is under way for the others'),
        first({ function: fn.key, point }, 'fails at once, without waiting for the others'),
        early,
        second(begun, 'is not done with the others yet'),
      ],
      harm: 'wrong',
      outcome: `So ${text}.`,
    },
    fixes: [],
  };
}
