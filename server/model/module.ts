// Modules: one source file as the analysis sees it.
import type { Span } from '../text/span';
import type { Block, Operation } from './operation';
import type { Place } from './place';
import type { TypeReference, Value } from './value';

/** The two languages; JavaScript in all its forms counts as TypeScript. */
export type Language = 'python' | 'typescript';

/** One source file. `functions[0]` is the module's own body. */
export interface Module {
  /** The file's id: its URI or its path with forward slashes; the analysis only compares it. */
  readonly file: string;
  readonly language: Language;
  readonly functions: readonly ModelFunction[];
  readonly classes: readonly ModelClass[];
  /** Module-level names and what they are bound to. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** TypeScript only: exported names. Every module-level name of a Python module is exported. */
  readonly exports: readonly Export[];
  /** Start and end of each comment and docstring, flat: `[start, end, start, end, …]`. */
  readonly comments: readonly number[];
  /** TypeScript only: what its interfaces and object types declare, by name. */
  readonly shapes?: Readonly<Record<string, Shape>>;
  /** What comments on declarations say of the locks that guard what they declare, in the order of the comments. */
  readonly guards?: readonly StatedGuard[];
  /** What could not be read; the rest of the module is still good. */
  readonly problems: readonly Problem[];
}

/** `# guarded by: _lock`, `// @guardedBy lock` at the declaration of a field or of a module's variable. */
export interface StatedGuard {
  /** What is guarded: a field of a class, or a variable of the module. */
  readonly place: Place;
  /** The lock as it is written there: `_lock`, `self._lock`, `Registry._lock`. */
  readonly lock: string;
  /** Of the lock's name in the comment. */
  readonly span: Span;
}

/** What objects of an interface or object type hold. */
export interface Shape {
  readonly members: Readonly<Record<string, ShapeMember>>;
  readonly bases: readonly TypeReference[];
}

export interface ShapeMember {
  readonly isFunction?: true;
  readonly isOptional?: true;
  readonly type?: TypeReference;
}

export interface Problem {
  readonly span: Span;
  readonly message: string;
}

/** What a module-level name is. A name bound in several ways is a variable with several values. */
export type Binding =
  | { readonly kind: 'function'; readonly function: number }
  | { readonly kind: 'class'; readonly class: number }
  | { readonly kind: 'import'; readonly specifier: string; readonly name?: string; readonly span: Span }
  | { readonly kind: 'variable'; readonly values: readonly Value[]; readonly annotation?: TypeReference; readonly span: Span };

/** `export { local as name }`, `export { from as name } from 'specifier'`, `export * from` (name '*'). */
export interface Export {
  readonly name: string;
  readonly local?: string;
  readonly specifier?: string;
  readonly from?: string;
}

export type FunctionKind = 'module' | 'function' | 'method' | 'class-method' | 'static-method' | 'property' | 'constructor' | 'lambda';

export interface ModelFunction {
  /** `Class.method`, `outer.inner`; lambdas are numbered in their parent: `outer.lambda-1`. The module's body is `module`. */
  readonly qualifiedName: string;
  readonly name: string;
  readonly kind: FunctionKind;
  /** The class whose method this is, or whose method encloses this closure. */
  readonly class?: number;
  /** The enclosing function; absent for the module's body alone. */
  readonly parent?: number;
  readonly parameters: readonly Parameter[];
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Whether people outside the file or class are not meant to call it: `_name`, `#name`, `private`, not exported. */
  readonly isPrivate: boolean;
  readonly decorators: readonly Value[];
  readonly returns?: TypeReference;
  /** Its documentation, or the module's for the module's body, says that several threads call it or share it. */
  readonly claimsThreadSafety?: boolean;
  /** Its documentation says that whoever calls it holds a lock. */
  readonly calledUnderLock?: boolean;
  /** Locks that a comment says its callers hold, as they are written: `# requires: _lock`. */
  readonly requires?: readonly string[];
  readonly span: Span;
  /** Of the name; of the first token for a nameless one. */
  readonly nameSpan: Span;
  /** Whole statements, innermost, as spans without their line end; operations refer to them by index. */
  readonly statements: readonly Span[];
  readonly operations: readonly Operation[];
  readonly body: Block;
  /** Equal for equal behaviour: a hash over everything but spans. */
  readonly hash: string;
}

export interface Parameter {
  readonly name: string;
  readonly annotation?: TypeReference;
  readonly default?: Value;
  readonly rest?: 'positional' | 'keyword';
}

export interface ModelClass {
  readonly name: string;
  readonly qualifiedName: string;
  readonly bases: readonly Value[];
  /** What makes its instances: `metaclass=…`. */
  readonly metaclass?: Value;
  readonly decorators: readonly Value[];
  /** Method name → function index; of overloads and redefinitions the last one, a setter under `name=`. */
  readonly methods: Readonly<Record<string, number>>;
  /** Fields declared in the class body. `shared`: on the class itself (Python class attributes, `static`). */
  readonly fields: readonly Field[];
  /** What the class's documentation says of itself: it claims to be safe to share between threads. */
  readonly claimsThreadSafety?: boolean;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface Field {
  readonly name: string;
  readonly value?: Value;
  readonly annotation?: TypeReference;
  readonly shared: boolean;
  readonly span: Span;
}
