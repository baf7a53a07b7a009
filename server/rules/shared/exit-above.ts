// Exit above: where a caller of a function ends the process because of its failure.
import { calledName } from '../../model/calls';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** Where a caller in the same file ends the process in the catch around the call. */
export function exitAbove(fn: ResolvedFunction, facts: Facts, depth: number, seen: Set<FunctionKey> = new Set()): Site | undefined {
  if (depth < 0 || seen.has(fn.key)) return undefined;
  seen.add(fn.key);
  for (const caller of facts.functionsIn(fn.module.file)) {
    for (const [point, call] of caller.calls) {
      if (!call.targets.includes(fn.key)) continue;
      const exit = exitAround(caller, point);
      if (exit !== undefined) return { function: caller.key, point: exit };
      if ((enclosing(modelOf(caller)).get(point) ?? []).some((outer) => outer.kind === 'try' && outer.part === 'body' && outer.step.handlers.length > 0))
        continue;
      const further = exitAbove(caller, facts, depth - 1, seen);
      if (further) return further;
    }
  }
  return undefined;
}

function exitAround(fn: ResolvedFunction, point: Point): Point | undefined {
  const model = modelOf(fn);
  for (const outer of enclosing(model).get(point) ?? []) {
    if (outer.kind !== 'try' || outer.part !== 'body') continue;
    const exit = outer.step.handlers.flatMap((handler) => pointsIn(model, handler)).find((at) => isExit(fn, at));
    if (exit !== undefined) return exit;
  }
  return undefined;
}

function isExit(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  return (
    operation?.kind === 'call' &&
    operation.callee.kind === 'place' &&
    operation.callee.place.root.kind === 'global' &&
    operation.callee.place.root.name.startsWith('process') &&
    calledName(operation).endsWith('exit')
  );
}
