// Shapes: what the interfaces and object types of a file declare their members to be.
import ts from 'typescript';
import type { Shape, ShapeMember } from '../../model/module';
import type { TypeReference } from '../../model/value';
import type { ModuleLowering } from './lowering';
import { nameOf, propertyNameOf } from './names';
import { isShape } from './object-types';
import { typeReferenceOf } from './types';

const K = ts.SyntaxKind;

/** The shapes that the file declares at its top level, by name; several declarations of an interface are one. */
export function shapesOf(module: ModuleLowering, statements: readonly ts.Statement[]): Record<string, Shape> {
  const shapes = new Map<string, Shape>();
  const add = (name: string, found: Shape): void => {
    const known = shapes.get(name);
    shapes.set(name, known ? { members: { ...known.members, ...found.members }, bases: [...known.bases, ...found.bases] } : found);
  };
  for (const statement of statements) {
    if (statement.kind === K.InterfaceDeclaration) {
      const { name, members, heritageClauses } = statement as ts.InterfaceDeclaration;
      const bases = (heritageClauses ?? []).flatMap((clause) => clause.types.flatMap((type) => baseOf(module, type)));
      add(nameOf(name), { members: membersOf(module, members), bases });
    } else if (statement.kind === K.TypeAliasDeclaration && isShape((statement as ts.TypeAliasDeclaration).type)) {
      const { name, type } = statement as ts.TypeAliasDeclaration;
      add(nameOf(name), shapeOf(module, type));
    }
  }
  return Object.fromEntries(shapes);
}

function shapeOf(module: ModuleLowering, type: ts.TypeNode): Shape {
  if (type.kind === K.TypeLiteral) return { members: membersOf(module, (type as ts.TypeLiteralNode).members), bases: [] };
  const parts = (type as ts.IntersectionTypeNode).types;
  const literals = parts.filter(isShape).map((part) => shapeOf(module, part));
  const bases = parts.flatMap((part) => (isShape(part) ? [] : (typeReferenceOf(module, module.scan.moduleScope, part) ?? [])));
  return { members: Object.assign({}, ...literals.map((each) => each.members)), bases: [...literals.flatMap((each) => each.bases), ...bases] };
}

function baseOf(module: ModuleLowering, node: ts.ExpressionWithTypeArguments): TypeReference[] {
  if (node.expression.kind !== K.Identifier) return [];
  const name = nameOf(node.expression as ts.Identifier);
  const place = module.scan.typeNames.has(name) ? ({ root: { kind: 'module', name }, path: [] } as const) : undefined;
  return place ? [{ place }] : [];
}

function membersOf(module: ModuleLowering, nodes: readonly ts.TypeElement[]): Record<string, ShapeMember> {
  const members: [string, ShapeMember][] = [];
  for (const node of nodes) {
    const name = node.name && propertyNameOf(node.name);
    if (name === undefined) continue;
    const optional = node.questionToken ? { isOptional: true as const } : {};
    if (node.kind === K.MethodSignature) members.push([name, { isFunction: true, ...optional }]);
    else if (node.kind === K.PropertySignature) members.push([name, { ...memberOf(module, (node as ts.PropertySignature).type), ...optional }]);
  }
  return Object.fromEntries(members);
}

function memberOf(module: ModuleLowering, type: ts.TypeNode | undefined): ShapeMember {
  if (type && isFunctionType(module, type, 0)) return { isFunction: true };
  const reference = typeReferenceOf(module, module.scan.moduleScope, type);
  return reference ? { type: reference } : {};
}

/** A function type, or a union in which everything else is nothing. */
function isFunctionType(module: ModuleLowering, type: ts.TypeNode, depth: number): boolean {
  if (depth > 4) return false;
  switch (type.kind) {
    case K.FunctionType:
    case K.ConstructorType:
      return true;
    case K.ParenthesizedType:
      return isFunctionType(module, (type as ts.ParenthesizedTypeNode).type, depth + 1);
    case K.UnionType:
      return (type as ts.UnionTypeNode).types.every((part) => isNothing(part) || isFunctionType(module, part, depth + 1));
    case K.TypeReference: {
      const { typeName } = type as ts.TypeReferenceNode;
      const name = typeName.kind === K.Identifier ? nameOf(typeName) : '';
      const alias = module.scan.typeAliases.get(name);
      return name === 'Function' || (alias !== undefined && isFunctionType(module, alias, depth + 1));
    }
    default:
      return false;
  }
}

function isNothing(type: ts.TypeNode): boolean {
  return type.kind === K.UndefinedKeyword || type.kind === K.VoidKeyword || (ts.isLiteralTypeNode(type) && type.literal.kind === K.NullKeyword);
}
