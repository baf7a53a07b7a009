// A finding in Markdown: a line that opens, and in it the whole message, the trace, the schedule and the fixes.
import type { LineOf } from './fingerprints';
import { blocks, code, placeCode, placeText, plain, plainHtml, sourceBlock, table, words } from './markdown-parts';
import { firstSentence } from './message-parts';
import type { ReportedFinding, ReportedInterleaving } from './reported-finding';
import type { ReportLocation } from './workspace-report';

export interface MarkdownSources {
  /** Folder that paths are shown relative to. */
  readonly relativeTo?: string;
  readonly lineOf: LineOf;
}

/** The finding as an element that opens. `mark` stands before it: `new`. */
export function findingDetails(finding: ReportedFinding, sources: MarkdownSources, mark = ''): string {
  const { lineOf, relativeTo } = sources;
  const [, rest] = firstSentence(finding.message);
  const trace = finding.related.map((step, index) => `${index + 1}. ${words(plain(step.message), placeCode(step, relativeTo), sourceCode(step, lineOf))}`);
  return blocks(
    `<details>\n<summary>${words(mark && `<b>${mark}</b>`, findingLine(finding, relativeTo))}</summary>`,
    rest.split(/\r?\n/).map(plain).join('  \n'),
    `${code(finding.rule)}${finding.symbol && ` in ${code(finding.symbol)}`}`,
    sourceBlock(lineOf(finding.file, finding.range.start.line), finding.file),
    trace.join('\n'),
    finding.interleaving ? schedule(finding.interleaving, sources) : '',
    finding.fixes.map(({ title, safety }) => `Fix: ${plain(title)} (${safety})`).join('  \n'),
    '</details>',
  );
}

/** A finding on one line, as an HTML element wants it. */
export function findingLine(finding: ReportedFinding, folder: string | undefined): string {
  return `<b>${finding.severity}</b> <code>${plainHtml(placeText(finding, folder))}</code> ${plainHtml(firstSentence(finding.message)[0])}`;
}

/** A column for each side, a row for each step, and how it ends. */
function schedule({ sides, steps, outcome }: ReportedInterleaving, { lineOf, relativeTo }: MarkdownSources): string {
  const rows = steps.map((step, index) => {
    const cell = `${plain(step.does)}<br>${words(placeCode(step, relativeTo), sourceCode(step, lineOf))}`;
    return [String(index + 1), ...sides.map((_side, side) => (side === step.side ? cell : ''))];
  });
  return blocks(table(['', ...sides.map(plain)], rows, [0]), `**${plain(outcome)}**`);
}

function sourceCode({ file, range }: ReportLocation, lineOf: LineOf): string {
  return code(lineOf(file, range.start.line) ?? '');
}
