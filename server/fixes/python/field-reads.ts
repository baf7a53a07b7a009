// Field reads: what a statement reads from its object, so that it can be read into variables before.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { isWithin } from '../fix';
import { freshName } from '../layout';
import { parameterNames, receiverOf } from './functions';
import { boundNames, namesIn } from './names';

export interface FieldRead {
  /** The variable's name, which the function does not use yet. */
  readonly name: string;
  /** What is read. */
  readonly value: string;
  /** Where the variable goes. */
  readonly uses: readonly PythonNode[];
}

/**
 * The reads of a statement of a function that are to be made before it: the fields that are not settled, such as methods
 * are, and the collection that it goes through, as a copy. Undefined where it has to see fields as they are in each round,
 * or puts something anywhere but into variables.
 */
export function fieldsRead(statement: PythonNode, fn: PythonNode, isSettled: (name: string) => boolean): readonly FieldRead[] | undefined {
  const reads = new Map<string, PythonNode[]>();
  const taken = [...namesIn(fn)].join(' ');
  const loops = [...statement.walk()].some(({ kind }) => kind === Kind.whileStatement || (kind === Kind.forStatement && statement.kind !== Kind.forStatement));
  const over = statement.kind === Kind.forStatement ? statement.child(Field.right) : undefined;
  if (over?.kind === Kind.identifier && !boundNames(fn).has(over.text) && !parameterNames(fn).includes(over.text)) return undefined;
  for (const node of statement.walk()) {
    if (node.kind === Kind.deleteStatement || (STORES.has(node.kind) && node.child(Field.left)?.kind !== Kind.identifier)) return undefined;
    if (node.kind !== Kind.attribute || node.child(Field.object)?.kind !== Kind.identifier || receiverOf(fn) !== node.child(Field.object)?.text) continue;
    const name = node.child(Field.attribute)!.text;
    const isOver = over !== undefined && isWithin(node, over);
    if (!isOver && isSettled(name)) continue;
    // What is read of a collection has to be read with it: a variable for the whole would change with it.
    if (loops || (over ? !isOver : isLookedInto(node))) return undefined;
    reads.set(node.text, [...(reads.get(node.text) ?? []), node]);
  }
  if (over && reads.size > 1) return undefined;
  return [...reads].map(([value, uses]) => {
    const name = freshName(taken, value.slice(value.indexOf('.') + 1).replace(/^_+/, ''));
    return over ? { name, value: /^(?:list|tuple|sorted|set|dict)\(/.test(over.text) ? over.text : `list(${over.text})`, uses: [over] } : { name, value, uses };
  });
}

/** `self.table[key]`, `key in self.table`, `self.table.items()`, `len(self.table)`. */
function isLookedInto(node: PythonNode): boolean {
  const { parent } = node;
  if (parent?.kind === Kind.subscript) return parent.children[0] === node;
  if (parent?.kind === Kind.comparisonOperator) return parent.children.indexOf(node) > 0 && /\bin\b/.test(parent.text);
  if (parent?.kind === Kind.attribute) return /^(?:values|items|keys|get|copy|pop|popleft|count|index)$/.test(parent.child(Field.attribute)?.text ?? '');
  return parent?.parent?.kind === Kind.call && COLLECTS.test(parent.parent.child(Field.function)?.text ?? '');
}

const COLLECTS = /^(?:len|list|tuple|set|dict|frozenset|sorted|sum|min|max|any|all|iter|enumerate|zip|map|filter|reversed|str|repr)$/;

const STORES = new Set<number>([Kind.assignment, Kind.augmentedAssignment]);
