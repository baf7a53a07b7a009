// Types: what a value is known to be, as far as finding calls, locks and shared places needs it.
import type { ClassKey, FunctionKey } from './keys';

export type Type =
  /** An instance of a class of the workspace; `exact` where it is spoken to as this class and none derived from it. */
  | { readonly kind: 'instance'; readonly class: ClassKey; readonly exact?: true }
  /** The class itself. */
  | { readonly kind: 'class'; readonly class: ClassKey }
  /** A function or a bound method of the workspace. */
  | { readonly kind: 'function'; readonly function: FunctionKey }
  /** A module of the workspace. */
  | { readonly kind: 'module'; readonly file: string; readonly specifier?: string }
  /** An instance of a library class, by canonical name. */
  | { readonly kind: 'library'; readonly name: string }
  /** A library's module, class or function itself, by canonical or dotted name. */
  | { readonly kind: 'api'; readonly name: string }
  /** A container with known contents. */
  | { readonly kind: 'container'; readonly name: string; readonly items: readonly Type[] };
