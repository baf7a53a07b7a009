// Proof of fixes: a fix is applied in thought, and the analysis says whether its finding is gone and nothing else has come.
import type { ReportedEdit, ReportedFinding, ReportedFix, SuppressedFinding } from '../report/reported-finding';
import { applyReportedEdits } from '../report/source-text';
import { LineMap } from '../text/line-map';
import type { Cancellation, Snapshot, Workspace } from './snapshot';

/** Why a fix must not be offered; undefined for one that clears its finding and brings about nothing else. */
export function faultOf(fix: ReportedFix, finding: ReportedFinding, now: Snapshot, workspace: Workspace, cancellation?: Cancellation): string | undefined {
  const texts = textsAfter(fix.edits, now);
  return texts ? workspace.whatIf((suppose) => judge(fix, finding, now, suppose(texts)), cancellation) : UNAPPLICABLE;
}

export interface Repair {
  /** The texts of the files that change, by file. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly Repaired[];
  /** What is found in all files after them. */
  readonly left: readonly ReportedFinding[];
  /** What comments accept of it. */
  readonly suppressed: readonly SuppressedFinding[];
  /** Fixes that were wanted, and what would have gone wrong. */
  readonly refused: readonly (Repaired & { readonly fault: string })[];
}

export interface Repaired {
  /** As it was told when its turn came, after the fixes before it. */
  readonly finding: ReportedFinding;
  readonly fix: ReportedFix;
  /** The line (from 0) at which it stood before any fix. */
  readonly line: number;
}

/**
 * Applies, one after the other, each fix that is wanted and can be proven; each is worked out on the text that the ones
 * before have left, so that they cannot get into each other's way. The workspace itself is left as it was.
 */
export function repair(
  workspace: Workspace,
  now: Snapshot,
  wants: (finding: ReportedFinding, fix: ReportedFix) => boolean,
  cancellation?: Cancellation,
): Repair {
  return workspace.whatIf((suppose) => {
    const texts = new Map<string, string>();
    const applied: Repaired[] = [];
    const refused = new Map<string, Repair['refused'][number]>();
    let present = now;
    // What was refused may go once other fixes are there, so there are rounds until one applies nothing.
    for (let before = -1; before < applied.length; ) {
      before = applied.length;
      refused.clear();
      for (let next = wanted(present, wants, refused); next; next = wanted(present, wants, refused)) {
        const { finding, fix } = next;
        const line = applied.reduceRight((at, done) => lineBefore(at, ownEdits(done.fix, finding.file)), finding.range.start.line);
        const after = textsAfter(fix.edits, present);
        const supposed = after && suppose(after);
        const fault = supposed ? judge(fix, finding, present, supposed) : UNAPPLICABLE;
        if (fault === undefined) {
          for (const [file, text] of after!) texts.set(file, text);
          applied.push({ finding, fix, line });
          present = supposed!;
        } else {
          refused.set(next.key, { finding, fix, line, fault });
          if (after) present = suppose(new Map([...after.keys()].map((file) => [file, present.text(file) ?? ''])));
        }
      }
      if (refused.size === 0) break;
    }
    return { texts, applied, left: present.findings(), suppressed: present.suppressed(), refused: [...refused.values()] };
  }, cancellation);
}

const UNAPPLICABLE = 'its edits do not fit the text';

/** The first fix in order of files and lines that is wanted and was not refused. */
function wanted(
  now: Snapshot,
  wants: (finding: ReportedFinding, fix: ReportedFix) => boolean,
  refused: ReadonlyMap<string, unknown>,
): { readonly finding: ReportedFinding; readonly fix: ReportedFix; readonly key: string } | undefined {
  // Several findings may say the same of the same text.
  const alike = new Map<string, number>();
  for (const finding of now.findings()) {
    const identity = identityOf(now, finding);
    const nth = (alike.get(identity) ?? 0) + 1;
    alike.set(identity, nth);
    for (const fix of finding.fixes) {
      const key = [fix.kind, fix.title, identity, nth].join('\n');
      if (wants(finding, fix) && !refused.has(key)) return { finding, fix, key };
    }
  }
  return undefined;
}

