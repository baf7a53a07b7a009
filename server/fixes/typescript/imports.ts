// Imports of TypeScript: the name by which a file knows something of a module, and the edit that imports it where it does not.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { insertion, type Named, type TypeScriptSource } from '../fix';
import { freshName, lineEndOf, lineTailOf, quoteOf } from '../layout';
import { spanOf } from './nodes';
import { semicolonOf } from './style';

/**
 * What a built-in module of Node exports, such as `isMainThread` of `worker_threads`, with or without `node:`: by its own
 * name, an alias of it, or `namespace.name`. Files that import nothing and require something get a `require`.
 */
export function importedFromNode(source: TypeScriptSource, module: string, member: string): Named | undefined {
  const isIt = (specifier: ts.Expression) => ts.isStringLiteral(specifier) && specifier.text.replace(/^node:/, '') === module;
  for (const statement of source.tree.statements) {
    if (ts.isImportDeclaration(statement) && isIt(statement.moduleSpecifier)) {
      const found = fromImport(source, statement, member);
      if (found) return found;
    }
    const required = ts.isVariableStatement(statement) ? requiredBy(statement, isIt) : undefined;
    const found = required && fromRequire(source, required, member);
    if (found) return found;
  }
  return newImport(source, module, member);
}

function fromImport(source: TypeScriptSource, { importClause }: ts.ImportDeclaration, member: string): Named | undefined {
  if (!importClause || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
  const { name, namedBindings } = importClause;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) return { name: `${namedBindings.name.text}.${member}`, edits: [] };
  if (namedBindings && ts.isNamedImports(namedBindings)) {
    const known = namedBindings.elements.find((each) => (each.propertyName ?? each.name).text === member && !each.isTypeOnly);
    if (known) return { name: known.name.text, edits: [] };
    return { name: member, edits: [addedName(source, namedBindings, member)] };
  }
  return name && { name: `${name.text}.${member}`, edits: [] };
}

/** `const x = require('module')` or `const { a, b } = require('module')`: what the outcome is bound to. */
export function requiredBy(statement: ts.VariableStatement, isIt: (specifier: ts.Expression) => boolean): ts.BindingName | undefined {
  return statement.declarationList.declarations.find(
    ({ initializer }) =>
      initializer &&
      ts.isCallExpression(initializer) &&
      ts.isIdentifier(initializer.expression) &&
      initializer.expression.text === 'require' &&
      initializer.arguments.length === 1 &&
      isIt(initializer.arguments[0]),
  )?.name;
}

function fromRequire(source: TypeScriptSource, bound: ts.BindingName, member: string): Named | undefined {
  if (ts.isIdentifier(bound)) return { name: `${bound.text}.${member}`, edits: [] };
  if (!ts.isObjectBindingPattern(bound)) return undefined;
  const known = bound.elements.find(
    ({ propertyName, name }) => ts.isIdentifier(propertyName ?? name) && ((propertyName ?? name) as ts.Identifier).text === member,
  );
  if (known) return ts.isIdentifier(known.name) ? { name: known.name.text, edits: [] } : undefined;
  return { name: member, edits: [addedName(source, bound, member)] };
}

/** The name added to a list in braces, in its place where the list is sorted, at its end where it is not. */
function addedName(
  source: TypeScriptSource,
  { elements }: { readonly elements: ts.NodeArray<ts.ImportSpecifier | ts.BindingElement> },
  member: string,
): TextEdit {
  const names = elements.map((each) => ({ text: source.text.slice(spanOf(source, each).start, each.end), at: spanOf(source, each) }));
  if (names.length === 0) return insertion(elements.pos, ` ${member} `);
  const isSorted = names.every((each, i) => i === 0 || names[i - 1].text.toLowerCase() <= each.text.toLowerCase());
  const following = isSorted ? names.find((each) => each.text.toLowerCase() > member.toLowerCase()) : undefined;
  return following ? insertion(following.at.start, `${member}, `) : insertion(names.at(-1)!.at.end, `, ${member}`);
}

function newImport(source: TypeScriptSource, module: string, member: string): Named | undefined {
  const { text, tree } = source;
  const imports = tree.statements.filter(ts.isImportDeclaration);
  const requires = tree.statements.filter((each): each is ts.VariableStatement => ts.isVariableStatement(each) && requiredBy(each, () => true) !== undefined);
  const isCommon = imports.length === 0 && (requires.length > 0 || /\.(?:cjs|cts)$/.test(source.file));
  const [end, quote, semicolon] = [lineEndOf(text), quoteOf(text), semicolonOf(source)];
  const prefix = !/['"]node:/.test(text) && /['"](?:fs|path|os|events|util|child_process|crypto|stream|http|https|net|url)['"]/.test(text) ? '' : 'node:';
  const name = freshName(text, member);
  const renamed = name === member ? member : `${member}${isCommon ? ':' : ' as'} ${name}`;
  const specifier = `${quote}${prefix}${module}${quote}`;
  const line = isCommon ? `const { ${renamed} } = require(${specifier})${semicolon}` : `import { ${renamed} } from ${specifier}${semicolon}`;
  const last = (isCommon ? requires : imports).at(-1);
  if (last) return { name, edits: [insertion(lineTailOf(text, last.end), `${end}${line}`)] };
  const first = tree.statements[0];
  return first && { name, edits: [insertion(spanOf(source, first).start, `${line}${end}${end}`)] };
}
