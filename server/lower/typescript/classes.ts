// Lowering of classes: their members, and the constructor in which their field initialisers run.
import ts from 'typescript';
import type { Field } from '../../model/module';
import { ELEMENT } from '../../model/place';
import type { Value } from '../../model/value';
import { type Expression, UNKNOWN_EXPRESSION } from '../local-flow';
import { emitCall, lowerCallee } from './calls';
import { portable } from './combining';
import { enter, firstToken, isParameterProperty, lowerFunction } from './functions';
import { type FunctionLowering, Tables } from './lowering';
import { nameOf, propertyNameOf, unwrap } from './names';
import { hasModifier } from './scan-classes';
import type { ClassInfo, FunctionInfo } from './symbols';
import { typeReferenceOf } from './types';

const K = ts.SyntaxKind;
const tables = new Tables();
export const CLASS_TABLES = tables;

tables.expression([K.ClassExpression], (f, node: ts.ClassExpression) => lowerClass(f, node));
tables.statement([K.ClassDeclaration], (f, node: ts.ClassDeclaration) => f.builder.statement(f.span(node), () => void lowerClass(f, node)));

/** Lowers a class: what runs where it stands goes into the function around it, the rest into its methods. */
export function lowerClass(f: FunctionLowering, node: ts.ClassLikeDeclaration): Expression {
  const info = f.module.scan.classOf.get(node);
  if (!info) return UNKNOWN_EXPRESSION;
  const itself: Value = { kind: 'class', class: info.index };
  const bases: Value[] = [];
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token === K.ExtendsKeyword) for (const type of clause.types) bases.push(lowerCallee(f, type.expression).value);
  }
  info.base = bases.length > 0 ? portable(bases[0]) : undefined;
  const decorators = lowerDecorators(f, node);
  const fields: Field[] = [];
  const span = f.span(node);
  f.inScopeOf(node, () => {
    const initialisers = lowerMembers(f, node, info, fields);
    lowerConstructor(f, node, info, initialisers, bases.length > 0);
  });
  f.module.classes[info.index] = {
    name: info.name,
    qualifiedName: info.qualifiedName,
    bases,
    decorators: decorators.map(({ value }) => value),
    methods: Object.fromEntries(Object.entries(info.methods).map(([name, method]) => [name, method.index])),
    fields,
    span,
    nameSpan: info.nameNode ? f.span(info.nameNode) : firstToken(f.module, span),
  };
  for (const decorator of decorators) applyDecorator(f, decorator, itself);
  return { value: itself, depends: [] };
}

/** Lowers methods, static fields and static blocks; gives the fields that the constructor has to initialise. */
function lowerMembers(f: FunctionLowering, node: ts.ClassLikeDeclaration, info: ClassInfo, fields: Field[]): ts.PropertyDeclaration[] {
  const initialisers: ts.PropertyDeclaration[] = [];
  for (const member of node.members) {
    if (member.name?.kind === K.ComputedPropertyName) f.expression(member.name.expression);
    switch (member.kind) {
      case K.MethodDeclaration:
      case K.GetAccessor:
      case K.SetAccessor:
        lowerMethod(f, member as ts.MethodDeclaration);
        break;
      case K.PropertyDeclaration: {
        const property = member as ts.PropertyDeclaration;
        const isStatic = hasModifier(property, K.StaticKeyword);
        lowerDecorators(f, property);
        if (isStatic) withThis(f, info, () => lowerStaticField(f, property, info, fields));
        else if (property.initializer) initialisers.push(property);
        if (!isStatic)
          addField(
            f,
            property,
            fields,
            property.initializer && isFunction(property.initializer) ? f.module.scan.functionOf.get(unwrap(property.initializer)) : undefined,
          );
        break;
      }
      case K.ClassStaticBlockDeclaration:
        withThis(f, info, () => f.statement((member as ts.ClassStaticBlockDeclaration).body));
        break;
      case K.Constructor:
        addParameterProperties(f, member as ts.ConstructorDeclaration, fields);
    }
  }
  return initialisers;
}

function lowerMethod(f: FunctionLowering, node: ts.MethodDeclaration): void {
  if (!node.body) return;
  const decorators = lowerDecorators(f, node);
  const { value } = lowerFunction(f, node, { decorators: decorators.map((each) => each.value) });
  for (const decorator of decorators) applyDecorator(f, decorator, value);
}

/** Static fields are initialised where the class stands, on the class itself. */
function lowerStaticField(f: FunctionLowering, node: ts.PropertyDeclaration, info: ClassInfo, fields: Field[]): void {
  const name = propertyNameOf(node.name);
  if (!node.initializer) {
    addField(f, node, fields, undefined);
    return;
  }
  const { initializer } = node;
  f.builder.statement(f.span(node), () => {
    const source = lowerFieldValue(f, node, initializer);
    if (name !== undefined) {
      const place = { root: { kind: 'class' as const, class: info.index }, path: [name] };
      f.builder.emit({ kind: 'write', place, value: source.value, mode: 'assign', depends: source.depends, span: f.span(node) });
    }
    addField(f, node, fields, undefined, portable(source.value));
  });
}

