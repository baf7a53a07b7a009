// Cards for a terminal: the same markdown with headings and examples set off, wrapped between words.
import { Marked, type Token, type Tokens } from 'marked';
import { harmless, type Palette, paletteOf, wrapWords } from './plain-text';

export interface CardTextOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** A card's markdown as lines of text; ends with a line end. */
export function renderCardText(markdown: string, { color, width }: CardTextOptions): string {
  const palette = paletteOf(color);
  const blocks = new Marked().lexer(markdown).flatMap((token) => blockText(token, palette, width) ?? []);
  return `${blocks.join('\n\n')}\n`;
}

function blockText(token: Token, palette: Palette, width: number): string | undefined {
  switch (token.type) {
    case 'heading':
      return palette.bold(inlineText((token as Tokens.Heading).tokens, palette));
    case 'paragraph':
    case 'text':
      return wrap(inlineText((token as Tokens.Paragraph).tokens, palette), '', width);
    case 'code':
      return (token as Tokens.Code).text
        .split('\n')
        .map((line) => palette.faint(`    ${harmless(line)}`))
        .join('\n');
    case 'list':
      return (token as Tokens.List).items.map((item) => wrap(`- ${itemText(item, palette)}`, '  ', width)).join('\n');
    case 'table':
      return (token as Tokens.Table).rows.map((row) => wrap(row.map((cell) => inlineText(cell.tokens, palette)).join('  '), '    ', width)).join('\n');
    case 'hr':
      return palette.faint('-'.repeat(Math.min(width, 40)));
    default:
      return undefined;
  }
}

function itemText(item: Tokens.ListItem, palette: Palette): string {
  return item.tokens.flatMap((token) => ('tokens' in token && token.tokens ? [inlineText(token.tokens, palette)] : [])).join(' ');
}

function inlineText(tokens: readonly Token[], palette: Palette): string {
  return tokens
    .map((token): string => {
      if (token.type === 'strong') return palette.bold(inlineText((token as Tokens.Strong).tokens, palette));
      if (token.type === 'codespan') return palette.severity.information(harmless((token as Tokens.Codespan).text));
      if (token.type === 'br') return '\n';
      if ('tokens' in token && token.tokens) return inlineText(token.tokens, palette);
      return 'text' in token ? entities(harmless(String(token.text).replace(/\n/g, ' '))) : '';
    })
    .join('');
}

/** Characters that the markdown had to write as entities. */
function entities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|#58|#64|#46);/g, (_all, name: string) => ENTITIES[name]);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#58': ':', '#64': '@', '#46': '.' };

function wrap(text: string, indent: string, width: number): string {
  return wrapWords(
    text.split('\n').map((line) => line.trim()),
    indent,
    width,
    0,
  );
}
