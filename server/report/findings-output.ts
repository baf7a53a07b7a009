// What formats of findings for other programs are made of: SARIF, GitHub's annotations, JUnit, Markdown.
import type { LineOf } from './fingerprints';
import type { ReportedFinding, SuppressedFinding } from './reported-finding';

export interface FindingsOutput {
  /** What is to be told. */
  readonly findings: readonly ReportedFinding[];
  /** Findings that comments accept. */
  readonly suppressed: readonly SuppressedFinding[];
  /** Findings that were known before, to a baseline or in a revision, and are not told again; absent where nobody asked for that. */
  readonly known?: readonly ReportedFinding[];
  /** How many files were analysed. */
  readonly files: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Which Lockset this is. */
  readonly version: string;
  /** Folder that paths are shown relative to, where they lie in it. */
  readonly relativeTo?: string;
  /** Source lines, for excerpts and fingerprints. */
  readonly lineOf: LineOf;
}
