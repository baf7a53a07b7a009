// Findings in Markdown, as a comment on a pull request.
import type { Severity } from '../rules/finding';
import type { FindingsOutput } from './findings-output';
import { findingDetails, findingLine } from './markdown-finding';
import { blocks, code, plain, table } from './markdown-parts';
import { counted, displayPath, severitySummary } from './plain-text';
import type { ReportedFinding } from './reported-finding';

/** GitHub takes 65,536 characters in a comment; the difference is for what others write around it. */
const MOST_CHARACTERS = 65_000;
/** What the lines may take that stand around the findings themselves. */
const RESERVE = 500;
const SHOWN_SKIPPED = 10;
const LOUDNESS: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** How many there are, a table of them by rule, and each of them to open, loudest first; those that there is no room for have a line each. */
export function renderFindingsMarkdown(output: FindingsOutput): string {
  const { findings, files, relativeTo } = output;
  const head = blocks(`### Lockset: ${severitySummary(findings)} in ${counted(files, 'file')}`, restOf(output), countsTable(findings));
  const sorted = [...findings].sort((a, b) => LOUDNESS.indexOf(a.severity) - LOUDNESS.indexOf(b.severity));
  let room = MOST_CHARACTERS - RESERVE - head.length;
  /** Whether there is room for so many more characters, which are taken then. */
  const take = (length: number) => {
    const fits = length <= room;
    if (fits) room -= length;
    return fits;
  };
  const shown = sorted.map((finding) => ({ finding, line: `<li>${findingLine(finding, relativeTo)}</li>` })).filter(({ line }) => take(line.length + 1));
  const details = shown.map(({ finding, line }) => {
    const text = findingDetails(finding, output);
    return take(text.length + 2 - line.length) ? text : '';
  });
  const lines = shown.filter((_each, index) => details[index] === '').map(({ line }) => line);
  const left = findings.length - shown.length;
  const more = left > 0 ? `${counted(left, 'more finding')} left out, as a comment holds no more; ${code('lockset check')} lists all.` : '';
  return `${blocks(head, ...details, lines.length > 0 ? `<ul>\n${lines.join('\n')}\n</ul>` : '', more)}\n`;
}

/** What is not told one by one. */
function restOf({ known, suppressed, skipped, relativeTo }: FindingsOutput): string {
  const reasons = skipped.slice(0, SHOWN_SKIPPED).map(({ file, reason }) => `${file ? `${code(displayPath(file, relativeTo))}: ` : ''}${plain(reason)}`);
  return [
    ...(known ? [`${counted(known.length, 'more finding')} known before`] : []),
    ...(suppressed.length > 0 ? [`${counted(suppressed.length, 'finding')} accepted by comments`] : []),
    ...(skipped.length > 0
      ? [`Not analysed, or only in part: ${reasons.join('; ')}${skipped.length > SHOWN_SKIPPED ? `; and ${skipped.length - SHOWN_SKIPPED} more` : ''}`]
      : []),
  ].join('  \n');
}

function countsTable(findings: readonly ReportedFinding[]): string {
  const counts = new Map<string, number>();
  for (const { rule, severity } of findings) counts.set(`${severity} ${rule}`, (counts.get(`${severity} ${rule}`) ?? 0) + 1);
  const rows = [...counts].map(([key, count]) => [...(key.split(' ') as [Severity, string]), count] as const);
  const sorted = rows.sort((a, b) => LOUDNESS.indexOf(a[0]) - LOUDNESS.indexOf(b[0]) || b[2] - a[2] || (a[1] < b[1] ? -1 : 1));
  return table(
    ['Rule', 'Severity', 'Findings'],
    sorted.map(([severity, rule, count]) => [code(rule), severity, String(count)]),
    [2],
  );
}
