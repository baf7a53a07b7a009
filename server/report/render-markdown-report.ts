// The workspace report in Markdown: the sections of the page, for a wiki, a build's summary or a pull request.
import { findingDetails, type MarkdownSources } from './markdown-finding';
import { lockOrderSection } from './markdown-lock-order';
import { blocks, code, placeCode, plain, shortened, table, words } from './markdown-parts';
import { locksTable, rootsTable, sharedTable } from './markdown-tables';
import { firstSentence } from './message-parts';
import { counted, displayPath, severitySummary } from './plain-text';
import { checksOf } from './report-checks';
import { type Count, isSequential, summaryOf } from './report-summary';
import type { ReportChange, WorkspaceReport } from './workspace-report';

export interface MarkdownReportOptions extends MarkdownSources {
  /** What was analysed, below the title. */
  readonly subject?: string;
}

const MARKS = { good: '✓', bad: '✗', hint: 'i', idle: '–' } as const;

/** The whole report, ending with a line end. */
export function renderReportMarkdown(report: WorkspaceReport, options: MarkdownReportOptions): string {
  const { relativeTo } = options;
  const isSilent = isSequential(report);
  const sections: readonly (readonly [title: string, content: string])[] = [
    ['Summary', summaryTable(report, relativeTo)],
    ['Change', report.change ? changeSection(report.change) : ''],
    ['Checklist', isSilent ? '' : checklist(report)],
    ['Findings', findingsSection(report, options)],
    ['What runs where', rootsTable(report, relativeTo)],
    ['Shared places', sharedTable(report, relativeTo)],
    ['Locks', locksTable(report, relativeTo)],
    ['Order of locks', lockOrderSection(report, relativeTo)],
    ['Accepted by comments', acceptedTable(report, relativeTo)],
    ['Not analysed, or only in part', skippedTable(report, relativeTo)],
  ];
  const kindly = isSilent ? 'Nothing here runs beside anything else, as far as the analysis sees: no threads, processes, tasks or locks.' : '';
  const shown = sections.filter(([, content]) => content !== '').map(([title, content]) => blocks(`## ${title}`, content));
  return `${blocks('# Concurrency report', code(options.subject ?? ''), kindly, ...shown)}\n`;
}

function summaryTable(report: WorkspaceReport, folder: string | undefined): string {
  const { byFamily, byFolder, styles, guarded, coverage } = summaryOf(report, folder);
  const counts = (list: readonly Count<string>[], nameOf: (name: string) => string = (name) => name) =>
    list.map(({ name, count }) => `${nameOf(name)} ${count}`).join(', ');
  const rows = [
    ['Findings', severitySummary(report.findings)],
    ['By family', counts(byFamily)],
    ['By folder', counts(byFolder, code)],
    ['Roots', counts(styles)],
    ['Shared places', guarded.places > 0 ? `${guarded.places}, ${guarded.withGuard} with a known guard, ${guarded.alwaysKept} always kept` : ''],
    ['Code', `${counted(report.counts.functions, 'function')}, ${counted(report.counts.classes, 'class', 'classes')}`],
    ['Files', `${coverage.analysed} analysed, ${coverage.leftOut} left out (tests, stubs, vendored or generated code), ${coverage.skipped} skipped`],
  ];
  return table(
    ['', ''],
    rows.filter(([, cell]) => cell !== ''),
  );
}

function checklist(report: WorkspaceReport): string {
  return table(
    ['', 'What should hold', 'How it stands'],
    checksOf(report).map(({ state, title, detail }) => [MARKS[state], title, detail]),
  );
}

function changeSection({ since, fresh, known, gone }: ReportChange): string {
  const rows = gone.map(({ rule, file, symbol, message }) => [
    code(rule),
    words(code(file), symbol ? `in ${code(symbol)}` : ''),
    plain(firstSentence(message)[0]),
  ]);
  return blocks(`Since ${code(since)}: ${fresh.length} new, ${known} known, ${gone.length} gone.`, table(['Gone', 'Where', 'What it was'], rows));
}

function findingsSection({ findings, change }: WorkspaceReport, options: MarkdownReportOptions): string {
  if (findings.length === 0) return 'None. What the analysis could not see is not claimed to be safe.';
  const fresh = new Set(change?.fresh);
  const [shown, more] = shortened(findings.map((finding, index) => findingDetails(finding, options, fresh.has(index) ? 'new' : '')));
  return blocks(...shown, more);
}

function acceptedTable({ suppressed }: WorkspaceReport, folder: string | undefined): string {
  const rows = suppressed.map((finding) => [code(finding.rule), placeCode(finding, folder), plain(finding.justification)]);
  return table(['Rule', 'Where', 'Reason'], rows);
}

function skippedTable({ skipped }: WorkspaceReport, folder: string | undefined): string {
  return table(
    ['File', 'Reason'],
    skipped.map(({ file, reason }) => [code(displayPath(file, folder)), plain(reason)]),
  );
}
