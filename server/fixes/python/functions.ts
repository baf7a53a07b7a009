// Functions in Python: where they are defined, and their parameters.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';

/** The first of some statements that defines a function of a name; one with decorators is not found. */
export function functionNamed(statements: readonly PythonNode[], name: string | undefined): PythonNode | undefined {
  return statements.find((each) => each.kind === Kind.functionDefinition && each.child(Field.name)?.text === name);
}

/** The first parameter as it is written: `self` of a method. */
export function receiverOf(fn: PythonNode | undefined): string | undefined {
  return fn?.child(Field.parameters)?.children[0]?.text;
}

/** What the parameters are called, those with a star, a type or a default as well. */
export function parameterNames(fn: PythonNode): string[] {
  return (fn.child(Field.parameters)?.children ?? []).map(parameterName);
}

/** What one parameter is called. */
export function parameterName(parameter: PythonNode): string {
  return (parameter.child(Field.name) ?? parameter.children[0] ?? parameter).text;
}
