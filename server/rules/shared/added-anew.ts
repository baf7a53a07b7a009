// Added anew: listeners that a method puts on what lives on, where a timer runs the method again and again.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import { calledBy } from './call-tree';
import { functionsOfClass } from './lifetimes';
import { placeKey } from './place-uses';

export interface AddedAnew {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly event: string;
  /** The call that starts the timer. */
  readonly timer: number;
}

/** Listeners written as functions, so that each is another one, on a field that the method does not fill, which nothing takes off. */
export function addedAnew(file: string, facts: Facts): readonly AddedAnew[] {
  return facts.functionsIn(file).flatMap((fn): AddedAnew[] => {
    const model = modelOf(fn);
    if (model.class === undefined || model.kind !== 'method') return [];
    const timer = [...fn.calls].find(([, call]) =>
      call.spawns.some((spawn) => spawn.as === 'timer' && spawn.function !== undefined && calledBy(facts, spawn.function).has(fn.key)),
    )?.[0];
    if (timer === undefined) return [];
    const parts = functionsOfClass(model.class, file, facts);
    const point = model.operations.findIndex((call, at) => {
      if (call.kind !== 'call' || !/^(?:on|addListener|addEventListener)$/.test(calledName(call)) || call.callee.kind !== 'place') return false;
      const { root, path } = call.callee.place;
      if (root.kind !== 'receiver' || path.length < 2 || (enclosing(model).get(at) ?? []).length > 0) return false;
      const [event, listener, ...options] = call.arguments;
      if (event?.value.kind !== 'constant' || listener?.value.kind !== 'function' || options.length > 0) return false;
      const field = placeKey({ root, path: path.slice(0, 1) });
      return !parts.some((part) =>
        modelOf(part).operations.some(
          (each) =>
            (each.kind === 'call' && /^(?:off|removeListener|removeEventListener|removeAllListeners)$/.test(calledName(each)) && isOn(each, field)) ||
            // Another object each time.
            (each.kind === 'write' && modelOf(part).kind !== 'constructor' && placeKey(each.place) === field),
        ),
      );
    });
    if (point < 0) return [];
    const event = (model.operations[point] as Call).arguments[0].value;
    return [{ fn, point, event: event.kind === 'constant' ? String(event.value) : '', timer }];
  });
}

/** Called on the field, or on something that may be it; not on the object itself. */
function isOn({ callee }: Call, field: string | undefined): boolean {
  if (callee.kind !== 'place') return true;
  const { root, path } = callee.place;
  return root.kind !== 'receiver' || (path.length > 1 && placeKey({ root, path: path.slice(0, 1) }) === field);
}
