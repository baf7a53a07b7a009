// Parameter types: what calls hand to the parameters of functions.
import type { FunctionKey } from './keys';
import type { Type } from './types';

/** What parameters hold, by `parameterKey`, and the functions that others put into fields, by the field's key. */
export type ParameterTypes = ReadonlyMap<string, Type>;

/** The name of a function's parameter, by its index. */
export function parameterKey(fn: FunctionKey, index: number): string {
  return `${fn}(${index})`;
}

/** The function of such a name; undefined where it is a field's. */
export function functionOfParameter(key: string): FunctionKey | undefined {
  return key.endsWith(')') ? key.slice(0, key.lastIndexOf('(')) : undefined;
}
