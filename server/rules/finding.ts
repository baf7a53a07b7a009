// Findings: what a rule says about a program, still free of editors, terminals and text edits.
import type { Span } from '../text/span';

/** How loud a finding is. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** The families of concurrency bugs; every rule belongs to one. */
export const FAMILIES = [
  'shared-state',
  'await-race',
  'shared-memory',
  'lock-order',
  'self-deadlock',
  'lock-leak',
  'condition-misuse',
  'main-guard',
  'fork-hazard',
  'unpicklable',
  'non-cloneable',
  'process-isolation',
  'blocking-in-async',
  'lock-across-await',
  'dangling-task',
  'lost-exception',
  'thread-misuse',
  'lifecycle',
  'busy-wait',
  'loop-thread-crossing',
  'unbounded-concurrency',
  'cpu-bound-threads',
  'advice',
] as const;
export type Family = (typeof FAMILIES)[number];

/** A place in a source file. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

/** A further place that a finding speaks of: a step of a trace, labelled. */
export interface Related extends Location {
  readonly message: string;
}

export interface Finding extends Location {
  readonly rule: string;
  readonly family: Family;
  readonly severity: Severity;
  /** How likely it is a bug, from 0 to 1. */
  readonly confidence: number;
  /** Plain text: what goes wrong, why, how to fix. Its first clause makes sense alone. */
  readonly message: string;
  /** The traces: what side A does, step by step, then what side B does. */
  readonly related: readonly Related[];
  readonly fixes: readonly FixIntent[];
}

/** How much thought a fix needs: `safe` keeps the meaning, `suggestion` is probably right, `unsafe` needs thought. */
export type FixSafety = 'safe' | 'suggestion' | 'unsafe';

/**
 * What a repair should do; `server/report` turns it into text edits. Spans are of the file that holds the finding.
 */
export type FixIntent =
  /** Put the statements, which stand together at module level, under the language's main guard. */
  | { readonly kind: 'add-main-guard'; readonly statements: Span; readonly test: string; readonly safety: FixSafety }
  /** Hold `lock` (an expression in the file's language, such as `self._lock`) around the statement. */
  | { readonly kind: 'hold-lock'; readonly statement: Span; readonly lock: string; readonly safety: FixSafety }
  /** Exchange two expressions: two locks entered in the wrong order. */
  | { readonly kind: 'swap'; readonly first: Span; readonly second: Span; readonly title: string; readonly safety: FixSafety }
  /** Evaluate the awaited expression before the statement, so that what else the statement reads is fresh. */
  | { readonly kind: 'hoist-await'; readonly statement: Span; readonly awaited: Span; readonly safety: FixSafety };
