// Reported findings: findings as editors, terminals and files show them; positions instead of offsets, fixes as edits.
import type { Family, Interleaving, InterleavingStep, Severity } from '../rules/finding';
import type { FixKind, FixSafety } from '../rules/fix-intent';
import type { Position } from '../text/line-map';

/** From `start` up to, not including, `end`; lines and columns from 0, columns in UTF-16 units. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface ReportedEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

export interface ReportedFix {
  readonly kind: FixKind;
  readonly title: string;
  readonly safety: FixSafety;
  readonly edits: readonly ReportedEdit[];
}

export interface ReportedFinding {
  readonly rule: string;
  readonly family: Family;
  readonly severity: Severity;
  readonly confidence: number;
  readonly file: string;
  readonly range: Range;
  /** The function or class that it stands in: `Account.withdraw`; '' for a module's own body. */
  readonly symbol: string;
  readonly message: string;
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly ReportedFix[];
  readonly interleaving?: ReportedInterleaving;
}

/** A finding that a comment in the source accepts. */
export interface SuppressedFinding extends ReportedFinding {
  /** What the comment gives as the reason; '' where it gives none. */
  readonly justification: string;
}

/** A schedule, its steps at their places. */
export interface ReportedInterleaving extends Omit<Interleaving, 'steps'> {
  readonly steps: readonly (Omit<InterleavingStep, 'site'> & { readonly file: string; readonly range: Range })[];
}
