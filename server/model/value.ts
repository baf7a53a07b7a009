// Values: what an expression is known to be, as far as the analysis needs it.
import type { Place } from './place';

/** What an expression evaluates to. Anything the lowering cannot say is `unknown`. */
export type Value =
  /** Whatever stands in the place; a call's or an await's outcome is a place with a `result` root. */
  | { readonly kind: 'place'; readonly place: Place }
  /** A function, lambda or arrow function of this module, by index. */
  | { readonly kind: 'function'; readonly function: number }
  /** A class of this module, by index. */
  | { readonly kind: 'class'; readonly class: number }
  /** A literal; `null` also stands for None and undefined. */
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  /** A literal list, tuple, set, dict, array or object; of a mapping only the values. */
  | {
      readonly kind: 'collection';
      readonly type: CollectionType;
      readonly items: readonly Value[];
      /** Of an object literal: the name of each item, '' where that is computed. */
      readonly names?: readonly string[];
      /** Of an object literal: what is spread into it, under which name, and how many items stand before that; what comes later wins. */
      readonly spreads?: readonly { readonly value: Value; readonly at: number; readonly name?: string }[];
    }
  | { readonly kind: 'unknown' };

/** What a literal collection is: Python's list, tuple, set, dict; TypeScript's array and object. */
export type CollectionType = 'list' | 'tuple' | 'set' | 'dict' | 'array' | 'object';

export const UNKNOWN: Value = { kind: 'unknown' };

/** A declared type: the name it refers to and its type arguments; `Optional[X]`, `X | None` and `X | undefined` are X. */
export interface TypeReference {
  readonly place: Place;
  readonly arguments?: readonly TypeReference[];
}

/** The number of the call or await whose outcome a value is; undefined for parts of one and everything else. */
export function resultOf(value: Value | undefined): number | undefined {
  return value?.kind === 'place' && value.place.root.kind === 'result' && value.place.path.length === 0 ? value.place.root.operation : undefined;
}
