// Section harm: what it costs that a check under one lock no longer holds when it is acted upon.
import { methodOf } from '../../model/calls';
import type { CellAccess, Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { behind } from '../../summary/origins';
import { modelOf } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { changeOf } from './container-changes';
import { MAKES } from './makes';

/** The checks ask how much is in a container, and the act puts one more in: it can come to hold more than it may. */
export function exceedsLimit(act: CellAccess, checks: readonly CellAccess[], facts: Facts): boolean {
  return act.cell.element && changeOf(act, facts) === 'puts' && checks.length > 0 && checks.every((check) => isSizeAsked(check, facts));
}

function isSizeAsked(check: CellAccess, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(check.function)!);
  return model.operations.some((operation) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !operation.depends.includes(check.point)) return false;
    const { root, path } = operation.callee.place;
    return root.kind === 'global' && root.name === 'len' && path.length === 0;
  });
}

/** What is put in was just worked out, and another one would do as well: a cache that is filled twice is no worse for it. */
export function isRemembered(caller: FunctionKey, change: Point, changer: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(caller)!;
  const { operations } = modelOf(fn);
  const operation = operations[change];
  if (!changer.cell.element || operation?.kind !== 'call') return false;
  const given = operation.arguments.at(-1);
  if (!given || given.value.kind !== 'place') return given !== undefined && behind(modelOf(fn), given.depends).size > 0;
  const { root } = given.value.place;
  if (root.kind !== 'result') return false;
  const type = facts.program.resolver.typeOf(fn.module, fn.index, given.value);
  const made = operations[root.operation];
  const name = made?.kind === 'call' ? methodOf(made) : '';
  return type?.kind !== 'instance' && !MAKES.test(name);
}
