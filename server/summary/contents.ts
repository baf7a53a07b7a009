// Contents: what is put into containers that live in fields and variables, and which calls take it out again.
import { methodOf } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import type { Value } from '../model/value';

/** Methods that put their last argument into the container they are called on. */
const ADDS: ReadonlySet<string> = new Set(['append', 'appendleft', 'add', 'insert', 'put', 'put_nowait', 'push', 'unshift', 'set', 'setdefault']);
/** Methods that give one of the things in the container. */
const TAKES: ReadonlySet<string> = new Set(['get', 'get_nowait', 'pop', 'popleft', 'popitem', 'setdefault', 'shift', 'at']);
/** Methods that give a container of the same things, and functions that make one of their first argument. */
const COPIES: ReadonlySet<string> = new Set(['values', 'items', 'copy', 'slice', 'reverse', 'concat']);
const COPIERS: ReadonlySet<string> = new Set(['list', 'tuple', 'set', 'frozenset', 'sorted', 'reversed', 'iter', 'copy.copy', 'Array.from']);

/** The container that a call puts something into, with what it puts there; `deep`: into a container inside the container. */
export function additionOf(
  operations: readonly Operation[],
  call: Call,
): { readonly container: Value & { kind: 'place' }; readonly added: Value; readonly deep: boolean } | undefined {
  const added = call.arguments.at(-1)?.value;
  if (call.callee.kind !== 'place' || !added) return undefined;
  const { root, path } = call.callee.place;
  if (!ADDS.has(path.at(-1) ?? '')) return undefined;
  if (root.kind === 'result' && path.length === 1) {
    // `self._handlers.setdefault(topic, []).append(handler)`
    const inner = operations[root.operation];
    if (inner?.kind !== 'call' || inner.callee.kind !== 'place' || !TAKES.has(methodOf(inner))) return undefined;
    const { place } = inner.callee;
    return { container: { kind: 'place', place: { root: place.root, path: place.path.slice(0, -1) } }, added, deep: true };
  }
  return { container: { kind: 'place', place: { root, path: path.slice(0, -1) } }, added, deep: false };
}

/** How a call gives what is in a container: one item, or a container of the same items. The container is the receiver or the first argument. */
export function extractionOf(call: Call, api: string | undefined): { readonly container: Value; readonly one: boolean } | undefined {
  const { callee } = call;
  if (api !== undefined && COPIERS.has(api)) return call.arguments[0] && { container: call.arguments[0].value, one: false };
  if (callee.kind !== 'place' || callee.place.path.length === 0) return undefined;
  const name = callee.place.path.at(-1)!;
  const one = TAKES.has(name);
  if (!one && !COPIES.has(name)) return undefined;
  return { container: { kind: 'place', place: { root: callee.place.root, path: callee.place.path.slice(0, -1) } }, one };
}
