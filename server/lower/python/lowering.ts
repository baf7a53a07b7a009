// Lowering: the state that the lowering of one file shares, and how names, values and problems are handled in it.

import type { Field, ModelFunction, Problem } from '../../model/module';
import type { Read } from '../../model/operation';
import { ELEMENT, extendPlace, type Place } from '../../model/place';
import { type TypeReference, UNKNOWN, type Value } from '../../model/value';
import type { FlatTree } from '../../syntax/python/flat-tree';
import type { NameTable } from '../../syntax/python/name-table';
import type { Span } from '../../text/span';
import type { FunctionBuilder, FunctionHead } from '../function-builder';
import type { Expression } from '../local-flow';
import { type Bound, ownerOf, type Scope, type ScopeTable, Way } from './scopes';

/** Code nested deeper than this is left out, with a problem; CPython itself gives up at 200 brackets and 100 blocks. */
const DEEPEST = 220;
/** Longer paths, such as those of `x = x.next` written out many times, are cut. */
const LONGEST_PATH = 12;

/** What a call's outcome is for; see `Call.outcome`. */
export type Outcome = 'dropped' | 'used' | 'awaited' | 'returned';

/** What a name means where it is used. */
export type Resolution =
  /** Always the same: a function, class, import, parameter that is never bound anew, or a name of the language. */
  | { readonly kind: 'fixed'; readonly expression: Expression }
  /** A local variable that no inner function captures, by its key in the local flow. */
  | { readonly kind: 'local'; readonly key: string }
  /** A module, captured or class variable: each use is a read or a write. */
  | { readonly kind: 'place'; readonly place: Place; readonly isField: boolean };

/** A class while its body is lowered. */
export interface ClassDraft {
  name: string;
  qualifiedName: string;
  bases: Value[];
  metaclass?: Value;
  decorators: Value[];
  methods: Record<string, number>;
  fields: Field[];
  claimsThreadSafety?: boolean;
  span: Span;
  nameSpan: Span;
  /** Whether annotated names in its body are fields of each instance, as in a dataclass. */
  declaresFields: boolean;
}

/** A function whose body is still to be lowered. */
export interface PendingFunction {
  readonly scope: Scope;
  readonly head: FunctionHead;
  readonly body: number;
}

/** The parts of the lowering that call each other in a circle find each other here. */
export interface Parts {
  /** Lowers an expression, with the read of its place. */
  load(node: number, outcome?: Outcome): Expression;
  /** Lowers an expression up to its place, which is not read itself. */
  reference(node: number): Expression;
  /** Lowers the statements of a block. */
  block(node: number): void;
  /** Lowers one statement. */
  statement(node: number): void;
  /** Puts a value into a target. */
  assign(target: number, value: Expression): void;
}

export class Lowering {
  readonly functions: ModelFunction[] = [];
  readonly classes: ClassDraft[] = [];
  readonly problems: Problem[] = [];
  readonly pending: PendingFunction[] = [];
  /** What module-level variables are given, anywhere in the file. */
  readonly moduleValues = new Map<string, Value[]>();
  readonly moduleAnnotations = new Map<string, TypeReference>();
  readonly docstrings: number[] = [];
  /** The `(self)` of a `type(self).x = …` that the grammar took for a type alias. */
  typeArgument = -1;
  scope: Scope;
  builder!: FunctionBuilder;
  parts!: Parts;
  private depth = 0;
  private readonly resolutions = new Map<Scope, Map<string, Resolution>>();

  constructor(
    readonly tree: FlatTree,
    readonly names: NameTable,
    readonly scopes: ScopeTable,
  ) {
    this.scope = scopes.module;
  }

  nameOf(node: number): string {
    return this.names.intern(this.tree.text, this.tree.start[node], this.tree.end[node]);
  }

  spanOf(node: number): Span {
    return { start: this.tree.start[node], end: this.tree.end[node] };
  }

  /** Goes one level deeper; false, with one problem for the file, where that would be too deep. Follow with `leave`. */
  descend(node: number): boolean {
    if (++this.depth <= DEEPEST) return true;
    const message = 'Nested too deeply: what is inside was not analysed';
    if (!this.problems.some((problem) => problem.message === message))
      this.problems.push({ span: { start: this.tree.start[node], end: this.tree.start[node] }, message });
    return false;
  }

  leave(): void {
    this.depth--;
  }

  /** What `name` means in the current scope. */
  resolve(name: string): Resolution {
    let known = this.resolutions.get(this.scope);
    if (!known) {
      known = new Map();
      this.resolutions.set(this.scope, known);
    }
    let resolution = known.get(name);
    if (!resolution) {
      const owner = ownerOf(this.scope, name);
      if (name === '') resolution = fixed(UNKNOWN);
      else resolution = owner ? resolveBound(owner, owner.bindings.get(name)!) : fixed({ kind: 'place', place: { root: { kind: 'global', name }, path: [] } });
      known.set(name, resolution);
    }
    return resolution;
  }

  /** Emits a read of an expression's place and gives what was read; gives the expression itself where there is nothing to read. */
  read(expression: Expression, node: number, by?: Read['by']): Expression {
    const { value, depends } = expression;
    if (value.kind !== 'place' || !isTracked(value.place)) return expression;
    const operation = this.builder.emit({ kind: 'read', span: this.spanOf(node), place: value.place, depends, ...(by ? { by } : {}) });
    return { value, depends: [operation] };
  }

