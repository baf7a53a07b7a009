// A job's exception stays in a future, or in results, that nobody ever looks at.
import { calledName } from '../model/calls';
import { printPlace } from '../model/place';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding, Related } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { type Fate, fateOf } from './shared/future-fate';
import { first, oneRun, second } from './shared/interleavings';
import { type Job, jobAt, workOf } from './shared/jobs';
import { areRead } from './shared/results-read';

export const lostJobException: Rule = {
  id: 'lost-job-exception',
  family: 'lost-exception',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('submit', 'apply_async', 'map_async', 'starmap_async', 'run_coroutine_threadsafe', 'run_in_executor', 'map', 'imap', 'imap_unordered'),
  fixes: ['read-results', 'ask-futures', 'log-failure'],
  *check(file, facts) {
    const functions = facts.functionsIn(file);
    const wrappers = wrappersIn(functions, facts);
    for (const fn of functions) {
      for (let number = 0; number < modelOf(fn).operations.length; number++) {
        const own = jobAt(fn, number, facts);
        const job = own ?? throughWrapper(fn, number, wrappers);
        if (!job || job.call.arguments.some(({ name }) => name === 'error_callback')) continue;
        if (job.gives === 'results' && areRead(fn, number)) continue;
        const fate = fateOf(facts, fn, number);
        if (fate.asked || fate.returned || (fate.kept !== undefined && isReadElsewhere(fate.kept, facts))) continue;
        const work = workOf(fn, job, facts);
        const isSure = own ? isExecutor(own) : (fn.calls.get(number)?.targets ?? []).every((key) => givesAlways(facts.program.functions.get(key)));
        if (work.raises !== false)
          yield { ...findingOf(fn, number, job, fate, work), fixes: isSure ? fixesFor(job, fate, { function: fn.key, point: number }) : [] };
      }
    }
  },
};

/** Functions of the file that give their caller a future which nobody has asked yet, and the job in them. */
function wrappersIn(functions: readonly ResolvedFunction[], facts: Facts): ReadonlyMap<string, Job> {
  const wrappers = new Map<string, Job>();
  for (const fn of functions) {
    modelOf(fn).operations.forEach((_, number) => {
      const job = wrappers.has(fn.key) || modelOf(fn).isGenerator ? undefined : jobAt(fn, number, facts);
      if (!job || job.gives === 'results') return;
      const fate = fateOf(facts, fn, number);
      if (fate.returned && !fate.asked && fate.kept === undefined) wrappers.set(fn.key, job);
    });
  }
  return wrappers;
}

/** `self._spawn(work)`, where _spawn returns the future of what it submits. */
function throughWrapper(fn: ResolvedFunction, number: number, wrappers: ReadonlyMap<string, Job>): Job | undefined {
  const call = modelOf(fn).operations[number];
  const targets = call.kind === 'call' ? (fn.calls.get(number)?.targets ?? []) : [];
  const inner = targets.length === 1 ? wrappers.get(targets[0]) : undefined;
  if (!inner || call.kind !== 'call' || targets[0] === fn.key) return undefined;
  const handed = call.arguments.find(({ value }) => value.kind === 'function' || value.kind === 'place');
  return { call, gives: inner.gives, work: handed?.value, guessed: inner.guessed };
}

/** A field that code of other files can reach: what they do with it is not looked at. */
function isReadElsewhere(cell: string, facts: Facts): boolean {
  return facts.accessesOf(cell).some((access) => fileOfKey(access.function) !== fileOfKey(cell));
}

