// Set default: a key is looked up and filled in one step of the dictionary instead of two.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, replacement } from '../fix';
import { hasCommentBehind, holderOf, ownsItsLines, siblingsOf } from './blocks';

/** `if k not in d: d[k] = []` becomes `d.setdefault(k, [])`. */
export const setDefault: Fix<'set-default'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const assignment = at?.node.closest(Kind.assignment);
  const statement = assignment?.parent;
  const test = statement && holderOf(statement);
  if (!at || !assignment || !statement || test?.kind !== Kind.ifStatement || siblingsOf(statement).length !== 1) return undefined;
  const [left, right, condition] = [assignment.child(Field.left), assignment.child(Field.right), test.child(Field.condition)];
  const [container, key, ...more] = left?.kind === Kind.subscript ? left.children : [];
  if (!container || !key || more.length > 0 || !right || test.child(Field.alternative) || !isPath(container) || !isPath(key)) return undefined;
  const asked = new RegExp(`^\\(?${escaped(key.text)}\\s+not\\s+in\\s+${escaped(container.text)}(?:\\.keys\\(\\))?\\)?$`);
  if (!asked.test(condition?.text ?? '') || !isEmpty(right) || hasCommentInside(at.source.tree.comments, test) || assignment.child(Field.type))
    return undefined;
  if (!ownsItsLines(at.source, test) || hasCommentBehind(at.source, test)) return undefined;
  const call = `${container.text}.setdefault(${key.text}, ${right.text})`;
  return { title: `Look up and fill in one step: ${call}`, edits: inFile(at.file, [replacement(test, call)]) };
};

/** `x`, `self.x`, `'name'`, `3`: the same value each time that it is evaluated. */
function isPath(node: PythonNode): boolean {
  if (node.kind === Kind.attribute) return node.children.every(isPath);
  return node.kind === Kind.identifier || node.kind === Kind.integer || (node.kind === Kind.string && node.children.length === 0);
}

function isEmpty({ text }: PythonNode): boolean {
  return /^(?:\[\s*\]|\{\s*\}|(?:list|dict|set|deque|collections\.deque)\(\s*\))$/.test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function hasCommentInside(comments: readonly number[], { start, end }: PythonNode): boolean {
  return comments.some((at, index) => index % 2 === 0 && start <= at && at < end);
}
