// The formats of the workspace report: one function for each.
import type { FindingsOutput } from './findings-output';
import { fingerprintsOf } from './fingerprints';
import type { TextOptions } from './plain-text';
import { renderReportHtml } from './render-html';
import { reportToJson } from './render-json';
import { renderReportMarkdown } from './render-markdown-report';
import { renderSarif } from './render-sarif';
import { renderReportText } from './render-text';
import type { WorkspaceReport } from './workspace-report';

/** What a report is made of; its findings are those that are not known, the report's own are all. */
export interface Reported extends FindingsOutput {
  readonly report: WorkspaceReport;
  /** What was analysed, as it was asked for. */
  readonly subject: string;
  /** The text of the script for pages. */
  readonly pageScript: () => string;
}

type Format = (reported: Reported, style: TextOptions) => string;

export const REPORT_FORMATS = {
  text: ({ report }, style) => renderReportText(report, style),
  html: ({ report, subject, lineOf, pageScript }, { relativeTo }) =>
    renderReportHtml(report, { relativeTo, subject, sourceLine: lineOf, script: pageScript() }),
  json: reportJson,
  markdown: (reported) => renderReportMarkdown(reported.report, reported),
  sarif: renderSarif,
} as const satisfies Readonly<Record<string, Format>>;

export type ReportFormat = keyof typeof REPORT_FORMATS;

function reportJson({ report, version, relativeTo, lineOf }: Reported): string {
  const fingerprints = fingerprintsOf([...report.findings, ...report.suppressed], lineOf, relativeTo);
  return `${JSON.stringify(reportToJson(report, { version, relativeTo, fingerprints }))}\n`;
}
