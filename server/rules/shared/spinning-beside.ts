// Spinning beside: a loop that goes on as long as a thread or process lives, and does something short in each round without ever pausing.
import { calledName } from '../../model/calls';
import type { Loop } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { effortAt } from '../../summary/polling';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** Notes something down, for whatever object. */
const NOTES = /^set(?:_\w+|[A-Z]\w*)?$|^(?:append|add|extend|discard|setdefault)$/;

/** Where such a loop asks whether the other one still lives; undefined where something in it may wait, or is not known. */
export function spinsBeside(fn: ResolvedFunction, loop: Loop, facts: Facts): Point | undefined {
  const { operations } = modelOf(fn);
  const asked = (loop.over ? [] : (loop.test ?? [])).find((point) => {
    const operation = operations[point];
    return operation?.kind === 'call' && /^(?:is_alive|isAlive)$/.test(calledName(operation));
  });
  const inside = pointsIn(modelOf(fn), loop.body).filter((point) => !loop.test?.includes(point));
  if (asked === undefined || !inside.some((point) => operations[point]?.kind === 'call' || operations[point]?.kind === 'write')) return undefined;
  return inside.every((point) => point >= 0 && isShort(fn, point, facts)) ? asked : undefined;
}

function isShort(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation.kind === 'await' || operation.kind === 'yield') return false;
  if (operation.kind !== 'call') return true;
  const effort = effortAt(fn, point, (target) => facts.summaryOf(target));
  if (effort === 'look' || effort === 'poll') return true;
  if (effort !== 'work') return false;
  const resolved = fn.calls.get(point);
  if (resolved?.locks.length || (resolved?.joins ?? false) || resolved?.blocks.length) return false;
  if (resolved?.targets.length) return resolved.targets.every((target) => notesOnly(target, facts));
  if (resolved?.api) return resolved.api.semantics.blocks === 'never';
  return operation.arguments.length > 0 && NOTES.test(calledName(operation));
}

/** A function of a few steps that calls nothing that is not known. */
function notesOnly(key: string, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const summary = facts.summaryOf(key);
  if (!fn || !summary || summary.isAsync || summary.blocks.size > 0 || summary.mayAcquire.size > 0 || modelOf(fn).isGenerator) return false;
  const { operations } = modelOf(fn);
  return (
    operations.length <= 12 &&
    operations.every((operation) => operation.kind !== 'call' || /^(?:print|debug|info|get|append|add|setdefault|len)$/.test(calledName(operation)))
  );
}
