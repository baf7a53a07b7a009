// GitHub's annotations: workflow commands, which a runner reads out of a step's log and shows beside the code.
import type { Severity } from '../rules/finding';
import type { FindingsOutput } from './findings-output';
import { counted, displayPath, displayPlace, harmless } from './plain-text';
import type { ReportedFinding } from './reported-finding';

const COMMANDS: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };
const LOUDNESS: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** A runner shows so many annotations of each level for one step; the log has them all. */
const SHOWN = 10;

/** One command for each finding, loudest first; where not all are going to be shown, the last notice that is says how many are not. */
export function renderGithub({ findings, relativeTo }: FindingsOutput): string {
  const sorted = [...findings].sort((a, b) => LOUDNESS.indexOf(a.severity) - LOUDNESS.indexOf(b.severity));
  const [errors, warnings, notices] = (['error', 'warning', 'notice'] as const).map((level) => sorted.filter(({ severity }) => COMMANDS[severity] === level));
  const isTooMuch = [errors, warnings, notices].some(({ length }) => length > SHOWN);
  const shownNotices = isTooMuch ? SHOWN - 1 : SHOWN;
  const hidden = [errors, warnings].reduce((sum, { length }) => sum + Math.max(0, length - SHOWN), 0) + Math.max(0, notices.length - shownNotices);
  const lines = [
    ...[...errors, ...warnings, ...notices.slice(0, shownNotices)].map((finding) => commandOf(finding, relativeTo)),
    ...(hidden > 0 ? [`::notice title=Lockset::${counted(hidden, 'more finding')} not shown as annotations; the log of this step has them all`] : []),
    ...notices.slice(shownNotices).map((finding) => commandOf(finding, relativeTo)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function commandOf(finding: ReportedFinding, folder: string | undefined): string {
  const { start, end } = finding.range;
  const properties = {
    file: displayPath(finding.file, folder).split('\n').map(harmless).join('\n'),
    line: start.line + 1,
    endLine: end.line + 1,
    // Columns are taken to be of one line.
    ...(start.line === end.line && { col: start.column + 1, endColumn: end.column + 1 }),
    title: `Lockset: ${finding.rule}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const text = [...finding.message.split(/\r?\n/), ...finding.related.map((step) => `${displayPlace(step, folder)}: ${step.message}`)];
  return `::${COMMANDS[finding.severity]} ${list.join(',')}::${escapeData(text.map(harmless).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replace(/[%\r\n]/g, (character) => encodeURIComponent(character));
}

function escapeProperty(text: string): string {
  return text.replace(/[%\r\n:,]/g, (character) => encodeURIComponent(character));
}
