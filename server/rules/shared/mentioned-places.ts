// Mentioned places: which places an operation or a value speaks of, those in literal collections too.
import type { Operation } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';

/** All places in a value. */
export function forEachPlace(value: Value, visit: (place: Place) => void): void {
  if (value.kind === 'place') visit(value.place);
  else if (value.kind === 'collection') for (const item of value.items) forEachPlace(item, visit);
}

/** Whether an operation speaks of a place. */
export function mentions(operation: Operation, test: (place: Place) => boolean): boolean {
  let found = operation.kind === 'read' && test(operation.place);
  for (const value of valuesOf(operation)) forEachPlace(value, (place) => (found ||= test(place)));
  return found;
}

/** The values that an operation speaks of. */
export function valuesOf(operation: Operation): readonly Value[] {
  switch (operation.kind) {
    case 'read':
      return [{ kind: 'place', place: operation.place }];
    case 'call':
      return [operation.callee, ...operation.arguments.map((argument) => argument.value)];
    case 'write':
    case 'await':
    case 'return':
    case 'yield':
    case 'raise':
      return [operation.value];
    default:
      return [];
  }
}
