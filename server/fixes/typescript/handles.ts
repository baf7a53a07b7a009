// Handles: by which name what a call has made can be ended, and the edits that give it one where it has none.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { insertion, type Named, type TypeScriptSource } from '../fix';
import { freshName, indentOf, lineEndOf } from '../layout';
import { functionIn, hasModifier } from './functions';
import { closest, isOwnField, spanOf, statementIn, textOf, walk } from './nodes';
import { isTyped, semicolonOf } from './style';

export interface Handle {
  /** What to write: `this.poll`, `timer`. */
  readonly name: string;
  readonly mayBeMissing: boolean;
  readonly edits: readonly TextEdit[];
  /** The list of statements in which it is made; absent for a field's own value. */
  readonly list?: readonly ts.Statement[];
}

/** How a function can get hold of what a call makes; undefined where it cannot. */
export function handleOf(
  source: TypeScriptSource,
  made: ts.CallExpression | ts.NewExpression,
  above: readonly ts.Node[],
  ending: ts.FunctionLikeDeclaration | undefined,
): Handle | undefined {
  const parent = above.at(-1);
  if (!parent) return undefined;
  if (ts.isPropertyDeclaration(parent) && parent.initializer === made) {
    return isOwnMethod(ending, above) && !ts.isComputedPropertyName(parent.name) && !hasModifier(parent, ts.SyntaxKind.StaticKeyword)
      ? { name: `this.${textOf(source, parent.name)}`, mayBeMissing: false, edits: [] }
      : undefined;
  }
  const held = statementIn(above);
  if (!held) return undefined;
  const { list } = held;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === made) {
    const { left } = parent;
    const isAlways = functionIn(above)?.kind === ts.SyntaxKind.Constructor;
    return isOwnField(left) && isOwnMethod(ending, above) ? { name: textOf(source, left), mayBeMissing: !isAlways, edits: [], list } : undefined;
  }
  const inScope = !ending || list.some((each) => [...walk(each)].includes(ending));
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return inScope ? { name: parent.name.text, mayBeMissing: false, edits: [], list } : undefined;
  if (!ts.isExpressionStatement(parent)) return undefined;
  const { start } = spanOf(source, made);
  if (inScope) {
    const name = freshName(textOf(source, functionIn(above) ?? source.tree), 'timer');
    return { name, mayBeMissing: false, edits: [insertion(start, `const ${name} = `)], list };
  }
  const owner = closest(above, ts.isClassLike);
  // Elsewhere a second call would put its own over the first.
  if (!owner || !isOwnMethod(ending, above) || functionIn(above)?.kind !== ts.SyntaxKind.Constructor) return undefined;
  const field = newField(source, owner.node, `ReturnType<typeof ${textOf(source, made.expression)}>`);
  return field && { name: `this.${field.name}`, mayBeMissing: false, edits: [...field.edits, insertion(start, `this.${field.name} = `)], list };
}

/** Whether a function is a method of the class that a path goes through, so that `this` means the same. */
function isOwnMethod(ending: ts.FunctionLikeDeclaration | undefined, path: readonly ts.Node[]): boolean {
  const owner = closest(path, ts.isClassLike);
  if (!ending || !owner) return false;
  return owner.node.members.some(
    (member) => member === ending || (ts.isPropertyDeclaration(member) && member.initializer === ending && ts.isArrowFunction(ending)),
  );
}

/** A private field, in the manner of the class's others, and its declaration where fields are declared. */
function newField(source: TypeScriptSource, owner: ts.ClassLikeDeclaration, type: string): Named | undefined {
  const fields = owner.members.filter(ts.isPropertyDeclaration);
  const names = fields.map(({ name }) => textOf(source, name));
  const mark = names.some((name) => name.startsWith('#')) ? '#' : names.some((name) => name.startsWith('_')) ? '_' : '';
  const name = mark + freshName(textOf(source, owner), 'timer');
  const typed = isTyped(source);
  if (!typed && mark !== '#') return { name, edits: [] };
  const declaration = `${typed && mark !== '#' ? 'private readonly ' : ''}${name}${typed ? `: ${type}` : ''}${semicolonOf(source)}`;
  const [before, first] = [fields.at(-1), owner.members[0]];
  const { start } = spanOf(source, before ?? first);
  const indent = indentOf(source.text, start);
  if (indent === undefined) return undefined;
  const end = lineEndOf(source.text);
  return { name, edits: [before ? insertion(before.end, `${end}${indent}${declaration}`) : insertion(start, `${declaration}${end}${end}${indent}`)] };
}
