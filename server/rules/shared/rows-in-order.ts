// Rows in order: rows that a transaction changes one after the other, in the order in which its caller has them.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { loopsIn, pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { givenOrder, isAboutItem } from './callers-order';

export interface RowsInOrder {
  /** The work of the transaction, and where it changes a row. */
  readonly work: ResolvedFunction;
  readonly point: Point;
  /** The parameter of the function around it whose order is kept. */
  readonly parameter: string;
}

const CHANGES = /^(?:update|updateMany|updateOne|delete|deleteMany|upsert|increment|decrement)$/;
const RUNS_SQL = /^(?:query|execute|run|raw)$/;

/** `db.$transaction(async (tx) => { for (const row of rows) await tx.row.update(…) })`, with `rows` a parameter that nobody has sorted. */
export function rowsInCallersOrder(fn: ResolvedFunction, facts: Facts): RowsInOrder | undefined {
  for (const operation of modelOf(fn).operations) {
    if (operation.kind !== 'call' || !/^\$?transaction$/.test(methodOf(operation))) continue;
    const given = operation.arguments.find(({ value }) => value.kind === 'function')?.value;
    const work = given?.kind === 'function' ? facts.program.functions.get(fn.module.functionKeys[given.function]) : undefined;
    const found = work && changedInLoop(work, fn, facts);
    if (found) return found;
  }
  return undefined;
}

function changedInLoop(work: ResolvedFunction, fn: ResolvedFunction, facts: Facts): RowsInOrder | undefined {
  const model = modelOf(work);
  for (const loop of loopsIn(model.body)) {
    const points = pointsIn(model, loop.body).filter((point) => point >= 0);
    const inside = new Set(points);
    const changes = model.operations.flatMap((each, point) => (each.kind === 'call' && each.outcome === 'awaited' && changesRow(each) ? [point] : []));
    const point = changes.find((each) => inside.has(each) && isAboutItem(work, each, inside));
    // A row that all of them change first lets one in after the other.
    if (point === undefined || !loop.over || changes.some((each) => each < point && !inside.has(each)) || locksFirst(work, point)) continue;
    const { over } = loop;
    if (over.kind !== 'place' || over.place.root.kind !== 'variable' || over.place.root.function !== fn.index) continue;
    const parameter = givenOrder(fn, over, facts);
    if (parameter !== undefined) return { work, point, parameter: modelOf(fn).parameters[parameter].name };
  }
  return undefined;
}

/** A change by way of the transaction that the work is called with. */
function changesRow(call: Call): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  const name = path.at(-1) ?? '';
  if (root.kind !== 'parameter' || root.index !== 0) return false;
  const [text] = call.arguments;
  const isSql = text?.value.kind === 'constant' && /^\s*(?:update|delete)\b/i.test(String(text.value.value));
  return CHANGES.test(name) || (RUNS_SQL.test(name) && isSql);
}

function locksFirst(work: ResolvedFunction, before: Point): boolean {
  return modelOf(work).operations.some(
    (each, point) =>
      point < before &&
      each.kind === 'call' &&
      (/lock/i.test(methodOf(each)) ||
        each.arguments.some(({ value, name }) => name === 'lock' || (value.kind === 'constant' && /\bFOR UPDATE\b|\block/i.test(String(value.value))))),
  );
}
