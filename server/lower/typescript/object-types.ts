// Object types: which type aliases are as good as interfaces.
import ts from 'typescript';

const K = ts.SyntaxKind;

/** Whether a type alias names an object type, which is then a shape of that name. */
export function isShape(node: ts.TypeNode): boolean {
  return node.kind === K.TypeLiteral || (node.kind === K.IntersectionType && (node as ts.IntersectionTypeNode).types.some(isShape));
}
