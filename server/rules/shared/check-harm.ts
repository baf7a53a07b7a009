// Check harm: what it costs when two threads both pass a check and both write.

import { methodOf } from '../../model/calls';
import { ELEMENT, type Place } from '../../model/place';
import { resultOf } from '../../model/value';
import type { CellAccess, Facts } from '../../summary/facts';
import { modelOf } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import { MAKES } from './makes';

/**
 * `made`: something is made twice that has to be given back, or that others count on being one; `container`: the
 * second one throws away what was put into the first; `rewritten`: others write the place too; `instance`: two objects
 * where one was meant; `costly`: a lot of work is done twice; `none`: the same value worked out twice.
 */
export type Harm = 'made' | 'container' | 'rewritten' | 'costly' | 'instance' | 'none';

export function harmOf(check: CellAccess, facts: Facts): Harm {
  if (check.called !== undefined && MAKES.test(check.called)) return 'made';
  if (losesContents(check, facts)) return 'container';
  if (check.constant) return 'none';
  if (!check.cell.element && check.called !== undefined && COSTLY.test(check.called)) return 'costly';
  if (isHalfBuilt(check, facts)) return 'made';
  if (isFittedOut(check, facts)) return 'costly';
  // Of a cache each entry is worth as much as another.
  if (!check.cell.element && facts.isWrittenElsewhere(check.cell.key, check.function)) return 'rewritten';
  return isInstance(check, facts) || (check.called !== undefined && FACTORY.test(check.called)) ? 'instance' : 'none';
}

/** What a decorator or a registry calls a class, or what makes an object, that was handed to it; what a metaclass makes one by. */
const FACTORY = /^(?:cls|klass|factory|constructor|__call__|__new__)$/;

/** What takes long, or much memory, or asks others for something. */
const COSTLY = /load|download|fetch|prepare|set_?up|train|warm/i;

/** What is stored has been got from elsewhere and something added to it: twice, where two threads do so. */
function isFittedOut(check: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(check.function);
  const operation = fn && modelOf(fn).operations[check.point];
  if (!fn || operation?.kind !== 'write' || operation.value.kind !== 'place' || operation.value.place.root.kind !== 'result') return false;
  const made = operation.value.place.root.operation;
  return modelOf(fn).operations.some((other, number) => {
    if (number <= made || number > check.point || other.kind !== 'call' || other.callee.kind !== 'place') return false;
    const { root, path } = other.callee.place;
    return (
      root.kind === 'result' &&
      root.operation === made &&
      path.length === 1 &&
      /^(?:add[A-Z_]|register|subscribe|start|connect|mount|install|attach)/.test(path[0])
    );
  });
}

/** What the check looks for is there before other places, filled in the same go, are: others then find them empty. */
function isHalfBuilt(check: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(check.function);
  if (!fn) return false;
  const around = enclosing(modelOf(fn));
  const accesses = facts.summaryOf(check.function)?.accesses ?? [];
  return accesses.some((other) => {
    if (!other.write || other.constant || other.cell.element || other.cell.key === check.cell.key || other.point < check.point) return false;
    if (other.cell.owner !== check.cell.owner || around.get(other.point)?.[0]?.step !== around.get(check.point)?.[0]?.step) return false;
    return accesses.some((read) => !read.write && read.cell.key === other.cell.key && read.point > other.point);
  });
}

/** An empty list is put where none was, and the same function then puts something into what stands there. */
function losesContents(check: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(check.function);
  const operation = fn && modelOf(fn).operations[check.point];
  if (!fn || operation?.kind !== 'write' || operation.value.kind !== 'collection' || operation.value.type === 'tuple') return false;
  return modelOf(fn).operations.some((other, number) => {
    if (number <= check.point) return false;
    if (other.kind === 'call' && other.callee.kind === 'place')
      return GROWS.test(methodOf(other)) && isUnder(other.callee.place, operation.place, other.callee.place.path.length - 1);
    return (
      other.kind === 'write' &&
      other.mode !== 'delete' &&
      other.place.path.at(-1) === ELEMENT &&
      isUnder(other.place, operation.place, other.place.path.length - 1)
    );
  });
}

const GROWS = /^(?:append|appendleft|add|insert|extend|update|setdefault)$/;

/** Whether the first steps of a place are another place. */
function isUnder(place: Place, holder: Place, steps: number): boolean {
  return JSON.stringify(place.root) === JSON.stringify(holder.root) && place.path.slice(0, steps).join() === holder.path.join();
}

/** A new object of a class of the workspace is written. */
function isInstance(check: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(check.function);
  const operation = fn && modelOf(fn).operations[check.point];
  if (!fn || operation?.kind !== 'write' || resultOf(operation.value) === undefined) return false;
  return facts.program.resolver.typeOf(fn.module, fn.index, operation.value)?.kind === 'instance';
}
