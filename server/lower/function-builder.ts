// Function builder: collects the operations and the control flow of one function, whichever language it is in.

import type { ModelFunction } from '../model/module';
import type { Branch, Operation, Step, Try, With } from '../model/operation';
import { structuralHash } from '../model/structural-hash';
import type { Value } from '../model/value';
import type { Span } from '../text/span';
import { type Expression, type LocalFlow, mergeDepends, mergeFlows } from './local-flow';

/** An operation without what the builder itself fills in. */
type Bare<T> = T extends Operation ? Omit<T, 'statement'> : never;
export type NewOperation = Bare<Operation>;

/** What is known of a function before its body is lowered. */
export type FunctionHead = Omit<ModelFunction, 'statements' | 'operations' | 'body' | 'hash'>;

/**
 * Use: `statement(span, () => …)` around each statement, `emit` for each operation in order of evaluation, and
 * `branch`, `loop`, `attempt`, `enter` around what they hold. Local variables that no inner function captures are not
 * places: `assign` and `lookup` follow what they hold, so that operations depend on the reads behind them.
 */
export class FunctionBuilder {
  private readonly statements: Span[] = [];
  private readonly operations: Operation[] = [];
  private steps: Step[] = [];
  private flow: LocalFlow = new Map();
  /** Whether `flow` is this point's alone; one that others hold too is copied before it is changed. */
  private ownsFlow = true;
  private currentStatement = -1;
  /** What is known where a break leaves the loop that is being lowered. */
  private atBreaks: LocalFlow;

  constructor(readonly head: FunctionHead) {}

  /** Lowers one statement; operations emitted inside belong to it, or to a statement nested in it. */
  statement(span: Span, lower: () => void): void {
    const outer = this.currentStatement;
    this.currentStatement = this.statements.push(span) - 1;
    lower();
    this.currentStatement = outer;
  }

  /** Appends an operation and gives its number. One outside all statements gets a statement of its own span. */
  emit(operation: NewOperation): number {
    if (this.currentStatement < 0) this.currentStatement = this.statements.push(operation.span) - 1;
    const span = within(operation.span, this.statements[this.currentStatement]);
    const number = this.operations.push({ ...operation, span, statement: this.currentStatement } as Operation) - 1;
    this.steps.push(number);
    if (operation.kind === 'break') this.atBreaks = meet(this.atBreaks, this.flow && new Map(this.flow));
    if (operation.kind === 'return' || operation.kind === 'raise' || operation.kind === 'break' || operation.kind === 'continue') this.flow = undefined;
    return number;
  }

  /** The operation with a number. */
  operation(number: number): Operation {
    return this.operations[number];
  }

  /** Replaces an operation already emitted, keeping its number; for what only the surroundings tell, such as a call's outcome. */
  amend(number: number, change: (operation: Operation) => Operation): void {
    this.operations[number] = change(this.operations[number]);
  }

  /** How many operations there are so far: the number the next one gets. */
  get operationCount(): number {
    return this.operations.length;
  }

  /** What a local variable holds here; undefined when nothing is known of it. */
  lookup(name: string): Expression | undefined {
    return this.flow?.get(name);
  }

  /** Puts an expression in a local variable. */
  assign(name: string, expression: Expression): void {
    if (!this.flow) return;
    if (!this.ownsFlow) this.flow = new Map(this.flow);
    this.ownsFlow = true;
    this.flow.set(name, expression);
  }

  /** Whether control can reach this point at all. */
  get reachable(): boolean {
    return this.flow !== undefined;
  }

  /** Lowers alternatives of which one runs. Give an empty arm for a missing else. */
  branch(span: Span, test: readonly number[], arms: readonly (() => void)[], extra: Pick<Branch, 'guard' | 'negated' | 'asks'> = {}): void {
    const before = this.flow;
    let after: LocalFlow;
    const blocks = arms.map((arm) => {
      this.share(before);
      const block = this.block(arm);
      after = meet(after, this.flow);
      return block;
    });
    this.share(after);
    if (blocks.some((block) => block.length > 0)) this.steps.push({ kind: 'branch', test, arms: blocks, span, ...extra });
  }

