// Scan visits: what the first walk does at each kind of node that is more than its children.
import ts from 'typescript';
import { ELEMENT } from '../../model/place';
import { mainTestOf } from './main-test';
import { importSourceOf, nameOf, propertyNameOf, specifierOf, unwrap } from './names';
import { isShape } from './object-types';
import type { Scan, Visit, VisitTable } from './scan';
import { visitClass } from './scan-classes';
import { visitNamed, visitObjectLiteral } from './scan-named';
import { Scope, type Variable } from './symbols';

const table: VisitTable = [];

/** The visits by kind of node. */
export const SCAN_VISITS: VisitTable = table;

function on<T extends ts.Node>(kinds: ts.SyntaxKind | readonly ts.SyntaxKind[], visit: (scan: Scan, node: T) => void): void {
  for (const kind of Array.isArray(kinds) ? (kinds as readonly ts.SyntaxKind[]) : [kinds as ts.SyntaxKind]) table[kind] = visit as Visit;
}

const K = ts.SyntaxKind;
const nothing = (): void => {};

on(K.Identifier, (scan, node: ts.Identifier) => scan.use(nameOf(node)));
on(
  [K.PropertyAccessExpression, K.AsExpression, K.SatisfiesExpression, K.TypeAssertionExpression, K.ExpressionWithTypeArguments, K.JsxSpreadAttribute],
  (scan, node: ts.PropertyAccessExpression) => scan.visit(node.expression),
);
on(
  [
    K.MetaProperty,
    K.BreakStatement,
    K.ContinueStatement,
    K.PropertySignature,
    K.MethodSignature,
    K.TypeParameter,
    K.NamespaceExportDeclaration,
    K.MissingDeclaration,
  ],
  nothing,
);
on(K.ThisKeyword, (scan) => {
  const source = scan.thisSource;
  if (source && 'owner' in source) source.captured = true;
});
on(K.LabeledStatement, (scan, node: ts.LabeledStatement) => scan.visit(node.statement));
on(K.ShorthandPropertyAssignment, (scan, node: ts.ShorthandPropertyAssignment) => {
  scan.use(nameOf(node.name));
  scan.visit(node.objectAssignmentInitializer);
});
on(K.JsxAttribute, (scan, node: ts.JsxAttribute) => scan.visit(node.initializer));
on(K.InterfaceDeclaration, (scan, node: ts.InterfaceDeclaration) => {
  scan.typeNames.add(nameOf(node.name));
  scan.addTypeParameters(node.typeParameters);
  if (scan.scope === scan.moduleScope) scan.shapes.add(nameOf(node.name));
});
on(K.TypeAliasDeclaration, (scan, node: ts.TypeAliasDeclaration) => {
  scan.typeNames.add(nameOf(node.name));
  scan.addTypeParameters(node.typeParameters);
  if (scan.scope !== scan.moduleScope) return;
  scan.typeAliases.set(nameOf(node.name), node.type);
  if (isShape(node.type)) scan.shapes.add(nameOf(node.name));
});

// Assignments and operators.
on(K.BinaryExpression, (scan, node: ts.BinaryExpression) => {
  // Long chains lean to the left; following them in a loop keeps them off the stack.
  const rights: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (left.kind === K.BinaryExpression) {
    const binary = left as ts.BinaryExpression;
    if (binary.operatorToken.kind >= K.FirstAssignment && binary.operatorToken.kind <= K.LastAssignment) {
      noteAssigned(scan, binary.left);
      scan.visit(binary.left);
      visitNamed(scan, binary.right, assignedName(binary));
      break;
    }
    rights.push(binary.right);
    left = binary.left;
  }
  if (left.kind !== K.BinaryExpression) scan.visit(left);
  for (let i = rights.length - 1; i >= 0; i--) scan.visit(rights[i]);
});
on([K.PrefixUnaryExpression, K.PostfixUnaryExpression], (scan, node: ts.PrefixUnaryExpression) => {
  if (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken) noteAssigned(scan, node.operand);
  scan.visit(node.operand);
});

function noteAssigned(scan: Scan, target: ts.Node): void {
  const pending = [target];
  for (let each = pending.pop(); each; each = pending.pop()) {
    if (each.kind === K.Identifier) scan.assigned.add(nameOf(each as ts.Identifier));
    else if (ts.isArrayLiteralExpression(each)) pending.push(...each.elements);
    else if (ts.isObjectLiteralExpression(each)) pending.push(...each.properties);
    else if (ts.isPropertyAssignment(each)) pending.push(each.initializer);
    else if (ts.isShorthandPropertyAssignment(each)) pending.push(each.name);
    else if (ts.isSpreadAssignment(each) || ts.isSpreadElement(each) || ts.isParenthesizedExpression(each)) pending.push(each.expression);
    else if (ts.isBinaryExpression(each)) pending.push(each.left);
  }
}

