// What `lockset report` makes: one function for each format.
import type { FindingsOutput } from '../report/findings-output';
import { fingerprintsOf } from '../report/fingerprints';
import type { TextOptions } from '../report/plain-text';
import { reportToJson } from '../report/render-json';
import type { WorkspaceReport } from '../report/workspace-report';

/** What a report is made of; its findings are those that are not known, the report's own are all. */
export interface Reported extends FindingsOutput {
  readonly report: WorkspaceReport;
  /** What was analysed, as it was asked for. */
  readonly subject: string;
  /** The text of the script for pages. */
  readonly pageScript: () => string;
}

type Format = (reported: Reported, style: TextOptions) => string | Promise<string>;

export const REPORT_FORMATS = {
  text: async ({ report }, style) => (await import('../report/render-text')).renderReportText(report, style),
  html: async ({ report, subject, lineOf, pageScript }, { relativeTo }) =>
    (await import('../report/render-html')).renderReportHtml(report, { relativeTo, subject, sourceLine: lineOf, script: pageScript() }),
  json: reportJson,
  markdown: async (reported) => (await import('../report/render-markdown-report')).renderReportMarkdown(reported.report, reported),
  sarif: async (reported) => (await import('../report/render-sarif')).renderSarif(reported),
} as const satisfies Readonly<Record<string, Format>>;

export type ReportFormat = keyof typeof REPORT_FORMATS;

function reportJson({ report, version, relativeTo, lineOf }: Reported): string {
  const fingerprints = fingerprintsOf([...report.findings, ...report.suppressed], lineOf, relativeTo);
  return `${JSON.stringify(reportToJson(report, { version, relativeTo, fingerprints }))}\n`;
}
