// Bindings of imports: which module a name of a file comes from, and edits that put another of its members in a name's place.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { insertion, replacement, type TypeScriptSource } from '../fix';
import { requiredBy } from './imports';
import { spanOf } from './nodes';

export interface ImportBinding {
  readonly statement: ts.ImportDeclaration | ts.VariableStatement;
  readonly specifier: ts.StringLiteral;
  /** What the name stands for in the module; absent where it is the module itself, or its default. */
  readonly member?: { readonly name: string; readonly element: ts.ImportSpecifier | ts.BindingElement; readonly isOnly: boolean };
}

/** Where a name of a file is imported or required at the top of the file; undefined for every other name. */
export function importOf({ tree }: TypeScriptSource, name: string): ImportBinding | undefined {
  for (const statement of tree.statements) {
    const found = ts.isImportDeclaration(statement) ? imported(statement, name) : ts.isVariableStatement(statement) ? required(statement, name) : undefined;
    if (found) return found;
  }
  return undefined;
}

function imported(statement: ts.ImportDeclaration, name: string): ImportBinding | undefined {
  const { importClause, moduleSpecifier } = statement;
  if (!importClause || !ts.isStringLiteral(moduleSpecifier) || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
  const found = { statement, specifier: moduleSpecifier };
  if (importClause.name?.text === name) return found;
  const { namedBindings } = importClause;
  if (!namedBindings) return undefined;
  if (ts.isNamespaceImport(namedBindings)) return namedBindings.name.text === name ? found : undefined;
  const element = namedBindings.elements.find((each) => each.name.text === name && !each.isTypeOnly);
  const isOnly = namedBindings.elements.length === 1 && !importClause.name;
  return element && { ...found, member: { name: (element.propertyName ?? element.name).text, element, isOnly } };
}

function required(statement: ts.VariableStatement, name: string): ImportBinding | undefined {
  const { declarations } = statement.declarationList;
  const [{ name: bound, initializer }] = declarations;
  if (declarations.length !== 1 || !requiredBy(statement, () => true) || !initializer || !ts.isCallExpression(initializer)) return undefined;
  const specifier = initializer.arguments[0] as ts.StringLiteral;
  if (ts.isIdentifier(bound)) return bound.text === name ? { statement, specifier } : undefined;
  if (!ts.isObjectBindingPattern(bound)) return undefined;
  const element = bound.elements.find((each) => ts.isIdentifier(each.name) && each.name.text === name && !each.initializer);
  const original = element && (element.propertyName ?? element.name);
  if (!element || !original || !ts.isIdentifier(original)) return undefined;
  return { statement, specifier, member: { name: original.text, element, isOnly: bound.elements.length === 1 } };
}

/** Whether a text has a word only where it is bound and in one other place. */
export function isUsedOnce({ text }: TypeScriptSource, name: string): boolean {
  return text.split(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)).length === 3;
}

/** Whether a text has a word anywhere, so that a binding of that name could meet another. */
export function hasWord({ text }: TypeScriptSource, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}

/** Adds another member of the module beside one that is imported by name, or puts it in its place. */
export function besideMember(source: TypeScriptSource, { member }: ImportBinding, name: string, inPlace: boolean): TextEdit[] {
  if (!member) return [];
  const span = spanOf(source, member.element);
  return [inPlace ? replacement(span, name) : insertion(span.end, `, ${name}`)];
}

/** Takes away a member that is imported by name beside others. */
export function withoutMember({ text }: TypeScriptSource, { member }: ImportBinding): TextEdit[] {
  if (!member) return [];
  const behind = /^\s*,[ \t]*(?:\r?\n[ \t]*)?/.exec(text.slice(member.element.end));
  if (behind) return [replacement({ start: startOf(text, member.element.pos), end: member.element.end + behind[0].length }, '')];
  const comma = text.lastIndexOf(',', member.element.end);
  return [replacement({ start: comma, end: member.element.end }, '')];
}

function startOf(text: string, pos: number): number {
  return pos + (/^\s*/.exec(text.slice(pos))?.[0].length ?? 0);
}
