// Shifted arrays: loops of TypeScript that wait while they go through a shared array, and who moves its items meanwhile.
import { calledName } from '../../model/calls';
import { ELEMENT, type Place } from '../../model/place';
import { type Cell, cellOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { loopsIn, pointsIn } from '../../summary/structure';
import { canMeet, type Reason } from './in-flight';

/** A loop over a shared array that waits, and a call that moves items of the array. */
export interface Shifted {
  readonly cell: Cell;
  readonly loop: Site;
  readonly awaited: Site;
  readonly change: Site;
  readonly reason: Reason;
}

/** The loops of a function that skip or repeat items when others take some out, one for each array. */
export function shiftedIn(fn: ResolvedFunction, facts: Facts): readonly Shifted[] {
  const model = modelOf(fn);
  const found = new Map<string, Shifted>();
  for (const loop of loopsIn(model.body)) {
    const points = pointsIn(model, loop.body).filter((point) => point >= 0);
    const awaited = points.find((point) => model.operations[point].kind === 'await');
    const [first] = points.filter((point) => model.operations[point].kind === 'read');
    const step = first === undefined ? undefined : model.operations[first];
    if (awaited === undefined || step?.kind !== 'read' || step.place.path.at(-1) !== ELEMENT || step.place.root.kind === 'parameter') continue;
    const array: Place = { root: step.place.root, path: step.place.path.slice(0, -1) };
    const cell = cellOf(facts.program.resolver, fn.module, fn.index, array);
    if (!cell || found.has(cell.key) || isOwn(array, fn) || (loop.over?.kind === 'place' && loop.over.place.root.kind === 'result')) continue;
    const change = changeOf(fn, cell, facts);
    if (!change) continue;
    found.set(cell.key, { cell, loop: { function: fn.key, point: first }, awaited: { function: fn.key, point: awaited }, ...change });
  }
  return [...found.values()];
}

/** A variable of this very call. */
function isOwn({ root }: Place, fn: ResolvedFunction): boolean {
  return root.kind === 'variable' && root.function === fn.index;
}

function changeOf(fn: ResolvedFunction, cell: Cell, facts: Facts): { change: Site; reason: Reason } | undefined {
  for (const other of facts.functionsIn(fn.module.file)) {
    if (other.key === fn.key || modelOf(other).kind === 'module' || modelOf(other).kind === 'constructor') continue;
    for (const [point, operation] of modelOf(other).operations.entries()) {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !/^(?:splice|shift|unshift)$/.test(calledName(operation))) continue;
      const { root, path } = operation.callee.place;
      const changed = cellOf(facts.program.resolver, other.module, other.index, { root, path: path.slice(0, -1) });
      if (changed?.key !== cell.key || changed.element !== cell.element) continue;
      const reason = canMeet(fn, other, facts) ?? callerMeets(fn, other, facts);
      if (reason) return { change: { function: other.key, point }, reason };
    }
  }
  return undefined;
}

/** What moves the items is called by a function that anybody may call meanwhile. */
function callerMeets(fn: ResolvedFunction, other: ResolvedFunction, facts: Facts): Reason | undefined {
  for (const caller of facts.program.callers.get(other.key)?.keys() ?? []) {
    const from = facts.program.functions.get(caller);
    const reason = from?.module === fn.module && caller !== fn.key ? canMeet(fn, from, facts) : undefined;
    if (reason) return reason;
  }
  return undefined;
}
