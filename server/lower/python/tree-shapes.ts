// Tree shapes: questions about single nodes that several parts of the lowering ask.
import { childOf, childOfKind, childrenOf, type FlatTree, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import type { NameTable } from '../../syntax/python/name-table';

/** The decorator nodes of a definition, outermost first. */
export function decoratorsOf(tree: FlatTree, definition: number): number[] {
  const around = tree.parent[definition];
  if (around < 0 || tree.kind[around] !== Kind.decoratedDefinition) return [];
  return childrenOf(tree, around).filter((child) => tree.kind[child] === Kind.decorator);
}

/** The last name of a decorator: `setter` of `@x.setter`, `cache` of `@functools.cache(…)`. */
export function lastNameOf(tree: FlatTree, names: NameTable, decorator: number): string {
  let node = firstChild(tree, decorator);
  while (node >= 0) {
    if (tree.kind[node] === Kind.call) node = childOf(tree, node, Field.function);
    else if (tree.kind[node] === Kind.attribute) node = childOf(tree, node, Field.attribute);
    else if (tree.kind[node] === Kind.identifier) return names.intern(tree.text, tree.start[node], tree.end[node]);
    else return '';
  }
  return '';
}

/** The node of the decorator of a definition whose last name is `name`. */
export function decoratorName(tree: FlatTree, names: NameTable, definition: number, name: string): number | undefined {
  return decoratorsOf(tree, definition).find((decorator) => lastNameOf(tree, names, decorator) === name);
}

/** Methods that Python passes the class to without being told. */
const CLASS_METHODS: ReadonlySet<string> = new Set(['__new__', '__init_subclass__', '__class_getitem__']);

/** What the first parameter of a function in a class body stands for; undefined for a static method. */
export function scopeKindOf(tree: FlatTree, names: NameTable, definition: number): 'receiver' | 'class' | undefined {
  for (const decorator of decoratorsOf(tree, definition)) {
    const name = lastNameOf(tree, names, decorator);
    if (name === 'staticmethod') return undefined;
    if (name === 'classmethod' || name === 'abstractclassmethod') return 'class';
  }
  const node = childOf(tree, definition, Field.name);
  return node >= 0 && CLASS_METHODS.has(names.intern(tree.text, tree.start[node], tree.end[node])) ? 'class' : 'receiver';
}

/** The grammar takes `type(self).count = 1` for the alias statement `type (self).count = 1`; no alias begins with a bracket. */
export function isMisreadTypeAlias(tree: FlatTree, node: number): boolean {
  return misreadTypeArgument(tree, node) >= 0;
}

/** The `(self)` of such a statement, or -1. */
export function misreadTypeArgument(tree: FlatTree, node: number): number {
  let at = childOf(tree, node, Field.left);
  while (at >= 0 && tree.next[at] > at + 1) {
    if (tree.kind[at] === Kind.parenthesized || tree.kind[at] === Kind.tuple) return at;
    at = firstChild(tree, at);
  }
  return at >= 0 && tree.kind[at] === Kind.tuple ? at : -1;
}

/** The text of the docstring at the head of a body and its node; undefined when there is none. */
export function docstringOf(tree: FlatTree, body: number): number | undefined {
  const first = body < 0 ? -1 : firstChild(tree, body);
  if (first < 0 || tree.kind[first] !== Kind.expressionStatement) return undefined;
  const string = firstChild(tree, first);
  const isString = string >= 0 && (tree.kind[string] === Kind.string || tree.kind[string] === Kind.concatenatedString);
  return isString && tree.next[first] === tree.next[string] ? string : undefined;
}

/** Whether a `for`, `with` or `def` is asynchronous. */
export function isAsync(tree: FlatTree, node: number): boolean {
  return childOfKind(tree, node, Kind.asyncToken) >= 0;
}