/** What an applied fix has done wrong; undefined when nothing. */
function judge(fix: ReportedFix, finding: ReportedFinding, before: Snapshot, after: Snapshot): string | undefined {
  const files = new Set(fix.edits.map(({ file }) => file));
  for (const file of files) {
    const problem = after.module(file)?.problems[0];
    if (problem && (before.module(file)?.problems.length ?? 0) === 0) return `the text would no longer parse: ${problem.message}`;
  }
  const identity = identityOf(before, finding);
  if (timesTold(after, identity) >= timesTold(before, identity)) return 'its finding would remain';
  const [countsBefore, countsAfter] = [countByRule(before), countByRule(after)];
  for (const [rule, count] of countsAfter) if (count > (countsBefore.get(rule) ?? 0)) return `it would bring about ${rule}`;
  return toldAnew(fix, finding, before, after) ? 'its finding would remain in other words' : undefined;
}

/** Whether the rule speaks of the changed text again, of which it did not speak in these words before. */
function toldAnew(fix: ReportedFix, finding: ReportedFinding, before: Snapshot, after: Snapshot): boolean {
  const changed = changedLines(ownEdits(fix, finding.file));
  return after
    .findings(finding.file)
    .some(
      (each) =>
        each.rule === finding.rule &&
        changed.some(({ start, end }) => start <= each.range.start.line && each.range.start.line <= end) &&
        timesTold(before, identityOf(after, each)) === 0,
    );
}

/** The edits of one file, from its top down. */
function ownEdits(fix: ReportedFix, file: string): ReportedEdit[] {
  return fix.edits.filter((edit) => edit.file === file).sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.column - b.range.start.column);
}

/** The lines that edits, from top to bottom, have written, numbered as after all of them; `edit` has them as before. */
function changedLines(edits: readonly ReportedEdit[]): { readonly start: number; readonly end: number; readonly edit: ReportedEdit }[] {
  let shift = 0;
  return edits.map((edit) => {
    const start = edit.range.start.line + shift;
    const lines = edit.newText.split(/\r\n|\n|\r/).length - 1;
    shift += lines - (edit.range.end.line - edit.range.start.line);
    return { start, end: start + lines, edit };
  });
}

/** The line that a line had before edits; of a changed part, its nearest. */
function lineBefore(line: number, edits: readonly ReportedEdit[]): number {
  const above = changedLines(edits).findLast(({ start }) => start <= line);
  if (!above) return line;
  const { start, end, edit } = above;
  return line <= end ? Math.min(edit.range.start.line + line - start, edit.range.end.line) : edit.range.end.line + line - end;
}

/** The texts that edits leave, by file; undefined where they overlap or a file is not there. */
function textsAfter(edits: readonly ReportedEdit[], now: Snapshot): Map<string, string> | undefined {
  const texts = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = now.text(file);
    if (text === undefined) return undefined;
    const own = edits.filter((edit) => edit.file === file);
    try {
      texts.set(file, applyReportedEdits(text, own));
    } catch {
      return undefined;
    }
  }
  return texts;
}

/** Findings are made anew when their file's text changes. */
const IDENTITIES = new WeakMap<ReportedFinding, string>();

/** What is told and about which text, wherever that stands. */
function identityOf(snapshot: Snapshot, finding: ReportedFinding): string {
  const known = IDENTITIES.get(finding);
  if (known !== undefined) return known;
  const text = snapshot.text(finding.file) ?? '';
  const { start, end } = new LineMap(text).lineSpan(finding.range.start.line);
  const identity = [finding.file, finding.rule, finding.message, text.slice(start, end).trim()].join('\n');
  IDENTITIES.set(finding, identity);
  return identity;
}

function timesTold(snapshot: Snapshot, identity: string): number {
  const [file, rule] = identity.split('\n', 2);
  return snapshot.findings(file).filter((finding) => finding.rule === rule && identityOf(snapshot, finding) === identity).length;
}

function countByRule(snapshot: Snapshot): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of snapshot.findings()) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}
