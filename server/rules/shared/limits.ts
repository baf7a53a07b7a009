// Limits: work that runs in a slot of a limit between tasks (p-limit, p-queue, a semaphore), and what needs a slot of the same one.
import type { Call } from '../../model/operation';
import type { Place } from '../../model/place';
import { makersOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { nameOfPlace, type OwnSections, ranBy, resourceAt, type Section } from './held-resources';
import { isWaitedFor } from './waited-for';

/** The work that a function runs in slots of a limit. */
export function slotsHeld(fn: ResolvedFunction, facts: Facts): OwnSections {
  const sections: Section[] = [];
  const lendings: OwnSections['lendings'][number][] = [];
  for (const [point, operation] of modelOf(fn).operations.entries()) {
    const limit = operation.kind === 'call' ? limitAt(fn, operation, point, facts) : undefined;
    const resource = limit && resourceAt(fn, limit.place, facts);
    if (operation.kind !== 'call' || !limit || resource === undefined) continue;
    const section = { resource, name: nameOfPlace(limit.place), function: fn.key, point };
    const { functions, parameters } = ranBy(fn, operation.arguments[limit.runs]?.value, facts);
    for (const runs of functions) sections.push({ ...section, runs });
    for (const parameter of parameters) lendings.push({ parameter, section });
  }
  return { sections, lendings };
}

/** Whether a function waits for work that it gives to the limit that is meant. */
export function needsSlot(resource: string, facts: Facts): (fn: ResolvedFunction, point: Point) => boolean {
  return (fn, point) => {
    const operation = modelOf(fn).operations[point];
    const limit = operation.kind === 'call' ? limitAt(fn, operation, point, facts) : undefined;
    return limit !== undefined && resourceAt(fn, limit.place, facts) === resource && isWaitedFor(fn, point);
  };
}

/** Whether a limit lets just one in at a time, as far as what made it says so. */
export function isForOne(fn: ResolvedFunction, place: Place, facts: Facts): boolean {
  for (const { call } of makersOf(facts.program.resolver, fn.module, fn.index, { kind: 'place', place })) {
    const [first] = call.arguments;
    const size = call.arguments.find(({ name }) => /^(?:concurrency|maxConcurrent)$/.test(name ?? ''))?.value ?? first?.value;
    if (size?.kind === 'constant' && size.value === 1) return true;
  }
  return false;
}

/** The limit that a call waits for a slot of, and which of its arguments runs in it. */
export function limitAt(fn: ResolvedFunction, call: Call, point: Point, facts: Facts): { readonly place: Place; readonly runs: number } | undefined {
  const api = fn.calls.get(point)?.api;
  const holding = api?.effects?.find((effect) => effect.kind === 'call' && effect.holding === 'receiver');
  if (!api || holding?.kind !== 'call' || typeof holding.runs !== 'object' || call.callee.kind !== 'place') return undefined;
  const owner = facts.program.resolver.api('typescript', api.name.slice(0, api.name.lastIndexOf('.')));
  if (owner?.lock?.type !== 'semaphore') return undefined;
  const { root, path } = call.callee.place;
  const place = api.name.endsWith('.__call__') ? call.callee.place : { root, path: path.slice(0, -1) };
  return { place, runs: holding.runs.argument };
}
