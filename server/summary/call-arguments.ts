// Call arguments: which parameter of a function each argument of a call goes to.
import type { Call } from '../model/operation';
import type { Value } from '../model/value';
import type { FunctionKey } from './keys';
import type { TypeResolver } from './type-resolver';

/** A value that goes to a parameter, told by position, or by name. */
export interface HandedValue {
  readonly value: Value;
  /** Index of the parameter, counted from the function's first. */
  readonly position: number;
  readonly name?: string;
}

/** The arguments from position `from` on, the first of which goes to parameter `offset`; none behind a spread one. */
export function handedValues(call: Call, from: number, offset: number): HandedValue[] {
  const values: HandedValue[] = [];
  let spread = false;
  call.arguments.forEach((argument, position) => {
    if (argument.spread) spread = true;
    else if (argument.name !== undefined) values.push({ value: argument.value, position: -1, name: argument.name });
    else if (position >= from && !spread) values.push({ value: argument.value, position: position - from + offset });
  });
  return values;
}

/** The index of the parameter that a value goes to; undefined where the function has no such parameter of its own. */
export function parameterOf(resolver: TypeResolver, target: FunctionKey, { position, name }: HandedValue): number | undefined {
  const place = resolver.functionAt(target);
  const parameters = place?.module.module.functions[place.index].parameters ?? [];
  const at = name === undefined ? position : parameters.findIndex((parameter) => parameter.name === name);
  return at < 0 || at >= parameters.length || parameters[at].rest ? undefined : at;
}

/** The index of the parameter that takes all further positional arguments: `*targets`, `...targets`. */
export function restParameter(resolver: TypeResolver, target: FunctionKey): number | undefined {
  const place = resolver.functionAt(target);
  const fn = place?.module.module.functions[place.index];
  const at = fn?.parameters.findIndex((parameter) => parameter.rest === 'positional') ?? -1;
  return at < 0 ? undefined : at;
}

/** How many parameters a function has before those that are given in brackets, when it is called on an object or class: Python's self or cls. */
export function receiverParameters(resolver: TypeResolver, key: FunctionKey): number {
  const place = resolver.functionAt(key);
  const kind = place?.module.module.functions[place.index].kind;
  return place?.module.language === 'python' && (kind === 'method' || kind === 'class-method' || kind === 'constructor' || kind === 'property') ? 1 : 0;
}

/** The arguments of a direct call of a function, method or constructor. */
export function argumentsFor(resolver: TypeResolver, call: Call, target: FunctionKey): HandedValue[] {
  const place = resolver.functionAt(target);
  const isConstructor = place?.module.module.functions[place.index].kind === 'constructor';
  const isBound = isConstructor || (call.callee.kind === 'place' && call.callee.place.path.length > 0);
  return handedValues(call, 0, isBound ? receiverParameters(resolver, target) : 0);
}
