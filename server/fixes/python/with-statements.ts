// With statements in Python: what they enter, and the names that they give.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';

/** `with ThreadPoolExecutor() as pool:` */
export function isBoundByWith(node: PythonNode, name: string): boolean {
  if (node.kind !== Kind.withStatement) return false;
  const body = node.child(Field.body)?.start ?? 0;
  return [...node.walk()].some((each) => each.kind === Kind.asPatternTarget && each.text === name && each.start < body);
}

/** What a with statement enters, if it is one thing. */
export function heldBy(section: PythonNode): PythonNode | undefined {
  const items = section.children.find(({ kind }) => kind === Kind.withClause)?.children ?? [];
  return items.length === 1 ? items[0] : undefined;
}