  /** Lowers a loop; the condition is lowered by `body` too, as it runs in each round. */
  loop(span: Span, body: () => void, options: { otherwise?: () => void; endless?: boolean; over?: Value; test?: () => readonly number[] } = {}): void {
    const before = this.flow;
    const outer = this.atBreaks;
    this.atBreaks = undefined;
    this.share(before);
    const bodyBlock = this.block(body);
    this.share(meet(before, this.flow));
    const otherwise = options.otherwise ? this.block(options.otherwise) : [];
    // A break leaves the loop past its else.
    if (this.atBreaks) this.share(meet(this.atBreaks, this.flow));
    this.atBreaks = outer;
    const { endless, over, test } = options;
    this.steps.push({
      kind: 'loop',
      body: bodyBlock,
      otherwise,
      span,
      ...(endless ? { endless } : {}),
      ...(over ? { over } : {}),
      ...(test ? { test: test() } : {}),
    });
  }

  /** Lowers try/except/else/finally or try/catch/finally. */
  attempt(
    span: Span,
    parts: { body: () => void; handlers?: readonly (() => void)[]; catches?: Try['catches']; otherwise?: () => void; final?: () => void },
  ): void {
    const before = this.flow;
    this.share(before);
    const body = this.block(parts.body);
    const otherwise = parts.otherwise ? this.block(parts.otherwise) : [];
    let after = this.flow;
    const atHandler = meet(before, after);
    const handlers = (parts.handlers ?? []).map((handler) => {
      this.share(atHandler);
      const block = this.block(handler);
      after = meet(after, this.flow);
      return block;
    });
    const ended = after === undefined;
    this.share(after ?? (parts.final ? before : undefined));
    const final = parts.final ? this.block(parts.final) : [];
    if (ended) this.flow = undefined;
    this.steps.push({ kind: 'try', body, handlers, ...(parts.catches ? { catches: parts.catches } : {}), otherwise, final, span });
  }

  /** Lowers a with statement's (or a `using` declaration's) body. */
  enter(item: Omit<With, 'kind' | 'body' | 'statement'>, body: () => void): void {
    if (this.currentStatement < 0) this.currentStatement = this.statements.push(item.span) - 1;
    const statement = this.currentStatement;
    this.steps.push({ kind: 'with', ...item, statement, body: this.block(body) });
  }

  /** The finished function. */
  finish(): ModelFunction {
    const whole = { ...this.head, statements: this.statements, operations: this.operations, body: this.steps };
    return { ...whole, hash: structuralHash(whole) };
  }

  /** Goes on with a flow that others may hold too. */
  private share(flow: LocalFlow): void {
    this.flow = flow;
    this.ownsFlow = false;
  }

  private block(lower: () => void): Step[] {
    const outer = this.steps;
    this.steps = [];
    lower();
    const block = this.steps;
    this.steps = outer;
    return block;
  }
}

/** What is known where two paths meet; most often both still hold the same flow. */
function meet(a: LocalFlow, b: LocalFlow): LocalFlow {
  if (!a || a === b) return b;
  return b ? mergeFlows(a, b) : a;
}

/** An empty span stands for something missing, which a parser may put before the statement that lacks it: moved to its start. */
function within(span: Span, statement: Span): Span {
  if (span.start !== span.end || (span.start >= statement.start && span.end <= statement.end)) return span;
  return { start: statement.start, end: statement.start };
}

/** An expression that is the outcome of an operation. */
export function outcomeOf(operation: number): Expression {
  const value: Value = { kind: 'place', place: { root: { kind: 'result', operation }, path: [] } };
  return { value, depends: [operation] };
}

/** An expression made of others, of no known value itself. */
export function combine(...parts: readonly Expression[]): Expression {
  return { value: { kind: 'unknown' }, depends: parts.reduce<readonly number[]>((all, part) => mergeDepends(all, part.depends), []) };
}
