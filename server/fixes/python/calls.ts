// Calls in Python: what they call, and their arguments as nodes.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';

/** The call that a node is, or that stands in it without anything around. */
export function callAt(node: PythonNode): PythonNode | undefined {
  let at: PythonNode | undefined = node;
  while (at && at.kind !== Kind.call) at = at.children.length === 1 ? at.children[0] : undefined;
  return at;
}

export interface CallArgument {
  /** The keyword; undefined for one that is told by its position, and for a splat. */
  readonly name?: string;
  readonly value: PythonNode;
  /** Keyword and all. */
  readonly node: PythonNode;
}

/** The arguments of a call in order; undefined where it has none of its own (`f(x for x in y)`). */
export function argumentsOf(call: PythonNode): readonly CallArgument[] | undefined {
  const list = call.child(Field.arguments);
  if (list?.kind !== Kind.argumentList) return undefined;
  return list.children.map((node) => {
    if (node.kind !== Kind.keywordArgument) return { value: node, node };
    return { name: node.child(Field.name)!.text, value: node.child(Field.value)!, node };
  });
}

/** The argument of a name, or at a position before which there is no splat. */
export function argumentNamed(given: readonly CallArgument[], name: string, position?: number): CallArgument | undefined {
  const named = given.find((argument) => argument.name === name);
  if (named || position === undefined) return named;
  const found = given[position];
  const isPlain = given.slice(0, position + 1).every(({ name: keyword, value }) => keyword === undefined && !isSplat(value));
  return found && isPlain ? found : undefined;
}

/** `*values`, `**options`. */
export function isSplat({ kind }: PythonNode): boolean {
  return kind === Kind.listSplat || kind === Kind.dictionarySplat;
}

/** The method that a call calls, and what it calls it on. */
export function methodCalled(call: PythonNode): { readonly object: PythonNode; readonly method: PythonNode } | undefined {
  const callee = call.kind === Kind.call ? call.child(Field.function) : undefined;
  const [object, method] = callee?.kind === Kind.attribute ? [callee.child(Field.object), callee.child(Field.attribute)] : [];
  return object && method ? { object, method } : undefined;
}
