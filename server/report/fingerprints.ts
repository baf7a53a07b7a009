// Fingerprints: a name for a finding by what it is about rather than by its line's number, so that it is known again after edits elsewhere.
import { Hasher } from '../text/hash';
import { displayPath } from './plain-text';
import type { ReportedFinding } from './reported-finding';

/** The text of a source line (from 0), without its end; undefined where it is not known. */
export type LineOf = (file: string, line: number) => string | undefined;

/**
 * A short hexadecimal name for each finding, made of its rule, its file relative to `folder`, what it stands in and the text of its
 * line. Findings that have all of that in common are numbered from top to bottom; so ask for all findings at once, with those that
 * comments accept, or a number changes when one of them is left out.
 */
export function fingerprintsOf(findings: readonly ReportedFinding[], lineOf: LineOf, folder?: string): ReadonlyMap<ReportedFinding, string> {
  const fingerprints = new Map<ReportedFinding, string>();
  const equals = new Map<string, number>();
  for (const finding of [...findings].sort(fromTopToBottom)) {
    // Without any white space, so that a formatter changes no name.
    const line = (lineOf(finding.file, finding.range.start.line) ?? '').replace(/\s+/g, '');
    const about = [finding.rule, displayPath(finding.file, folder), finding.symbol, line];
    const key = JSON.stringify(about);
    const number = equals.get(key) ?? 0;
    equals.set(key, number + 1);
    const hasher = new Hasher();
    for (const part of about) hasher.add(part);
    fingerprints.set(finding, hasher.add(number).digest());
  }
  return fingerprints;
}

/** Messages decide between findings at one place, so that the order in which they are given does not count. */
function fromTopToBottom(a: ReportedFinding, b: ReportedFinding): number {
  const [first, second] = [a.range.start, b.range.start];
  return first.line - second.line || first.column - second.column || compare(a.message, b.message);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
