// Exports: what a file offers to others, in the forms of ECMAScript, TypeScript and CommonJS.
import ts from 'typescript';
import type { Export } from '../../model/module';
import type { ModuleLowering } from './lowering';
import { importSourceOf, nameOf, propertyNameOf, requiredBy, specifierOf, unwrap } from './names';
import { hasModifier } from './scan-classes';

const K = ts.SyntaxKind;

/** Finds all exports, and notes in `module` which functions they let out and which expressions they give a name. */
export function collectExports(tree: ts.SourceFile, module: ModuleLowering): Export[] {
  const found: Export[] = [];
  for (const statement of tree.statements) collectFrom(statement, module, found);
  for (const { name, local } of found) {
    if (local === undefined) continue;
    letOut(module, local);
    if (module.exportAssignments.size > 0) module.commonJsLocals.set(name, local);
  }
  return found;
}

function collectFrom(node: ts.Statement, module: ModuleLowering, found: Export[]): void {
  switch (node.kind) {
    case K.ExportDeclaration:
      found.push(...declaredExports(node as ts.ExportDeclaration));
      break;
    case K.ExportAssignment: {
      const { expression, isExportEquals } = node as ts.ExportAssignment;
      exportExpression(module, found, isExportEquals ? ['export=', 'default'] : ['default'], isExportEquals ? 'export=' : 'default', expression);
      break;
    }
    case K.FunctionDeclaration:
    case K.ClassDeclaration: {
      if (!hasModifier(node, K.ExportKeyword)) break;
      const { name } = node as ts.FunctionDeclaration | ts.ClassDeclaration;
      const local = name ? nameOf(name) : 'default';
      if (!name) module.exportedExpressions.set(local, node);
      found.push({ name: hasModifier(node, K.DefaultKeyword) ? 'default' : local, local });
      break;
    }
    case K.VariableStatement:
      if (hasModifier(node, K.ExportKeyword))
        for (const { name } of (node as ts.VariableStatement).declarationList.declarations)
          found.push(...boundNames(name).map((local) => ({ name: local, local })));
      break;
    case K.EnumDeclaration:
    case K.ModuleDeclaration: {
      const { name } = node as ts.EnumDeclaration | ts.ModuleDeclaration;
      if (hasModifier(node, K.ExportKeyword) && name.kind === K.Identifier) found.push({ name: nameOf(name), local: nameOf(name) });
      break;
    }
    case K.ExpressionStatement:
      collectCommonJs(unwrap((node as ts.ExpressionStatement).expression), module, found);
  }
}

