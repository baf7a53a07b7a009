// The workspace report as data: what runs on which thread, what is shared, which lock guards it, in which order locks are taken.
import type { Range, ReportedFinding, SuppressedFinding } from './reported-finding';

export interface ReportLocation {
  readonly file: string;
  readonly range: Range;
}

export interface WorkspaceReport {
  readonly counts: { readonly files: number; readonly functions: number; readonly classes: number };
  /** What starts running beside the main program, and how. */
  readonly roots: readonly ReportRoot[];
  /** Places that more than one root reaches, those with findings first. */
  readonly shared: readonly ReportSharedPlace[];
  readonly locks: readonly ReportLock[];
  /** Pairs of locks: the second is taken while the first is held. */
  readonly order: readonly ReportLockOrder[];
  readonly findings: readonly ReportedFinding[];
  /** Findings that comments in the sources accept. */
  readonly suppressed: readonly SuppressedFinding[];
  /** Files that were not analysed, or only in part, and why. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

export interface ReportRoot {
  /** `thread`, `process`, `task`, `worker`, `timer`, `callback` or `main`. */
  readonly kind: string;
  /** The function that runs: `Downloader._work`. */
  readonly name: string;
  /** Whether several may run at a time. */
  readonly many: boolean;
  /** Where the function is defined. */
  readonly location: ReportLocation;
  /** Where it is started; absent for `main`. */
  readonly startedAt?: ReportLocation;
  /** How many functions it reaches. */
  readonly reaches: number;
}

export interface ReportSharedPlace {
  /** `Cache._items`, `counter`. */
  readonly name: string;
  /** The lock that guards it, where one was inferred: `Cache._lock`. */
  readonly guardedBy?: string;
  /** Its annotation names that lock. */
  readonly isStated?: true;
  /** Names of the roots that reach it. */
  readonly roots: readonly string[];
  readonly accesses: readonly (ReportLocation & { readonly write: boolean; readonly function: string; readonly locks: readonly string[] })[];
  /** Rules that report something about it. */
  readonly rules: readonly string[];
}

export interface ReportLock {
  readonly name: string;
  /** Canonical name of its class: `threading.Lock`. */
  readonly type: string;
  readonly location: ReportLocation;
  readonly acquisitions: number;
  /** Names of places it guards. */
  readonly guards: readonly string[];
}

export interface ReportLockOrder {
  readonly first: string;
  readonly second: string;
  /** Whether the opposite order occurs too. */
  readonly inverted: boolean;
  /** Where the second is taken. */
  readonly sites: readonly ReportLocation[];
}
