// Export writes: lowering of `module.exports = …` and `exports.a = …` at the top of a CommonJS module.
import ts from 'typescript';
import type { Expression } from '../local-flow';
import type { FunctionLowering } from './lowering';
import { unwrap } from './names';
import { lowerObjectLiteral } from './object-literals';

/**
 * Lowers an assignment that exports something: functions, classes and names are exported as they are, other values are
 * written to the made-up module-level name under which they are exported. Undefined for every other assignment.
 */
export function exportWrites(f: FunctionLowering, node: ts.BinaryExpression): Expression | undefined {
  const local = f.module.exportAssignments.get(node);
  if (local === undefined) return undefined;
  const right = unwrap(node.right);
  if (local === 'exports' && right.kind === ts.SyntaxKind.ObjectLiteralExpression) {
    const { whole, properties } = lowerObjectLiteral(f, right as ts.ObjectLiteralExpression);
    for (const { name, expression, node: property } of properties) writeExport(f, `exports.${name}`, property, expression);
    return whole;
  }
  const value = f.expression(right);
  writeExport(f, local, node, value);
  return value;
}

function writeExport(f: FunctionLowering, local: string, node: ts.Node, source: Expression): void {
  const exported = f.module.exportedExpressions.get(local);
  if (!exported || f.module.scan.functionOf.has(exported) || f.module.scan.classOf.has(exported)) return;
  f.module.bind(local, source.value);
  f.builder.emit({
    kind: 'write',
    place: { root: { kind: 'module', name: local }, path: [] },
    value: source.value,
    mode: 'assign',
    depends: source.depends,
    span: f.span(node),
  });
}
