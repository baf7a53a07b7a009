// The workspace report as one page: no network, no handlers, everything escaped, light and dark.
import { hashText } from '../text/hash';
import { checklist, findings, lockOrder, locks, roots, sharedPlaces, skipped, tiles } from './html-sections';
import { STYLE } from './html-style';
import { html, NOTHING, type PlaceStyle, Raw } from './html-text';
import { lockPairs } from './report-checks';
import type { WorkspaceReport } from './workspace-report';

export interface HtmlOptions {
  /** For the page's style, and for the script that an editor adds; without it the page allows no script at all. */
  readonly nonce?: string;
  /** Where an editor's own resources come from. */
  readonly contentSecuritySource?: string;
  /** Address of a script that opens places when they are pressed; needs a nonce. */
  readonly script?: string;
  /** Address of a place; line and column from 0. */
  readonly linkTo?: (file: string, line: number, column: number) => string;
  /** Folder that paths are shown relative to. */
  readonly relativeTo?: string;
  /** What was analysed, below the title. */
  readonly subject?: string;
  /** The text of a source line (from 0), shown beside findings. */
  readonly sourceLine?: (file: string, line: number) => string | undefined;
}

/** The whole page. */
export function renderReportHtml(report: WorkspaceReport, options: HtmlOptions = {}): string {
  // Without an editor's nonce the style still needs one; it only has to be something that no text in the page can name.
  const nonce = options.nonce ?? hashText(JSON.stringify(report));
  const style: PlaceStyle = { relativeTo: options.relativeTo, linkTo: options.linkTo, pressable: options.nonce !== undefined, sourceLine: options.sourceLine };
  const started = report.roots.filter((root) => root.kind !== 'main').length;
  const sections: readonly (readonly [id: string, title: string, count: number, content: Raw])[] = [
    ['findings', 'Findings', report.findings.length, findings(report, style)],
    ['roots', 'What runs where', started, roots(report, style)],
    ['shared', 'Shared places', report.shared.length, sharedPlaces(report.shared, style)],
    ['locks', 'Locks', report.locks.length, locks(report.locks, style)],
    ['order', 'Order of locks', lockPairs(report.order).length, lockOrder(report.order, style)],
    ['skipped', 'Not analysed, or only in part', report.skipped.length, skipped(report, style)],
  ];
  const shown = sections.filter(([id, , count]) => count > 0 || id === 'findings');
  const page = html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy(nonce, options)}"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Concurrency report</title><style nonce="${nonce}">${new Raw(STYLE)}</style></head>
<body><main><h1>Concurrency report</h1>${options.subject ? html`<p class="quiet"><code>${options.subject}</code></p>` : NOTHING}
${tiles(report)}
${checklist(report)}
<nav aria-label="Sections">${shown.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
${shown.map(([id, title, count, content]) => html`<section id="${id}"><h2>${title}<span class="count">${count}</span></h2>${content}</section>\n`)}
<footer>Made by Lockset from the source text alone; nothing of it was run.</footer></main>${options.script && options.nonce ? html`<script nonce="${nonce}" src="${options.script}"></script>` : NOTHING}</body></html>
`;
  return page.text;
}

function policy(nonce: string, options: HtmlOptions): string {
  const source = options.contentSecuritySource ? ` ${options.contentSecuritySource.replace(/[;,]/g, '')}` : '';
  const parts = [`default-src 'none'`, `style-src 'nonce-${nonce}'${source}`, `base-uri 'none'`, `form-action 'none'`];
  if (options.nonce !== undefined) parts.push(`script-src 'nonce-${nonce}'`);
  return parts.join('; ');
}
