// Iterate over a copy: what others change meanwhile is copied first, under their lock where they hold one.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { freshName, indentOf, lineEndOf, unitOf } from '../layout';
import { ownsItsLines } from './blocks';

/** `for row in list(self.rows)`; with a lock, the copy is made before the loop, and the loop runs without it. */
export const iterateCopy: Fix<'iterate-copy'> = ({ site, lock }, context) => {
  const at = context.pythonAt(site);
  const walked = at && walkedBy(at.node);
  if (!at || !walked) return undefined;
  const { text } = at.source;
  const copy = `list(${walked.text})`;
  if (lock === undefined) return { title: `Go through a copy: ${copy}`, edits: inFile(at.file, [replacement(walked, copy)]) };
  const loop = walked.closest(Kind.forStatement);
  const indent = loop && indentOf(text, loop.start);
  if (!loop || loop.isAsync || indent === undefined || !isHead(loop, walked) || /[\r\n]/.test(walked.text) || !ownsItsLines(at.source, loop)) return undefined;
  const name = freshName(text, `${/(\w+?)_*(?:\.(?:items|keys|values)\(\))?$/.exec(walked.text)?.[1].replace(/^_+/, '') ?? 'items'}_now`);
  const [end, unit] = [lineEndOf(text), unitOf(text)];
  const made = `with ${lock}:${end}${indent}${unit}${name} = ${copy}${end}${indent}`;
  return { title: `Go through a copy made under ${lock}`, edits: inFile(at.file, [insertion(loop.start, made), replacement(walked, name)]) };
};

/** The expression that a loop or comprehension goes through: the place itself, or a view of it. */
function walkedBy(node: PythonNode): PythonNode | undefined {
  const path = node.kind === Kind.identifier && node.parent?.kind === Kind.attribute && node.field === Field.attribute ? node.parent : node;
  if (path.kind !== Kind.attribute && path.kind !== Kind.identifier) return undefined;
  const method = path.parent?.kind === Kind.attribute && path.field === Field.object ? path.parent : undefined;
  const view = method && /^(?:items|keys|values)$/.test(method.child(Field.attribute)?.text ?? '') ? method.parent : undefined;
  if (method && view?.kind !== Kind.call) return undefined;
  const walked = view ?? path;
  // `enumerate(rows)` and the like go through it as they are gone through.
  const lazy = walked.parent?.kind === Kind.argumentList ? walked.parent.parent : undefined;
  const head = lazy && /^(?:enumerate|zip|reversed|iter)$/.test(lazy.child(Field.function)?.text ?? '') ? lazy : walked;
  const isWalked = (head.parent?.kind === Kind.forStatement || head.parent?.kind === Kind.forInClause) && head.field === Field.right;
  return isWalked && !(lazy && head === walked) ? walked : undefined;
}

function isHead(loop: PythonNode, walked: PythonNode): boolean {
  const right = loop.child(Field.right);
  return right !== undefined && right.start <= walked.start && walked.end <= right.end;
}
