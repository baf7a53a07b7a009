// Findings as a terminal shows them: one line each, their traces below, a summary at the end.
import { counted, displayPath, displayPlace, harmless, indented, paletteOf, severitySummary, type TextOptions } from './plain-text';
import type { ReportedFinding } from './reported-finding';

export interface FindingsSummary {
  /** How many files were analysed. */
  readonly files: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Tests and the like, which nobody asked for. */
  readonly exempt: number;
}

const SHOWN_SKIPPED = 5;

/** One finding: `file:line:column severity rule message`, and its traces. */
export function renderFindingText(finding: ReportedFinding, options: TextOptions = {}): string {
  const palette = paletteOf(options.color);
  const place = palette.bold(harmless(displayPlace(finding, options.relativeTo)));
  const message = indented(finding.message, '    ');
  const lines = [`${place} ${palette.severity[finding.severity](finding.severity)} ${palette.faint(finding.rule)} ${message}`];
  for (const related of finding.related) {
    lines.push(`    ${palette.faint(harmless(displayPlace(related, options.relativeTo)))} ${indented(related.message, '      ')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** All findings, then what was analysed and what was left out. */
export function renderFindingsText(findings: readonly ReportedFinding[], summary: FindingsSummary, options: TextOptions = {}): string {
  const palette = paletteOf(options.color);
  let text = findings.map((finding) => renderFindingText(finding, options)).join('');
  if (text) text += '\n';
  const inFiles = `in ${counted(summary.files, 'file')}`;
  text += findings.length > 0 ? `${palette.bold(severitySummary(findings))} ${inFiles}\n` : `${palette.good('no findings')} ${inFiles}\n`;
  return text + renderSkippedText(summary, options);
}

/** What was not analysed, briefly; '' when nothing was left out. */
export function renderSkippedText(summary: FindingsSummary, options: TextOptions = {}): string {
  const lines = summary.skipped
    .slice(0, SHOWN_SKIPPED)
    .map(({ file, reason }) => `skipped ${harmless(displayPath(file, options.relativeTo))}: ${harmless(reason)}`);
  if (summary.skipped.length > SHOWN_SKIPPED) lines.push(`skipped ${summary.skipped.length - SHOWN_SKIPPED} more; --format json lists them`);
  if (summary.exempt > 0) lines.push(`left out ${counted(summary.exempt, 'file')} (tests, stubs, vendored or generated code); --include-tests reads them`);
  return lines.map((line) => `${paletteOf(options.color).faint(line)}\n`).join('');
}
