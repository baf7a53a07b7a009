// The formats of the workspace report as a file: one function for each.
import type { FindingsOutput } from './findings-output';
import { fingerprintsOf } from './fingerprints';
import { renderReportHtml } from './render-html';
import { reportToJson } from './render-json';
import { renderReportMarkdown } from './render-markdown-report';
import { renderSarif } from './render-sarif';
import { relativeReport } from './report-files';
import type { WorkspaceReport } from './workspace-report';

/** What a report is made of; its findings are those that are not known, the report's own are all. */
export interface Reported extends FindingsOutput {
  readonly report: WorkspaceReport;
  /** What was analysed, as it was asked for. */
  readonly subject: string;
  /** The text of the script for pages. */
  readonly pageScript: () => string;
}

/** Without the one for terminals, whose tables no browser needs. */
export const REPORT_FILE_FORMATS = {
  html: ({ report, subject, relativeTo, lineOf, pageScript }: Reported) => {
    const { named, fileOf } = relativeReport(report, relativeTo);
    return renderReportHtml(named, { subject, sourceLine: (name, line) => lineOf(fileOf(name), line), script: pageScript() });
  },
  json: reportJson,
  markdown: (reported: Reported) => renderReportMarkdown(reported.report, reported),
  sarif: (reported: Reported) => renderSarif(reported),
};

function reportJson({ report, version, relativeTo, lineOf }: Reported): string {
  const fingerprints = fingerprintsOf([...report.findings, ...report.suppressed], lineOf, relativeTo);
  return `${JSON.stringify(reportToJson(report, { version, relativeTo, fingerprints }))}\n`;
}
