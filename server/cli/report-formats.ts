// What `lockset report` makes: text for a terminal, and what other programs read.
import type { TextOptions } from '../report/plain-text';
import { renderReportText } from '../report/render-text';
import { REPORT_FILE_FORMATS, type Reported } from '../report/report-formats';

export const REPORT_FORMATS = {
  text: ({ report }: Reported, style: TextOptions) => renderReportText(report, style),
  ...REPORT_FILE_FORMATS,
};

export type ReportFormat = keyof typeof REPORT_FORMATS;