function findingOf(fn: ResolvedFunction, number: number, job: Job, fate: Fate, work: ReturnType<typeof workOf>): Finding {
  const name = work.name === 'the job' ? 'a job' : work.name;
  const where = whereItGoes(job, fate);
  const keeps =
    job.gives === 'results'
      ? 'Results and exceptions are handed out one by one while somebody goes through them, and nobody does'
      : job.gives === 'task'
        ? 'The future keeps the exception for whoever awaits it, and nobody does: at best a line in the log tells of it, much later'
        : 'The future keeps the exception until result() or exception() is called, and nobody does: the work fails and the program goes on as if it had been done';
  const at: Site = { function: fn.key, point: number };
  const ends = fate.waited
    ? 'waits until the jobs have ended, without asking how they went'
    : fate.callback
      ? 'hears that it has ended, and does not look how'
      : 'goes on as if the job were done';
  const related: Related[] = [{ site: at, message: `${callOfKey(fn.key)} hands the job over here` }];
  if (fate.waited !== undefined) related.push({ site: fate.waited, message: 'Waits until the jobs have ended, without asking how they went' });
  if (fate.callback !== undefined) related.push({ site: fate.callback, message: 'The done callback does not look at the future' });
  return {
    rule: lostJobException.id,
    family: lostJobException.family,
    ...weigh(job, work.raises),
    site: { function: fn.key, point: number },
    message: `What goes wrong in ${name} is never seen: ${where}. ${keeps}. ${
      job.gives === 'results'
        ? 'Go through the results, for instance with list() or a for loop.'
        : 'Keep the future and call result(), or give it a done callback that logs exception().'
    }`,
    related,
    interleaving: {
      sides: [oneRun(undefined, fn.key), work.name === 'the job' ? 'the job' : `job running ${work.name}`],
      steps: [
        first(at, 'hands the job over'),
        second(work.function === undefined ? at : { function: work.function, point: NAME }, `fails, and ${KEPT[job.gives]}`),
        first(fate.waited ?? fate.callback ?? at, ends),
      ],
      harm: 'lost',
      outcome: 'The work is not done, and the exception is never seen.',
    },
    fixes: [],
  };
}

/** Where the exception goes. */
const KEPT: Readonly<Record<Job['gives'], string>> = {
  future: 'the future keeps the exception',
  task: 'the future keeps the exception',
  results: 'the results keep the exception',
};

/** What is only taken for an executor, by its name, may give something else. */
function isExecutor({ guessed, gives, call }: Job): boolean {
  return !guessed || gives !== 'future' || calledName(call) !== 'submit' || (call.callee.kind === 'place' && /executor/i.test(printPlace(call.callee.place)));
}

/** Whether a function comes to its only return in any case; others may give None instead of a future. */
function givesAlways(fn: ResolvedFunction | undefined): boolean {
  if (!fn) return false;
  const model = modelOf(fn);
  const points = model.operations.flatMap((operation, point) => (operation.kind === 'return' ? [point] : []));
  return points.length === 1 && !model.isAsync && (enclosing(model).get(points[0]) ?? []).every(({ kind }) => kind === 'with');
}

/** A future that somebody keeps is theirs to ask. */
function fixesFor(job: Job, fate: Fate, site: Site): FixIntent[] {
  if (job.gives === 'results') return [{ kind: 'read-results', site }];
  if (fate.kept !== undefined || fate.waited !== undefined || fate.callback !== undefined) return [];
  return job.gives === 'future'
    ? [
        { kind: 'ask-futures', site },
        { kind: 'log-failure', site },
      ]
    : [{ kind: 'log-failure', site }];
}

function whereItGoes(job: Job, fate: Fate): string {
  if (job.gives === 'results') return 'the results of this call are not read';
  if (fate.waited !== undefined) return 'its future is only waited for';
  if (fate.callback !== undefined) return 'the done callback does not ask its future how it went';
  if (fate.kept !== undefined) return `its future is kept in ${nameOfKey(fate.kept)}, where nobody asks it how it went`;
  return 'its future is dropped';
}

/** What a job that is handed in from outside does with its exceptions is not known here. */
function weigh(job: Job, raises: boolean | undefined): Pick<Finding, 'severity' | 'confidence'> {
  if (raises === undefined) return { severity: 'information', confidence: 0.5 };
  return { severity: lostJobException.severity, confidence: job.guessed ? 0.6 : 0.8 };
}
