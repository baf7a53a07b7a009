// A loop waits in each round for an event that stays set, so that from the first set() on it never waits again.
import type { Facts, FunctionUse } from '../summary/facts';
import { nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import { mayPause } from './busy-wait';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { isUsed } from './shared/conditions';

export const eventNeverCleared: Rule = {
  id: 'event-never-cleared',
  family: 'busy-wait',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isUsed,
  fixes: [],
  *check(cell, facts) {
    const uses = facts.usesOf(cell).filter((use) => /\.Event\.\w+$/.test(use.api));
    if (uses.length === 0 || uses.some((use) => use.api.endsWith('.clear'))) return;
    const sets = uses.filter((use) => use.api.endsWith('.set'));
    const accesses = facts.accessesOf(cell);
    // Made anew elsewhere, or handed to somebody who may clear it.
    if (accesses.some((access) => access.write && !access.owned && facts.program.functions.get(access.function)?.index !== 0)) return;
    if (accesses.filter((access) => !access.write).length > uses.length) return;
    for (const wait of uses) {
      const fn = facts.program.functions.get(wait.function);
      if (!wait.api.endsWith('.wait') || !fn || fn.module.language !== 'python') continue;
      const set = sets.find((candidate) => candidate.function !== wait.function && !stops(candidate, fn, wait.point, facts));
      if (!set || !goesOn(fn, wait, uses, facts)) continue;
      const name = nameOfKey(cell);
      const finding: Finding = {
        rule: eventNeverCleared.id,
        family: eventNeverCleared.family,
        severity: eventNeverCleared.severity,
        confidence: 0.75,
        site: { function: wait.function, point: wait.point },
        message: `Busy wait: nobody ever clears ${name}, so that after the first set() this wait returns at once in every round and the loop runs at full speed. Call clear() right after the wait.`,
        related: [{ site: { function: set.function, point: set.point }, message: `Sets ${name} for good` }],
        fixes: [],
      };
      yield finding;
    }
  },
};

/** Whether the loop goes round again after the event was set, and nothing else in it waits. */
function goesOn(fn: ResolvedFunction, wait: FunctionUse, uses: readonly FunctionUse[], facts: Facts): boolean {
  const model = modelOf(fn);
  const loop = loopAround(model, wait.point);
  if (!loop || loop.over) return false;
  const inside = pointsIn(model, loop.body);
  if (uses.some((use) => use.function === wait.function && use.api.endsWith('.is_set') && inside.includes(use.point))) return false;
  const call = model.operations[wait.point];
  const awaited = model.operations.find((operation) => operation.kind === 'await' && operation.depends.includes(wait.point));
  if (call.kind !== 'call' || (call.outcome !== 'dropped' && !(call.outcome === 'awaited' && awaited))) return false;
  return !inside.some((point) => point !== wait.point && point >= 0 && !isAwaitOf(fn, point, wait.point) && mayPause(fn, point, facts));
}

function isAwaitOf(fn: ResolvedFunction, point: Point, wait: Point): boolean {
  const operation = modelOf(fn).operations[point];
  return operation.kind === 'await' && operation.depends.includes(wait);
}

/** Who sets it to end the loop changes what the loop asks for, too. */
function stops(set: FunctionUse, fn: ResolvedFunction, wait: Point, facts: Facts): boolean {
  const loop = loopAround(modelOf(fn), wait);
  if (!loop) return true;
  const asked = new Set(pointsIn(modelOf(fn), loop.body).flatMap((point) => fn.cells.get(point)?.key ?? []));
  const summary = facts.summaryOf(set.function);
  const changed = [
    ...(summary?.accesses ?? []).filter((access) => access.write && access.constant && !access.cell.element).map((access) => access.cell.key),
    ...(summary?.uses ?? []).filter((use) => use.point !== set.point && use.api.endsWith('Event.set')).map((use) => use.cell.key),
  ];
  return changed.some((cell) => asked.has(cell));
}
