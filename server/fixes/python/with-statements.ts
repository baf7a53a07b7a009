// With statements in Python: the names that they give.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';

/** `with ThreadPoolExecutor() as pool:` */
export function isBoundByWith(node: PythonNode, name: string): boolean {
  if (node.kind !== Kind.withStatement) return false;
  const body = node.child(Field.body)?.start ?? 0;
  return [...node.walk()].some((each) => each.kind === Kind.asPatternTarget && each.text === name && each.start < body);
}
