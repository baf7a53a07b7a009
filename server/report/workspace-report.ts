// The workspace report as data: what runs on which thread, what is shared, which lock guards it, in which order locks are taken.
import type { ReportMap } from './report-map';
import type { Range, ReportedFinding, SuppressedFinding } from './reported-finding';

export interface ReportLocation {
  readonly file: string;
  readonly range: Range;
}

/**
 * What the program's facts say, and what is found in it. What can be counted out of this (report-summary.ts, report-checks.ts)
 * is not in it, so that no two numbers can disagree. Ids name a thing and begin with its file; they stay the same from run to run.
 */
export interface WorkspaceReport {
  readonly counts: ReportCounts;
  /** What starts running beside the main program, and how. Sorted by id. */
  readonly roots: readonly ReportRoot[];
  /** Places that more than one root reaches or a lock guards, those with findings first. */
  readonly shared: readonly ReportSharedPlace[];
  readonly locks: readonly ReportLock[];
  /** Pairs of locks: the second is taken while the first is held. Those in a cycle first. */
  readonly order: readonly ReportLockOrder[];
  /** Circles of locks. That locks are taken in a circle is no bug yet: the sides may never meet. */
  readonly cycles: readonly { readonly locks: readonly { readonly id: string; readonly name: string }[] }[];
  /** All of that as nodes and edges. */
  readonly map: ReportMap;
  readonly findings: readonly ReportedFinding[];
  /** Findings that comments in the sources accept. */
  readonly suppressed: readonly SuppressedFinding[];
  /** Files that were not analysed, or only in part, and why. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Where it is compared with what was known before. */
  readonly change?: ReportChange;
}

export interface ReportChange {
  /** What it is compared with, as a person asked for it: a baseline's name, another report's, a revision. */
  readonly since: string;
  /** Indexes into `findings` of those that are new. */
  readonly fresh: readonly number[];
  /** How many findings were known. */
  readonly known: number;
  /** What is found no more. Files are relative, as they stand in the baseline. */
  readonly gone: readonly { readonly rule: string; readonly file: string; readonly symbol: string; readonly message: string }[];
}

export interface ReportCounts {
  readonly files: number;
  /** Files that were left out because nobody asked for them: tests, stubs, vendored and generated code. */
  readonly leftOut: number;
  readonly functions: number;
  readonly classes: number;
  /** `async def`, `async function`. */
  readonly asyncFunctions: number;
  /** Where locks are taken; `scoped`: by `with` or a call that gives them back by itself. */
  readonly acquisitions: { readonly all: number; readonly scoped: number };
  /** Where work that was started is waited for. */
  readonly joins: number;
  /** Where processes or workers are started, or given work. */
  readonly processStarts: number;
}

/** How concurrency comes about. */
export type ConcurrencyStyle = 'threads' | 'processes' | 'tasks' | 'workers' | 'events';

export interface ReportRoot {
  readonly id: string;
  /** `thread`, `process`, `task`, `worker`, `timer`, `callback`, `signal` or `finalizer`. */
  readonly kind: string;
  readonly style: ConcurrencyStyle;
  /** What runs: a function of the program, the jobs that a pool is given (functions of their own, where they are known), or something that the analysis cannot tell. */
  readonly runs: 'function' | 'jobs' | 'unknown';
  /** The function that runs: `Downloader._work`; of anything else what starts it: `ThreadPoolExecutor`. */
  readonly name: string;
  /** Whether several may run at a time. */
  readonly many: boolean;
  /** Why several may, as far as it shows: `started in a loop`. */
  readonly why?: string;
  /** Where the function is defined, or else where it is started. */
  readonly location: ReportLocation;
  /** Where it is started; none where a library calls it by itself. */
  readonly starts: readonly (ReportLocation & {
    /** The function that starts it. */
    readonly function: string;
    /** The library's API that does so: `threading.Thread`. */
    readonly by?: string;
  })[];
  /** How many functions it reaches. */
  readonly reaches: number;
}

export interface ReportSharedPlace {
  readonly id: string;
  /** `Cache._items`, `counter`. */
  readonly name: string;
  /** The lock that guards it, where one was inferred or stated: its id and name. */
  readonly guard?: { readonly id: string; readonly name: string };
  /** Its annotation names that lock. */
  readonly isStated?: true;
  /** Ids and names of the roots that reach it; `main` and `caller` (whoever uses the code from outside) are no roots of the report. */
  readonly roots: readonly { readonly id: string; readonly name: string }[];
  /** How many statements touch it, how many of them change it, and how many hold its guard. */
  readonly counts: { readonly accesses: number; readonly writes: number; readonly guarded: number };
  /** The first so many of them, in the order of files and lines. */
  readonly accesses: readonly ReportAccess[];
  /** Rules that report something about it. */
  readonly rules: readonly string[];
}

export interface ReportAccess extends ReportLocation {
  readonly write: boolean;
  /** The function that does it. */
  readonly function: string;
  /** Names of the locks held there. */
  readonly locks: readonly string[];
  /** It is made without the lock that guards the place. */
  readonly breaks?: true;
}

export interface ReportLock {
  readonly id: string;
  readonly name: string;
  /** Canonical name of its class: `threading.Lock`; `unknown` for what is only used like a lock. */
  readonly type: string;
  /** What it keeps out: threads, processes, tasks of one event loop, or browser contexts. */
  readonly keepsOut?: 'threads' | 'processes' | 'tasks' | 'contexts';
  /** Where it is first taken. */
  readonly location: ReportLocation;
  /** Where it is taken, each with the function that does. */
  readonly acquisitions: readonly (ReportLocation & { readonly function: string })[];
  /** The places that it guards. */
  readonly guards: readonly { readonly id: string; readonly name: string }[];
  /** Slow work while it is held. */
  readonly slow: readonly (ReportLocation & { readonly function: string /** `sleeps in time.sleep` */; readonly what: string })[];
}

export interface ReportLockOrder {
  /** Ids and names of the two locks. */
  readonly first: { readonly id: string; readonly name: string };
  readonly second: { readonly id: string; readonly name: string };
  /** Whether the opposite order occurs too. */
  readonly inverted: boolean;
  /** Whether it is part of a circle of locks. */
  readonly inCycle: boolean;
  /** How it comes to that, function by function: where the first is taken, calls, where the second is. */
  readonly chains: readonly (readonly ReportStep[])[];
}

/** One step of a chain, told as a sentence without a subject's site: `Bank.pay() takes Bank._lock`. */
export interface ReportStep extends ReportLocation {
  readonly message: string;
}
