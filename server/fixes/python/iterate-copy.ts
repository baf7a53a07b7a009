// Iterate over a copy: what others change meanwhile is copied first, under their lock where they hold one.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { freshName, indentOf, lineEndOf, unitOf } from '../layout';
import { ownsItsLines } from './blocks';
import { boundNames } from './names';

/** `for row in list(self.rows)`; with a lock, the copy is made before the loop, and the loop runs without it. */
export const iterateCopy: Fix<'iterate-copy'> = ({ site, lock }, context) => {
  const at = context.pythonAt(site);
  const walked = at && walkedBy(at.node);
  if (!at || !walked || namesListItself(walked)) return undefined;
  const { text } = at.source;
  const copy = `list(${walked.text})`;
  if (lock === undefined) return { title: `Go through a copy: ${copy}`, edits: inFile(at.file, [replacement(walked, copy)]) };
  const loop = walked.closest(Kind.forStatement);
  const indent = loop && indentOf(text, loop.start);
  if (!loop || loop.isAsync || indent === undefined || loop !== walked.parent || /[\r\n]/.test(walked.text) || !ownsItsLines(at.source, loop)) return undefined;
  const name = freshName(text, `${/(\w+?)_*(?:\.(?:items|keys|values)\(\))?$/.exec(walked.text)?.[1].replace(/^_+/, '') ?? 'items'}_now`);
  const [end, unit] = [lineEndOf(text), unitOf(text)];
  const made = `with ${lock}:${end}${indent}${unit}${name} = ${copy}${end}${indent}`;
  return { title: `Go through a copy made under ${lock}`, edits: inFile(at.file, [insertion(loop.start, made), replacement(walked, name)]) };
};

/** What the innermost loop or comprehension goes through that goes through a node: a place, a view of it, or a lazy function of either. */
function walkedBy(node: PythonNode): PythonNode | undefined {
  for (let at: PythonNode | undefined = node; at?.parent; at = at.parent) {
    if ((at.parent.kind === Kind.forStatement || at.parent.kind === Kind.forInClause) && at.field === Field.right) return isLazy(at) ? at : undefined;
    if (at.parent.kind === Kind.block) return undefined;
  }
  return undefined;
}

/** Whether `list()` of an expression copies in one go, with no code of others in between. */
function isLazy(node: PythonNode): boolean {
  if (node.kind !== Kind.call) return node.kind === Kind.identifier || node.kind === Kind.attribute || node.kind === Kind.subscript;
  const callee = node.child(Field.function);
  if (callee?.kind === Kind.attribute) return /^(?:items|keys|values)$/.test(callee.child(Field.attribute)?.text ?? '') && isLazy(callee.child(Field.object)!);
  return (
    /^(?:enumerate|zip|reversed|iter)$/.test(callee?.text ?? '') &&
    (node.child(Field.arguments)?.children ?? []).every((given) => isLazy(given) || given.kind === Kind.integer)
  );
}

/** Whether `list` may mean something else in the function around, or in the module. */
function namesListItself(node: PythonNode): boolean {
  for (let scope = node.parent; scope; scope = scope.parent) {
    if (scope.kind === Kind.functionDefinition && [...(scope.child(Field.parameters)?.walk() ?? [])].some(({ text }) => text === 'list')) return true;
    if ((scope.kind === Kind.functionDefinition || scope.kind === Kind.module) && boundNames(scope.child(Field.body) ?? scope).has('list')) return true;
  }
  return false;
}