  /** Emits a write. */
  write(place: Place, value: Expression, depends: readonly number[], node: number, mode: 'assign' | 'update' | 'delete' = 'assign'): void {
    if (place.root.kind === 'unknown') return;
    const either = mode === 'assign' && value.either ? { either: value.either } : {};
    this.builder.emit({ kind: 'write', span: this.spanOf(node), place, value: value.value, mode, depends, ...either });
    if (place.root.kind === 'module' && place.path.length === 0 && mode === 'assign') this.noteModuleValue(place.root.name, value.value);
  }

  private noteModuleValue(name: string, value: Value): void {
    // Results and variables of other functions mean nothing to those who read a module's bindings.
    const known = this.scope.function === 0 || !speaksOfFunction(value) ? value : UNKNOWN;
    const values = this.moduleValues.get(name);
    if (values) values.push(known);
    else this.moduleValues.set(name, [known]);
  }
}

function resolveBound(owner: Scope, bound: Bound): Resolution {
  const { name, ways, times, index } = bound;
  if (ways === Way.import && times === 1) return fixed({ kind: 'place', place: importPlace(bound) });
  if (ways === Way.function && times === 1) return fixed({ kind: 'function', function: index });
  if (ways === Way.class && times === 1) return fixed({ kind: 'class', class: index });
  if (owner.kind === 'module') return { kind: 'place', place: { root: { kind: 'module', name }, path: [] }, isField: false };
  // A property's getter and setter, or overloads.
  if (owner.kind === 'class' && ways === Way.function) return fixed({ kind: 'place', place: { root: { kind: 'class', class: owner.class }, path: [name] } });
  if (owner.kind === 'class') return { kind: 'place', place: { root: { kind: 'class', class: owner.class }, path: [name] }, isField: true };
  const isParameter = ways === Way.parameter && times === 1;
  if (isParameter && owner.receiver?.name === name) return fixed(receiverOf(owner));
  if (bound.captured) return { kind: 'place', place: { root: { kind: 'variable', function: owner.function, name }, path: [] }, isField: false };
  if (isParameter) return fixed({ kind: 'place', place: { root: { kind: 'parameter', index }, path: [] } });
  return { kind: 'local', key: owner.kind === 'comprehension' ? `${name} ${owner.node}` : name };
}

/** What the first parameter of a method holds when the method begins. */
export function receiverOf(scope: Scope): Value {
  return { kind: 'place', place: { root: { kind: scope.receiver!.kind, class: scope.class }, path: [] } };
}

export function importPlace(bound: Bound): Place {
  const specifier = bound.specifier ?? '';
  return { root: bound.imported === undefined ? { kind: 'import', specifier } : { kind: 'import', specifier, name: bound.imported }, path: [] };
}

function fixed(value: Value): Resolution {
  return { kind: 'fixed', expression: { value, depends: [] } };
}

/** Whether reading a place is an operation: it has to start somewhere known, and not be the bare start unless that is a variable. */
function isTracked({ root, path }: Place): boolean {
  switch (root.kind) {
    case 'global':
    case 'unknown':
      return false;
    case 'module':
    case 'variable':
      return true;
    default:
      return path.length > 0;
  }
}

const FUNCTION_ROOTS: ReadonlySet<string> = new Set(['result', 'parameter', 'variable']);

/** Whether a value is one only inside its function. */
export function speaksOfFunction(value: Value): boolean {
  if (value.kind === 'place') return FUNCTION_ROOTS.has(value.place.root.kind);
  return value.kind === 'collection' && value.items.some(speaksOfFunction);
}

/** An attribute or element of a value. */
export function extendValue(lowering: Lowering, value: Value, step: string): Value {
  // A name that the parser put in where the text has none.
  if (step === '') return UNKNOWN;
  switch (value.kind) {
    case 'place': {
      const { place } = value;
      if (step === '__class__' && place.root.kind === 'receiver' && place.path.length === 0) return classOf(place.root.class);
      if (place.path.length < LONGEST_PATH) return { kind: 'place', place: extendPlace(place, step) };
      return unknownPlace(step);
    }
    case 'class':
      return step === ELEMENT ? UNKNOWN : { kind: 'place', place: { root: { kind: 'class', class: value.class }, path: [step] } };
    case 'function': {
      const scope = lowering.scopes.functions[value.function];
      const bound =
        scope.parent?.kind === 'module'
          ? [...lowering.scopes.module.bindings.values()].find((each) => each.ways === Way.function && each.index === value.function)
          : undefined;
      return bound && step !== ELEMENT ? { kind: 'place', place: { root: { kind: 'module', name: bound.name }, path: [step] } } : unknownPlace(step);
    }
    case 'collection':
      return step === ELEMENT ? commonItem(value.items) : unknownPlace(step);
    default:
      return step === ELEMENT ? UNKNOWN : unknownPlace(step);
  }
}

/** The class object. */
export function classOf(index: number): Value {
  return { kind: 'place', place: { root: { kind: 'class', class: index }, path: [] } };
}

/** Of a value nobody knows at least the last step is worth telling: it names the method of a call. */
function unknownPlace(step: string): Value {
  return { kind: 'place', place: { root: { kind: 'unknown' }, path: [step] } };
}

/** What any item of a collection is: all alike, or unknown. */
function commonItem(items: readonly Value[]): Value {
  if (items.length === 0 || items.length > 16) return UNKNOWN;
  const first = items[0];
  return items.length === 1 || items.every((item) => JSON.stringify(item) === JSON.stringify(first)) ? first : UNKNOWN;
}

/** An expression that is `value` whatever flows into it. */
export function constant(value: string | number | boolean | null): Expression {
  return { value: { kind: 'constant', value }, depends: [] };
}
