// Tasks are waited for in a way that keeps their exceptions, and nobody looks at what was kept.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import type { FunctionKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { behind } from '../summary/origins';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { fateOf } from './shared/future-fate';
import { first, oneRun, second } from './shared/interleavings';
import { laterPoints } from './shared/later-points';
import { usesOf } from './shared/outcome-uses';
import { functionMayReject, functionsGiven } from './shared/promises';
import { areRead } from './shared/results-read';

export const gatheredExceptionsIgnored: Rule = {
  id: 'gathered-exceptions-ignored',
  family: 'lost-exception',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('gather', 'wait', 'allSettled'),
  fixes: ['log-gathered'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [number, resolved] of fn.calls) {
        const call = modelOf(fn).operations[number];
        if (call.kind !== 'call') continue;
        const gathers = resolved.api?.name === 'asyncio.gather' && keepsExceptions(call);
        const waits = resolved.api?.name === 'asyncio.wait' && !givesFirst(call);
        if (resolved.api?.name === 'Promise.allSettled') yield* settledUnseen(fn, number, call, facts);
        if ((!gathers && !waits) || isEnding(fn, number) || jobsTell(fn, number, call, facts) || isLookedAt(fn, number, call, waits, facts)) continue;
        const job = resolved.spawns.find((spawn) => spawn.function !== undefined)?.function;
        const finding: Finding = {
          rule: gatheredExceptionsIgnored.id,
          family: gatheredExceptionsIgnored.family,
          ...(isWorkKnown(fn, number, call) ? { severity: gatheredExceptionsIgnored.severity, confidence: 0.7 } : { severity: 'information', confidence: 0.5 }),
          site: { function: fn.key, point: number },
          message: gathers
            ? 'What goes wrong in these tasks is never seen: with return_exceptions=True gather() puts their exceptions among the results, and nobody looks at the results. Go through the results and log or raise what is an exception, or leave return_exceptions out.'
            : 'What goes wrong in these tasks is never seen in time: asyncio.wait() raises nothing, it gives the tasks that are done, and nobody asks them for result() or exception(). Go through the done tasks, or use gather() or a TaskGroup.',
          related: [],
          interleaving: unseen(fn, number, job === undefined ? undefined : { function: job, point: NAME }, { function: fn.key, point: number }),
          fixes: gathers ? [{ kind: 'log-gathered', site: { function: fn.key, point: number } }] : [],
        };
        yield finding;
      }
    }
  },
};

/** One of the tasks fails, and its failure is put among outcomes that nobody looks at. */
function unseen(fn: ResolvedFunction, number: number, task: Site | undefined, next: Site): Interleaving {
  const at = { function: fn.key, point: number };
  return {
    sides: [oneRun(undefined, fn.key), 'one of the tasks'],
    steps: [
      first(at, 'waits until all of them have ended'),
      second(task ?? at, 'fails'),
      first(next, 'goes on without a look at the outcomes, as if all had gone well'),
    ],
    harm: 'lost',
    outcome: 'The failure stays among outcomes that nobody looks at.',
  };
}

/** What is called when everything is said to have gone well. */
const SAYS_DONE =
  /^(?:set\w*|mark\w*|update\w*|save\w*|commit\w*|complete\w*|finish\w*|publish\w*|resolve\w*|ack\w*|delete\w*|remove\w*|advance\w*|promote\w*|approve\w*|confirm\w*|succeed\w*|success|checkpoint\w*|insert\w*|create\w*|swap\w*|activate\w*|rename|send\w*|json|write\w*)$/;

/** All outcomes of `Promise.allSettled()` are thrown away, and what follows says that the work is done. */
function* settledUnseen(fn: ResolvedFunction, number: number, call: Call, facts: Facts): Iterable<Finding> {
  const model = modelOf(fn);
  const awaits = usesOf(model, number).filter((use) => use.by === 'operation');
  if (awaits.length !== 1 || model.operations[awaits[0].number].kind !== 'await' || usesOf(model, awaits[0].number).length > 0) return;
  if (isEnding(fn, number) || mapped(fn, call, facts).some((key) => !functionMayReject(key, facts))) return;
  const done = laterPoints(model, awaits[0].number).find((point) => {
    const operation = model.operations[point];
    return operation.kind === 'call' && operation.outcome !== 'used' && SAYS_DONE.test(calledName(operation));
  });
  if (done === undefined) return;
  yield {
    rule: gatheredExceptionsIgnored.id,
    family: gatheredExceptionsIgnored.family,
    severity: gatheredExceptionsIgnored.severity,
    confidence: 0.7,
    site: { function: fn.key, point: number },
    message:
      'What goes wrong in this work is never seen: Promise.allSettled() never rejects, it puts the failures among the outcomes, and nobody looks at those before the work counts as done. Look for outcomes with the status rejected and throw or log their reasons.',
    related: [
      { site: { function: fn.key, point: number }, message: 'Keeps the failures in outcomes that are dropped' },
      { site: { function: fn.key, point: done }, message: 'Goes on as if all had gone well' },
    ],
    interleaving: unseen(fn, number, { function: fn.key, point: number }, { function: fn.key, point: done }),
    fixes: [],
  };
}

