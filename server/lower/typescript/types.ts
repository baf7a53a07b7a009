// Types: what a type annotation refers to, as far as it names a class or a container.
import ts from 'typescript';
import type { Place } from '../../model/place';
import type { TypeReference } from '../../model/value';
import type { ModuleLowering } from './lowering';
import { nameOf, specifierOf } from './names';
import { isShape } from './object-types';
import type { Scope } from './symbols';

const K = ts.SyntaxKind;
const DEEPEST = 10;

/** The type that an annotation names; undefined for interfaces, primitives and everything without a class behind it. */
export function typeReferenceOf(module: ModuleLowering, scope: Scope, node: ts.TypeNode | undefined, depth = 0): TypeReference | undefined {
  if (!node || depth > DEEPEST) return undefined;
  switch (node.kind) {
    case K.TypeReference: {
      const { typeName, typeArguments } = node as ts.TypeReferenceNode;
      const alias = typeName.kind === K.Identifier && !typeArguments ? module.scan.typeAliases.get(nameOf(typeName)) : undefined;
      if (alias && !isShape(alias)) return typeReferenceOf(module, module.scan.moduleScope, alias, depth + 3);
      // An object type is told by its name.
      const place = entityPlace(module, scope, typeName);
      return place && withArguments(module, scope, place, typeArguments, depth);
    }
    case K.ArrayType:
      return withArguments(module, scope, globalPlace('Array'), [(node as ts.ArrayTypeNode).elementType], depth);
    case K.TupleType:
      return { place: globalPlace('Array') };
    case K.UnionType:
      return unionReference(module, scope, (node as ts.UnionTypeNode).types, depth);
    case K.ParenthesizedType:
    case K.OptionalType:
      return typeReferenceOf(module, scope, (node as ts.ParenthesizedTypeNode).type, depth + 1);
    case K.TypeOperator: {
      const { operator, type } = node as ts.TypeOperatorNode;
      return operator === K.ReadonlyKeyword ? typeReferenceOf(module, scope, type, depth + 1) : undefined;
    }
    case K.ImportType:
      return importReference(module, scope, node as ts.ImportTypeNode, depth);
    default:
      return undefined;
  }
}

/** `X | undefined | null` is X; a union of several things is nothing we can name. */
function unionReference(module: ModuleLowering, scope: Scope, types: readonly ts.TypeNode[], depth: number): TypeReference | undefined {
  const real = types.filter((type) => type.kind !== K.UndefinedKeyword && !(ts.isLiteralTypeNode(type) && type.literal.kind === K.NullKeyword));
  return real.length === 1 ? typeReferenceOf(module, scope, real[0], depth + 1) : undefined;
}

function importReference(module: ModuleLowering, scope: Scope, node: ts.ImportTypeNode, depth: number): TypeReference | undefined {
  const { argument, qualifier } = node;
  if (!qualifier || node.isTypeOf || !ts.isLiteralTypeNode(argument) || !ts.isStringLiteral(argument.literal)) return undefined;
  const [name, ...path] = entityNames(qualifier);
  return withArguments(module, scope, { root: { kind: 'import', specifier: specifierOf(argument.literal.text), name }, path }, node.typeArguments, depth);
}

function withArguments(module: ModuleLowering, scope: Scope, place: Place, types: readonly ts.TypeNode[] | undefined, depth: number): TypeReference {
  if (!types || types.length === 0) return { place };
  const unknown: TypeReference = { place: { root: { kind: 'unknown' }, path: [] } };
  const known = types.map((type) => typeReferenceOf(module, scope, type, depth + 1));
  return known.some(Boolean) ? { place, arguments: known.map((type) => type ?? unknown) } : { place };
}

/** The place of the class that a type name refers to. */
function entityPlace(module: ModuleLowering, scope: Scope, name: ts.EntityName): Place | undefined {
  const [first, ...path] = entityNames(name);
  const variable = scope.find(first);
  if (!variable && module.scan.shapes.has(first)) return path.length === 0 ? { root: { kind: 'module', name: first }, path } : undefined;
  if (!variable) return module.scan.typeNames.has(first) ? undefined : { root: { kind: 'global', name: first }, path };
  const { fixed } = variable;
  if (fixed?.kind === 'import') return { root: { kind: 'import', ...fixed.source }, path };
  if (fixed?.kind !== 'class') return undefined;
  return variable.isModule ? { root: { kind: 'module', name: first }, path } : { root: { kind: 'class', class: fixed.info.index }, path };
}

function entityNames(name: ts.EntityName): string[] {
  const names: string[] = [];
  let at = name;
  for (; at.kind === K.QualifiedName; at = at.left) names.unshift(nameOf(at.right));
  names.unshift(nameOf(at));
  return names;
}

function globalPlace(name: string): Place {
  return { root: { kind: 'global', name }, path: [] };
}
