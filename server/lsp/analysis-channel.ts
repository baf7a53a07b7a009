// The channel between the protocol's thread and the analysis: typed messages, and the shared memory that interrupts long work.
import type { Range, ReportedEdit, ReportedFinding } from '../report/reported-finding';
import type { CardParameters, CardResult, CardsResult, ExportReportParameters } from './messages';

/** What the protocol side asks; every request is answered once, also when it was cancelled. */
export interface AnalysisRequests {
  findings: { readonly parameters: { readonly file: string }; readonly result: FileFindings };
  /** The findings of the given files, or of all files that have some; answered when no indexing is under way. */
  manyFindings: { readonly parameters: { readonly files?: readonly string[] }; readonly result: readonly FileFindings[] };
  hover: { readonly parameters: { readonly file: string; readonly line: number; readonly column: number }; readonly result: HoverAnswer | null };
  explain: { readonly parameters: { readonly file: string; readonly line: number }; readonly result: string };
  /** Waits for an indexing that is under way, unless it is to be of what has been read so far. */
  report: { readonly parameters: { readonly nonce: string; readonly contentSecuritySource: string; readonly soFar: boolean }; readonly result: string };
  /** A report as the text of a file; waits as well. */
  exportReport: { readonly parameters: ExportReportParameters & { readonly version: string }; readonly result: string };
  /** The id of the card about what stands at a position. */
  cardAt: { readonly parameters: { readonly file: string; readonly line: number; readonly column: number }; readonly result: string | null };
  card: { readonly parameters: CardParameters; readonly result: CardResult | null };
  /** Of each fix of a finding (named by its key), why it must not be made; null where it is proven. None where the finding is gone. */
  prove: { readonly parameters: { readonly file: string; readonly finding: string }; readonly result: readonly (string | null)[] };
  /** A file after all its safe fixes that can be proven. */
  fixAll: { readonly parameters: { readonly file: string }; readonly result: RepairedFile };
  /** The comment that states which lock guards what is declared at a position, where all accesses hold it. */
  annotation: { readonly parameters: { readonly file: string; readonly line: number; readonly column: number }; readonly result: Annotation | null };
  /** The configuration file that holds for a file, or the one to be made; null for what lies in no folder on a disk. */
  configurationFile: { readonly parameters: { readonly file: string }; readonly result: ConfigurationFile | null };
  cards: { readonly parameters: Record<string, never>; readonly result: CardsResult };
}
export type AnalysisMethod = keyof AnalysisRequests;

/** The findings of a file, and which versions of open documents they and their fixes were computed on, by file. */
export interface FileFindings {
  readonly file: string;
  readonly findings: readonly ReportedFinding[];
  readonly versions: Readonly<Record<string, number>>;
}

export interface RepairedFile {
  /** Undefined where there is nothing to repair. */
  readonly text: string | undefined;
  /** Of the file, if it is open. */
  readonly version: number | undefined;
}

export interface Annotation {
  readonly title: string;
  readonly edits: readonly ReportedEdit[];
  /** Of the file, if it is open. */
  readonly version: number | undefined;
}

export interface ConfigurationFile {
  readonly file: string;
  readonly exists: boolean;
}

export interface HoverAnswer {
  readonly markdown: string;
  readonly range: Range;
}

/** What the protocol side tells; taken in the order sent. Files are ids, folders are ids of directories. */
export type AnalysisNotice =
  | {
      readonly kind: 'start';
      readonly assets: string;
      readonly folders: readonly string[];
      readonly settings: unknown;
      readonly excluded: readonly string[];
      readonly withCommands: boolean;
    }
  | { readonly kind: 'open'; readonly file: string; readonly version: number; readonly text: string }
  | { readonly kind: 'close'; readonly file: string }
  | { readonly kind: 'watched'; readonly changed: readonly string[]; readonly deleted: readonly string[] }
  | { readonly kind: 'folders'; readonly folders: readonly string[] }
  | { readonly kind: 'settings'; readonly settings: unknown }
  | { readonly kind: 'stop-indexing' }
  /** Reads what was left out when indexing was stopped, and whatever is new. */
  | { readonly kind: 'index' };

/** From the protocol side to the analysis. */
export type ToAnalysis =
  | AnalysisNotice
  | { readonly kind: 'request'; readonly id: number; readonly method: AnalysisMethod; readonly parameters: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type AnalysisEvent =
  /** An analysis begins, or begins anew after an interruption. */
  | { readonly kind: 'analysing'; readonly files: number }
  /** Findings of these files changed, or nothing did but an analysis has ended. */
  | {
      readonly kind: 'analysed';
      readonly changed: readonly string[];
      readonly files: number;
      readonly findings: number;
      /** How many of each severity, as a person reads it. */
      readonly summary: string;
      readonly milliseconds: number;
    }
  /** Nothing is left to be done. */
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'indexing' } & IndexingState)
  | { readonly kind: 'log'; readonly level: 'info' | 'warning' | 'error'; readonly message: string };

/** How far folders are read: `done` of `total` files, both 0 where that is not known yet. `stop`: a person did not want more. */
export interface IndexingState {
  readonly state: 'search' | 'begin' | 'report' | 'end' | 'stop';
  readonly done: number;
  readonly total: number;
}

/** From the analysis to the protocol side. */
export type FromAnalysis =
  | AnalysisEvent
  /** The analysis cannot go on in this worker. */
  | { readonly kind: 'fatal'; readonly message: string }
  | { readonly kind: 'response'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };

/** One end of a message channel, whatever carries it. */
export interface Port<Sent, Received> {
  post(message: Sent): void;
  onMessage(handler: (message: Received) => void): void;
}

/**
 * Memory that both sides see, so that work that never returns to its event loop learns of new messages, and so that the
 * protocol side learns which file was being read when a worker died.
 */
export class SharedSignals {
  private readonly posted: Int32Array;
  private readonly name: Uint8Array;

  constructor(readonly buffer: SharedArrayBuffer | ArrayBuffer = SharedSignals.allocate()) {
    this.posted = new Int32Array(buffer, 0, 2);
    this.name = new Uint8Array(buffer, 8);
  }

  private static allocate(): SharedArrayBuffer | ArrayBuffer {
    return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(4096) : new SharedArrayBuffer(4096);
  }

  /** Whether the memory is truly shared between threads. */
  get isShared(): boolean {
    return typeof SharedArrayBuffer !== 'undefined' && this.buffer instanceof SharedArrayBuffer;
  }

  /** To be called before each message to the analysis. */
  countPosted(): void {
    Atomics.add(this.posted, 0, 1);
  }

  /** How many messages were sent to the analysis so far. */
  get postedCount(): number {
    return Atomics.load(this.posted, 0);
  }

  /** Notes the file that is being read now; undefined when it has been read. */
  set reading(file: string | undefined) {
    // Browsers do not encode straight into shared memory.
    const bytes = file === undefined ? NOTHING : ENCODER.encode(file).subarray(0, this.name.length);
    this.name.set(bytes);
    Atomics.store(this.posted, 1, bytes.length);
  }

  get reading(): string | undefined {
    const length = Atomics.load(this.posted, 1);
    return length === 0 ? undefined : new TextDecoder().decode(this.name.slice(0, length));
  }
}

const ENCODER = new TextEncoder();
const NOTHING = new Uint8Array();
