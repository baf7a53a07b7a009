// Targets of Python code: whether it may put something else where an expression stands.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';

/** Whether code assigns, deletes or loops over an expression such as `self._lock`, or what it hangs on. */
export function isRebound(code: PythonNode, expression: string): boolean {
  for (const node of code.walk()) {
    if (node.kind !== Kind.identifier && node.kind !== Kind.attribute) continue;
    if ((expression === node.text || expression.startsWith(`${node.text}.`)) && isTarget(node)) return true;
  }
  return false;
}

function isTarget(node: PythonNode): boolean {
  const { parent, field } = node;
  if (!parent) return false;
  switch (parent.kind) {
    case Kind.assignment:
    case Kind.augmentedAssignment:
    case Kind.forStatement:
      return field === Field.left;
    case Kind.namedExpression:
      return field === Field.name;
    case Kind.deleteStatement:
    case Kind.asPatternTarget:
      return true;
    case Kind.patternList:
    case Kind.tuplePattern:
    case Kind.listPattern:
    case Kind.listSplatPattern:
    case Kind.expressionList:
      return isTarget(parent);
    default:
      return false;
  }
}