/** The name a function gets by being assigned: `f` of `f = …` and of `exports.f = …`. */
function assignedName({ left, right }: ts.BinaryExpression): string | undefined {
  if (left.kind === K.Identifier) return nameOf(left as ts.Identifier);
  if (left.kind !== K.PropertyAccessExpression) return undefined;
  const name = nameOf((left as ts.PropertyAccessExpression).name);
  if (name !== 'exports') return name;
  // The members of `module.exports = { … }` are known by their own names.
  return unwrap(right).kind === K.ObjectLiteralExpression ? undefined : 'default';
}

// Functions and classes.
on(K.FunctionDeclaration, (scan, node: ts.FunctionDeclaration) => {
  if (!node.body || isAmbient(node)) return;
  const name = node.name ? nameOf(node.name) : 'default';
  const info = scan.createFunction('function', name, scan.qualify(name), node.name);
  if (node.name) {
    const variable = scan.scope.declare(name, node.name);
    variable.fixed = { kind: 'function', info };
    scan.clearable.push(variable);
  }
  scan.enter(node, info, undefined);
});
on([K.FunctionExpression, K.ArrowFunction], (scan, node: ts.FunctionExpression | ts.ArrowFunction) => visitNamed(scan, node, undefined));
on(K.ClassDeclaration, (scan, node: ts.ClassDeclaration) => {
  if (isAmbient(node)) return;
  const variable = node.name && scan.scope.declare(nameOf(node.name), node.name);
  const info = visitClass(scan, node, 'default', (created) => {
    if (variable) variable.fixed = { kind: 'class', info: created };
  });
  if (variable) variable.fixed = { kind: 'class', info };
});
on(K.ClassExpression, (scan, node: ts.ClassExpression) => visitNamed(scan, node, undefined));
on(K.ObjectLiteralExpression, (scan, node: ts.ObjectLiteralExpression) => visitObjectLiteral(scan, node, undefined, undefined));

// Declarations.
on(K.VariableStatement, (scan, node: ts.VariableStatement) => {
  if (!isAmbient(node)) scan.visit(node.declarationList);
});
on(K.VariableDeclarationList, (scan, node: ts.VariableDeclarationList) => {
  const isConst = (node.flags & ts.NodeFlags.BlockScoped) > ts.NodeFlags.Let;
  const scope = node.flags & ts.NodeFlags.BlockScoped ? scan.scope : scan.varScope;
  for (const declaration of node.declarations) visitVariable(scan, declaration, scope, isConst);
});

function visitVariable(scan: Scan, node: ts.VariableDeclaration, scope: Scope, isConst: boolean): void {
  const { name, initializer } = node;
  let declared: Variable | undefined;
  scan.declareNames(name, scope, (variable) => {
    declared = variable;
    if (!isConst) scan.clearable.push(variable);
  });
  if (!initializer) {
    if (declared && node.type) declared.annotation = node.type;
    return;
  }
  const source = importSourceOf(initializer);
  if (source) fixImports(name, scope, source);
  if (name.kind !== K.Identifier || !declared) {
    scan.visit(initializer);
    return;
  }
  declared.annotation = node.type;
  if (declared.isModule && unwrap(initializer).kind === K.ObjectLiteralExpression) scan.initializers.set(name, unwrap(initializer));
  if (isConst) noteCondition(scan, declared, initializer);
  const made = visitNamed(scan, initializer, nameOf(name), isConst ? declared : undefined);
  if (made) declared.fixed = made;
}

/** A constant may name a condition: `const isMain = require.main === module`, `const isWorker = !isMainThread`. */
function noteCondition(scan: Scan, variable: Variable, initializer: ts.Expression): void {
  let inner = unwrap(initializer);
  while (inner.kind === K.PrefixUnaryExpression && (inner as ts.PrefixUnaryExpression).operator === K.ExclamationToken) {
    variable.isNegation = !variable.isNegation;
    inner = unwrap((inner as ts.PrefixUnaryExpression).operand);
  }
  if (!scan.mayTestForMain) return;
  const test = mainTestOf(inner, scan.text);
  variable.mainTest = test && ((test === 'main') !== variable.isNegation ? 'main' : 'not-main');
}

/** `const { a, b: c } = require('m')`: each name stands for an import. */
function fixImports(name: ts.BindingName, scope: Scope, source: { readonly specifier: string; readonly name?: string }): void {
  if (name.kind === K.Identifier) {
    const variable = scope.names.get(nameOf(name));
    if (variable) variable.fixed = { kind: 'import', source };
    return;
  }
  if (name.kind !== K.ObjectBindingPattern || source.name !== undefined) return;
  for (const element of name.elements) {
    const imported = propertyNameOf(element.propertyName ?? element.name);
    if (element.name.kind !== K.Identifier || element.dotDotDotToken || element.initializer || !imported || imported === ELEMENT) continue;
    const variable = scope.names.get(nameOf(element.name));
    if (variable) variable.fixed = { kind: 'import', source: { specifier: source.specifier, name: imported } };
  }
}

