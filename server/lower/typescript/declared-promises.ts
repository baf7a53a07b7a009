// Declared promises: what the types in a file say that calling something gives, without asking the type checker.
import ts from 'typescript';
import type { Call } from '../../model/operation';
import { nameOf, propertyNameOf } from './names';

const K = ts.SyntaxKind;
const DEEPEST = 6;

export type Gives = Call['gives'];

/** What members of one name give: `other` where one of them gives no promise, or something that is not written down. */
type Declared = NonNullable<Gives> | 'other';

/** What a file's own interfaces, type literals and classes say of their members. Collected when somebody first asks. */
export class DeclaredPromises {
  private members: ReadonlyMap<string, Declared> | undefined;

  constructor(
    private readonly tree: ts.SourceFile,
    private readonly aliases: ReadonlyMap<string, ts.TypeNode>,
  ) {}

  /** What a call of the member `name` of anything gives, if all that the file declares under that name agree. */
  ofMember(name: string): Gives {
    this.members ??= this.collect();
    const found = this.members.get(name);
    return found === 'other' ? undefined : found;
  }

  /** What a call of something of this type gives; `member`: of a member of it, where it is a type literal. */
  ofType(node: ts.TypeNode | undefined, member?: string): Gives {
    if (!node) return undefined;
    if (member === undefined) {
      const given = this.called(node, 0);
      return given === 'other' ? undefined : given;
    }
    if (node.kind !== K.TypeLiteral) return undefined;
    const found = new Map<string, Declared>();
    this.addMembers((node as ts.TypeLiteralNode).members, found);
    const given = found.get(member);
    return given === 'other' ? undefined : given;
  }

  private collect(): Map<string, Declared> {
    const found = new Map<string, Declared>();
    for (const statement of this.tree.statements) this.addStatement(statement, found);
    return found;
  }

  private addStatement(node: ts.Node, found: Map<string, Declared>): void {
    switch (node.kind) {
      case K.InterfaceDeclaration:
        this.addMembers((node as ts.InterfaceDeclaration).members, found);
        break;
      case K.TypeAliasDeclaration: {
        const { type } = node as ts.TypeAliasDeclaration;
        if (type.kind === K.TypeLiteral) this.addMembers((type as ts.TypeLiteralNode).members, found);
        break;
      }
      case K.ClassDeclaration:
        this.addClass(node as ts.ClassDeclaration, found);
        break;
      case K.ModuleDeclaration: {
        const { body } = node as ts.ModuleDeclaration;
        if (body?.kind === K.ModuleBlock) for (const inner of (body as ts.ModuleBlock).statements) this.addStatement(inner, found);
      }
    }
  }

  private addMembers(members: readonly ts.TypeElement[], found: Map<string, Declared>): void {
    for (const member of members) {
      const name = member.name && propertyNameOf(member.name);
      if (name === undefined) continue;
      if (member.kind === K.MethodSignature) note(found, name, this.outcome((member as ts.MethodSignature).type, 0));
      else if (member.kind === K.PropertySignature) this.noteProperty(found, name, (member as ts.PropertySignature).type);
    }
  }

  private addClass(node: ts.ClassDeclaration, found: Map<string, Declared>): void {
    for (const member of node.members) {
      const name = member.name && propertyNameOf(member.name);
      if (member.kind === K.Constructor) {
        for (const parameter of (member as ts.ConstructorDeclaration).parameters) {
          const own = propertyNameOf(parameter.name);
          if (own !== undefined && parameter.modifiers && parameter.modifiers.length > 0) this.noteProperty(found, own, parameter.type);
        }
      } else if (name !== undefined && member.kind === K.MethodDeclaration) {
        // What a method gives is known where it is known whose it is; of others with its name it says nothing.
        note(found, name, 'other');
      } else if (name !== undefined && member.kind === K.PropertyDeclaration) {
        this.noteProperty(found, name, (member as ts.PropertyDeclaration).type);
      }
    }
  }

  /** A property that holds no function is not called, so that it says nothing. */
  private noteProperty(found: Map<string, Declared>, name: string, type: ts.TypeNode | undefined): void {
    const given = type && this.called(type, 0);
    if (given !== undefined) note(found, name, given);
  }

  /** What calling something of a type gives; undefined where the type is no function's. */
  private called(node: ts.TypeNode, depth: number): Declared | undefined {
    if (depth > DEEPEST) return undefined;
    switch (node.kind) {
      case K.FunctionType:
        return this.outcome((node as ts.FunctionTypeNode).type, depth + 1);
      case K.ParenthesizedType:
        return this.called((node as ts.ParenthesizedTypeNode).type, depth + 1);
      case K.UnionType: {
        const functions = (node as ts.UnionTypeNode).types.flatMap((type) => this.called(type, depth + 1) ?? []);
        return functions.length === 0 ? undefined : functions.reduce(either);
      }
      case K.TypeReference: {
        const alias = this.aliasOf(node as ts.TypeReferenceNode);
        return alias && this.called(alias, depth + 1);
      }
      default:
        return undefined;
    }
  }

  /** What a return type says. */
  private outcome(node: ts.TypeNode | undefined, depth: number): Declared {
    if (!node || depth > DEEPEST) return 'other';
    if (node.kind === K.ParenthesizedType) return this.outcome((node as ts.ParenthesizedTypeNode).type, depth + 1);
    if (node.kind === K.UnionType) {
      const types = (node as ts.UnionTypeNode).types.map((type) => this.outcome(type, depth + 1));
      if (types.every((type) => type === 'other')) return 'other';
      return types.every((type) => type === 'promise') ? 'promise' : 'maybe-promise';
    }
    if (node.kind !== K.TypeReference) return 'other';
    const { typeName } = node as ts.TypeReferenceNode;
    const name = typeName.kind === K.Identifier ? nameOf(typeName) : '';
    if (name === 'Promise' || name === 'PromiseLike') return 'promise';
    if (AWAITABLE.test(name)) return 'maybe-promise';
    const alias = this.aliasOf(node as ts.TypeReferenceNode);
    return alias ? this.outcome(alias, depth + 1) : 'other';
  }

  private aliasOf({ typeName }: ts.TypeReferenceNode): ts.TypeNode | undefined {
    return typeName.kind === K.Identifier ? this.aliases.get(nameOf(typeName)) : undefined;
  }
}

/** What projects call the type of something that may or may not have to be awaited. */
const AWAITABLE = /^(?:Awaitable|MaybePromise|Promisable|MaybeAsync|MaybePromiseLike|PromiseOrValue|ValueOrPromise|OrPromise)$/;

function note(found: Map<string, Declared>, name: string, given: Declared): void {
  const known = found.get(name);
  found.set(name, known === undefined ? given : either(known, given));
}

function either(a: Declared, b: Declared): Declared {
  if (a === b) return a;
  return a === 'other' || b === 'other' ? 'other' : 'maybe-promise';
}
