// Inner functions: the functions written inside another one, and what they are handed to.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** A call that is given a function as it is written. */
export interface Handing {
  readonly fn: ResolvedFunction;
  readonly point: Point;
  readonly call: Call;
  /** Which argument; -1 for the function that is called itself, `(async () => …)()`. */
  readonly position: number;
  /** What is called: `then`, `on`, `setTimeout`. */
  readonly name: string;
}

/** The functions of a file that stand inside a function, however deep. */
export function innerFunctions(fn: ResolvedFunction, facts: Facts): readonly ResolvedFunction[] {
  return facts.once(innerFunctions, fn.key, () => {
    const { functions } = fn.module.module;
    const inside: ResolvedFunction[] = [];
    // In source order those inside follow right after it.
    for (let index = fn.index + 1; index < functions.length && (functions[index].parent ?? -1) >= fn.index; index++) {
      const inner = facts.program.functions.get(fn.module.functionKeys[index]);
      if (inner) inside.push(inner);
    }
    return inside;
  });
}

/** The call that a function is handed to where it is written; undefined for one that is kept under a name. */
export function handingOf(fn: ResolvedFunction, facts: Facts): Handing | undefined {
  return facts.once(handingOf, fn.key, () => {
    const { parent } = modelOf(fn);
    const outer = parent === undefined ? undefined : facts.program.functions.get(fn.module.functionKeys[parent]);
    if (!outer) return undefined;
    for (const [point, call] of modelOf(outer).operations.entries()) {
      if (call.kind !== 'call') continue;
      const position = call.arguments.findIndex(({ value }) => value.kind === 'function' && value.function === fn.index);
      if (position >= 0) return { fn: outer, point, call, position, name: calledName(call) };
      if (call.callee.kind === 'function' && call.callee.function === fn.index) return { fn: outer, point, call, position: -1, name: '' };
    }
    return undefined;
  });
}

/** How a handler of a promise is run: when it succeeded, when it failed, or in any case. */
export function settledBy({ name, position, call }: Handing): 'success' | 'failure' | 'always' | undefined {
  const on = call.callee.kind === 'place' && call.callee.place.path.length > 0;
  if (!on) return undefined;
  if (name === 'then') return position === 0 ? 'success' : 'failure';
  if (name === 'catch' && position === 0) return 'failure';
  return name === 'finally' ? 'always' : undefined;
}

/** The calls that a promise goes through from here on: `.then(…).catch(…)`, with the given one. */
export function chainFrom(fn: ResolvedFunction, start: Point): readonly Point[] {
  const chain = [start];
  modelOf(fn).operations.forEach((operation, point) => {
    if (operation.kind !== 'call' || point <= start || operation.callee.kind !== 'place') return;
    const { root, path } = operation.callee.place;
    if (root.kind === 'result' && path.length === 1 && chain.includes(root.operation) && /^(?:then|catch|finally)$/.test(path[0])) chain.push(point);
  });
  return chain;
}
