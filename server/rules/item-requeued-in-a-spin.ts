// A loop takes an item from a queue, puts it back unchanged, and takes it again at once.
import { methodOf } from '../model/calls';
import type { ModelFunction } from '../model/module';
import type { Block } from '../model/operation';
import { ELEMENT, printPlace } from '../model/place';
import type { Value } from '../model/value';
import { receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { effortAt } from '../summary/polling';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, loopAround, partsOf, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import { mayPause } from './busy-wait';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { describeOperation } from './shared/describe-operation';

export const itemRequeuedInASpin: Rule = {
  id: 'item-requeued-in-a-spin',
  family: 'busy-wait',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('put', 'put_nowait', 'append', 'appendleft'),
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind !== 'call' || !/^(?:put|put_nowait|append|appendleft)$/.test(methodAt(fn, point)) || operation.arguments.length === 0) continue;
      const taken = takenFrom(fn, operation.arguments[0].value, point);
      const loop = loopAround(modelOf(fn), point);
      if (taken === undefined || !loop || loop.over || loopAround(modelOf(fn), taken) !== loop) continue;
      const inside = pointsIn(modelOf(fn), loop.body);
      const { operations } = modelOf(fn);
      const own = (other: Point) =>
        other === taken ||
        other === point ||
        (operations[other].kind === 'await' && operations[other].depends.some((each) => each === taken || each === point));
      const paused = inside.some((other) => other >= 0 && !own(other) && (operations[other].kind === 'yield' || mayPause(fn, other, facts)));
      if (paused || leavesBehind(modelOf(fn).body, point, modelOf(fn)) || worksBetween(fn, taken, point, facts)) continue;
      const queue = describeOperation(fn, point).replace(/\.\w+\(\)$/, '');
      const finding: Finding = {
        rule: itemRequeuedInASpin.id,
        family: itemRequeuedInASpin.family,
        severity: itemRequeuedInASpin.severity,
        confidence: 0.75,
        site: { function: key, point },
        message: `Busy wait: the item goes back into ${queue} unchanged and the loop takes it out again at once. As long as it is the only one there, the loop runs at full speed and never waits, although its ${methodAt(fn, taken)}() looks as if it did. Keep what is not wanted somewhere else, or wait on a Condition for an item that fits.`,
        related: [{ site: { function: key, point: taken }, message: 'Takes it again at once' }],
        fixes: [],
      };
      yield finding;
    }
  },
};

function methodAt(fn: ResolvedFunction, point: Point): string {
  const operation = modelOf(fn).operations[point];
  return operation.kind === 'call' ? methodOf(operation) : '';
}

/** The call that took what is put back now, from where it is put back. */
function takenFrom(fn: ResolvedFunction, value: Value, put: Point, among = false): Point | undefined {
  const { operations } = modelOf(fn);
  if (value.kind === 'collection') return value.items.map((item) => takenFrom(fn, item, put, true)).find((found) => found !== undefined);
  // A slice of what was taken is what is left of it.
  if (value.kind === 'place' && value.place.path.length > 0 && !among) return undefined;
  if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.some((step) => step !== ELEMENT)) return undefined;
  let taken = value.place.root.operation;
  const awaited = operations[taken];
  if (awaited?.kind === 'await') taken = awaited.depends.find((number) => /^get/.test(methodAt(fn, number))) ?? taken;
  if (!/^(?:get|get_nowait|popleft|pop)$/.test(methodAt(fn, taken))) return undefined;
  const [from, to] = [taken, put].map((point) => {
    const operation = operations[point];
    const receiver = operation.kind === 'call' ? receiverOf(operation.callee) : undefined;
    return receiver?.kind === 'place' && receiver.place.root.kind !== 'unknown' ? printPlace(receiver.place) : undefined;
  });
  // A list that only this function has gets nothing from others: it is a worklist.
  if (/^pop/.test(methodAt(fn, taken)) && !/\.|^variable|^module/.test(from ?? '')) return undefined;
  return from !== undefined && from === to ? taken : undefined;
}

/** Whether the loop is left right behind a step: `queue.put(item); break`. */
function leavesBehind(block: Block, point: Point, model: ModelFunction): boolean {
  const at = block.indexOf(point);
  if (at >= 0) return block.slice(at).some((step) => typeof step === 'number' && /^(?:break|return|raise)$/.test(model.operations[step].kind));
  return block.some((step) => typeof step !== 'number' && partsOf(step).some((part) => leavesBehind(part, point, model)));
}

/** Whether something is done with the item before it goes back: then it is tried again, not just looked at. */
function worksBetween(fn: ResolvedFunction, taken: Point, put: Point, facts: Facts): boolean {
  const around = enclosing(modelOf(fn));
  const outer = around.get(put) ?? [];
  for (let point = taken + 1; point < put; point++) {
    const elsewhere = (around.get(point) ?? []).some(
      (each) =>
        (each.kind === 'branch' && !outer.some((other) => other.kind === 'branch' && other.step === each.step && other.arm === each.arm)) ||
        (each.kind === 'try' && each.part === 'handler' && !outer.some((other) => other.kind === 'try' && other.step === each.step)),
    );
    const operation = modelOf(fn).operations[point];
    const waiting = operation.kind === 'await' && operation.depends.includes(taken);
    if (!elsewhere && !waiting && !/^(?:look|poll)$/.test(effortAt(fn, point, (target) => facts.summaryOf(target)))) return true;
  }
  return false;
}
