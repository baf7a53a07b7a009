// Scopes: which names each function, class and comprehension of a file binds, and which of them inner functions capture.
import { childOf, childOfKind, childrenOf, type FlatTree, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import type { NameTable } from '../../syntax/python/name-table';
import { decoratorName, isMisreadTypeAlias, scopeKindOf } from './tree-shapes';

/** How a name is bound; the bits of `Bound.ways`. */
export const Way = { import: 1, function: 2, class: 4, parameter: 8, other: 16 } as const;

/** The qualified name of the module's body; names in it are not qualified. */
const MODULE_NAME = 'module';
/** Thousands of nested lambdas would otherwise have names of the square of that. */
const LONGEST_NAME = 1000;

/** One name bound in one scope. */
export interface Bound {
  readonly name: string;
  /** The node of the first binding occurrence. */
  readonly node: number;
  ways: number;
  /** How often it is bound; several equal imports count once. */
  times: number;
  /** Used by an inner function. */
  captured: boolean;
  /** Index of the function, class or parameter. */
  readonly index: number;
  readonly specifier?: string;
  readonly imported?: string;
}

export interface Scope {
  readonly kind: 'module' | 'function' | 'lambda' | 'class' | 'comprehension';
  readonly node: number;
  readonly parent: Scope | undefined;
  /** The scope whose function runs this one's code: itself, or for classes and comprehensions the function around. */
  readonly holder: Scope;
  /** Index of the holder's function. */
  readonly function: number;
  /** The class itself, or whose method this is or stands in; -1 for none. */
  readonly class: number;
  readonly qualifiedName: string;
  readonly bindings: Map<string, Bound>;
  readonly uses: Set<string>;
  /** Names declared `global` or `nonlocal`. */
  outer: Map<string, 'global' | 'nonlocal'> | undefined;
  /** The first parameter of a method, and what it stands for. */
  receiver: { readonly name: string; readonly kind: 'receiver' | 'class' } | undefined;
  isGenerator: boolean;
  lambdas: number;
  /** Whether the first `for` of a comprehension was seen; what it goes over belongs to the scope around. */
  hasIterable: boolean;
}

export interface ScopeTable {
  readonly module: Scope;
  /** Node of a function, lambda, class or comprehension → its scope. */
  readonly byNode: ReadonlyMap<number, Scope>;
  /** Scopes of functions by index; the module's is 0. */
  readonly functions: readonly Scope[];
  readonly classes: readonly Scope[];
  /** Specifiers of `from … import *`, with their statements' nodes. */
  readonly stars: readonly { readonly specifier: string; readonly node: number }[];
}

/** The scopes of a file. */
export function findScopes(tree: FlatTree, names: NameTable): ScopeTable {
  return new ScopeFinder(tree, names).run();
}

/** The scope in which `name`, used in `scope`, is bound; undefined for names of the language or of nobody. */
export function ownerOf(scope: Scope, name: string): Scope | undefined {
  let passed = false;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const declared = at.outer?.get(name);
    if (declared === 'global') return moduleOf(at).bindings.has(name) ? moduleOf(at) : undefined;
    // A class's names are seen by its body alone, not by the functions in it.
    if (!declared && at.bindings.has(name) && !(passed && at.kind === 'class')) return at;
    if (at.kind !== 'comprehension') passed = true;
  }
  return undefined;
}

function moduleOf(scope: Scope): Scope {
  let at = scope;
  while (at.parent) at = at.parent;
  return at;
}

class ScopeFinder {
  private readonly byNode = new Map<number, Scope>();
  private readonly functions: Scope[] = [];
  private readonly classes: Scope[] = [];
  private readonly all: Scope[] = [];
  private readonly stars: { specifier: string; node: number }[] = [];
  private readonly module: Scope;
  private readonly regionScopes: Scope[] = [];
  private readonly regionEnds: number[] = [];
  private current: Scope;
  /** The next node that belongs to another scope than what is around it. */
  private pendingNode = -1;
  private pendingScope: Scope;
  /** Types are skipped, but not inside a `type(x).y = z` that the grammar took for a type alias. */
  private misreadEnd = -1;