function lowerFieldValue(f: FunctionLowering, node: ts.PropertyDeclaration, initializer: ts.Expression): Expression {
  const inner = unwrap(initializer);
  return isFunction(inner) ? lowerFunction(f, inner as ts.ArrowFunction, { field: node }) : f.expression(inner);
}

function isFunction(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return inner.kind === K.ArrowFunction || inner.kind === K.FunctionExpression;
}

/** Lowers the constructor, with the field initialisers at its beginning or behind `super(…)`; makes one up if need be. */
function lowerConstructor(
  f: FunctionLowering,
  node: ts.ClassLikeDeclaration,
  info: ClassInfo,
  initialisers: readonly ts.PropertyDeclaration[],
  isDerived: boolean,
): void {
  const written = node.members.find(
    (member): member is ts.ConstructorDeclaration => member.kind === K.Constructor && (member as ts.ConstructorDeclaration).body !== undefined,
  );
  const constructor = info.constructor_;
  if (!constructor) return;
  if (written) {
    const after = isDerived ? (written.body?.statements.findIndex(isSuperCall) ?? -1) : -1;
    lowerFunction(f, written, initialisers.length === 0 ? {} : { beforeStatement: { after, lower: (inner) => initialise(inner, initialisers) } });
    return;
  }
  const span = f.span(node);
  const inner = enter(f.module, constructor, {
    qualifiedName: constructor.qualifiedName,
    name: 'constructor',
    kind: 'constructor',
    class: info.index,
    parent: constructor.parent?.index ?? 0,
    parameters: [],
    isAsync: false,
    isGenerator: false,
    isPrivate: false,
    decorators: [],
    span,
    nameSpan: info.nameNode ? f.span(info.nameNode) : firstToken(f.module, span),
  });
  const base = node.heritageClauses?.find((clause) => clause.token === K.ExtendsKeyword);
  // A constructor that is not written passes everything on.
  if (base && info.base)
    inner.builder.statement(f.span(base), () => void emitCall(inner, base, { value: info.base as Value, depends: [] }, [], 'call', 'dropped'));
  initialise(inner, initialisers);
  f.module.functions[constructor.index] = inner.builder.finish();
}

function initialise(f: FunctionLowering, fields: readonly ts.PropertyDeclaration[]): void {
  // They see what is around the class, not the constructor's parameters.
  const inner = f.scope;
  f.scope = inner.parent ?? inner;
  for (const node of fields) {
    const { initializer } = node;
    const name = propertyNameOf(node.name);
    if (!initializer || !f.thisPlace) continue;
    const place = { root: f.thisPlace.root, path: [name ?? ELEMENT] };
    f.builder.statement(f.span(node), () => {
      const { value, depends } = lowerFieldValue(f, node, initializer);
      f.builder.emit({ kind: 'write', place, value, mode: 'assign', depends, span: f.span(node) });
    });
  }
  f.scope = inner;
}

function isSuperCall(node: ts.Statement): boolean {
  if (node.kind !== K.ExpressionStatement) return false;
  const { expression } = node as ts.ExpressionStatement;
  return expression.kind === K.CallExpression && (expression as ts.CallExpression).expression.kind === K.SuperKeyword;
}

function withThis(f: FunctionLowering, info: ClassInfo, lower: () => void): void {
  const outer = f.thisPlace;
  f.thisPlace = { root: { kind: 'class', class: info.index }, path: [] };
  lower();
  f.thisPlace = outer;
}

function addField(f: FunctionLowering, node: ts.PropertyDeclaration, fields: Field[], method: FunctionInfo | undefined, value?: Value): void {
  const name = propertyNameOf(node.name);
  if (name === undefined) return;
  const annotation = typeReferenceOf(f.module, f.scope, node.type);
  const held: Value | undefined = method ? { kind: 'function', function: method.index } : value?.kind === 'unknown' ? undefined : value;
  fields.push({
    name,
    shared: hasModifier(node, K.StaticKeyword),
    ...(held ? { value: held } : {}),
    ...(annotation ? { annotation } : {}),
    span: f.span(node),
  });
}

function addParameterProperties(f: FunctionLowering, node: ts.ConstructorDeclaration, fields: Field[]): void {
  if (!node.body) return;
  for (const parameter of node.parameters) {
    if (!isParameterProperty(parameter) || parameter.name.kind !== K.Identifier) continue;
    const annotation = typeReferenceOf(f.module, f.scope, parameter.type);
    fields.push({ name: nameOf(parameter.name), shared: false, ...(annotation ? { annotation } : {}), span: f.span(parameter) });
  }
}

interface LoweredDecorator extends Expression {
  readonly node: ts.Decorator;
}

function lowerDecorators(f: FunctionLowering, node: ts.Node & { readonly modifiers?: readonly ts.ModifierLike[] }): LoweredDecorator[] {
  const decorators: LoweredDecorator[] = [];
  for (const modifier of node.modifiers ?? []) {
    if (modifier.kind === K.Decorator) decorators.push({ node: modifier, ...lowerCallee(f, modifier.expression) });
  }
  return decorators;
}

function applyDecorator(f: FunctionLowering, { node, value, depends }: LoweredDecorator, target: Value): void {
  emitCall(f, node, { value, depends }, [{ value: target, depends: [] }], 'decorator', 'used');
}
