// Expectations: what a fixture's own comments say should be found in it, and how that differs from what was found.
//
//   # expect: rule-id                        a finding of the rule starts on this line
//   # expect[warning]: rule-id "fragment"    with that severity, and that text in its message
//   # related: fragment                      some finding's trace has a step on this line whose text holds the fragment
//   # missed: rule-id reason                 a known limit: there should be one; fails the day there is
//   # false alarm: rule-id reason            a known limit: there should be none; fails the day there is none
//
// `//` in TypeScript. Several on one line follow each other, each with its own comment sign. Hints count only where expected.
import type { ReportedFinding } from '../../server/report/reported-finding';

type Kind = 'expect' | 'related' | 'missed' | 'false alarm';

export interface Expectation {
  readonly kind: Kind;
  readonly file: string;
  /** From 0. */
  readonly line: number;
  /** Absent for `related`. */
  readonly rule?: string;
  readonly severity?: string;
  /** What the message must hold; for known limits the reason. */
  readonly text: string;
}

const COMMENT = /(?:#|\/\/)\s*(expect|related|missed|false alarm)(?:\[(\w+)\])?:\s*(.*?)\s*(?=(?:#|\/\/)\s*(?:expect|related|missed|false alarm)\b|$)/g;
const RULE = /^([a-z][a-z0-9-]*)\s*(?:"([^"]*)"|(.*))$/;

/** The expectations in one file's text; one that cannot be read is an error. */
export function readExpectations(file: string, text: string): Expectation[] {
  return text.split(/\r\n|\r|\n/).flatMap((content, line) =>
    [...content.matchAll(COMMENT)].map(([, kind, severity, rest]): Expectation => {
      if (kind === 'related') return { kind, file, line, text: rest };
      const parts = RULE.exec(rest);
      if (!parts) throw new Error(`${file}:${line + 1}: cannot read “${kind}: ${rest}”`);
      const known = kind === 'missed' || kind === 'false alarm';
      if (known && !parts[3]) throw new Error(`${file}:${line + 1}: a known limit needs its reason`);
      if (!known && parts[3]) throw new Error(`${file}:${line + 1}: the expected message stands in quotes`);
      return { kind: kind as Kind, file, line, rule: parts[1], severity, text: parts[2] ?? parts[3] ?? '' };
    }),
  );
}

/** What differs between expectations and findings, one sentence each; empty when all is as it should be. */
export function compareFindings(expectations: readonly Expectation[], findings: readonly ReportedFinding[]): string[] {
  const differences: string[] = [];
  const open = new Set(findings);
  const take = (expectation: Expectation) => {
    const fits = (finding: ReportedFinding) =>
      finding.rule === expectation.rule && finding.file === expectation.file && finding.range.start.line === expectation.line;
    const candidates = [...open].filter(fits);
    // Of several on one line the one that fits best, so that the order of the comments does not matter.
    const found = candidates.find((finding) => faultsOf(expectation, finding).length === 0) ?? candidates[0];
    if (found) open.delete(found);
    return found;
  };
  for (const expectation of expectations) {
    const where = `${expectation.file}:${expectation.line + 1}`;
    switch (expectation.kind) {
      case 'expect': {
        const found = take(expectation);
        if (!found) differences.push(`${where}: expected ${expectation.rule}, nothing found`);
        else differences.push(...faultsOf(expectation, found).map((fault) => `${where}: ${fault}`));
        break;
      }
      case 'missed':
        if (take(expectation)) differences.push(`${where}: mended: ${expectation.rule} is found now; expect it (${expectation.text})`);
        break;
      case 'false alarm':
        if (!take(expectation)) differences.push(`${where}: mended: ${expectation.rule} is silent now; remove the mark (${expectation.text})`);
        break;
      case 'related':
        if (!findings.some((finding) => finding.related.some((step) => stepFits(step, expectation)))) differences.push(missingStep(expectation, findings));
    }
  }
  for (const finding of open) {
    if (finding.severity !== 'hint') differences.push(`${finding.file}:${finding.range.start.line + 1}: not expected: ${printFinding(finding)}`);
  }
  return differences;
}

/** A finding with its traces, for people who read a failed test. */
export function printFinding(finding: ReportedFinding): string {
  const steps = finding.related.map((step) => `\n      ${step.file}:${step.range.start.line + 1}: ${step.message}`);
  return `${finding.severity} ${finding.rule} (${finding.confidence}): ${finding.message}${steps.join('')}`;
}

function faultsOf(expectation: Expectation, found: ReportedFinding): string[] {
  const faults: string[] = [];
  if (expectation.severity && expectation.severity !== found.severity)
    faults.push(`expected ${expectation.rule} as ${expectation.severity}, found as ${found.severity}`);
  if (!found.message.includes(expectation.text)) faults.push(`expected “${expectation.text}” in the message: ${found.message}`);
  return faults;
}

type Step = ReportedFinding['related'][number];

function stepFits(step: Step, expectation: Expectation): boolean {
  return step.file === expectation.file && step.range.start.line === expectation.line && step.message.includes(expectation.text);
}

function missingStep(expectation: Expectation, findings: readonly ReportedFinding[]): string {
  const steps = findings.flatMap((finding) => finding.related).filter((step) => step.file === expectation.file && step.range.start.line === expectation.line);
  const there = steps.length === 0 ? 'no trace comes here' : `found: ${steps.map((step) => step.message).join(' | ')}`;
  return `${expectation.file}:${expectation.line + 1}: expected a step “${expectation.text}”; ${there}`;
}