  constructor(
    private readonly tree: FlatTree,
    private readonly names: NameTable,
  ) {
    this.module = this.open('module', 0, undefined, MODULE_NAME);
    this.current = this.module;
    this.pendingScope = this.module;
  }

  run(): ScopeTable {
    const { tree } = this;
    const { kind, next } = tree;
    for (let node = 1; node < tree.count; ) {
      while (this.regionEnds.length > 0 && node >= this.regionEnds[this.regionEnds.length - 1]) {
        this.regionEnds.pop();
        this.current = this.regionScopes.pop()!;
      }
      if (node === this.pendingNode) this.enter(this.pendingScope, node);
      node = kind[node] === Kind.identifier ? this.identifier(node) : this.visit(node) ? next[node] : node + 1;
    }
    this.markCaptured();
    const { module, byNode, functions, classes, stars } = this;
    return { module, byNode, functions, classes, stars };
  }

  private identifier(node: number): number {
    const field = this.tree.field[node];
    if (field !== Field.name && field !== Field.attribute && field !== Field.alias) this.current.uses.add(this.nameOf(node));
    return node + 1;
  }

  /** Takes in one node; true when what is below it needs no visit. */
  private visit(node: number): boolean {
    const { tree } = this;
    switch (tree.kind[node]) {
      case Kind.functionDefinition:
        this.functionDefinition(node);
        return false;
      case Kind.lambda: {
        const scope = this.open('lambda', node, this.current, `lambda-${++this.nearestBody().lambdas}`);
        this.bindParameters(scope, childOf(tree, node, Field.parameters));
        this.enter(scope, node);
        return false;
      }
      case Kind.classDefinition: {
        const name = childOf(tree, node, Field.name);
        const scope = this.open('class', node, this.current, name < 0 ? '' : this.nameOf(name));
        if (name >= 0) this.bind(this.current, this.nameOf(name), name, Way.class, scope.class);
        const superclasses = childOf(tree, node, Field.superclasses);
        if (superclasses >= 0) this.later(superclasses, this.current);
        this.enter(scope, node);
        return false;
      }
      case Kind.listComprehension:
      case Kind.setComprehension:
      case Kind.dictionaryComprehension:
      case Kind.generatorExpression:
        this.enter(this.open('comprehension', node, this.current, ''), node);
        return false;
      case Kind.forInClause:
        this.bindTargets(this.current, childOf(tree, node, Field.left));
        if (this.current.kind === 'comprehension' && !this.current.hasIterable && this.current.parent) {
          this.current.hasIterable = true;
          this.later(childOf(tree, node, Field.right), this.current.parent);
        }
        return false;
      case Kind.defaultParameter:
      case Kind.typedDefaultParameter:
        if (this.current.parent) this.later(childOf(tree, node, Field.value), this.current.parent);
        return false;
      case Kind.assignment:
      case Kind.augmentedAssignment:
      case Kind.forStatement:
        this.bindTargets(this.current, childOf(tree, node, Field.left));
        return false;
      case Kind.namedExpression:
        this.bindTargets(this.nearestBody(), childOf(tree, node, Field.name));
        return false;
      case Kind.asPatternTarget:
        this.bindTargets(this.nearestBody(), node);
        return false;
      case Kind.asPattern:
        if (tree.kind[tree.parent[node]] === Kind.casePattern) this.bindTargets(this.current, lastChild(tree, node));
        return false;
      case Kind.exceptClause:
        this.bindTargets(this.current, childOf(tree, node, Field.alias));
        return false;
      case Kind.splatPattern:
        this.bindTargets(this.current, firstChild(tree, node));
        return true;
      case Kind.dottedName:
        return this.patternName(node);
      case Kind.globalStatement:
      case Kind.nonlocalStatement:
        this.declareOuter(node, tree.kind[node] === Kind.globalStatement ? 'global' : 'nonlocal');
        return true;
      case Kind.importStatement:
      case Kind.importFrom:
      case Kind.futureImport:
        this.importNames(node);
        return true;
      case Kind.typeAlias:
        if (isMisreadTypeAlias(tree, node)) {
          this.misreadEnd = tree.next[node];
          return false;
        }
        this.bindTargets(this.current, aliasName(tree, node));
        return true;
      case Kind.type:
        return node >= this.misreadEnd;
      case Kind.yield:
        this.current.holder.isGenerator = true;
        return false;
      default:
        return false;
    }
  }

