// Pool waits: which calls give work to a pool of threads, and where the same function waits for it.
import { methodOf } from '../../model/calls';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { flowsOf } from './object-flow';

/** Where a function waits for work that it has given to a pool. */
export interface Awaited {
  readonly point: Point;
  /** For one piece of work, or for all that the pool has. */
  readonly how: 'one' | 'all';
  /** Where it gave the work to the pool, if that is another place. */
  readonly submitted?: Point;
}

/** Giving work to a pool of threads. */
export const WORK =
  /^(?:concurrent\.futures\.(?:ThreadPool)?Executor\.(?:submit|map)|multiprocessing\.pool\.ThreadPool\.(?:apply|map|starmap|imap|imap_unordered)(?:_async)?)$/;
/** Waiting for all that a pool has to do. */
export const WAITS_FOR_ALL = /^(?:concurrent\.futures\.(?:\w*Executor)\.(?:shutdown|__exit__)|multiprocessing\.pool\.(?:Thread)?Pool\.join)$/;

const BLOCKING = /^multiprocessing\.pool\.ThreadPool\.(?:apply|map|starmap)$/;
const WAITS = /^(?:concurrent\.futures\.(?:wait|as_completed)|.*\.(?:wait|as_completed))$/;

/** Where a function waits for the work that it gives away at a point; undefined where it does not. */
export function waitAfter(fn: ResolvedFunction, point: Point): Awaited | undefined {
  const model = modelOf(fn);
  const operation = model.operations[point];
  if (operation?.kind !== 'call') return undefined;
  const api = fn.calls.get(point)?.api?.name ?? '';
  if (BLOCKING.test(api)) return { point, how: 'one' };
  const lazy = /\.(?:map|imap|imap_unordered)$/.test(api) || (api === '' && methodOf(operation) === 'map');
  // The results of map come one by one: whoever goes through them waits.
  if (lazy) return operation.outcome === 'dropped' ? undefined : { point, how: 'one' };
  for (const flow of flowsOf(model, [point], [{ root: { kind: 'result', operation: point }, path: [] }])) {
    if (flow.kind === 'method' && /^(?:result|exception|get|wait)$/.test(flow.name) && flow.call !== undefined && !isLimited(flow.call.arguments))
      return { point: flow.point, how: 'one', submitted: point };
    if (flow.kind !== 'argument') continue;
    const callee = fn.calls.get(flow.point)?.api?.name ?? (flow.call.callee.kind === 'place' ? `.${methodOf(flow.call)}` : '');
    if (WAITS.test(callee) && !flow.call.arguments.some((argument) => argument.name === 'timeout')) return { point: flow.point, how: 'one', submitted: point };
  }
  return undefined;
}

/** `result(5)`, `result(timeout=5)`, `get(True, 5)`: it gives up. */
function isLimited(given: readonly { readonly name?: string; readonly value: { readonly kind: string; readonly value?: unknown } }[]): boolean {
  return given.some((argument) => !(argument.value.kind === 'constant' && (argument.value.value === null || argument.value.value === true)));
}
