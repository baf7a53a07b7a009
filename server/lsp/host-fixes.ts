// Fixes on the analysis side: which of a finding's fixes are proven, and what all safe ones of a file come to.
import type { ReportedFinding } from '../report/reported-finding';
import { hashText } from '../text/hash';
import { faultOf, repair } from '../workspace/proven-fixes';
import type { Cancellation, Snapshot, Workspace } from '../workspace/snapshot';

/** Says which finding it is among all of a file; the same on both sides of the channel. */
export function keyOfFinding(finding: ReportedFinding): string {
  return hashText(JSON.stringify(finding));
}

/** Proofs hold for one state of the program: by snapshot, then by finding. */
const FAULTS = new WeakMap<Snapshot, Map<string, readonly (string | null)[]>>();

/** Of each fix of a finding, why it must not be made; null where it clears the finding and brings about nothing else. None where the finding is gone. */
export function faultsOfFixes(
  findings: readonly ReportedFinding[],
  key: string,
  now: Snapshot,
  workspace: Workspace,
  cancellation: Cancellation,
): readonly (string | null)[] {
  const known = FAULTS.get(now) ?? new Map<string, readonly (string | null)[]>();
  FAULTS.set(now, known);
  const before = known.get(key);
  if (before) return before;
  const finding = findings.find((candidate) => keyOfFinding(candidate) === key);
  const faults = finding?.fixes.map((fix) => faultOf(fix, finding, now, workspace, cancellation) ?? null) ?? [];
  known.set(key, faults);
  return faults;
}

/** The text of a file after all its safe fixes that can be proven one after the other; undefined where none can. */
export function repairedText(
  file: string,
  isReported: (finding: ReportedFinding) => boolean,
  now: Snapshot,
  workspace: Workspace,
  cancellation: Cancellation,
): string | undefined {
  const isOwn = (finding: ReportedFinding) => finding.file === file && isReported(finding);
  return repair(
    workspace,
    now,
    (finding, fix) => isOwn(finding) && fix.safety === 'safe' && fix.edits.every((edit) => edit.file === file),
    cancellation,
  ).texts.get(file);
}
