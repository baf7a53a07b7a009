// A browser, worker, process or connection is ended only where all goes well, and left running where something fails before.

import { calledName } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { resultOf } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { type ClearedLate, clearedLate } from './shared/cleared-late';
import { type Closable, closableMade, endsIt } from './shared/closables';
import { first, oneRun } from './shared/interleavings';
import { functionAt, nestOf } from './shared/lifetimes';
import { operationsIn } from './shared/operations';
import { type Kept, keptAt, usesOfPlace } from './shared/place-uses';

export const leftRunningOnError: Rule = {
  id: 'left-running-on-error',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const all = facts.functionsIn(file);
    for (const fn of all) {
      if (modelOf(fn).kind === 'module') continue;
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        const late = operation.kind === 'call' && !isScript(fn, facts) ? clearedLate(fn, point, operation, all, facts) : undefined;
        if (late) yield ofInterval(fn, point, late);
        const closable = operation.kind === 'call' ? closableBy(fn, operation, facts) : undefined;
        if (!closable || closable.kind === 'observer' || closable.kind === 'controller' || closable.kind === 'stream') continue;
        const finding = inFunction(fn, point, closable, all, facts) ?? inPromise(fn, point, closable, all, facts);
        if (finding) yield finding;
      }
    }
  },
};

/** What a call makes, also through a helper of the file that only hands it on. */
function closableBy(fn: ResolvedFunction, call: Call, facts: Facts): Closable | undefined {
  const made = closableMade(call);
  if (made) return made;
  const at = modelOf(fn).operations.indexOf(call);
  for (const target of fn.calls.get(at)?.targets ?? []) {
    const helper = facts.program.functions.get(target);
    if (!helper || helper.module !== fn.module) continue;
    const { operations } = modelOf(helper);
    for (const operation of operations) {
      const returned = operation.kind === 'return' ? resultOf(operation.value) : undefined;
      const given = returned === undefined ? undefined : behindAwait(operations, returned);
      const closable = given && closableMade(given);
      if (closable) return closable;
    }
  }
  return undefined;
}

function behindAwait(operations: readonly Operation[], number: number): Call | undefined {
  const operation = operations[number];
  if (operation?.kind === 'call') return operation;
  return operation?.kind === 'await' && operation.value.kind === 'place' && operation.value.place.root.kind === 'result'
    ? behindAwait(operations, operation.value.place.root.operation)
    : undefined;
}

/** Made by a function that ends it itself, or keeps it, after something that may fail. */
function inFunction(fn: ResolvedFunction, made: number, closable: Closable, all: readonly ResolvedFunction[], facts: Facts): Finding | undefined {
  const model = modelOf(fn);
  const kept = keptAt(fn, made);
  const { operations } = model;
  if (kept.names.some((name) => !name.startsWith(`variable(${fn.index}:`)) || isScript(fn, facts)) return undefined;
  const ends = endPoints(fn, kept, closable);
  // A clean-up elsewhere, in a callback or a helper, may see to all paths.
  if (endsElsewhere(fn, kept, closable, all, facts)) return undefined;
  const around = enclosing(model);
  if (ends.some((point) => (around.get(point) ?? []).some((each) => each.kind === 'try' && (each.part === 'final' || each.part === 'handler'))))
    return undefined;
  const last = ends[0];
  // It is given to others where all goes well, and ended on some other way: the function sees to its failures.
  const given = kept.gone || kept.from !== undefined || kept.names.some((name) => usesOfPlace(name, [fn]).some((use) => use.kind === 'other'));
  if (last !== undefined && given) return undefined;
  if (last === undefined ? kept.from === undefined || closable.kind !== 'process' : false) return undefined;
  const own = ownAwait(operations, made);
  const until = last ?? kept.from ?? 0;
  const risk = operations.findIndex((operation, point) => {
    if (operation.kind !== 'await' || point <= own || point >= until) return false;
    // What is waited for only while it ends does no harm.
    const call = behindAwait(operations, point);
    if (call && endsIt(closable, calledName(call)) && ends.includes(operations.indexOf(call))) return false;
    return last !== undefined || (call !== undefined && mentions(call, kept, made, fn));
  });
  if (
    risk < 0 ||
    (around.get(risk) ?? []).some(
      (each) =>
        each.kind === 'try' &&
        each.part === 'body' &&
        each.step.handlers.length > 0 &&
        !(around.get(made) ?? []).some((other) => other.kind === 'try' && other.step === each.step),
    )
  )
    return undefined;
  const end = closable.ends[0];
  return findingOf(
    { function: fn.key, point: made },
    closable.what,
    'fails with an exception',
    `This ${closable.what} is left running where ${callOfKey(fn.key)} fails: ${last === undefined ? 'nobody has it yet' : `its ${end}() is called only after all has gone well`}, and what is awaited before may throw. Each failure leaves one more behind, until memory or connections run out. Call ${end}() in a ${last === undefined ? 'catch block before throwing on' : 'finally block'}.`,
    [
      { site: { function: fn.key, point: risk }, message: 'May throw, and then nobody ends it' },
      ...(last === undefined ? [] : [{ site: { function: fn.key, point: last }, message: 'Is ended here, if nothing has been thrown' }]),
    ],
    'warning',
  );
}

