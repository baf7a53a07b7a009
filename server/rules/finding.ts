// Findings: what a rule says about a program, still free of editors, terminals and text edits.
import type { Site } from '../summary/locate';
import type { FixIntent } from './fix-intent';

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

/**
 * How it goes wrong, step by step and in order: a schedule of one or two threads, tasks, calls or processes. Each step is at a
 * site, and says what its side does there; the last thing told is what is lost or stuck.
 */
export interface Interleaving {
  /** Who the columns of the schedule are: `thread running work()`, `another call of withdraw()`. One, where a side harms itself. */
  readonly sides: readonly [string] | readonly [string, string];
  readonly steps: readonly InterleavingStep[];
  /** `stuck`: somebody waits for ever; `lost`: work, a change or a message is gone; `wrong`: something false is believed or done; `fails`: an exception. */
  readonly harm: 'stuck' | 'lost' | 'wrong' | 'fails';
  /** How it ends, as a sentence: `The withdrawal of the first thread is lost.` */
  readonly outcome: string;
}

export interface InterleavingStep {
  /** Index into `sides`. */
  readonly side: 0 | 1;
  readonly site: Site;
  /** What it does there, in the present tense and without its subject: `reads self._balance`, `waits for Bank._lock, which the other holds`. */
  readonly does: string;
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
  /** For whatever depends on who comes when. */
  readonly interleaving?: Interleaving;
}
