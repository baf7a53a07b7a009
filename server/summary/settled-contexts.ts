// Settled contexts: the contexts of functions that call or start one another, iterated to a fixed point.
import { type Context, type ContextInput, contextOf, ownRoots, type RootId, sameContext } from './contexts';
import type { FunctionKey } from './keys';

/** From this round on contexts only grow, so that there is an end whatever happens. */
const ROUNDS_BEFORE_WIDENING = 12;

/**
 * The contexts of one component of the graph of calls and starts.
 * @param inputOf what the context of a function of the component is computed from
 * @param outside contexts of the functions before it, which are settled
 */
export function settledContexts(
  component: readonly FunctionKey[],
  inputOf: (key: FunctionKey) => ContextInput,
  outside: (key: FunctionKey) => Context | undefined,
): { readonly contexts: ReadonlyMap<FunctionKey, Context>; readonly computed: number } {
  const inputs = new Map(component.map((key) => [key, inputOf(key)]));
  let contexts = new Map<FunctionKey, Context>();
  let computed = 0;
  const contextAt = (key: FunctionKey) => (inputs.has(key) ? contexts.get(key) : outside(key));
  const iterate = (rootsOf: (input: ContextInput) => readonly RootId[]): void => {
    contexts = new Map();
    let again = true;
    for (let round = 0; again; round++) {
      again = false;
      for (const [key, input] of inputs) {
        computed++;
        const last = contexts.get(key);
        const found = contextOf(input, contextAt, rootsOf(input));
        const context = last && round >= ROUNDS_BEFORE_WIDENING ? widened(last, found) : found;
        if (component.length > 1 && !sameContext(last, context)) again = true;
        contexts.set(key, context);
      }
    }
  };
  const named = new Map<FunctionKey, readonly RootId[]>();
  let renamed = false;
  iterate((input) => {
    const roots = ownRoots(input, contextAt);
    const before = named.get(input.key);
    if (before && before.join() !== roots.join()) renamed = true;
    named.set(input.key, roots);
    return roots;
  });
  // How many a root is, and with that its name, shows only on the way. An old name would go round among functions that
  // call one another, with nobody left who gives it; so once the names are known it all begins anew.
  if (renamed) iterate((input) => named.get(input.key)!);
  return { contexts, computed };
}

/** The weaker of two contexts in everything: what either allows, and only what both are sure of. */
function widened(before: Context, after: Context): Context {
  const either = <T extends string>(a: readonly T[], b: readonly T[]) => [...new Set([...a, ...b])].sort();
  const both = <T extends string>(a: readonly T[], b: readonly T[]) => a.filter((each) => b.includes(each));
  return {
    roots: either(before.roots, after.roots),
    owned: both(before.owned, after.owned),
    distinct: both(before.distinct, after.distinct),
    again: before.again || after.again,
    made: both(before.made, after.made),
    company: either(before.company, after.company),
    offLoop: either(before.offLoop, after.offLoop),
    seldom: both(before.seldom, after.seldom),
    constructing: before.constructing && after.constructing,
    entry: before.entry && after.entry ? both(before.entry, after.entry) : (before.entry ?? after.entry),
  };
}
