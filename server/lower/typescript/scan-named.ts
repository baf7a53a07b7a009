// Scanning of what gets its name from its surroundings: function and class expressions, and the methods of object literals.
import ts from 'typescript';
import { nameOf, propertyNameOf, unwrap } from './names';
import type { Scan } from './scan';
import { visitClass } from './scan-classes';
import type { Fixed, Variable } from './symbols';

/**
 * Visits an expression that is about to get a name, such as the initialiser of a variable; gives what the name stands for
 * if it is a function or a class. `holder`: the constant an object literal is assigned to, which is `this` in its methods.
 */
export function visitNamed(scan: Scan, expression: ts.Expression, hint: string | undefined, holder?: Variable): Fixed | undefined {
  const inner = unwrap(expression);
  switch (inner.kind) {
    case ts.SyntaxKind.ArrowFunction:
      return { kind: 'function', info: visitFunction(scan, inner as ts.ArrowFunction, hint) };
    case ts.SyntaxKind.FunctionExpression:
      return { kind: 'function', info: visitFunction(scan, inner as ts.FunctionExpression, hint) };
    case ts.SyntaxKind.ClassExpression:
      return { kind: 'class', info: visitClass(scan, inner as ts.ClassExpression, hint ?? 'class', () => {}) };
    case ts.SyntaxKind.ObjectLiteralExpression:
      visitObjectLiteral(scan, inner as ts.ObjectLiteralExpression, hint, holder);
      return undefined;
    default:
      scan.visit(inner);
      return undefined;
  }
}

function visitFunction(scan: Scan, node: ts.ArrowFunction | ts.FunctionExpression, hint: string | undefined) {
  const nameNode = node.kind === ts.SyntaxKind.FunctionExpression ? node.name : undefined;
  const name = nameNode ? nameOf(nameNode) : hint;
  const own = name ?? scan.lambdaName();
  const info = scan.createFunction(name === undefined ? 'lambda' : 'function', own, scan.qualify(own), nameNode);
  scan.enter(node, info, node.kind === ts.SyntaxKind.ArrowFunction ? scan.thisSource : undefined);
  return info;
}

/** Visits an object literal; its methods are named after what it is assigned to. */
export function visitObjectLiteral(scan: Scan, node: ts.ObjectLiteralExpression, hint: string | undefined, holder: Variable | undefined): void {
  const prefix = hint === undefined ? '' : `${hint}.`;
  for (const property of node.properties) {
    const name = property.name && propertyNameOf(property.name);
    if (property.name?.kind === ts.SyntaxKind.ComputedPropertyName) scan.visit(property.name);
    switch (property.kind) {
      case ts.SyntaxKind.PropertyAssignment: {
        const inner = unwrap(property.initializer);
        if (name !== undefined && inner.kind === ts.SyntaxKind.FunctionExpression)
          enterMethod(scan, inner as ts.FunctionExpression, prefix + name, name, holder, property.name);
        else visitNamed(scan, property.initializer, name === undefined ? undefined : prefix + name);
        break;
      }
      case ts.SyntaxKind.MethodDeclaration:
      case ts.SyntaxKind.GetAccessor:
      case ts.SyntaxKind.SetAccessor:
        if (property.body) enterMethod(scan, property, prefix + (name ?? scan.lambdaName()), name ?? 'computed', holder, property.name);
        break;
      default:
        scan.visit(property);
    }
  }
}

function enterMethod(
  scan: Scan,
  node: ts.MethodDeclaration | ts.AccessorDeclaration | ts.FunctionExpression,
  qualified: string,
  name: string,
  holder: Variable | undefined,
  nameNode: ts.Node,
): void {
  const kind = ts.isAccessor(node) ? 'property' : 'function';
  scan.enter(node, scan.createFunction(kind, name, scan.qualify(qualified), nameNode), holder);
}