  private functionDefinition(node: number): void {
    const { tree } = this;
    const name = childOf(tree, node, Field.name);
    const scope = this.open('function', node, this.current, name < 0 ? '' : this.nameOf(name));
    if (name >= 0 && decoratorName(tree, this.names, node, 'overload') === undefined) {
      this.bind(this.current, this.nameOf(name), name, Way.function, scope.function);
    }
    this.bindParameters(scope, childOf(tree, node, Field.parameters));
    if (this.current.kind === 'class') {
      const first = [...scope.bindings.values()].find((bound) => bound.index === 0 && bound.ways === Way.parameter);
      const kind = first && scopeKindOf(tree, this.names, node);
      if (first && kind) scope.receiver = { name: first.name, kind };
    }
    this.enter(scope, node);
  }

  private bindParameters(scope: Scope, parameters: number): void {
    if (parameters < 0) return;
    let index = 0;
    for (const child of childrenOf(this.tree, parameters)) {
      const name = parameterName(this.tree, child);
      if (name < 0) {
        if (this.tree.kind[child] === Kind.tuplePattern) this.bindTargets(scope, child);
        continue;
      }
      this.bind(scope, this.nameOf(name), name, Way.parameter, index++);
    }
  }

  /** Binds every name in a target; attributes and subscripts bind none. */
  private bindTargets(scope: Scope, target: number): void {
    if (target < 0) return;
    const { kind, next } = this.tree;
    for (let node = target; node < next[target]; ) {
      if (kind[node] === Kind.identifier) this.bind(scope, this.nameOf(node), node, Way.other, -1);
      node = kind[node] === Kind.attribute || kind[node] === Kind.subscript || kind[node] === Kind.call ? next[node] : node + 1;
    }
  }

  private patternName(node: number): boolean {
    const { tree } = this;
    const around = tree.kind[tree.parent[node]];
    const isCapture = around === Kind.casePattern || around === Kind.keywordPattern || around === Kind.unionPattern;
    if (isCapture && tree.next[node] === node + 2) this.bind(this.current, this.nameOf(node + 1), node + 1, Way.other, -1);
    else if (tree.next[node] > node + 1) this.current.uses.add(this.nameOf(node + 1));
    return true;
  }

  private declareOuter(node: number, how: 'global' | 'nonlocal'): void {
    for (const child of childrenOf(this.tree, node)) {
      this.current.outer ??= new Map();
      this.current.outer.set(this.nameOf(child), how);
      this.current.uses.add(this.nameOf(child));
      if (how === 'global') this.bind(this.module, this.nameOf(child), child, Way.other, -1);
    }
  }

  private importNames(node: number): void {
    const { tree } = this;
    const isFrom = tree.kind[node] !== Kind.importStatement;
    const specifier = isFrom ? specifierOf(tree, node) : '';
    if (childOfKind(tree, node, Kind.wildcardImport) >= 0) this.stars.push({ specifier, node });
    for (const { name, alias } of importedNames(tree, node)) {
      const whole = tree.text.slice(tree.start[name], tree.end[name]).replace(/\s/g, '');
      const bound = alias >= 0 ? this.nameOf(alias) : isFrom ? whole : this.nameOf(name + 1);
      const from = isFrom ? { specifier, imported: whole } : { specifier: alias >= 0 ? whole : bound };
      this.bind(this.current, bound, alias >= 0 ? alias : name, Way.import, -1, from);
    }
  }

  private bind(at: Scope, name: string, node: number, way: number, index: number, from?: { specifier: string; imported?: string }): void {
    const declared = at.outer?.get(name);
    if (declared === 'nonlocal' || name === '') return;
    const scope = declared === 'global' ? this.module : at;
    const old = scope.bindings.get(name);
    // A global bound by another function's statement is a variable, whatever that statement is.
    const ways = declared === 'global' ? Way.other : way;
    if (!old) {
      scope.bindings.set(name, { name, node, ways, times: 1, captured: false, index, ...from });
      return;
    }
    const isSame = ways === Way.import && old.ways === Way.import && old.specifier === from?.specifier && old.imported === from?.imported;
    old.ways |= ways;
    if (!isSame) old.times++;
  }