function declaredExports({ exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration): Export[] {
  if (isTypeOnly) return [];
  const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? specifierOf(moduleSpecifier.text) : undefined;
  if (!exportClause) return specifier === undefined ? [] : [{ name: '*', specifier }];
  if (exportClause.kind === K.NamespaceExport)
    return specifier === undefined ? [] : [{ name: propertyNameOf(exportClause.name as ts.Identifier) ?? '*', specifier }];
  return exportClause.elements.flatMap((element): Export[] => {
    const name = propertyNameOf(element.name);
    const from = propertyNameOf(element.propertyName ?? element.name);
    if (element.isTypeOnly || name === undefined || from === undefined) return [];
    return [specifier === undefined ? { name, local: from } : { name, specifier, from }];
  });
}

/** Exports an expression under some names: by its own name if it is one, by a made-up one if not. */
function exportExpression(module: ModuleLowering, found: Export[], names: readonly string[], madeUp: string, expression: ts.Expression): void {
  const inner = unwrap(expression);
  let local = madeUp;
  if (inner.kind === K.Identifier && module.scan.moduleScope.names.has(nameOf(inner as ts.Identifier))) local = nameOf(inner as ts.Identifier);
  else module.exportedExpressions.set(madeUp, inner);
  for (const name of names) found.push({ name, local });
}

function collectCommonJs(node: ts.Expression, module: ModuleLowering, found: Export[]): void {
  if (node.kind === K.CallExpression) {
    collectCompiled(node as ts.CallExpression, found);
    return;
  }
  let at = node;
  while (at.kind === K.BinaryExpression && (at as ts.BinaryExpression).operatorToken.kind === K.EqualsToken) {
    const assignment = at as ts.BinaryExpression;
    const name = exportedName(assignment.left, module);
    at = unwrap(assignment.right);
    if (name === undefined) continue;
    let value = at;
    while (value.kind === K.BinaryExpression && (value as ts.BinaryExpression).operatorToken.kind === K.EqualsToken)
      value = unwrap((value as ts.BinaryExpression).right);
    if (value.kind === K.VoidExpression || value.kind === K.NullKeyword) return;
    if (name === '') exportWhole(assignment, value, module, found);
    else exportOne(assignment, name, value, module, found);
  }
}

/** `exports.a = …`: 'a'; `module.exports = …`: ''; undefined for every other target. */
function exportedName(target: ts.Expression, module: ModuleLowering): string | undefined {
  if (target.kind !== K.PropertyAccessExpression) return undefined;
  const { expression, name } = target as ts.PropertyAccessExpression;
  if (isFree(expression, 'module', module) && nameOf(name) === 'exports') return '';
  if (isFree(expression, 'exports', module)) return nameOf(name);
  return expression.kind === K.PropertyAccessExpression && exportedName(expression, module) === '' ? nameOf(name) : undefined;
}

function isFree(node: ts.Expression, name: string, module: ModuleLowering): boolean {
  return node.kind === K.Identifier && nameOf(node as ts.Identifier) === name && !module.scan.moduleScope.names.has(name);
}

function exportOne(node: ts.BinaryExpression, name: string, value: ts.Expression, module: ModuleLowering, found: Export[]): void {
  const source = importSourceOf(value);
  if (source) {
    found.push({ name, specifier: source.specifier, ...(source.name === undefined ? {} : { from: source.name }) });
    return;
  }
  module.exportAssignments.set(node, `exports.${name}`);
  exportExpression(module, found, [name], `exports.${name}`, value);
}

function exportWhole(node: ts.BinaryExpression, value: ts.Expression, module: ModuleLowering, found: Export[]): void {
  const source = importSourceOf(value);
  if (source) {
    found.push(source.name === undefined ? { name: '*', specifier: source.specifier } : { name: 'export=', specifier: source.specifier, from: source.name });
    return;
  }
  if (value.kind !== K.ObjectLiteralExpression) {
    module.exportAssignments.set(node, 'export=');
    exportExpression(module, found, ['export=', 'default'], 'export=', value);
    return;
  }
  module.exportAssignments.set(node, 'exports');
  for (const property of (value as ts.ObjectLiteralExpression).properties) {
    const name = property.name && propertyNameOf(property.name);
    if (property.kind === K.SpreadAssignment) {
      const spread = importSourceOf(property.expression);
      if (spread && spread.name === undefined) found.push({ name: '*', specifier: spread.specifier });
    } else if (name !== undefined && property.kind === K.PropertyAssignment) {
      const imported = importSourceOf(property.initializer);
      if (imported) found.push({ name, specifier: imported.specifier, ...(imported.name === undefined ? {} : { from: imported.name }) });
      else exportExpression(module, found, [name], `exports.${name}`, property.initializer);
    } else if (name !== undefined && property.kind === K.ShorthandPropertyAssignment) {
      found.push({ name, local: name });
    } else if (name !== undefined && property.kind === K.MethodDeclaration) {
      module.exportedExpressions.set(`exports.${name}`, property);
      found.push({ name, local: `exports.${name}` });
    }
  }
}

/** What compilers write for re-exports: `__exportStar(require('m'), exports)` and getters by `Object.defineProperty`. */
function collectCompiled(node: ts.CallExpression, found: Export[]): void {
  const callee = unwrap(node.expression);
  const name =
    callee.kind === K.Identifier
      ? nameOf(callee as ts.Identifier)
      : callee.kind === K.PropertyAccessExpression
        ? nameOf((callee as ts.PropertyAccessExpression).name)
        : '';
  const [first] = node.arguments;
  if (name !== '__exportStar' || !first) return;
  const inner = unwrap(first);
  const source = inner.kind === K.CallExpression ? requiredBy(inner as ts.CallExpression) : undefined;
  if (source) found.push({ name: '*', specifier: source.specifier });
}

function boundNames(name: ts.BindingName): string[] {
  if (name.kind === K.Identifier) return [nameOf(name)];
  return name.elements.flatMap((element) => (element.kind === K.OmittedExpression ? [] : boundNames(element.name)));
}

/** Notes the functions that people outside reach by an exported name: the function itself, or the members of an object. */
function letOut(module: ModuleLowering, local: string): void {
  const { scan, exportedFunctions } = module;
  const variable = scan.moduleScope.names.get(local);
  if (variable?.fixed?.kind === 'function') exportedFunctions.add(variable.fixed.info);
  const node = module.exportedExpressions.get(local) ?? initializerOf(variable?.nameNode, module);
  const info = node && scan.functionOf.get(node);
  if (info) exportedFunctions.add(info);
  if (node?.kind !== K.ObjectLiteralExpression) return;
  for (const property of (node as ts.ObjectLiteralExpression).properties) {
    const member = scan.functionOf.get(property.kind === K.PropertyAssignment ? unwrap(property.initializer) : property);
    if (member) exportedFunctions.add(member);
  }
}

function initializerOf(nameNode: ts.Node | undefined, module: ModuleLowering): ts.Node | undefined {
  return nameNode && module.scan.initializers.get(nameNode);
}
