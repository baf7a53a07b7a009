// Check again: a test made before a lock was taken is made once more when it is held.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { indentOf, lineEndOf, mixesTabs, nextLineOf, unitOf } from '../layout';
import { deeper, holderOf, ownsItsLines, siblingsOf } from './blocks';

/** `if x: with lock: …` becomes `if x: with lock: if x: …`, where testing again costs and changes nothing. */
export const checkAgain: Fix<'check-again'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const step = at?.node.closest(Kind.withStatement);
  const test = step && holderOf(step);
  const body = step?.child(Field.body);
  if (!at || !step || !body || test?.kind !== Kind.ifStatement || siblingsOf(step).length !== 1 || test.child(Field.alternative)) return undefined;
  const condition = test.child(Field.condition);
  const { source } = at;
  const [first] = body.children;
  const indent = indentOf(source.text, first.start);
  if (
    !condition ||
    indent === undefined ||
    mixesTabs(source.text, indent) ||
    /[\r\n]/.test(condition.text) ||
    !isCheap(condition) ||
    !ownsItsLines(source, body)
  )
    return undefined;
  const start = first.start - indent.length;
  const line = `${indent}if ${condition.text}:${lineEndOf(source.text)}${unitOf(source.text)}`;
  return {
    title: `Check ${condition.text} again under ${step.children[0].text}`,
    edits: inFile(at.file, [insertion(start, line), ...deeper(source, { start: nextLineOf(source.text, first.start), end: body.end })]),
  };
};

/** Names, fields and elements, compared and combined; of calls only those that look at something. */
export function isCheap(node: PythonNode): boolean {
  if (node.kind === Kind.call) return /^(?:len|isinstance|bool|hasattr)$/.test(node.child(Field.function)?.text ?? '') && node.children.every(isCheap);
  return CHEAP.has(node.kind) && node.children.every(isCheap);
}

const CHEAP = new Set<number>([
  Kind.identifier,
  Kind.attribute,
  Kind.subscript,
  Kind.comparisonOperator,
  Kind.booleanOperator,
  Kind.notOperator,
  Kind.parenthesized,
  Kind.none,
  Kind.true,
  Kind.false,
  Kind.integer,
  Kind.float,
  Kind.string,
  Kind.tuple,
  Kind.unaryOperator,
  Kind.binaryOperator,
  Kind.argumentList,
]);
