// Markdown as a reader sees it: rendered, and then its text without markup.
import { Marked, type Token, type Tokens } from 'marked';

const marked = new Marked({ gfm: true });

export interface MarkdownTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The markup that a text becomes. */
export function rendered(markdown: string): string {
  return marked.parse(markdown, { async: false });
}

/** The text that is seen; line breaks within it are kept, those at its ends are not. */
export function visible(markup: string): string {
  return decode(markup.replace(/<br>/g, '\n').replace(/<[^>]*>/g, '')).replace(/^\n+|\n+$/g, '');
}

/** The tables below each heading, by the heading; those before the first one by ''. */
export function tablesOf(markdown: string): Map<string, MarkdownTable[]> {
  const tables = new Map<string, MarkdownTable[]>();
  let heading = '';
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'heading') heading = token['text'];
    if (token.type !== 'table') continue;
    const { header, rows } = token as Tokens.Table;
    const text = (cells: readonly Tokens.TableCell[]) => cells.map((cell) => visible(marked.parser([paragraphOf(cell.tokens)])));
    tables.set(heading, [...(tables.get(heading) ?? []), { head: text(header), rows: rows.map(text) }]);
  }
  return tables;
}

function paragraphOf(tokens: Token[]): Tokens.Paragraph {
  return { type: 'paragraph', raw: '', text: '', tokens };
}

function decode(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_all, number: string | undefined, name: string) =>
    number === undefined ? named[name] : String.fromCodePoint(Number(number)),
  );
}
