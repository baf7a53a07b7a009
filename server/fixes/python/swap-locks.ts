// Swap locks: two that are taken one right after the other are taken in the other order.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, type PythonPlace, replacement } from '../fix';
import { lineIndentOf, lineStartOf, nextLineOf, unitOf } from '../layout';
import { followingOf, ownsItsLines, siblingsOf, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { isPlainPlace } from './places';
import { heldBy } from './with-statements';

/** `with a: with b:`, `with a, b:` and `a.acquire()` before `b.acquire()`. */
export const swapLocks: Fix<'swap-locks'> = ({ site, second }, context) => {
  const [outer, inner] = [context.pythonAt(site), context.pythonAt(second)];
  if (!outer || !inner || outer.file !== inner.file) return undefined;
  return site.point >= 0 ? swapCalls(outer, inner) : swapItems(outer, inner);
};

function swapItems(outer: PythonPlace, inner: PythonPlace): ReturnType<Fix<'swap-locks'>> {
  const { source, file } = outer;
  const { text } = source;
  const [first, other] = [outer, inner].map(({ span }) => text.slice(span.start, span.end));
  const [held, wanted] = [statementOf(outer.node), statementOf(inner.node)];
  // A name that `as` gives to one of them would mean the other then, and an expression may read what the other guards.
  const isPlain = [outer, inner].every(({ node, span }) => isPlainPlace(itemOf(node)) && !/^\s*as\b/.test(text.slice(span.end, span.end + 20)));
  if (!isPlain || held?.kind !== Kind.withStatement || wanted?.kind !== Kind.withStatement || held.isAsync !== wanted.isAsync) return undefined;
  const title = `Take ${other} before ${first}`;
  if (held === wanted || siblingsOf(wanted).length === 1)
    return { title, edits: inFile(file, [replacement(outer.span, other), replacement(inner.span, first)]) };
  const joined = joinedEdits(outer, held, wanted);
  return joined && { title: `${title}, around both`, edits: inFile(file, [insertion(outer.span.start, `${other}, `), ...joined]) };
}

/** What a with statement enters. */
function itemOf(node: PythonNode): PythonNode {
  return node.kind === Kind.withClause || node.kind === Kind.withItem ? itemOf(node.children[0]) : node;
}

/** What stands in an inner with statement goes right into the outer one, which has its lock as well. */
function joinedEdits({ source }: PythonPlace, held: PythonNode, wanted: PythonNode) {
  const { text } = source;
  const unit = unitOf(text, lineIndentOf(text, wanted.start));
  const head = { start: lineStartOf(text, wanted.start), end: nextLineOf(text, wanted.start) };
  const isOneLine = /^\s*(?:async\s+)?with\s[^#]*:\s*$/.test(text.slice(head.start, head.end));
  if (!heldBy(held) || !heldBy(wanted) || !isOneLine || !ownsItsLines(source, wanted) || /"""|'''/.test(wanted.text)) return undefined;
  const edits = [replacement(head, '')];
  for (let at = head.end; at < wanted.end; at = nextLineOf(text, at)) {
    if (text.startsWith(unit, at)) edits.push(replacement({ start: at, end: at + unit.length }, ''));
    else if (text.slice(at, nextLineOf(text, at)).trim() !== '') return undefined;
  }
  return edits;
}

function swapCalls(outer: PythonPlace, inner: PythonPlace): ReturnType<Fix<'swap-locks'>> {
  const [held, wanted] = [statementOf(outer.node), statementOf(inner.node)];
  const [first, other] = [outer, inner].map(({ node }) => methodCalled(callAt(node) ?? node)?.object.text);
  const isAlone = (statement: PythonNode | undefined) => statement?.kind === Kind.expressionStatement && /\.acquire\(\s*\)$/.test(statement.text);
  if (!held || !wanted || !isAlone(held) || !isAlone(wanted) || followingOf(held)[0] !== wanted || first === undefined || other === undefined) return undefined;
  const isPlain = [outer, inner].every(({ node }) => isPlainPlace(callAt(node)!.child(Field.function)!.child(Field.object)!));
  if (!isPlain) return undefined;
  return { title: `Take ${other} before ${first}`, edits: inFile(outer.file, [replacement(held, wanted.text), replacement(wanted, held.text)]) };
}
