// Scanning of classes: their methods, and the constructor in which their field initialisers run.
import ts from 'typescript';
import type { Place } from '../../model/place';
import { nameOf, propertyNameOf, unwrap } from './names';
import type { Scan } from './scan';
import { ClassInfo, Scope } from './symbols';

const K = ts.SyntaxKind;

/** Visits a class; `created` is told of it before its members are visited. */
export function visitClass(scan: Scan, node: ts.ClassLikeDeclaration, fallback: string, created: (info: ClassInfo) => void): ClassInfo {
  const name = node.name ? nameOf(node.name) : fallback;
  const info = new ClassInfo(scan.classes.length, name, scan.qualify(name), node.name);
  scan.classes.push(info);
  scan.classOf.set(node, info);
  created(info);
  scan.addTypeParameters(node.typeParameters);
  visitDecorators(scan, node);
  for (const clause of node.heritageClauses ?? []) if (clause.token === K.ExtendsKeyword) scan.visitAll(clause.types);
  if (node.kind !== K.ClassExpression || !node.name) {
    visitMembers(scan, node, info);
    return info;
  }
  const scope = new Scope(scan.scope, scan.owner, false);
  scope.declare(name, node.name).fixed = { kind: 'class', info };
  scan.within(node, scope, () => visitMembers(scan, node, info));
  return info;
}

function visitMembers(scan: Scan, node: ts.ClassLikeDeclaration, info: ClassInfo): void {
  const receiver: Place = { root: { kind: 'receiver', class: info.index }, path: [] };
  const itself: Place = { root: { kind: 'class', class: info.index }, path: [] };
  const { owner, class_: outerClass, thisSource: outerThis } = scan;
  scan.class_ = info;
  const written = node.members.find(
    (member): member is ts.ConstructorDeclaration => member.kind === K.Constructor && (member as ts.ConstructorDeclaration).body !== undefined,
  );
  if (written || node.members.some(needsConstructor)) {
    info.constructor_ = scan.createFunction('constructor', 'constructor', `${info.qualifiedName}.constructor`, written);
    info.constructor_.thisSource = receiver;
    info.methods['constructor'] = info.constructor_;
    if (!written) {
      scan.number(info.constructor_);
      info.constructor_.scope = new Scope(scan.scope, info.constructor_, true);
    }
  }
  for (const member of node.members) {
    visitDecorators(scan, member);
    if (member.name?.kind === K.ComputedPropertyName) scan.visit(member.name);
    const isStatic = hasModifier(member, K.StaticKeyword);
    const thisPlace = isStatic ? itself : receiver;
    switch (member.kind) {
      case K.Constructor:
        if (member === written && info.constructor_) scan.enter(written, info.constructor_, receiver);
        break;
      case K.MethodDeclaration:
      case K.GetAccessor:
      case K.SetAccessor:
        visitMethod(scan, member as ts.MethodDeclaration | ts.AccessorDeclaration, info, isStatic, thisPlace);
        break;
      case K.PropertyDeclaration:
        visitField(scan, member as ts.PropertyDeclaration, info, isStatic, thisPlace);
        break;
      case K.ClassStaticBlockDeclaration:
        scan.thisSource = itself;
        scan.visit(member);
        scan.thisSource = outerThis;
    }
  }
  scan.owner = owner;
  scan.class_ = outerClass;
}

function visitMethod(scan: Scan, node: ts.MethodDeclaration | ts.AccessorDeclaration, info: ClassInfo, isStatic: boolean, thisPlace: Place): void {
  if (!node.body) return;
  const name = propertyNameOf(node.name) ?? scan.lambdaName();
  const key = node.kind === K.SetAccessor ? `${name}=` : name;
  const kind = node.kind !== K.MethodDeclaration ? 'property' : isStatic ? 'static-method' : 'method';
  const method = scan.createFunction(kind, name, `${info.qualifiedName}.${key}`, node.name);
  info.methods[key] = method;
  scan.enter(node, method, thisPlace);
}

/** A field that holds a function is as good as a method. Other initialisers of instances run in the constructor. */
function visitField(scan: Scan, node: ts.PropertyDeclaration, info: ClassInfo, isStatic: boolean, thisPlace: Place): void {
  if (!node.initializer) return;
  const inner = unwrap(node.initializer);
  const name = propertyNameOf(node.name);
  if (name !== undefined && (inner.kind === K.ArrowFunction || inner.kind === K.FunctionExpression)) {
    const method = scan.createFunction(isStatic ? 'static-method' : 'method', name, `${info.qualifiedName}.${name}`, node.name);
    info.methods[name] = method;
    scan.enter(inner as ts.ArrowFunction | ts.FunctionExpression, method, thisPlace);
    return;
  }
  if (!isStatic && info.constructor_) {
    scan.inside(info.constructor_, new Scope(scan.scope, info.constructor_, true), thisPlace, info, () => scan.visit(node.initializer));
    return;
  }
  const outer = scan.thisSource;
  scan.thisSource = thisPlace;
  scan.visit(node.initializer);
  scan.thisSource = outer;
}

function needsConstructor(member: ts.ClassElement): boolean {
  return member.kind === K.PropertyDeclaration && (member as ts.PropertyDeclaration).initializer !== undefined && !hasModifier(member, K.StaticKeyword);
}

function visitDecorators(scan: Scan, node: ts.Node & { readonly modifiers?: readonly ts.ModifierLike[] }): void {
  if (node.modifiers) for (const modifier of node.modifiers) if (modifier.kind === K.Decorator) scan.visit(modifier);
}

/** Whether a declaration has a modifier such as `static`. */
export function hasModifier(node: ts.Node & { readonly modifiers?: readonly ts.ModifierLike[] }, kind: ts.SyntaxKind): boolean {
  return node.modifiers !== undefined && node.modifiers.some((modifier) => modifier.kind === kind);
}