  /** Walrus targets of comprehensions belong to the function around. */
  private nearestBody(): Scope {
    let scope = this.current;
    while (scope.kind === 'comprehension' && scope.parent) scope = scope.parent;
    return scope;
  }

  private open(kind: Scope['kind'], node: number, parent: Scope | undefined, name: string): Scope {
    const isHolder = kind !== 'class' && kind !== 'comprehension';
    const scope = {
      kind,
      node,
      parent,
      function: isHolder ? this.functions.length : parent!.function,
      class: kind === 'class' ? this.classes.length : (parent?.class ?? -1),
      qualifiedName: qualify(parent, kind, name),
      bindings: new Map(),
      uses: new Set<string>(),
      outer: undefined,
      receiver: undefined,
      isGenerator: false,
      lambdas: 0,
      hasIterable: false,
    } as unknown as Scope;
    (scope as { holder: Scope }).holder = isHolder ? scope : parent!.holder;
    if (isHolder) this.functions.push(scope);
    if (kind === 'class') this.classes.push(scope);
    if (node > 0) this.byNode.set(node, scope);
    this.all.push(scope);
    return scope;
  }

  private enter(scope: Scope, node: number): void {
    this.regionScopes.push(this.current);
    this.regionEnds.push(this.tree.next[node]);
    this.current = scope;
  }

  private later(node: number, scope: Scope): void {
    this.pendingNode = node;
    this.pendingScope = scope;
  }

  private markCaptured(): void {
    for (const scope of this.all) {
      for (const name of scope.uses) {
        const owner = ownerOf(scope, name);
        if (owner && owner.kind !== 'module' && owner.holder !== scope.holder) owner.bindings.get(name)!.captured = true;
      }
    }
  }

  private nameOf(node: number): string {
    return this.names.intern(this.tree.text, this.tree.start[node], this.tree.end[node]);
  }
}

/** The identifier of a parameter; -1 for separators and Python 2's tuples. */
export function parameterName(tree: FlatTree, parameter: number): number {
  let node = parameter;
  for (let depth = 0; depth < 4; depth++) {
    switch (tree.kind[node]) {
      case Kind.identifier:
        return node;
      case Kind.defaultParameter:
      case Kind.typedDefaultParameter:
        node = childOf(tree, node, Field.name);
        break;
      case Kind.typedParameter:
      case Kind.listSplatPattern:
      case Kind.dictionarySplatPattern:
        node = firstChild(tree, node);
        break;
      default:
        return -1;
    }
    if (node < 0) return -1;
  }
  return -1;
}

/** The names an import statement brings in: the imported (dotted) name and the alias or -1. */
export function importedNames(tree: FlatTree, node: number): { name: number; alias: number }[] {
  const found: { name: number; alias: number }[] = [];
  for (const child of childrenOf(tree, node)) {
    if (tree.field[child] !== Field.name) continue;
    if (tree.kind[child] !== Kind.aliasedImport) found.push({ name: child, alias: -1 });
    else {
      const name = childOf(tree, child, Field.name);
      if (name >= 0) found.push({ name, alias: childOf(tree, child, Field.alias) });
    }
  }
  return found;
}

/** `..pkg.mod` of a from-import, without white space. */
export function specifierOf(tree: FlatTree, node: number): string {
  if (tree.kind[node] === Kind.futureImport) return '__future__';
  const name = childOf(tree, node, Field.moduleName);
  return name < 0 ? '' : tree.text.slice(tree.start[name], tree.end[name]).replace(/[\s\\]/g, '');
}

function qualify(parent: Scope | undefined, kind: Scope['kind'], name: string): string {
  if (kind === 'comprehension') return parent!.qualifiedName;
  const isInner = parent && parent.qualifiedName !== MODULE_NAME && parent.qualifiedName.length < LONGEST_NAME;
  return isInner ? `${parent.qualifiedName}.${name}` : name;
}

function aliasName(tree: FlatTree, node: number): number {
  const left = childOf(tree, node, Field.left);
  for (let at = left; at >= 0 && at < tree.next[left]; at++) if (tree.kind[at] === Kind.identifier) return at;
  return -1;
}

function lastChild(tree: FlatTree, node: number): number {
  return childrenOf(tree, node).at(-1) ?? -1;
}
