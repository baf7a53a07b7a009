// The workspace report as plain text, for terminals.
import { counted, displayPath, displayPlace, harmless, paletteOf, severitySummary, type TextOptions, WIDTH, wrapWords } from './plain-text';
import { renderFindingFull } from './render-findings';
import { type CheckState, checksOf } from './report-checks';
import { type Count, isSequential, summaryOf } from './report-summary';
import { lockLines, orderLines, rootLines, type SectionStyle, sharedLines } from './report-text-sections';
import { tableLines } from './text-table';
import type { WorkspaceReport } from './workspace-report';

const SHOWN_SKIPPED = 10;
const SHOWN_COUNTS = 12;
const SHOWN_CHANGES = 20;
/** A space at which no line is broken. */
const TOGETHER = '\u00a0';

/** The whole report, ending with a line end. */
export function renderReportText(report: WorkspaceReport, options: TextOptions = {}): string {
  const style = styleOf(options);
  const { bold } = style.palette;
  const { files, functions, classes } = report.counts;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Summary', isSequential(report) ? [] : summaryLines(report, options, style)],
    ['Checklist', isSequential(report) ? [] : checkLines(report, style)],
    ['What runs beside the main program', rootLines(report.roots, style)],
    ['Shared places', sharedLines(report.shared, style)],
    ['Locks', lockLines(report.locks, style)],
    ['Order of locks', orderLines(report, style)],
    ['Findings', report.findings.flatMap((finding) => ['', ...renderFindingFull(finding, options).trimEnd().split('\n')]).slice(1)],
    ['Accepted by comments', report.suppressed.map((each) => style.item(1, `${style.place(each)} ${each.rule}${reason(each.justification)}`))],
    ['Change', changeLines(report, style)],
    [
      'Not analysed, or only in part',
      style.some(
        report.skipped.map((each) => skippedLine(each, options, style)),
        SHOWN_SKIPPED,
      ),
    ],
  ];
  const head = [
    bold('Concurrency report'),
    style.item(0, `${counted(files, 'file')}, ${counted(functions, 'function')}, ${counted(classes, 'class', 'classes')}: ${severitySummary(report.findings)}`),
    ...(isSequential(report) ? ['', style.item(0, files === 0 ? NOTHING_READ : NOTHING_CONCURRENT)] : []),
  ];
  return `${[...head, ...sections.flatMap(([title, lines]) => (lines.length > 0 ? ['', bold(title), ...lines] : []))].join('\n')}\n`;
}

const NOTHING_READ = 'There is nothing to read: no Python, TypeScript or JavaScript files.';
const NOTHING_CONCURRENT = 'Nothing runs concurrently here, as far as the analysis sees: no threads, processes, tasks, workers, handlers or locks.';

function styleOf({ color, width = WIDTH, relativeTo }: TextOptions): SectionStyle {
  const palette = paletteOf(color);
  const item = (depth: number, text: string) => {
    const indent = '  '.repeat(depth);
    return indent + wrapWords([text], `${indent}    `, width, indent.length);
  };
  return {
    palette,
    item,
    place: (location) => palette.faint(harmless(displayPlace(location, relativeTo))),
    some: (blocks, limit, depth = 1) =>
      blocks.length <= limit ? blocks : [...blocks.slice(0, limit), item(depth, palette.faint(`and ${blocks.length - limit} more`))],
  };
}

function summaryLines(report: WorkspaceReport, { relativeTo, width = WIDTH }: TextOptions, { palette }: SectionStyle): string[] {
  const summary = summaryOf(report, relativeTo);
  const { coverage, guarded } = summary;
  const list = (counts: readonly Count<string>[]) => {
    const more = counts.length - SHOWN_COUNTS;
    return [...counts.slice(0, SHOWN_COUNTS).map(({ name, count }) => `${harmless(name)}${TOGETHER}${count}`), ...(more > 0 ? [`${more} more`] : [])].join(
      ', ',
    );
  };
  const rows = [
    ['styles', list(summary.styles)],
    ['severities', list(summary.bySeverity)],
    ['families', list(summary.byFamily)],
    ['rules', list(summary.byRule)],
    ['folders', list(summary.byFolder)],
    [
      'guards',
      guarded.places > 0
        ? `${guarded.withGuard} of ${counted(guarded.places, 'shared place')} with a known guard, ${guarded.alwaysKept} of them always kept`
        : '',
    ],
    [
      'files',
      [
        `${coverage.analysed} analysed`,
        ...(coverage.leftOut > 0 ? [`${coverage.leftOut} left out`] : []),
        ...(coverage.skipped > 0 ? [`${coverage.skipped} skipped`] : []),
      ].join(', '),
    ],
  ].filter(([, text]) => text !== '');
  const table = rows.map(([name, text]) => [palette.faint(name), text]);
  return tableLines(table, { widths: [10, Math.max(width - 14, 20)] }).map((line) => `  ${line.replaceAll(TOGETHER, ' ')}`);
}

function checkLines(report: WorkspaceReport, { palette, item }: SectionStyle): string[] {
  const marks: Readonly<Record<CheckState, string>> = {
    good: palette.good('ok'),
    bad: palette.severity.error('!!'),
    hint: palette.severity.information('i '),
    idle: palette.faint('--'),
  };
  return checksOf(report).map(({ state, title, detail }) => item(1, `${marks[state]} ${title}: ${palette.faint(detail)}`));
}

function changeLines({ findings, change }: WorkspaceReport, { palette, item, place, some }: SectionStyle): readonly string[] {
  if (!change) return [];
  const { since, fresh, known, gone } = change;
  const lines = [
    ...fresh.map((index) => item(2, `${palette.severity.error('new')} ${place(findings[index])} ${findings[index].rule}`)),
    ...gone.map(({ rule, symbol, file }) =>
      item(2, `${palette.good('fixed')} ${harmless(rule)}${symbol ? ` in ${harmless(symbol)}` : ''} ${palette.faint(harmless(file))}`),
    ),
  ];
  return [item(1, `since ${harmless(since)}: ${fresh.length} new, ${known} known, ${gone.length} fixed`), ...some(lines, SHOWN_CHANGES, 2)];
}

function skippedLine({ file, reason: why }: WorkspaceReport['skipped'][number], { relativeTo }: TextOptions, { item }: SectionStyle): string {
  return item(1, file === '' ? harmless(why) : `${harmless(displayPath(file, relativeTo))}: ${harmless(why)}`);
}

function reason(justification: string): string {
  return justification === '' ? '' : `: ${harmless(justification)}`;
}
