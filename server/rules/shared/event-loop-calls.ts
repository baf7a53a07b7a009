// Calls of asyncio: which of its functions and methods a call means, also where the loop came in as an untyped parameter.
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/** The class of event loops in the library's models. */
export const LOOP = 'asyncio.AbstractEventLoop';

/** The canonical name of the library's function or method that a call means; undefined for anything else. */
export function calledApi(fn: ResolvedFunction, number: number, facts: Facts): string | undefined {
  const known = fn.calls.get(number)?.api?.name;
  if (known !== undefined) return known;
  const operation = modelOf(fn).operations[number];
  return operation?.kind === 'call' ? namedApi(fn, operation.callee, facts) : undefined;
}

/** Whether a file calls one of some functions and methods of the library at all. */
export function callsAny(file: string, apis: ReadonlySet<string>, facts: Facts): boolean {
  const called = facts.once(callsAny, file, () => {
    const found = new Set<string>();
    for (const fn of facts.functionsIn(file)) {
      for (const [number, operation] of modelOf(fn).operations.entries()) {
        const api = operation.kind === 'call' ? calledApi(fn, number, facts) : undefined;
        if (api !== undefined) found.add(api);
      }
    }
    return found;
  });
  for (const api of apis) if (called.has(api)) return true;
  return false;
}

/** The canonical name of the library's function that a value is, called or handed over. */
export function namedApi(fn: ResolvedFunction, value: Value, facts: Facts): string | undefined {
  const { resolver } = facts.program;
  const type = resolver.typeOf(fn.module, fn.index, value);
  if (type?.kind === 'api') return resolver.api(fn.module.language, type.name)?.name;
  if (type !== undefined || value.kind !== 'place' || !isNamedLoop(fn, value.place)) return undefined;
  return resolver.api(fn.module.language, `${LOOP}.${value.place.path.at(-1)}`)?.name;
}

/** A method of something that nothing is known of but that it is called a loop: `self._loop.create_task`, `loop.call_soon`. */
function isNamedLoop(fn: ResolvedFunction, place: Place): boolean {
  if (fn.module.language !== 'python' || place.path.length === 0) return false;
  const { root } = place;
  const holder = place.path.at(-2) ?? (root.kind === 'parameter' ? modelOf(fn).parameters[root.index]?.name : 'name' in root ? root.name : undefined);
  return holder !== undefined && /(?:^|_)(?:event|main|asyncio)?loop_*$/i.test(holder) && !/(?:^|_)io_?loop$/i.test(holder);
}
