// Scan: the first walk over a tree. It numbers functions and classes, opens scopes and finds out what is captured.
import ts from 'typescript';
import type { FunctionKind } from '../../model/module';
import { nameOf } from './names';
import { type ClassInfo, FunctionInfo, Scope, type ThisSource, type Variable } from './symbols';

/** Trees deeper than this are not followed to the bottom, so that no text overflows the stack. */
const DEEPEST = 700;

export type Visit = (scan: Scan, node: ts.Node) => void;
export type VisitTable = (Visit | undefined)[];

/** What the first walk finds, and where it stands while it walks. */
export class Scan {
  readonly functions: FunctionInfo[] = [];
  readonly classes: ClassInfo[] = [];
  readonly functionOf = new Map<ts.Node, FunctionInfo>();
  readonly classOf = new Map<ts.Node, ClassInfo>();
  /** The scopes of blocks that declare something, of loops with variables, and of functions. */
  readonly scopeOf = new Map<ts.Node, Scope>();
  /** Names of interfaces, type aliases and type parameters anywhere in the file: they stand for no class. */
  readonly typeNames = new Set<string>();
  readonly typeAliases = new Map<string, ts.TypeNode>();
  /** Names of the interfaces and object types that the file declares at its top level. */
  readonly shapes = new Set<string>();
  /** Names that are assigned to somewhere, other than by their declaration. */
  readonly assigned = new Set<string>();
  /** Variables that stand for one thing only if nobody assigns to them. */
  readonly clearable: Variable[] = [];
  /** Name of a module-level variable → the object literal it is declared with. */
  readonly initializers = new Map<ts.Node, ts.Node>();
  readonly module: FunctionInfo;
  readonly moduleScope: Scope;
  tooDeep: ts.Node | undefined;

  owner: FunctionInfo;
  scope: Scope;
  /** Where `var` and function declarations go. */
  varScope: Scope;
  thisSource: ThisSource;
  class_: ClassInfo | undefined;
  private depth = 0;

  constructor(
    readonly text: string,
    readonly mayTestForMain: boolean,
    private readonly table: VisitTable,
  ) {
    this.module = new FunctionInfo('module', 'module', 'module', undefined, undefined, undefined);
    this.owner = this.module;
    this.moduleScope = new Scope(undefined, this.module, true);
    this.module.scope = this.moduleScope;
    this.scope = this.moduleScope;
    this.varScope = this.moduleScope;
    this.number(this.module);
  }

  /** Walks the whole file. */
  run(tree: ts.SourceFile): void {
    for (const statement of tree.statements) this.visit(statement);
    this.moduleScope.close();
    for (const variable of this.clearable) if (this.assigned.has(variable.name)) variable.fixed = undefined;
  }

  /** Visits a node, by the table where it is special and child by child where not. Types are left out. */
  readonly visit = (node: ts.Node | undefined): void => {
    if (!node || (node.kind >= ts.SyntaxKind.FirstTypeNode && node.kind <= ts.SyntaxKind.LastTypeNode)) return;
    if (this.depth >= DEEPEST) {
      this.tooDeep ??= node;
      return;
    }
    this.depth++;
    const special = this.table[node.kind];
    if (special) special(this, node);
    else ts.forEachChild(node, this.visit);
    this.depth--;
  };

  visitAll(nodes: readonly ts.Node[] | undefined): void {
    if (nodes) for (const node of nodes) this.visit(node);
  }

  use(name: string): void {
    this.scope.use(name);
  }

  /** Gives a function the next index. */
  number(info: FunctionInfo): void {
    info.index = this.functions.push(info) - 1;
  }

  /** The qualified name of something declared here. */
  qualify(name: string): string {
    return this.owner === this.module ? name : `${this.owner.qualifiedName}.${name}`;
  }

  /** A name for a nameless function, numbered in its parent. */
  lambdaName(): string {
    return `lambda-${++this.owner.lambdas}`;
  }

  createFunction(kind: FunctionKind, name: string, qualifiedName: string, nameNode?: ts.Node): FunctionInfo {
    return new FunctionInfo(kind, name, qualifiedName, this.owner, this.class_, nameNode);
  }

  /** Runs `visit` in a scope inside the present one, and remembers the scope for `node`. */
  within(node: ts.Node, scope: Scope, visit: () => void): void {
    const outer = this.scope;
    this.scope = scope;
    this.scopeOf.set(node, scope);
    visit();
    this.scope = outer;
    scope.close();
  }

  /** Runs `visit` inside a function. */
  inside(info: FunctionInfo, scope: Scope, thisSource: ThisSource, class_: ClassInfo | undefined, visit: () => void): void {
    const { owner, scope: outerScope, varScope, thisSource: outerThis, class_: outerClass } = this;
    this.owner = info;
    this.scope = scope;
    this.varScope = scope;
    this.thisSource = thisSource;
    this.class_ = class_;
    visit();
    scope.close();
    this.owner = owner;
    this.scope = outerScope;
    this.varScope = varScope;
    this.thisSource = outerThis;
    this.class_ = outerClass;
  }

  /** Scans a function whose index the source order gives it now. Declarations without a body are left out before. */
  enter(node: ts.SignatureDeclaration & { readonly body?: ts.Node }, info: FunctionInfo, thisSource: ThisSource): void {
    this.number(info);
    this.functionOf.set(node, info);
    info.thisSource = thisSource;
    const scope = new Scope(this.scope, info, true);
    info.scope = scope;
    this.addTypeParameters(node.typeParameters);
    this.inside(info, scope, thisSource, info.class_, () => {
      if (node.kind === ts.SyntaxKind.FunctionExpression && node.name) {
        scope.declare(nameOf(node.name as ts.Identifier), node.name).fixed = { kind: 'function', info };
      }
      node.parameters.forEach((parameter, index) => this.parameter(parameter, index));
      if (node.body?.kind === ts.SyntaxKind.Block) this.visitAll((node.body as ts.Block).statements);
      else this.visit(node.body);
    });
  }

  addTypeParameters(parameters: readonly ts.TypeParameterDeclaration[] | undefined): void {
    if (parameters) for (const parameter of parameters) this.typeNames.add(nameOf(parameter.name));
  }

  /** Declares the names of a variable, a parameter or a pattern. */
  declareNames(name: ts.BindingName, scope: Scope, declared?: (variable: Variable) => void): void {
    if (name.kind === ts.SyntaxKind.Identifier) {
      const variable = scope.declare(nameOf(name), name);
      declared?.(variable);
      return;
    }
    for (const element of name.elements) {
      if (element.kind === ts.SyntaxKind.OmittedExpression) continue;
      if (element.propertyName?.kind === ts.SyntaxKind.ComputedPropertyName) this.visit(element.propertyName);
      this.declareNames(element.name, scope, declared);
      this.visit(element.initializer);
    }
  }

  private parameter(parameter: ts.ParameterDeclaration, index: number): void {
    this.declareNames(parameter.name, this.scope, (variable) => {
      if (parameter.name.kind !== ts.SyntaxKind.Identifier) return;
      variable.parameter = index;
      variable.annotation = parameter.type;
    });
    this.visit(parameter.initializer);
  }
}
