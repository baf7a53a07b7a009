// Refilled memories: a value that was asked for before an entry was taken out is put in after it, and the old value is back.
import { calledName } from '../../model/calls';
import type { CellAccess, Facts } from '../../summary/facts';
import { fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { structuresIn } from '../../summary/structure';
import type { StaleWrite } from '../../summary/summary';
import { canMeet } from './in-flight';

/** Functions that say that what is remembered no longer holds. */
const INVALIDATES =
  /invalidat|evict|expire|forget|refresh|(?:delete|remove|clear|drop|purge|reset|flush|bust).*cache|cache.*(?:delete|remove|clear|drop|purge|reset)|^_*(?:delete|remove|clear|del|drop|purge|reset|update|save|set)(?=$|[A-Z_])/;

/** The removal that a late answer undoes; undefined where nobody removes entries, or the function looks for that. */
export function undoneRemoval(stale: StaleWrite, fn: ResolvedFunction, facts: Facts): CellAccess | undefined {
  if (fn.module.language !== 'typescript' || !stale.cell.element || stale.by !== 'test' || asksAfter(stale, fn)) return undefined;
  return facts.accessesOf(stale.cell.key).find((access) => {
    const other = facts.program.functions.get(access.function);
    if (!other || !access.write || access.owned || other.key === fn.key || fileOfKey(other.key) !== fileOfKey(fn.key)) return false;
    const { kind, name, operations } = modelOf(other);
    if (kind === 'constructor' || kind === 'module' || !INVALIDATES.test(name)) return false;
    const operation = operations[access.point];
    const removes = operation?.kind === 'call' && /^(?:delete|clear)$/.test(calledName(operation));
    return (removes || (operation?.kind === 'write' && operation.mode === 'delete')) && canMeet(fn, other, facts) !== undefined;
  });
}

/** Any question between the wait and the write may be about what has come meanwhile. */
function asksAfter({ awaited, write }: StaleWrite, fn: ResolvedFunction): boolean {
  const model = modelOf(fn);
  return structuresIn(model.body).some((step) => step.kind === 'branch' && step.test.some((test) => test > awaited && test < write && readsPlace(fn, test)));
}

function readsPlace(fn: ResolvedFunction, point: number): boolean {
  const operation = modelOf(fn).operations[point];
  return fn.cells.has(point) || operation.depends.some((each) => fn.cells.has(each)) || operation.kind === 'call';
}
