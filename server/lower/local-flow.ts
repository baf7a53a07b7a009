// Local flow: what each local variable of a function holds at the point that is being lowered.
import type { ElementKey } from '../model/operation';
import { UNKNOWN, type Value } from '../model/value';

/** An expression as the lowering knows it: what it is, and the operations whose outcome flows into it. */
export interface Expression {
  readonly value: Value;
  readonly depends: readonly number[];
  /** Of a path that ends in an element: which one. */
  readonly key?: ElementKey;
  /** Where values differ by the way that led here, and `value` is unknown: those of which something is known. */
  readonly either?: readonly Value[];
}

export const UNKNOWN_EXPRESSION: Expression = { value: UNKNOWN, depends: [] };

/** Local variable → what it holds. `undefined` as a whole stands for a point that is never reached. */
export type LocalFlow = Map<string, Expression> | undefined;

/** The union of two ascending lists of operation numbers, ascending, no duplicates. */
export function mergeDepends(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const difference = a[i] - b[j];
    merged.push(difference <= 0 ? a[i] : b[j]);
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  while (i < a.length) merged.push(a[i++]);
  while (j < b.length) merged.push(b[j++]);
  return merged;
}

/** What is known where two paths meet: a variable that differs is unknown, but depends on both. */
export function mergeFlows(a: LocalFlow, b: LocalFlow): LocalFlow {
  if (!a) return b && new Map(b);
  const merged = new Map(a);
  if (!b || a === b) return merged;
  b.forEach((right, name) => {
    const left = a.get(name);
    if (left === right) return;
    if (!left) merged.set(name, right);
    else {
      const value = sameValue(left.value, right.value) ? left.value : eitherValue(left.value, right.value);
      merged.set(name, { value, depends: mergeDepends(left.depends, right.depends), ...alternatives(value, left, right) });
    }
  });
  return merged;
}

/** No more values are told than this where several meet. */
const MOST_ALTERNATIVES = 4;

/** What an expression may be that is one of two others, where that is not one and the same. */
export function alternatives(value: Value, a: Expression, b: Expression): Pick<Expression, 'either'> {
  if (value.kind !== 'unknown') return {};
  const all = [a, b].flatMap((each) => each.either ?? [each.value]).filter(isObject);
  const either = all.filter((each, i) => all.findIndex((other) => sameValue(each, other)) === i);
  return either.length > 0 && either.length <= MOST_ALTERNATIVES ? { either } : {};
}

/** Functions, classes and whatever may be an object. */
function isObject(value: Value): boolean {
  return value.kind === 'place' ? value.place.root.kind !== 'unknown' : value.kind === 'function' || value.kind === 'class' || value.kind === 'collection';
}

/** Of collections that grow no more items are told than this. */
const MOST_GROWN = 8;

/** What a local list, set or dictionary is after something was put into it; undefined for what is none. */
export function grown(container: Expression | undefined, added: Expression): Expression | undefined {
  if (container?.value.kind !== 'collection' || container.value.type === 'tuple') return undefined;
  const { type, items } = container.value;
  const known = items.length >= MOST_GROWN || items.some((item) => sameValue(item, added.value));
  return {
    value: known ? container.value : { kind: 'collection', type, items: [...items, added.value] },
    depends: mergeDepends(container.depends, added.depends),
  };
}

/** `x = None` on one path and something real on the other: the real one is what later code works with. */
function eitherValue(a: Value, b: Value): Value {
  if (a.kind === 'constant' && a.value === null) return b;
  if (b.kind === 'constant' && b.value === null) return a;
  if (extendsCollection(a, b)) return a;
  return extendsCollection(b, a) ? b : UNKNOWN;
}

/** A list that something was added to in a loop, and the list it was before: of the same kind, with more items. */
function extendsCollection(longer: Value, shorter: Value): boolean {
  return (
    longer.kind === 'collection' &&
    shorter.kind === 'collection' &&
    longer.type === shorter.type &&
    longer.type !== 'tuple' &&
    shorter.items.length < longer.items.length &&
    longer.items.length <= MOST_GROWN &&
    shorter.items.every((item, i) => sameValue(item, longer.items[i]))
  );
}

function sameValue(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
