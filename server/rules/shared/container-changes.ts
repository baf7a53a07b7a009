// Container changes: what a write does to the elements of a shared container.
import { calledName, methodOf } from '../../model/calls';
import type { ModelFunction } from '../../model/module';
import type { Operation, With } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { CellAccess, Facts } from '../../summary/facts';
import { modelOf } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';

/**
 * `takes`: elements can be missing afterwards; `puts`: there can be more of them; `replaces`: another object stands in
 * the place; `clears`: nothing stands there any more.
 */
export type Change = 'takes' | 'puts' | 'replaces' | 'clears';

const TAKES = /^(?:pop|popitem|popleft|remove|discard|clear|difference_update|intersection_update|symmetric_difference_update)$/;
const REORDERS = /^(?:sort|reverse|rotate|move_to_end)$/;

export function operationOf(access: CellAccess, facts: Facts): Operation | undefined {
  const fn = facts.program.functions.get(access.function);
  return fn && modelOf(fn).operations[access.point];
}

/** What a write does to a container, or to the place of an object. */
export function changeOf(access: CellAccess, facts: Facts): Change | undefined {
  if (!access.write) return undefined;
  const operation = operationOf(access, facts);
  if (operation?.kind === 'call') {
    const method = methodOf(operation);
    if (REORDERS.test(method)) return undefined;
    return TAKES.test(method) ? 'takes' : 'puts';
  }
  if (operation?.kind !== 'write') return undefined;
  const isElement = operation.place.path.at(-1) === ELEMENT;
  if (operation.mode === 'delete') return isElement ? 'takes' : 'clears';
  if (isElement) return operation.mode === 'update' ? undefined : 'puts';
  const { value } = operation;
  if (value.kind === 'constant') return value.value === null ? 'clears' : 'replaces';
  return 'replaces';
}

/** Whether an access stands where one of the exceptions is caught or suppressed. */
export function isCaught(access: CellAccess, names: RegExp, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function);
  if (!fn) return false;
  const model = modelOf(fn);
  return (enclosing(model).get(access.point) ?? []).some((each) => {
    if (each.kind === 'try') return each.part === 'body' && each.step.handlers.some((_, index) => catches(each.step.catches?.[index] ?? ['*'], names));
    return each.kind === 'with' && catches(suppressedBy(each.step, model), names);
  });
}

function catches(caught: readonly string[], names: RegExp): boolean {
  return caught.some((name) => name === '*' || name === 'Exception' || name === 'BaseException' || names.test(name));
}

/** The names given to `contextlib.suppress(…)`. */
function suppressedBy(step: With, model: ModelFunction): readonly string[] {
  const made = step.value.kind === 'place' && step.value.place.root.kind === 'result' ? model.operations[step.value.place.root.operation] : undefined;
  if (made?.kind !== 'call' || made.callee.kind !== 'place') return [];
  if (calledName(made) !== 'suppress') return [];
  return made.arguments.flatMap(({ value }) =>
    value.kind === 'place' && 'name' in value.place.root ? [value.place.path.at(-1) ?? value.place.root.name ?? ''] : [],
  );
}
