// Freshness: whether code that goes on after a wait asks if it is still wanted, or has given up what it waited for before.
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { calledAs, viewVariable } from './view-state';

const MOUNTED = /mount|alive|destroyed|unload/i;
const GIVEN_UP = /abort|cancel|stale|signal|dispose|outdated|superseded|ignore|expired|latest|current|version|generation|token/i;

/**
 * Whether a condition looks, after the last await of the function, at what may have changed since: not at the answer
 * itself, at arguments, at what a component had when it was drawn, or whether it is still on the page.
 */
export function asksForFreshness(tests: readonly number[], fn: ResolvedFunction, last: number, isAnswer: (number: number) => boolean, facts: Facts): boolean {
  const { operations } = modelOf(fn);
  const seen = new Set<number>();
  const pending = [...tests];
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (seen.has(number) || number < last || isAnswer(number)) continue;
    seen.add(number);
    const operation = operations[number];
    if (operation.kind === 'read' && isChanging(fn, operation.place, facts)) return true;
    if (operation.kind === 'call' && !MOUNTED.test(calledAs(operation)) && !/^[A-Z]/.test(calledAs(operation))) return true;
    pending.push(...operation.depends);
  }
  return false;
}

function isChanging(fn: ResolvedFunction, place: Parameters<typeof viewVariable>[0], facts: Facts): boolean {
  const { root, path } = place;
  const names = [...('name' in root ? [root.name ?? ''] : []), ...path];
  if (names.some((name) => MOUNTED.test(name))) return false;
  if (root.kind === 'parameter') return path.some((step) => GIVEN_UP.test(step));
  if (root.kind === 'receiver' || root.kind === 'class' || root.kind === 'global') return true;
  if (root.kind !== 'variable' && root.kind !== 'module') return false;
  const variable = viewVariable(place, fn, facts);
  if (variable?.role === 'state' || variable?.role === 'input' || variable?.role === 'callback' || variable?.role === 'steady')
    return GIVEN_UP.test(names.join());
  return path.length > 0 || (variable?.writes ?? 0) > 1;
}

/** Whether a function, or one written inside it, cancels requests: it aborts, unsubscribes, or hands a signal on. */
export function isGivenUp(fn: ResolvedFunction): boolean {
  const { functions } = fn.module.module;
  // In source order those inside follow right after it.
  const after = functions.findIndex((model, index) => index > fn.index && (model.parent ?? -1) < fn.index);
  return functions.slice(fn.index, after < 0 ? undefined : after).some((model) => {
    if (model.parameters.some(({ name }) => /^(?:abort)?signal$/i.test(name))) return true;
    return model.operations.some((operation) => {
      if (operation.kind === 'read') return operation.place.path.includes('signal');
      if (operation.kind !== 'call') return false;
      if (operation.arguments.some((argument) => argument.name === 'signal' || argument.name === 'cancelToken')) return true;
      return /^(?:abort|cancel|unsubscribe|throwIfAborted|cancelQueries)$/.test(calledAs(operation));
    });
  });
}