on(K.EnumDeclaration, (scan, node: ts.EnumDeclaration) => {
  scan.scope.declare(nameOf(node.name), node.name).fixed = { kind: 'inert' };
});
on(K.ModuleDeclaration, (scan, node: ts.ModuleDeclaration) => {
  if (isAmbient(node) || node.name.kind !== K.Identifier || !node.body) return;
  scan.scope.declare(nameOf(node.name), node.name);
  if (node.body.kind === K.ModuleBlock) visitVarScope(scan, node.body, (node.body as ts.ModuleBlock).statements);
  else scan.visit(node.body);
});

// Imports and exports.
on(K.ImportDeclaration, (scan, node: ts.ImportDeclaration) => {
  const clause = node.importClause;
  if (!clause || !ts.isStringLiteral(node.moduleSpecifier)) return;
  const specifier = specifierOf(node.moduleSpecifier.text);
  const declare = (name: ts.Identifier, imported: string | undefined) => {
    const source = imported === undefined ? { specifier } : { specifier, name: imported };
    scan.scope.declare(nameOf(name), name).fixed = { kind: 'import', source };
  };
  if (clause.name) declare(clause.name, 'default');
  if (clause.namedBindings?.kind === K.NamespaceImport) declare(clause.namedBindings.name, undefined);
  else for (const element of clause.namedBindings?.elements ?? []) declare(element.name, propertyNameOf(element.propertyName ?? element.name));
});
on(K.ImportEqualsDeclaration, (scan, node: ts.ImportEqualsDeclaration) => {
  const { moduleReference } = node;
  if (moduleReference.kind !== K.ExternalModuleReference || !ts.isStringLiteralLike(moduleReference.expression)) return;
  scan.scope.declare(nameOf(node.name), node.name).fixed = { kind: 'import', source: { specifier: specifierOf(moduleReference.expression.text) } };
});
on(K.ExportDeclaration, nothing);
on(K.ExportAssignment, (scan, node: ts.ExportAssignment) => {
  visitNamed(scan, node.expression, 'default');
});

// Blocks.
on([K.Block, K.ModuleBlock], (scan, node: ts.Block) => visitBlock(scan, node, node.statements));
on(K.ClassStaticBlockDeclaration, (scan, node: ts.ClassStaticBlockDeclaration) => visitVarScope(scan, node.body, node.body.statements));
on(K.CaseBlock, (scan, node: ts.CaseBlock) => {
  const declares = node.clauses.some((clause) => clause.statements.some(isDeclaration));
  if (declares) scan.within(node, new Scope(scan.scope, scan.owner, false), () => scan.visitAll(node.clauses));
  else scan.visitAll(node.clauses);
});
on([K.ForStatement, K.ForInStatement, K.ForOfStatement], (scan, node: ts.ForStatement | ts.ForInStatement | ts.ForOfStatement) => {
  const { initializer } = node;
  if (initializer && initializer.kind !== K.VariableDeclarationList && node.kind !== K.ForStatement) noteAssigned(scan, initializer);
  const declares = initializer?.kind === K.VariableDeclarationList && (initializer.flags & ts.NodeFlags.BlockScoped) !== 0;
  if (declares) scan.within(node, new Scope(scan.scope, scan.owner, false), () => ts.forEachChild(node, scan.visit));
  else ts.forEachChild(node, scan.visit);
});
on(K.CatchClause, (scan, node: ts.CatchClause) => {
  const scope = new Scope(scan.scope, scan.owner, false);
  scan.within(node, scope, () => {
    if (node.variableDeclaration) scan.declareNames(node.variableDeclaration.name, scope);
    scan.visit(node.block);
  });
});

function visitBlock(scan: Scan, node: ts.Node, statements: readonly ts.Statement[]): void {
  if (statements.some(isDeclaration)) scan.within(node, new Scope(scan.scope, scan.owner, false), () => scan.visitAll(statements));
  else scan.visitAll(statements);
}

/** A block that holds its own `var` declarations although it is no function: namespaces and static blocks. */
function visitVarScope(scan: Scan, node: ts.Node, statements: readonly ts.Statement[]): void {
  const outer = scan.varScope;
  const scope = new Scope(scan.scope, scan.owner, false);
  scan.varScope = scope;
  scan.within(node, scope, () => scan.visitAll(statements));
  scan.varScope = outer;
}

function isDeclaration(node: ts.Statement): boolean {
  switch (node.kind) {
    case K.VariableStatement:
      return ((node as ts.VariableStatement).declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
    case K.FunctionDeclaration:
    case K.ClassDeclaration:
    case K.EnumDeclaration:
    case K.ModuleDeclaration:
      return true;
    default:
      return false;
  }
}

/** Whether a declaration says only that something exists elsewhere: `declare …`. */
export function isAmbient(node: ts.Statement & { readonly modifiers?: readonly ts.ModifierLike[] }): boolean {
  return node.modifiers !== undefined && node.modifiers.some((modifier) => modifier.kind === K.DeclareKeyword);
}
