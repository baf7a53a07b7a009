// Lowering: the second walk over a tree. What it works on, and how it hands each node to whoever knows its kind.
import type ts from 'typescript';
import type { ModelClass, ModelFunction } from '../../model/module';
import type { Call, ElementKey } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';
import { tokenStart } from '../../syntax/typescript/trivia';
import type { Span } from '../../text/span';
import type { FunctionBuilder } from '../function-builder';
import { type Expression, UNKNOWN_EXPRESSION } from '../local-flow';
import type { DeclaredPromises } from './declared-promises';
import type { Scan } from './scan';
import type { FunctionInfo, Scope, Variable } from './symbols';

/** What becomes of an expression's value; calls keep it. */
export type Outcome = Call['outcome'];

export type LowerExpression = (f: FunctionLowering, node: ts.Node, outcome: Outcome) => Expression;
export type LowerStatement = (f: FunctionLowering, node: ts.Node) => void;

/** Who lowers which kind of node. */
export interface LoweringTables {
  readonly expressions: (LowerExpression | undefined)[];
  readonly statements: (LowerStatement | undefined)[];
}

/** Registers lowerings by kind of node; each file of lowerings makes one, and `lower-module.ts` joins them. */
export class Tables implements LoweringTables {
  readonly expressions: (LowerExpression | undefined)[] = [];
  readonly statements: (LowerStatement | undefined)[] = [];

  expression<T extends ts.Node>(kinds: readonly ts.SyntaxKind[], lower: (f: FunctionLowering, node: T, outcome: Outcome) => Expression): void {
    for (const kind of kinds) this.expressions[kind] = lower as LowerExpression;
  }

  statement<T extends ts.Node>(kinds: readonly ts.SyntaxKind[], lower: (f: FunctionLowering, node: T) => void): void {
    for (const kind of kinds) this.statements[kind] = lower as LowerStatement;
  }
}

/** Statements and expressions nested deeper than this are left out, so that no text overflows the stack. */
const DEEPEST = 250;

/** What all functions of a file share while they are lowered. */
export class ModuleLowering {
  readonly functions: ModelFunction[] = [];
  readonly classes: ModelClass[] = [];
  /** What module-level variables are bound to, by name. */
  readonly values = new Map<string, Value[]>();
  /** Functions that people outside the file can name. */
  readonly exportedFunctions = new Set<FunctionInfo>();
  /** Module-level names made up for what is exported without a name of its own: `exports.run`. */
  readonly exportedExpressions = new Map<string, ts.Node>();
  /** Assignments that export something, with the made-up name; `exports` for one that sets all exports at once. */
  readonly exportAssignments = new Map<ts.BinaryExpression, string>();
  /** What a CommonJS module exports → the module-level name that it exports. */
  readonly commonJsLocals = new Map<string, string>();
  tooDeep: Span | undefined;
  depth = 0;

  constructor(
    readonly text: string,
    readonly scan: Scan,
    readonly tables: LoweringTables,
    readonly declaredPromises: DeclaredPromises,
  ) {}

  /** The span of a node without the white space and comments before it. */
  span(node: ts.Node): Span {
    const { end } = node;
    return { start: Math.min(tokenStart(this.text, node.pos), end), end };
  }

  /** Notes that a module-level name may hold a value. */
  bind(name: string, value: Value): void {
    const values = this.values.get(name);
    if (!values) this.values.set(name, [value]);
    else if (values.length < 20) values.push(value);
  }
}

/** One function that is being lowered, and where in it. */
export class FunctionLowering {
  /** What `this` is here. */
  thisPlace: Place | undefined;
  /** What a `break` without a label leaves here: only those of loops are operations. */
  breakLeaves: 'loop' | 'switch' = 'loop';
  /** Labels of blocks that are no loops. */
  blockLabels: Set<string> | undefined;

  constructor(
    readonly module: ModuleLowering,
    readonly info: FunctionInfo,
    readonly builder: FunctionBuilder,
    public scope: Scope,
  ) {}

  /** Lowers an expression: emits its operations and says what it is. `outcome`: what becomes of it, if it is a call. */
  expression(node: ts.Node, outcome: Outcome = 'used'): Expression {
    const { module } = this;
    const lower = module.tables.expressions[node.kind];
    if (!lower) return UNKNOWN_EXPRESSION;
    if (module.depth >= DEEPEST) {
      module.tooDeep ??= module.span(node);
      return UNKNOWN_EXPRESSION;
    }
    module.depth++;
    const expression = lower(this, node, outcome);
    module.depth--;
    return expression;
  }

  statement(node: ts.Node): void {
    const { module } = this;
    const lower = module.tables.statements[node.kind];
    if (!lower) return;
    if (module.depth >= DEEPEST) {
      module.tooDeep ??= module.span(node);
      return;
    }
    module.depth++;
    lower(this, node);
    module.depth--;
  }

  span(node: ts.Node): Span {
    return this.module.span(node);
  }

  /** Lowers what stands in the scope of a node, if that node has one. */
  inScopeOf(node: ts.Node, lower: () => void): void {
    const inner = this.module.scan.scopeOf.get(node);
    if (!inner) {
      lower();
      return;
    }
    const outer = this.scope;
    this.scope = inner;
    lower();
    this.scope = outer;
  }

  /** Emits the read of a place; gives what stands there. */
  read(node: ts.Node, place: Place, depends: readonly number[], key?: ElementKey): Expression {
    const number = this.builder.emit({ kind: 'read', place, ...(key ? { key } : {}), depends, span: this.span(node) });
    return { value: { kind: 'place', place }, depends: [number] };
  }

  /** The place of a variable; undefined for one that only this function knows. */
  placeOf(variable: Variable): Place | undefined {
    if (variable.place) return variable.place;
    const place = this.newPlaceOf(variable);
    variable.place = place;
    return place;
  }

  private newPlaceOf(variable: Variable): Place | undefined {
    const { fixed, isModule, captured, owner, key, name } = variable;
    if (fixed?.kind === 'import') return { root: { kind: 'import', ...fixed.source }, path: [] };
    if (isModule) return { root: { kind: 'module', name }, path: [] };
    return captured ? { root: { kind: 'variable', function: owner.index, name: key }, path: [] } : undefined;
  }
}
