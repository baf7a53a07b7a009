// Made objects: the calls of a file that make an instance of certain library classes, or of classes derived from them.
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

export interface MadeObject {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly call: Call;
  /** Canonical name of the library class. */
  readonly api: string;
  /** What a person calls the class that is made. */
  readonly name: string;
}

/** All places in a file where an instance of a library class that `wanted` accepts is made, in source order. */
export function madeIn(file: string, facts: Facts, wanted: (api: string) => boolean): readonly MadeObject[] {
  const { all, apis } = facts.once(madeIn, file, () => {
    const made = (facts.program.modules.get(file)?.functionKeys ?? []).flatMap((key) => {
      const fn = facts.program.functions.get(key);
      return fn ? madeBy(fn, facts) : [];
    });
    return { all: made, apis: [...new Set(made.map(({ api }) => api))] };
  });
  // Most files have none.
  const found = new Set(apis.filter(wanted));
  return found.size === 0 ? [] : all.filter(({ api }) => found.has(api));
}

/** A function that is resolved again is another object, so that what is remembered is never out of date. */
const KNOWN = new WeakMap<ResolvedFunction, readonly MadeObject[]>();

function madeBy(fn: ResolvedFunction, facts: Facts): readonly MadeObject[] {
  let known = KNOWN.get(fn);
  if (known) return known;
  known = modelOf(fn).operations.flatMap((operation, point): MadeObject[] => {
    if (operation.kind !== 'call' || operation.form === 'decorator') return [];
    const found = classMade(fn, operation, facts);
    return found ? [{ fn, point, call: operation, ...found }] : [];
  });
  KNOWN.set(fn, known);
  return known;
}

/** The library class that a call makes an instance of, also through a class of the workspace that derives from it. */
function classMade(fn: ResolvedFunction, call: Call, facts: Facts): { api: string; name: string } | undefined {
  const { resolver } = facts.program;
  const callee = resolver.typeOf(fn.module, fn.index, call.callee);
  if (callee?.kind === 'api') {
    const entry = resolver.api(fn.module.language, callee.name);
    const api = entry?.returns ?? entry?.name ?? callee.name;
    return { api, name: api.slice(api.lastIndexOf('.') + 1) };
  }
  if (callee?.kind !== 'class') return undefined;
  const [base] = resolver.libraryBases(callee.class);
  return base === undefined ? undefined : { api: resolver.api(fn.module.language, base)?.name ?? base, name: nameOfKey(callee.class) };
}

/** The value of an argument, by keyword or by position. */
export function argumentOf(call: Call, name: string, position?: number) {
  const named = call.arguments.find((argument) => argument.name === name);
  const positional = position === undefined || call.arguments.slice(0, position + 1).some((argument) => argument.spread) ? undefined : call.arguments[position];
  return (named ?? (positional?.name === undefined ? positional : undefined))?.value;
}

/** Whether a call hands on arguments that cannot be told (`*args`, `**kwargs`). */
export function hasSpread(call: Call): boolean {
  return call.arguments.some((argument) => argument.spread);
}
