// Pieces of Markdown for pages that people share: text, code and tables that show exactly what the workspace says, and nobody's name calls anybody.
import { escapeHtml } from './html-text';
import { codeSpan, escapeMarkdown } from './markdown';
import { displayPath, harmless } from './plain-text';
import type { ReportLocation } from './workspace-report';

/** Text of the workspace on one line. */
export function plain(text: string): string {
  // What would make a list or a heading of the line that it begins.
  return uncalled(oneLine(text), escapeMarkdown).replace(/^(\d+)(?=[.)])|^(?=[-+=])/, '$1\\');
}

/** Text of the workspace inside an HTML element. */
export function plainHtml(text: string): string {
  return uncalled(oneLine(text), escapeHtml);
}

/** A name or a piece of source; '' for none. */
export function code(text: string): string {
  const line = oneLine(text);
  // A table takes a bar for the end of a cell, even in a code span, and whoever reads tables disagrees on backslashes before it.
  if (/[|\\]/.test(line)) return `<code>${escapeMarkdown(line).replaceAll('\\|', '&#124;')}</code>`;
  return line === '' ? '' : codeSpan(line);
}

/** `path:line` as code. */
export function placeCode(place: ReportLocation, folder: string | undefined): string {
  return code(placeText(place, folder));
}

/** `path:line`, from 1. */
export function placeText({ file, range }: ReportLocation, folder: string | undefined): string {
  return `${displayPath(file, folder)}:${range.start.line + 1}`;
}

/** More of one kind makes a page that nobody reads, and that GitHub may refuse. */
const MOST_ROWS = 100;

/** A table of cells that are Markdown already, and how many rows are left out; '' without rows. `numbers`: which columns are of numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbers: readonly number[] = []): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_title, column) => (numbers.includes(column) ? '---:' : '---')));
  const [shown, more] = shortened(rows.map(line));
  return blocks([line(head), rule, ...shown].join('\n'), more);
}

/** The first of them, and a sentence on the others; '' where there are none. */
export function shortened(items: readonly string[]): [readonly string[], string] {
  return items.length <= MOST_ROWS ? [items, ''] : [items.slice(0, MOST_ROWS), `And ${items.length - MOST_ROWS} more; the JSON report lists all.`];
}

/** A line of source as a block, by its file's language. */
export function sourceBlock(line: string | undefined, file: string): string {
  if (line === undefined || line.trim() === '') return '';
  const text = oneLine(line);
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${/\.pyi?$/.test(file) ? 'python' : 'typescript'}\n${text}\n${fence}`;
}

/** Blocks with empty lines between them; '' is no block. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('\n\n');
}

/** What stands on one line; '' is nothing. */
export function words(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ');
}

/** Source is cut where it is longer, as minified code is. */
const LONGEST = 300;

function oneLine(text: string): string {
  const line = harmless(text.trim().replace(/\s*[\r\n]\s*|\t/g, ' '));
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** GitHub looks for `@name` and `#1` in what is shown, so that escaping does not help; an element of their own does. */
function uncalled(text: string, escape: (text: string) => string): string {
  return text
    .split(/([@#](?=\w))/)
    .map((part, index) => (index % 2 === 1 ? `<span>${part}</span>` : escape(part)))
    .join('');
}
