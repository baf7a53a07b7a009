// Findings as a terminal shows them: a line that programs can read, then traces, excerpts and schedules; a summary at the end.
import { counted, displayPath, displayPlace, harmless, indented, paletteOf, severitySummary, type TextOptions, WIDTH, wrapped, wrapWords } from './plain-text';
import type { ReportedFinding } from './reported-finding';
import { scheduleLines } from './schedule-text';
import { excerpt } from './source-excerpt';
import type { ReportLocation } from './workspace-report';

export interface FindingsSummary {
  /** How many files were analysed. */
  readonly files: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Tests and the like, which nobody asked for. */
  readonly exempt: number;
}

const SHOWN_SKIPPED = 5;
const INDENT = '    ';

/** One finding: `file:line:column severity rule message`, and its traces, each on a line of its own. */
export function renderFindingText(finding: ReportedFinding, options: TextOptions = {}): string {
  const palette = paletteOf(options.color);
  const lines = [`${headOf(finding, options)} ${indented(finding.message, INDENT)}`];
  for (const related of finding.related) {
    lines.push(`${INDENT}${palette.faint(harmless(displayPlace(related, options.relativeTo)))} ${indented(related.message, INDENT + INDENT)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One finding for reading: the message wrapped below its place, with excerpts and the schedule. */
export function renderFindingFull(finding: ReportedFinding, options: TextOptions = {}): string {
  const palette = paletteOf(options.color);
  const width = (options.width ?? WIDTH) - INDENT.length;
  const seen = new Set<string>();
  // Each place once: traces often come back to where they began.
  const source = (location: ReportLocation) => {
    const { file, range } = location;
    const line = options.lineOf?.(file, range.start.line);
    const place = displayPlace(location, undefined);
    return line === undefined || seen.size === seen.add(place).size ? [] : excerpt(line, range, width, palette);
  };
  const lines = [...wrapped(finding.message, '', width).split('\n'), ...source(finding)];
  const schedule = scheduleLines(finding, { width, palette });
  for (const related of finding.related) {
    const place = harmless(displayPlace(related, options.relativeTo));
    lines.push(...wrapWords([`${palette.faint(place)} ${harmless(related.message)}`], '    ', width, 0).split('\n'));
    // A schedule tells the same by what is done.
    if (schedule.length === 0) lines.push(...source(related));
  }
  if (schedule.length > 0) lines.push('', ...schedule);
  return `${headOf(finding, options)}\n${lines.map((line) => `${line === '' ? '' : INDENT}${line}\n`).join('')}`;
}

/** All findings, in one of these ways. */
export function renderFindingsText(findings: readonly ReportedFinding[], options: TextOptions & { readonly full?: boolean } = {}): string {
  return options.full
    ? findings.map((finding) => `${renderFindingFull(finding, options)}\n`).join('')
    : findings.map((finding) => renderFindingText(finding, options)).join('');
}

/** How many findings there are, in how many files, and what was not analysed. */
export function renderSummaryText(findings: readonly ReportedFinding[], summary: FindingsSummary, options: TextOptions = {}): string {
  const palette = paletteOf(options.color);
  const inFiles = `in ${counted(summary.files, 'file')}`;
  const head =
    findings.length > 0
      ? `${palette.bold(severitySummary(findings))} ${inFiles}`
      : summary.files > 0
        ? `${palette.good('no findings')} ${inFiles}`
        : 'nothing to read: no Python, TypeScript or JavaScript files';
  return `${head}\n${renderSkippedText(summary, options)}`;
}

/** What was not analysed, briefly; '' when nothing was left out. */
function renderSkippedText(summary: FindingsSummary, options: TextOptions): string {
  const lines = summary.skipped
    .slice(0, SHOWN_SKIPPED)
    .map(({ file, reason }) => `skipped ${harmless(displayPath(file, options.relativeTo))}: ${harmless(reason)}`);
  if (summary.skipped.length > SHOWN_SKIPPED) lines.push(`skipped ${summary.skipped.length - SHOWN_SKIPPED} more; --format json lists them`);
  if (summary.exempt > 0) lines.push(`left out ${counted(summary.exempt, 'file')} (tests, stubs, vendored or generated code); --include-tests reads them`);
  return lines.map((line) => `${paletteOf(options.color).faint(line)}\n`).join('');
}

function headOf(finding: ReportedFinding, options: TextOptions): string {
  const palette = paletteOf(options.color);
  const place = palette.bold(harmless(displayPlace(finding, options.relativeTo)));
  return `${place} ${palette.severity[finding.severity](finding.severity)} ${palette.faint(finding.rule)}`;
}
