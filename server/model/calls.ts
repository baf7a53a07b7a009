// Calls: the names by which a call is known, and the place that an operation is about.
import type { Call, Operation } from './operation';
import { lastName, type Place } from './place';

/** The last name of what is called: `submit` of `self._pool.submit(…)`, `print` of `print(…)`; '' where it has none. */
export function calledName(call: Call): string {
  return call.callee.kind === 'place' ? (lastName(call.callee.place) ?? '') : '';
}

/** The method that is called: `submit` of `self._pool.submit(…)`; '' where a function is called by its bare name. */
export function methodOf(call: Call): string {
  return call.callee.kind === 'place' ? (call.callee.place.path.at(-1) ?? '') : '';
}

/** What is read, written or called, where that is a place. */
export function placeOf(operation: Operation | undefined): Place | undefined {
  if (operation?.kind === 'call') return operation.callee.kind === 'place' ? operation.callee.place : undefined;
  return operation?.kind === 'read' || operation?.kind === 'write' ? operation.place : undefined;
}