/** The functions that make the promises, for each element. */
function mapped(fn: ResolvedFunction, call: Call, facts: Facts): readonly FunctionKey[] {
  return (call.arguments[0]?.depends ?? []).flatMap((source) => {
    const made = modelOf(fn).operations[source];
    const callback = made.kind === 'call' && calledName(made) === 'map' ? made.arguments[0]?.value : undefined;
    return callback ? functionsGiven(fn, callback, facts) : [];
  });
}

function keepsExceptions(call: Call): boolean {
  return call.arguments.some(({ name, value }) => name === 'return_exceptions' && value.kind === 'constant' && value.value === true);
}

/** Waiting for the first of several, such as work or a signal to stop, is no waiting for their outcome. */
function givesFirst(call: Call): boolean {
  return call.arguments.some(({ name }) => name === 'return_when');
}

/** Tasks that were cancelled before, or an object that is being closed: what comes out then is of no interest. */
function isEnding(fn: ResolvedFunction, number: number): boolean {
  const model = modelOf(fn);
  if (/(?:close|stop|shut|cancel|clean|tear|exit|disconnect|finish|terminate|kill|drain|del)/i.test(model.name)) return true;
  if (model.operations.some((operation, at) => at < number && operation.kind === 'call' && /cancel|close|shutdown|stop/.test(calledName(operation))))
    return true;
  return (enclosing(model).get(number) ?? []).some((outer) => outer.kind === 'try' && outer.part !== 'body' && outer.part !== 'otherwise');
}

/** All that is run tells by itself what goes wrong, or is only a sleep or a wait of the event loop. */
function jobsTell(fn: ResolvedFunction, number: number, call: Call, facts: Facts): boolean {
  const runs = workspaceJobs(fn, number, call);
  if (runs.length > 0) return runs.every((key) => facts.summaryOf(key)?.mayRaise === undefined);
  const made = behind(
    modelOf(fn),
    call.arguments.flatMap((argument) => argument.depends),
  );
  const apis = [...made].flatMap((each) => fn.calls.get(each)?.api?.name ?? []);
  return apis.some((name) => /^asyncio\.(?:sleep|(?:Event|Condition|Barrier|Queue|Lock|Semaphore)\.\w+)$/.test(name));
}

function isWorkKnown(fn: ResolvedFunction, number: number, call: Call): boolean {
  return workspaceJobs(fn, number, call).length > 0;
}

/** The coroutine functions of the workspace that are run. */
function workspaceJobs(fn: ResolvedFunction, number: number, call: Call): readonly FunctionKey[] {
  const direct = fn.calls.get(number)?.spawns ?? [];
  const made = call.arguments.flatMap((argument) => argument.depends).flatMap((each) => fn.calls.get(each)?.spawns ?? []);
  return [...direct, ...made].flatMap((spawn) => spawn.function ?? []);
}

function isLookedAt(fn: ResolvedFunction, number: number, call: Call, waits: boolean, facts: Facts): boolean {
  const model = modelOf(fn);
  const tasks = call.arguments.flatMap((argument) => argument.depends).filter((each) => /^(?:create_task|ensure_future|start_soon)$/.test(nameAt(fn, each)));
  // Tasks that come from elsewhere may be asked elsewhere.
  if (waits && tasks.length === 0) return true;
  if (tasks.some((task) => isAsked(fateOf(facts, fn, task)))) return true;
  // Handed over or returned without being awaited here: somebody else sees to it.
  const awaits = usesOf(model, number).filter((use) => use.by === 'operation');
  if (awaits.length === 0 || awaits.some((use) => model.operations[use.number].kind !== 'await')) return true;
  return awaits.some((use) => isUsed(fn, use.number) || (waits ? isAsked(fateOf(facts, fn, use.number)) : areLookedAt(fn, use.number)));
}

function isAsked(fate: { readonly asked: boolean; readonly returned: boolean; readonly kept?: string }): boolean {
  return fate.asked || fate.returned || fate.kept !== undefined;
}

/** Results that a condition or a loop goes by are looked at. */
function isUsed(fn: ResolvedFunction, number: number): boolean {
  return usesOf(modelOf(fn), number).some((use) => use.by !== 'operation');
}

/** Only to count results is not to look at them. */
function areLookedAt(fn: ResolvedFunction, number: number): boolean {
  return areRead(fn, number) || usesOf(modelOf(fn), number).some((use) => use.by === 'operation' && nameAt(fn, use.number) !== 'len');
}

function nameAt(fn: ResolvedFunction, number: number): string {
  const operation = modelOf(fn).operations[number];
  return operation.kind === 'call' ? calledName(operation) : '';
}
