// HTML pieces: escaping, and elements that stand for a place in a source file.
import { displayPath } from './plain-text';
import type { ReportLocation } from './workspace-report';

/** Text as markup. */
export function escapeHtml(text: string): string {
  // Characters that reorder text could make a page say what the source does not.
  const visible = text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
  return visible.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A template: text and numbers in it are escaped, markup made by `html` is not. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Raw | readonly Raw[])[]): Raw {
  let text = parts[0];
  values.forEach((value, index) => {
    text += markupOf(value) + parts[index + 1];
  });
  return new Raw(text);
}

function markupOf(value: string | number | Raw | readonly Raw[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value instanceof Raw ? value.text : value.map((each) => each.text).join('');
}

/** Markup already escaped. A class, so that no text passes for it. */
export class Raw {
  constructor(readonly text: string) {}
}

export const NOTHING = new Raw('');

/** How places are shown and led to. */
export interface PlaceStyle {
  readonly relativeTo?: string;
  /** Address of a place (line and column from 0); without it and without a script a place is plain text. */
  readonly linkTo?: (file: string, line: number, column: number) => string;
  /** What a script in the page is told of a file instead of its name. */
  readonly addressOf?: (file: string) => string;
  /** Whether a script in the page opens places, so that they look like something to press. */
  readonly pressable: boolean;
  /** The text of a source line (from 0), to be shown beside places. */
  readonly sourceLine?: (file: string, line: number) => string | undefined;
}

/** `file:line` as something to press, or to follow. */
export function placeElement(place: ReportLocation, style: PlaceStyle): Raw {
  const { line, column } = place.range.start;
  const path = displayPath(place.file, style.relativeTo);
  const file = style.addressOf?.(place.file) ?? place.file;
  const label = `${path}:${line + 1}`;
  if (style.linkTo) {
    const address = style.linkTo(place.file, line, column);
    // An address comes from a path of the workspace; a scheme such as javascript: has no business here.
    if (/^(?:https?|vscode|vscode-insiders|file):|^[#./]/i.test(address)) {
      return html`<a class="place" href="${address}" data-file="${file}" data-line="${line}" data-column="${column}">${label}</a>`;
    }
  }
  if (style.pressable) return html`<button type="button" class="place" data-file="${file}" data-line="${line}" data-column="${column}">${label}</button>`;
  return html`<span class="place" data-file="${file}" data-line="${line}" data-column="${column}">${label}</span>`;
}

/** Longer lines are made by machines. */
const LONGEST_LINE = 400;
/** A range over more lines than this is shown by its first ones. */
const MOST_LINES = 12;

/** The source lines of a place, its range marked, with `around` lines before and after; nothing when the text is not known. */
export function sourceElement(place: ReportLocation, style: PlaceStyle, around = 0): Raw {
  const { start, end } = place.range;
  const last = Math.min(around === 0 ? start.line : end.line, start.line + MOST_LINES) + around;
  const read: [number, string][] = [];
  for (let line = Math.max(0, start.line - around); line <= last; line++) {
    const text = style.sourceLine?.(place.file, line);
    if (text !== undefined && text.length <= LONGEST_LINE) read.push([line, text]);
  }
  const filled = read.filter(([, text]) => text.trim() !== '').map(([line]) => line);
  if (!filled.includes(start.line)) return NOTHING;
  const shown = read.filter(([line]) => line >= filled[0] && line <= filled[filled.length - 1]);
  const indents = shown.filter(([line]) => filled.includes(line)).map(([, text]) => text.length - text.trimStart().length);
  const indent = Math.min(...indents);
  const lines = shown.map(([line, text]) => {
    const bounded = (column: number) => Math.min(Math.max(column, text.length - text.trimStart().length), text.length);
    const from = line < start.line ? text.length : bounded(line === start.line ? start.column : 0);
    const to = line > end.line ? from : Math.max(from, line === end.line ? bounded(end.column) : text.length);
    const marked = line >= start.line && to > from ? html`<mark>${text.slice(from, to)}</mark>` : NOTHING;
    const parts = marked === NOTHING ? html`${text.slice(indent)}` : html`${text.slice(indent, from)}${marked}${text.slice(to)}`;
    return html`<span class="line" data-line="${line + 1}">${parts}</span>`;
  });
  return html`<code class="source">${lines}</code>`;
}
