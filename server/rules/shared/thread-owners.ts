// Thread owners: places that only the thread touches that they belong to just then, because it asks who it is.
import type { Block, Branch } from '../../model/operation';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** `if self._owner == get_ident(): self._count += 1`: only one thread gets there, the one that the place belongs to just then. */
export function isForOwner(fn: ResolvedFunction, point: Point): boolean {
  const asks = [...fn.calls].flatMap(([number, call]) => (WHO.has(call.api?.name ?? '') ? [number] : []));
  if (asks.length === 0) return false;
  const { operations, body } = modelOf(fn);
  const isTest = (step: Branch) =>
    step.test.some((number) => asks.includes(number)) &&
    step.test.some((number) => operations[number].kind === 'read') &&
    step.test.every((number) => number < point);
  const inside = (enclosing(modelOf(fn)).get(point) ?? []).some((each) => each.kind === 'branch' && each.arm === 0 && !each.step.negated && isTest(each.step));
  // `if self._owner != get_ident(): raise RuntimeError`
  const leaves = (arm: Block) => arm.some((step) => typeof step === 'number' && operations[step].kind === 'raise');
  return (
    inside || body.some((step) => typeof step !== 'number' && step.kind === 'branch' && isTest(step) && step.arms[0] !== undefined && leaves(step.arms[0]))
  );
}

const WHO: ReadonlySet<string> = new Set(['threading.get_ident', 'threading.current_thread', 'threading.get_native_id']);
