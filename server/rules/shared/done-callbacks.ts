// Done callbacks: whether what is called when a future is done asks the future how the work went.
import { calledName } from '../../model/calls';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { ASKS, LEAVES_OPEN } from './future-methods';

/** Whether a done callback asks the future that it is given, or hands it on; one that is not known may. */
export function looksAt(facts: Facts, fn: ResolvedFunction, callback: Value): boolean {
  const type = facts.program.resolver.typeOf(fn.module, fn.index, callback);
  if (type?.kind === 'function') return readsParameter(facts, type.function);
  // `tasks.discard` and the like only forget it.
  return !(callback.kind === 'place' && /^(?:discard|remove|release|set|pop|clear)$/.test(callback.place.path.at(-1) ?? ''));
}

function readsParameter(facts: Facts, key: FunctionKey): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn) return true;
  const model = modelOf(fn);
  const first = model.kind === 'method' || model.kind === 'class-method' ? 1 : 0;
  const isParameter = (value: Value): boolean => {
    if (value.kind === 'collection') return value.items.some(isParameter);
    if (value.kind !== 'place') return false;
    const { root, path } = value.place;
    const given = (root.kind === 'parameter' && root.index >= first) || (root.kind === 'variable' && root.function === fn.index);
    return given && (path.length === 0 || ASKS.test(path.at(-1)!));
  };
  return model.operations.some((operation) => {
    if (operation.kind === 'call') {
      if (isParameter(operation.callee)) return true;
      return !LEAVES_OPEN.test(calledName(operation)) && operation.arguments.some((argument) => argument.spread || isParameter(argument.value));
    }
    return (operation.kind === 'write' || operation.kind === 'return' || operation.kind === 'await') && isParameter(operation.value);
  });
}