/** Made for a promise that a timer rejects without ending it. */
function inPromise(fn: ResolvedFunction, made: number, closable: Closable, all: readonly ResolvedFunction[], facts: Facts): Finding | undefined {
  if (closable.kind !== 'process') return undefined;
  const operation = operationsIn(fn.module.file, facts).find((each) => each.executor === fn);
  if (!operation?.executor) return undefined;
  const kept = keptAt(fn, made);
  const reject = modelOf(fn).parameters[1]?.name;
  if (reject === undefined || endPoints(fn, kept, closable).length > 0 || endsElsewhere(fn, kept, closable, all, facts)) return undefined;
  for (const [point, call] of modelOf(fn).operations.entries()) {
    const runs = call.kind === 'call' && calledName(call) === 'setTimeout' ? call.arguments[0]?.value : undefined;
    const late = runs?.kind === 'function' ? functionAt(runs.function, all) : undefined;
    if (
      !late ||
      !modelOf(late).operations.some(
        (each) => each.kind === 'call' && each.callee.kind === 'place' && each.callee.place.root.kind === 'variable' && each.callee.place.root.name === reject,
      )
    )
      continue;
    const held = kept.names.some((name) => name.startsWith('this.'));
    return findingOf(
      { function: fn.key, point: made },
      closable.what,
      'rejects the promise when its time is over',
      `This ${closable.what} is left running when its time is over: the timer rejects the promise and does not end what it has waited for, which goes on working for nobody. Call its ${closable.ends[0]}() before rejecting.`,
      [{ site: { function: fn.key, point }, message: 'Gives up after a while, and leaves it running' }],
      held ? 'information' : 'warning',
    );
  }
  return undefined;
}

function findingOf(site: Finding['site'], what: string, fails: string, message: string, related: Finding['related'], severity: Severity): Finding {
  const { id, family } = leftRunningOnError;
  return {
    rule: id,
    family,
    severity,
    confidence: 0.7,
    site,
    message,
    related,
    interleaving: {
      sides: [oneRun(undefined, site.function)],
      steps: [first(site, `sets up the ${what}`), first(related[0].site, `${fails}, and leaves it running`)],
      harm: 'wrong',
      outcome: `The ${what} goes on for nobody, and each further failure leaves one more.`,
    },
    fixes: [],
  };
}

function ofInterval(fn: ResolvedFunction, made: number, { risk, clear }: ClearedLate): Finding {
  return findingOf(
    { function: fn.key, point: made },
    'interval',
    'fails with an exception',
    `This interval goes on where ${callOfKey(fn.key)} fails: clearInterval() is called only after all has gone well, and what is awaited before may throw. Each failure leaves one more running, for as long as the process lives. Call clearInterval() in a finally block.`,
    [
      { site: { function: fn.key, point: risk }, message: 'May throw, and then nobody clears it' },
      { site: { function: fn.key, point: clear }, message: 'Is cleared here, if nothing has been thrown' },
    ],
    'warning',
  );
}

/** The program's own main function: when it fails, everything ends. */
function isScript(fn: ResolvedFunction, facts: Facts): boolean {
  const callers = [...(facts.program.callers.get(fn.key)?.keys() ?? [])];
  return /^(?:main|run|cli|bootstrap)$/.test(modelOf(fn).name) || (callers.length > 0 && callers.every((key) => facts.program.functions.get(key)?.index === 0));
}

function endPoints(fn: ResolvedFunction, kept: Kept, closable: Closable): number[] {
  const direct = kept.uses.filter((use) => use.kind === 'method' && endsIt(closable, use.name)).map((use) => use.point);
  const through = kept.names.flatMap((name) => usesOfPlace(name, [fn])).filter((use) => use.kind === 'method' && endsIt(closable, use.name));
  return [...direct, ...through.map((use) => use.point)].sort((a, b) => a - b);
}

function endsElsewhere(fn: ResolvedFunction, kept: Kept, closable: Closable, all: readonly ResolvedFunction[], facts: Facts): boolean {
  const inner = nestOf(fn, all).filter((each) => each !== fn);
  if (
    kept.names
      .filter((name) => name.startsWith('variable('))
      .some((name) => usesOfPlace(name, inner).some((use) => use.kind === 'other' || (use.kind === 'method' && endsIt(closable, use.name))))
  )
    return true;
  // A helper that is given it and ends it.
  return kept.uses.some((use) => {
    if (use.kind !== 'argument') return false;
    return (fn.calls.get(use.point)?.targets ?? []).some((key) =>
      [...calledBy(facts, key)].some((each) => {
        const helper = facts.program.functions.get(each);
        const own = helper ? nestOf(helper, all) : [];
        return own.some((part) => modelOf(part).operations.some((operation) => operation.kind === 'call' && closable.ends.includes(calledName(operation))));
      }),
    );
  });
}

function ownAwait(operations: readonly Operation[], made: number): number {
  const own = operations.findIndex((operation, point) => point > made && operation.kind === 'await' && operation.depends.includes(made));
  return own < 0 || own > made + 1 ? made : own;
}

function mentions(call: Call, kept: Kept, made: number, fn: ResolvedFunction): boolean {
  if (call.depends.includes(made)) return true;
  const at = modelOf(fn).operations.indexOf(call);
  return kept.uses.some((use) => use.point === at);
}
