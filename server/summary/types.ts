// Types: what a value is known to be, as far as finding calls, locks and shared places needs it.
import type { CellKey, ClassKey, FunctionKey } from './keys';

export type Type =
  /** An instance of a class of the workspace; `exact` where it is spoken to as this class and none derived from it. */
  | { readonly kind: 'instance'; readonly class: ClassKey; readonly exact?: true }
  /** The class itself. */
  | { readonly kind: 'class'; readonly class: ClassKey }
  /** A function or a bound method of the workspace; where it may be one of several, the others are in `also`. */
  | { readonly kind: 'function'; readonly function: FunctionKey; readonly also?: readonly FunctionKey[] }
  /** A module of the workspace. */
  | { readonly kind: 'module'; readonly file: string; readonly specifier?: string }
  /**
   * An instance of a library class, by canonical name. `items`: what a container has been given. `origin`: the cell, or
   * the nameless lock, that it came from, where it was handed on as an argument.
   */
  | { readonly kind: 'library'; readonly name: string; readonly items?: readonly Type[]; readonly origin?: CellKey }
  /** A library's module, class or function itself, by canonical or dotted name. */
  | { readonly kind: 'api'; readonly name: string }
  /** A container with known contents. `parts`: what an object literal has under its names, as far as it can be called or holds such. */
  | { readonly kind: 'container'; readonly name: string; readonly items: readonly Type[]; readonly parts?: Readonly<Record<string, Type>> };

/** The functions that a value of a type may be. */
export function functionsOfType(type: Type | undefined): readonly FunctionKey[] {
  return type?.kind === 'function' ? [type.function, ...(type.also ?? [])] : [];
}

/** What a place is that holds one of several things: one of the functions, or what all the others agree on. */
export function unionOf(types: readonly Type[]): Type | undefined {
  const functions = [...new Set(types.flatMap(functionsOfType))];
  if (functions.length > 0)
    return functions.length === 1 ? { kind: 'function', function: functions[0] } : { kind: 'function', function: functions[0], also: functions.slice(1) };
  const [first, ...rest] = types;
  if (!first || rest.length === 0) return first;
  if (first.kind === 'container' && rest.every((type) => type.kind === 'container'))
    return { kind: 'container', name: first.name, items: types.flatMap((type) => (type.kind === 'container' ? type.items : [])), ...unionOfParts(types) };
  if (first.kind === 'library' && rest.every((type) => type.kind === 'library' && type.name === first.name)) return { kind: 'library', name: first.name };
  if (first.kind === 'instance' && rest.every((type) => type.kind === 'instance' && type.class === first.class))
    return { kind: 'instance', class: first.class };
  return undefined;
}

/** What stands under each name in any of several objects. */
function unionOfParts(types: readonly Type[]): { readonly parts?: Readonly<Record<string, Type>> } {
  const all = types.flatMap((type) => (type.kind === 'container' && type.parts ? [type.parts] : []));
  if (all.length === 0) return {};
  const parts: Record<string, Type> = {};
  for (const name of new Set(all.flatMap((each) => Object.keys(each)))) {
    const union = unionOf(all.flatMap((each) => (Object.hasOwn(each, name) ? [each[name]] : [])));
    if (union) parts[name] = union;
  }
  return { parts };
}

/** The functions in the parts of an object, however deep. */
export function functionsInParts(type: Type | undefined): readonly FunctionKey[] {
  if (type?.kind !== 'container' || !type.parts) return [];
  return Object.values(type.parts).flatMap((part) => (part.kind === 'container' ? functionsInParts(part) : functionsOfType(part)));
}
