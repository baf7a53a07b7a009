// Closed values: what a file closes when it is done with it, so that one more of them that nobody keeps stays open.
import { calledName, placeOf } from '../../model/calls';
import type { Operation } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { type CellKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

const CLOSES = /^(?:close|destroy|dispose|disconnect|terminate|kill|stop|shutdown|quit|end|release|abort|unsubscribe|logout)(?:Async)?$/;
/** How many steps from the place to the call: `for (const each of this.open.values()) each.close()`. */
const FARTHEST = 4;

/** Whether a function of the same file takes something out of a place and closes it. */
export function isClosedInFile(cell: CellKey, fn: ResolvedFunction, facts: Facts): boolean {
  return facts.accessesOf(cell).some((access) => {
    const user = fileOfKey(access.function) === fn.module.file ? facts.program.functions.get(access.function) : undefined;
    return user !== undefined && isClosedAfter(modelOf(user).operations, access.point);
  });
}

function isClosedAfter(operations: readonly Operation[], taken: Point): boolean {
  return operations.some((operation, i) => i > taken && operation.kind === 'call' && CLOSES.test(calledName(operation)) && leadsTo(i, FARTHEST));

  function leadsTo(number: Point, far: number): boolean {
    if (number === taken) return true;
    const operation = operations[number];
    const root = operation.kind === 'call' ? placeOf(operation)?.root : undefined;
    const sources =
      operation.kind === 'call' ? (root?.kind === 'result' ? [root.operation] : root?.kind === 'receiver' ? operation.depends : []) : operation.depends;
    return far > 0 && sources.some((source) => source >= taken && leadsTo(source, far - 1));
  }
}
