// Symbols: the functions, classes, variables and scopes of one source file, found before any of it is lowered.
import type ts from 'typescript';
import type { FunctionKind } from '../../model/module';
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';

/** What an import statement or a `require` brings in: `name` of `specifier`, or the whole module. */
export interface ImportSource {
  readonly specifier: string;
  readonly name?: string;
}

/** What `this` is: a place, the variable that an object literal is assigned to, or not known. */
export type ThisSource = Place | Variable | undefined;

/** A function of the file. Its index follows the source order and is known once the whole file has been scanned. */
export class FunctionInfo {
  index = -1;
  /** How many nameless functions inside it have been numbered. */
  lambdas = 0;
  scope: Scope | undefined;
  thisSource: ThisSource;
  /** Keys that blocks inside the function have given out. */
  private keys: Set<string> | undefined;

  constructor(
    readonly kind: FunctionKind,
    readonly name: string,
    readonly qualifiedName: string,
    readonly parent: FunctionInfo | undefined,
    readonly class_: ClassInfo | undefined,
    readonly nameNode: ts.Node | undefined,
  ) {}

  /** A name for a variable that no other variable of this function has: blocks may declare the same one again. */
  keyFor(name: string, scope: Scope): string {
    if (scope.isBoundary && !this.keys?.has(name)) return name;
    this.keys ??= new Set();
    let key = name;
    for (let again = 2; this.keys.has(key) || (again === 2 && this.scope?.names.has(key)); again++) key = `${name}#${again}`;
    this.keys.add(key);
    return key;
  }
}

/** A class of the file. */
export class ClassInfo {
  readonly methods: Record<string, FunctionInfo> = Object.create(null) as Record<string, FunctionInfo>;
  /** The constructor, written or synthesized for the field initialisers. */
  constructor_: FunctionInfo | undefined;
  /** What the class extends, once that has been lowered and where it means the same in every function. */
  base: Value | undefined;

  constructor(
    readonly index: number,
    readonly name: string,
    readonly qualifiedName: string,
    readonly nameNode: ts.Node | undefined,
  ) {}
}

/** Something that a name stands for all its life. */
export type Fixed =
  | { readonly kind: 'function'; readonly info: FunctionInfo }
  | { readonly kind: 'class'; readonly info: ClassInfo }
  | { readonly kind: 'import'; readonly source: ImportSource }
  /** Types, enumerations and the like, which are not shared state. */
  | { readonly kind: 'inert' };

/** A name that the file declares. */
export class Variable {
  /** Whether an inner function uses it, so that it is a place of its own. */
  captured = false;
  /** Position among the parameters of its function. */
  parameter = -1;
  fixed: Fixed | undefined;
  annotation: ts.TypeNode | undefined;
  /** Where the variable is a constant that holds `require.main === module` or the like: whether that is so in the program itself. */
  mainTest: 'main' | 'not-main' | undefined;
  /** Whether the variable is a constant that holds the opposite of something: `const isWorker = !isMainThread`. */
  isNegation = false;
  /** Its place, once somebody asked for it. */
  place: Place | undefined;

  constructor(
    readonly name: string,
    readonly key: string,
    readonly owner: FunctionInfo,
    /** Whether it is a name of the module itself. */
    readonly isModule: boolean,
    readonly nameNode: ts.Node,
  ) {}
}

/**
 * The names that one function or block declares, and what is used in it of names declared further out. There are very
 * many of these: what is empty is not made.
 */
export class Scope {
  private declared: Map<string, Variable> | undefined;
  /** Names used here, in the same function. */
  private used: Set<string> | undefined;
  /** Names used here by inner functions. */
  private crossing: Set<string> | undefined;

  constructor(
    readonly parent: Scope | undefined,
    readonly owner: FunctionInfo,
    /** Whether this is the outermost scope of `owner`. */
    readonly isBoundary: boolean,
  ) {}

  get names(): ReadonlyMap<string, Variable> {
    return this.declared ?? NO_NAMES;
  }

  declare(name: string, nameNode: ts.Node): Variable {
    const known = this.declared?.get(name);
    if (known) return known;
    const variable = new Variable(name, this.owner.keyFor(name, this), this.owner, !this.parent, nameNode);
    this.declared ??= new Map();
    this.declared.set(name, variable);
    return variable;
  }

  /** Notes that a name is used here. */
  use(name: string): void {
    this.used ??= new Set();
    this.used.add(name);
  }

  /** The variable that a name means here. */
  find(name: string): Variable | undefined {
    const variable = this.declared?.get(name);
    if (variable) return variable;
    for (let scope = this.parent; scope; scope = scope.parent) {
      const outer = scope.declared?.get(name);
      if (outer) return outer;
    }
    return undefined;
  }

  /** Settles, once all declarations are known, which variables inner functions capture; hands the rest outwards. */
  close(): void {
    const { parent, declared } = this;
    if (this.crossing) {
      for (const name of this.crossing) {
        const variable = declared?.get(name);
        if (variable) variable.captured = true;
        else parent?.cross(name);
      }
    }
    if (!parent || !this.used) return;
    for (const name of this.used) {
      if (declared?.has(name)) continue;
      if (this.isBoundary) parent.cross(name);
      else parent.use(name);
    }
  }

  private cross(name: string): void {
    this.crossing ??= new Set();
    this.crossing.add(name);
  }
}

const NO_NAMES: ReadonlyMap<string, Variable> = new Map();
