// Parts of the report page that many sections have: numbers and texts of the model, bars, links between rows, and tables.
import { hashText } from '../text/hash';
import { html, NOTHING, type PlaceStyle, type Raw } from './html-text';
import type { WorkspaceReport } from './workspace-report';

/** What every section is made of. */
export interface PageContext {
  readonly report: WorkspaceReport;
  readonly style: PlaceStyle;
  /** The anchors of all rows, so that only rows that are there are linked to. */
  readonly anchors: ReadonlySet<string>;
}

/** A number of the model. `key` says which one of the row that it stands in, so that a test can hold every number to the model. */
export function number(key: string, value: number): Raw {
  return html`<span data-count="${key}">${value}</span>`;
}

/** `3 files`, the number marked as `number` does. */
export function numbered(key: string, value: number, one: string, many = `${one}s`): Raw {
  return html`${number(key, value)} ${value === 1 ? one : many}`;
}

/** A text of the model, marked like a number. */
export function told(key: string, text: string): Raw {
  return html`<span data-told="${key}">${text}</span>`;
}

/** A name out of the program. */
export function name(key: string, text: string): Raw {
  return html`<code class="name" data-told="${key}">${text}</code>`;
}

/** A bar for a share of a whole, its colour by what it means. An SVG, for the page's policy allows no style in attributes. */
export function bar(part: number, whole: number, kind: 'plain' | 'guard' = 'plain'): Raw {
  const share = whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0;
  const rest =
    kind === 'guard' && part < whole ? html`<rect class="rest" x="${share}%" width="${Math.round((100 - share) * 10) / 10}%" height="100%"/>` : NOTHING;
  return html`<svg class="bar ${kind}" aria-hidden="true" focusable="false"><rect class="part" width="${share}%" height="100%"/>${rest}</svg>`;
}

/** The anchor of a row: of a root, a shared place, a lock, or of a rule's page. */
export function anchorOf(kind: 'root' | 'place' | 'lock' | 'rule', id: string): string {
  return `${kind}-${hashText(id)}`;
}

/** The anchors of everything in a report that has a row. */
export function anchorsOf({ roots, shared, locks }: WorkspaceReport): ReadonlySet<string> {
  return new Set([
    ...roots.map(({ id }) => anchorOf('root', id)),
    ...shared.map(({ id }) => anchorOf('place', id)),
    ...locks.map(({ id }) => anchorOf('lock', id)),
  ]);
}

/** The name of something as a link to its row, where it has one. */
export function linkTo(kind: 'root' | 'place' | 'lock', thing: { readonly id: string; readonly name: string }, { anchors }: PageContext): Raw {
  const anchor = anchorOf(kind, thing.id);
  return anchors.has(anchor) ? html`<a class="name" href="#${anchor}" data-told="name">${thing.name}</a>` : name('name', thing.name);
}

/** A list in the row of an anchor, which opens where it is long. `key` marks its length. */
export function list(key: string, anchor: string, items: readonly Raw[], one: string, most: number): Raw {
  if (items.length === 0) return html`<span class="quiet" data-count="${key}" data-value="0">none</span>`;
  const entries = html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
  return items.length <= most ? entries : html`<details id="${anchor}-${key}"><summary>${numbered(key, items.length, one)}</summary>${entries}</details>`;
}

/** A column: its heading, and how it is sorted; without that a person cannot sort by it. */
export interface Column {
  readonly title: string;
  readonly sort?: 'text' | 'number';
}

/** From so many rows on a browser has trouble with all of them at once. */
const LONG = 150;

/** A table with a row group (`tbody`) for each thing. `id` is what its filter and its sorting find it by. */
export function table(id: string, caption: string, columns: readonly Column[], groups: readonly Raw[]): Raw {
  const heads = columns.map(({ title, sort }) => html`<th scope="col"${sort ? html` data-sort="${sort}"` : NOTHING}>${title}</th>`);
  return html`<table class="${groups.length > LONG ? 'rows long' : 'rows'}" id="${id}"><caption>${caption}</caption><thead><tr>${heads}</tr></thead>${groups}</table>`;
}

/** A cell; its column's title is shown beside it where a narrow page has no columns. */
export function cell(title: string, content: Raw | string, sort?: string | number): Raw {
  return html`<td data-title="${title}"${sort === undefined ? NOTHING : html` data-sort="${sort}"`}>${content}</td>`;
}
