// Place names: what a person calls a place of TypeScript, in a message.
import type { ModelFunction } from '../../model/module';
import { ELEMENT, lastName, type Place } from '../../model/place';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** `this.semaphore`, `pool`, `options.client`; undefined for what has no name. */
export function placeName(model: ModelFunction, { root, path }: Place): string | undefined {
  const steps = path.filter((step) => step !== ELEMENT);
  const first =
    root.kind === 'receiver' || root.kind === 'class'
      ? 'this'
      : root.kind === 'parameter'
        ? model.parameters[root.index]?.name
        : 'name' in root
          ? root.name === 'default'
            ? undefined
            : root.name
          : undefined;
  if (first === undefined || !/^[\w$]+$/.test(first)) return steps.length > 0 ? steps.join('.') : undefined;
  return first === 'this' && steps.length === 0 ? undefined : [first, ...steps].join('.');
}

/** What is waited for or called at a point: `client.query()`, `this.load()`; `return`, `throw` and the like as they are. */
export function awaitedCall(fn: ResolvedFunction, point: Point): string {
  const { operations } = modelOf(fn);
  const operation = operations[point];
  if (operation?.kind === 'raise') return 'throw';
  if (operation?.kind === 'await') {
    const made =
      operation.value.kind === 'place' && operation.value.place.root.kind === 'result' ? operations[operation.value.place.root.operation] : undefined;
    return made?.kind === 'call' && operation.value.kind === 'place' && operation.value.place.root.kind === 'result'
      ? awaitedCall(fn, operation.value.place.root.operation)
      : 'what is awaited';
  }
  if (operation?.kind !== 'call') return operation?.kind ?? 'this';
  if (operation.callee.kind !== 'place') return 'this call';
  const { place } = operation.callee;
  if (operation.form === 'new' && lastName(place) === 'Promise') return 'the promise';
  const name = placeName(modelOf(fn), place) ?? (place.root.kind === 'result' && place.path.length > 0 ? place.path.join('.') : undefined);
  return name === undefined ? 'this call' : `${name}()`;
}
