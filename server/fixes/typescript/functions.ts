// Functions of TypeScript: which they are, and what they run themselves.
import ts from 'typescript';
import { childrenOf, closest } from './nodes';

export type FunctionLiteral = ts.ArrowFunction | ts.FunctionExpression;

/** The innermost function of a path. */
export function functionIn(path: readonly ts.Node[]): ts.FunctionLikeDeclaration | undefined {
  return closest(path, isFunction)?.node;
}

export function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node)
  );
}

export function isFunctionLiteral(node: ts.Node): node is FunctionLiteral {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** Whether a node is the function that a new promise is made with. */
export function isExecutor(node: ts.Node | undefined, parent: ts.Node | undefined): node is FunctionLiteral {
  if (!node || !isFunctionLiteral(node) || !parent || !ts.isNewExpression(parent)) return false;
  return ts.isIdentifier(parent.expression) && parent.expression.text === 'Promise';
}

/** Whether a function is declared `async`. */
export function isAsync(fn: ts.FunctionLikeDeclaration): boolean {
  return hasModifier(fn, ts.SyntaxKind.AsyncKeyword);
}

/** Whether a declaration has a modifier such as `static`. */
export function hasModifier({ modifiers }: { readonly modifiers?: readonly ts.ModifierLike[] }, wanted: ts.SyntaxKind): boolean {
  return modifiers?.some(({ kind }) => kind === wanted) ?? false;
}

/** This node and all below it that the function around it runs itself, in source order: nothing of functions inside. */
export function* walkHere(node: ts.Node): Iterable<ts.Node> {
  if (isFunction(node)) return;
  yield node;
  for (const child of childrenOf(node)) yield* walkHere(child);
}
