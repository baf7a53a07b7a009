// Jobs in workers: what the body of a module that forks itself as a cluster schedules in the primary and in each worker alike.
import type { Operation } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** A job, and the statement of the module's body that comes to it. */
export interface JobInWorkers {
  readonly site: Site;
  readonly job: Site;
  readonly fork: Site;
}

const SCHEDULERS = /^(?:node-schedule|node-cron|cron|croner)$/;
const SCHEDULES = /^(?:scheduleJob|schedule|scheduleFunction|CronJob|Cron)$/;

/** The first job that every worker of a cluster schedules for itself. */
export function jobInWorkers(file: string, facts: Facts): JobInWorkers | undefined {
  const module = facts.program.modules.get(file);
  const body = module && facts.program.functions.get(module.functionKeys[0]);
  const functions = facts.functionsIn(file);
  const fork = functions.flatMap((fn) => [...fn.calls].flatMap(([point, { api }]) => (api?.name === 'cluster.fork' ? [{ function: fn.key, point }] : [])))[0];
  // Children that run another file do not come here.
  if (!body || !fork || functions.some((fn) => [...fn.calls.values()].some(({ api }) => /^cluster\.setup(?:Primary|Master)$/.test(api?.name ?? ''))))
    return undefined;
  for (const step of modelOf(body).body) {
    if (typeof step !== 'number') continue;
    const site = { function: body.key, point: step };
    if (schedules(modelOf(body).operations[step])) return { site, job: site, fork };
    for (const target of body.calls.get(step)?.targets ?? []) {
      const called = facts.program.functions.get(target);
      const point = called?.module.file === file ? scheduledAlways(called) : undefined;
      if (called && point !== undefined) return { site, job: { function: called.key, point }, fork };
    }
  }
  return undefined;
}

/** Where a function schedules a job, whatever it is asked first. */
function scheduledAlways(fn: ResolvedFunction): Point | undefined {
  const { body, operations } = modelOf(fn);
  // What it asks first may be whether this is a worker.
  if (body.some((step) => typeof step !== 'number' && step.kind === 'branch')) return undefined;
  return body.find((step): step is number => typeof step === 'number' && schedules(operations[step]));
}

function schedules(operation: Operation): boolean {
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
  const { root, path } = operation.callee.place;
  if (root.kind !== 'import' || !SCHEDULERS.test(root.specifier)) return false;
  const name = path.at(-1) ?? (root.name === 'default' ? 'Cron' : (root.name ?? ''));
  return SCHEDULES.test(name);
}
