// An exception raised in a worker process cannot be made again from its pickle, so that the pool breaks or hangs.
import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import type { ModuleInterface } from '../summary/module-interface';
import type { Rule } from './rule';
import { type ProcessSite, processSites } from './shared/process-sites';

export const exceptionDoesNotUnpickle: Rule = {
  id: 'exception-does-not-unpickle',
  family: 'unpicklable',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['add-reduce'],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    const jobs = processSites(facts, file).filter((site) => site.kind === 'job');
    if (!module || jobs.length === 0) return;
    const inJobs = reachedBy(facts, file, jobs);
    const told = new Set<string>();
    for (const fn of facts.functionsIn(module.file)) {
      const job = inJobs.get(fn.key);
      if (!job) continue;
      for (const [point, operation] of module.module.functions[fn.index].operations.entries()) {
        const raised = operation.kind === 'raise' ? raisedClass(facts, module, fn.index, operation.value) : undefined;
        if (raised === undefined || told.has(raised)) continue;
        const fault = mismatch(facts, raised, file);
        if (!fault) continue;
        told.add(raised);
        const name = nameOfKey(raised);
        const thrown: Site = { function: fn.key, point };
        yield {
          rule: exceptionDoesNotUnpickle.id,
          family: exceptionDoesNotUnpickle.family,
          severity: exceptionDoesNotUnpickle.severity,
          confidence: 0.85,
          site: fault.site,
          message: `${name} cannot be unpickled: its pickle holds only what is handed to the base class (${count(fault.given)}), and its __init__() needs ${fault.needed}. It is raised in a job of a worker process, and when it arrives in the parent a pool of multiprocessing waits for ever, and ProcessPoolExecutor breaks as a whole, instead of showing the error. Hand all arguments to super().__init__(), or write __reduce__().`,
          related: [
            { site: { function: job.fn.key, point: job.point }, message: 'The job is given to worker processes here' },
            { site: thrown, message: `${callOfKey(fn.key)} raises ${name}, in the worker` },
            { site: fault.site, message: 'Only what is handed on here comes back as arguments' },
          ],
          fixes: [{ kind: 'add-reduce', site: fault.site }],
        };
      }
    }
  },
};

function count(given: number): string {
  return given === 1 ? 'one argument' : given === 0 ? 'nothing' : `${given} arguments`;
}

/** The functions of the file that jobs run, themselves or through calls, and for which job. */
function reachedBy(facts: Facts, file: string, jobs: readonly ProcessSite[]): Map<FunctionKey, ProcessSite> {
  const found = new Map<FunctionKey, ProcessSite>();
  const visit = (key: FunctionKey, job: ProcessSite): void => {
    if (found.has(key) || !key.startsWith(`${file}#`)) return;
    found.set(key, job);
    for (const call of facts.summaryOf(key)?.calls ?? []) visit(call.target, job);
  };
  for (const job of jobs) for (const key of job.targets) visit(key, job);
  return found;
}

function raisedClass(facts: Facts, module: ModuleInterface, index: number, value: Parameters<Facts['program']['resolver']['typeOf']>[2]): string | undefined {
  const type = facts.program.resolver.typeOf(module, index, value);
  return type?.kind === 'instance' || type?.kind === 'class' ? type.class : undefined;
}

/** Where an exception class hands on fewer arguments than it needs itself. */
function mismatch(facts: Facts, key: string, file: string): { site: Site; given: number; needed: number } | undefined {
  const { resolver } = facts.program;
  if (['__reduce__', '__reduce_ex__', '__getnewargs__', '__getnewargs_ex__', '__new__'].some((name) => resolver.method(key, name))) return undefined;
  const init = resolver.method(key, '__init__');
  const place = init === undefined ? undefined : resolver.functionAt(init);
  const owner = place?.module.module.functions[place.index].class;
  if (!place || init === undefined || owner === undefined || place.module.file !== file) return undefined;
  const fn = place.module.module.functions[place.index];
  const required = fn.parameters.slice(1).filter((parameter) => parameter.default === undefined && parameter.rest === undefined);
  // Later parameters without a default, behind `*`, cannot be told apart here; a class with *args takes what it gets.
  if (fn.parameters.some((parameter) => parameter.rest === 'positional')) return undefined;
  // A pickled exception sets its arguments itself where it says `self.args = …`.
  if (fn.operations.some((operation) => operation.kind === 'write' && operation.place.path.at(-1) === 'args')) return undefined;
  const points = fn.operations.flatMap((operation, point) => (operation.kind === 'call' && isBaseConstructor(operation) ? [{ operation, point }] : []));
  if (points.length !== 1) return undefined;
  const [{ operation, point }] = points;
  const explicit = operation.callee.kind === 'place' && operation.callee.place.root.kind !== 'result';
  const handed = operation.arguments.slice(explicit ? 1 : 0);
  if (handed.some((argument) => argument.spread || argument.name !== undefined)) return undefined;
  // Where the base class is one of the workspace, that one decides what becomes of the arguments.
  const base = resolver.lineage(place.module.classKeys[owner])[1];
  if (base !== undefined && resolver.method(base, '__init__') !== undefined) return undefined;
  if (handed.length >= required.length) return undefined;
  return { site: { function: init, point }, given: handed.length, needed: required.length };
}

function isBaseConstructor(call: Call): boolean {
  return methodOf(call) === '__init__';
}
