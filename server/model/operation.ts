// Operations and control flow: what a function does, reduced to what matters when code runs concurrently.
import type { Span } from '../text/span';
import type { Place } from './place';
import type { Value } from './value';

interface OperationBase {
  /** The operation's own source text. */
  readonly span: Span;
  /** Index into the function's `statements`: the innermost whole statement that holds it. */
  readonly statement: number;
  /**
   * Numbers of earlier operations of the same function whose outcome flows into this one, local variables already
   * followed: reads, calls and awaits. Ascending, no duplicates.
   */
  readonly depends: readonly number[];
}

/** TypeScript only: which element is meant where a place ends in one, and the operations that flow into that. */
export interface ElementKey {
  readonly value: Value;
  readonly depends: readonly number[];
}

/** Reads what stands in a place. Calls do not read their callee's name, only the object a method is called on. */
export interface Read extends OperationBase {
  readonly kind: 'read';
  readonly place: Place;
  readonly key?: ElementKey;
  /** Python only: how elements are read, where it is not one looked up: `k in d`, a loop's step, `d[1:]`. */
  readonly by?: 'membership' | 'step' | 'slice';
}

/** Puts a value in a place, or takes the place away. */
export interface Write extends OperationBase {
  readonly kind: 'write';
  readonly place: Place;
  readonly key?: ElementKey;
  readonly value: Value;
  /** What may be written where that is one of several (`given or Default()`) and `value` is unknown. */
  readonly either?: readonly Value[];
  /**
   * `update` is one statement that reads the place and writes it back (`x += 1`, `x++`, `x ??= y`); its read is an
   * operation of its own before it, and `depends` names it. `delete` takes the place away.
   */
  readonly mode: 'assign' | 'update' | 'delete';
}

/** Calls a function, a method or a class. */
export interface Call extends OperationBase {
  readonly kind: 'call';
  /** What is called: the place of its name, with the method as last step; or a function expression. */
  readonly callee: Value;
  readonly arguments: readonly Argument[];
  /** `new` for JavaScript's `new`, `decorator` for a decorator's application (its argument is the function or class). */
  readonly form: 'call' | 'new' | 'decorator';
  /** What becomes of the outcome in the source text: a dropped one stands alone as a statement. */
  readonly outcome: 'dropped' | 'used' | 'awaited' | 'returned';
  /** What the types that the file itself declares say that the call gives; absent where they say nothing of a promise. */
  readonly gives?: 'promise' | 'maybe-promise';
  /** `a?.b()`: nothing is called where there is nothing to call it on. */
  readonly optional?: true;
}

/** One argument of a call; `name` for keyword arguments and, in JavaScript, the properties of an options object literal. */
export interface Argument {
  readonly value: Value;
  readonly name?: string;
  /** `*args`, `**kwargs`, `...rest`. */
  readonly spread?: true;
  /** Stands in brackets of its own, which do nothing: `args=(x)`, where a tuple would be `(x,)`. */
  readonly bracketed?: true;
  /** Operations whose outcome flows into this argument. */
  readonly depends: readonly number[];
}

/** A point where other tasks of the same thread may run: await, async for's step, async with's entry and exit. */
export interface Await extends OperationBase {
  readonly kind: 'await';
  readonly value: Value;
}

/** Leaves the function with a value, or hands one out (`yield`). */
export interface Return extends OperationBase {
  readonly kind: 'return' | 'yield' | 'raise';
  readonly value: Value;
}

/** Leaves the innermost loop, or its current round. */
export interface Jump extends OperationBase {
  readonly kind: 'break' | 'continue';
}

export type Operation = Read | Write | Call | Await | Return | Jump;

/** A step of a function's body: the number of an operation, or a structure over further steps. */
export type Step = number | Structure;
export type Structure = Branch | Loop | Try | With;
export type Block = readonly Step[];

/** if/else, conditional expressions, `and`/`or`/`&&`/`??` with effects in their right side, match and switch. */
export interface Branch {
  readonly kind: 'branch';
  /** Operations that the condition depends on; they stand before the branch in the same block. */
  readonly test: readonly number[];
  /**
   * `main-module`: the first arm runs only where the file is the program itself (`__name__ == "__main__"`,
   * `require.main === module`, `import.meta.main`).
   */
  readonly guard?: 'main-module';
  /** `true` where the condition is negated, so that the *first* arm runs when the tested value is false, null or 0. */
  readonly negated?: boolean;
  /** TypeScript only: the parameter that the condition asks for, and nothing else: `if (client)`, `if (client === undefined)`. */
  readonly asks?: Place;
  /** The arms in source order; a missing else is an empty last arm. */
  readonly arms: readonly Block[];
  readonly span: Span;
}

/** for and while loops, comprehensions; the condition's and the step's operations are inside `body`. */
export interface Loop {
  readonly kind: 'loop';
  readonly body: Block;
  /** Python's else, which runs when the loop was not broken. */
  readonly otherwise: Block;
  readonly span: Span;
  /** `true` for `while True`, `for (;;)`: only break, return or raise leave it. */
  readonly endless?: boolean;
  /** What a for loop or a comprehension goes through. */
  readonly over?: Value;
  /** Python only: operations that a while loop's condition depends on; they stand at the start of `body`. */
  readonly test?: readonly number[];
}

/** try: `handlers` are alternatives, `otherwise` runs after the body when nothing was raised. */
export interface Try {
  readonly kind: 'try';
  readonly body: Block;
  readonly handlers: readonly Block[];
  /** Python only: for each handler the last names of the exception classes it catches; `*` for one that names none. */
  readonly catches?: readonly (readonly string[])[];
  readonly otherwise: Block;
  readonly final: Block;
  readonly span: Span;
}

/** Python's with and JavaScript's `using`: enters a value, runs the body, leaves it on every path. */
export interface With {
  readonly kind: 'with';
  readonly value: Value;
  /** Operations whose outcome flows into `value`. */
  readonly depends: readonly number[];
  readonly isAsync: boolean;
  /** Of the entered expression. */
  readonly span: Span;
  /** Index into the function's `statements`. */
  readonly statement: number;
  readonly body: Block;
}
