// Snapshots: what editors and the command line see of a workspace at one moment.
import type { FrontEnd } from '../lower/front-end';
import type { Module } from '../model/module';
import type { HoverSubject } from '../report/hover';
import type { Known } from '../report/known';
import type { ReportedEdit, ReportedFinding, SuppressedFinding } from '../report/reported-finding';
import type { ReportLocation, WorkspaceReport } from '../report/workspace-report';

/** A new text of a file; without a text the file is gone. `editing`: a person has it open and is typing. */
export interface FileChange {
  readonly file: string;
  readonly text: string | undefined;
  readonly editing?: boolean;
  /** A test, vendored code or a stub: analysed, but not reported. */
  readonly exempt?: boolean;
  /** The model of the text where it is known already: from a cache, or lowered by another worker. */
  readonly module?: Module;
}

/** How much work the last analysis did; tests hold it to what changed. */
export interface WorkCount {
  /** Files parsed and lowered. */
  lowered: number;
  /** Files whose calls were resolved anew. */
  resolved: number;
  /** Functions summarised anew. */
  summarised: number;
  /** Functions whose roots and entry locksets were computed anew. */
  contexts: number;
  /** Subjects (shared places, lock cycles, functions, modules) that rules were asked about again. */
  checked: number;
}

/**
 * A view of one moment; a later analysis makes a new one. Findings, texts and modules stay as they were; `report`,
 * `explain`, `subjectAt`, `annotation` and `known` are worked out when asked for and then speak of the newest state.
 */
export interface Snapshot {
  readonly version: number;
  readonly files: readonly string[];
  /** Files whose findings differ from the snapshot before. */
  readonly changedFiles: readonly string[];
  readonly work: Readonly<WorkCount>;
  /** Findings of one file, or of all, in order of file and position. */
  findings(file?: string): readonly ReportedFinding[];
  /** Findings that comments accept, in the same order. */
  suppressed(): readonly SuppressedFinding[];
  /** Files that were not analysed, or only in part, and faults inside (of no file), each with the reason. */
  readonly skipped: WorkspaceReport['skipped'];
  report(): WorkspaceReport;
  /** What the analysis knows of a line (from 0): roots, locksets, places and what guards them, as plain text. */
  explain(file: string, line: number): string;
  text(file: string): string | undefined;
  module(file: string): Module | undefined;
  /** The name at an offset (UTF-16): its span, the library API behind it, and what is known of it in this program. */
  subjectAt(file: string, offset: number): HoverSubject | undefined;
  /** The edit that states, at the declaration at an offset, which lock guards what is declared; see `annotateGuard`. */
  annotation(file: string, offset: number): { readonly title: string; readonly edits: readonly ReportedEdit[] } | undefined;
  /** What is known of the thing that an id of `Known` names; undefined where it is gone. */
  known(id: string): Known<ReportLocation> | undefined;
}

/** Asked now and then during long work. */
export interface Cancellation {
  readonly isCancelled: () => boolean;
}

/** Thrown by `Workspace.analyse` when it was cancelled; what was done so far is kept for the next call. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** How far an analysis is: `done` of `total` files lowered. */
export type Progress = (done: number, total: number) => void;

/** Gives the snapshot of a workspace whose files have other texts, or are not there: file → text. What was supposed before holds on. */
export type Suppose = (texts: ReadonlyMap<string, string | undefined>) => Snapshot;

/** The analysis of one workspace: give it changes, ask it for snapshots. */
export interface Workspace {
  /** Offers a language. Files of languages that nobody offered are listed as skipped. */
  provide(frontEnd: FrontEnd): void;
  /** Takes changes in; the work is done by `analyse`. */
  change(changes: readonly FileChange[]): void;
  /** Brings the analysis up to date, doing only what the changes since the last call make necessary. */
  analyse(cancellation?: Cancellation, progress?: Progress): Snapshot;
  /**
   * Supposes other texts, as often as `ask` likes, and then takes all of that back: what editors have been told, and the
   * next snapshot, are as if nobody had asked. Bring the analysis up to date before.
   */
  whatIf<T>(ask: (suppose: Suppose) => T, cancellation?: Cancellation): T;
  /** The settings in force; changing them re-checks what they concern. */
  configure(configuration: Configuration): void;
}

/** Settings that change what is reported, already merged from files, editor and command line. */
export interface Configuration {
  /** Rule id → severity or `off`; rules not named have their default. */
  readonly rules: Readonly<Record<string, 'off' | 'hint' | 'information' | 'warning' | 'error'>>;
  /** Whether Python runs with the GIL; without it fewer operations are atomic. */
  readonly interpreter: 'gil' | 'free-threaded';
  /** Whether tests, vendored code and stubs are reported too. */
  readonly reportExempt: boolean;
}

export const DEFAULT_CONFIGURATION: Configuration = { rules: {}, interpreter: 'gil', reportExempt: false };
