// Places in Python code: names, and attributes of them.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';

/** A name, or attributes of one: `worker`, `self._pool.submit`. Reading it has no effect that anybody counts on. */
export function isPlainPlace(node: PythonNode): boolean {
  if (node.kind === Kind.identifier) return true;
  const object = node.kind === Kind.attribute ? node.child(Field.object) : undefined;
  return object !== undefined && isPlainPlace(object);
}

/** `self._pool` */
export function isOwnField(node: PythonNode | undefined): node is PythonNode {
  return node?.kind === Kind.attribute && node.child(Field.object)?.text === 'self';
}
