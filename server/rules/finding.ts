// Findings: what a rule says about a program, still free of editors, terminals and text edits.
import type { Site } from '../summary/locate';

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

/** A further place that a finding speaks of: a step of a trace, labelled. */
export interface Related {
  readonly site: Site;
  readonly message: string;
}

/** What a rule found. It speaks of sites, not of offsets, so that it stays right when text elsewhere moves. */
export interface Finding {
  readonly rule: string;
  readonly family: Family;
  readonly severity: Severity;
  /** How likely it is a bug, from 0 to 1. */
  readonly confidence: number;
  readonly site: Site;
  /** Plain text: what goes wrong, why, how to fix. Its first clause makes sense alone. */
  readonly message: string;
  /** The traces: what side A does, step by step, then what side B does. */
  readonly related: readonly Related[];
  readonly fixes: readonly FixIntent[];
}

/** How much thought a fix needs: `safe` keeps the meaning, `suggestion` is probably right, `unsafe` needs thought. */
export type FixSafety = 'safe' | 'suggestion' | 'unsafe';

/** What a repair should do; `server/report` turns it into text edits. Its sites are in the file that holds the finding. */
export type FixIntent =
  /** Put the site's statement, and what follows it at module level, under the language's main guard. */
  | { readonly kind: 'add-main-guard'; readonly site: Site; readonly safety: FixSafety }
  /** Hold `lock` (an expression in the file's language, such as `self._lock`) around the site's statement. */
  | { readonly kind: 'hold-lock'; readonly site: Site; readonly lock: string; readonly safety: FixSafety }
  /** Exchange the expressions of two with statements, one right inside the other. */
  | { readonly kind: 'swap'; readonly first: Site; readonly second: Site; readonly safety: FixSafety }
  /** Evaluate the awaited expression before the statement, so that what else the statement reads is fresh. */
  | { readonly kind: 'hoist-await'; readonly statement: Site; readonly awaited: Site; readonly safety: FixSafety };
