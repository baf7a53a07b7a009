// The workspace report as one page: no network, no handlers, everything escaped; it is whole without its script.
import { hashText } from '../text/hash';
import { CARD_STYLE } from './card-style';
import { findingsSection } from './html-findings';
import { locksSection, orderSection } from './html-locks';
import { anchorsOf, number, type PageContext } from './html-parts';
import { REPORT_STYLE } from './html-report-style';
import { changeSection, rulePages, skippedSection, suppressedSection } from './html-rest';
import { rootsSection } from './html-roots';
import { sharedSection } from './html-shared';
import { STYLE } from './html-style';
import { checklistSection, coverage, summarySection } from './html-summary';
import { html, NOTHING, Raw } from './html-text';
import { checksOf, lockPairs } from './report-checks';
import { isSequential, summaryOf } from './report-summary';
import type { WorkspaceReport } from './workspace-report';

export interface HtmlOptions {
  /** For the page's style, and for the script that an editor adds; without it the page allows no script but its own. */
  readonly nonce?: string;
  /** Where an editor's own resources come from. */
  readonly contentSecuritySource?: string;
  /** The text of a script that is put into the page: the same that an editor adds. */
  readonly script?: string;
  /** Address of a place; line and column from 0. */
  readonly linkTo?: (file: string, line: number, column: number) => string;
  /** What `script` is told of a file instead of its name: an editor's URI. */
  readonly addressOf?: (file: string) => string;
  /** Folder that paths are shown relative to. */
  readonly relativeTo?: string;
  /** What was analysed, below the title. */
  readonly subject?: string;
  /** The text of a source line (from 0), shown beside places. */
  readonly sourceLine?: (file: string, line: number) => string | undefined;
}

interface Section {
  readonly id: string;
  readonly title: string;
  /** The summary has none. */
  readonly count?: number;
  readonly content: Raw;
}

/** The whole page. */
export function renderReportHtml(report: WorkspaceReport, options: HtmlOptions = {}): string {
  const { relativeTo, linkTo, addressOf, sourceLine, script } = options;
  const style = { relativeTo, linkTo, addressOf, pressable: options.nonce !== undefined || script !== undefined, sourceLine };
  const context: PageContext = { report, style, anchors: anchorsOf(report) };
  const sections = isSequential(report) ? [] : sectionsOf(context);
  const links = sections.map(({ id, title, count }) => html`<li><a href="#${id}">${title}${countOf(id, count)}</a></li>`);
  const body = html`<a class="skip" href="#main">Skip to the report</a>
<header class="top"><h1>Concurrency report</h1>${options.subject ? html`<p class="quiet"><code data-told="subject">${options.subject}</code></p>` : NOTHING}</header>
${links.length > 0 ? html`<nav class="sections" aria-label="Sections"><ul>${links}</ul></nav>` : NOTHING}
<main id="main" tabindex="-1">${sections.length > 0 ? sections.map(sectionElement) : sequential(context)}
${sections.length > 0 ? rulePages(report) : NOTHING}
<footer>Made by Lockset from the source text alone; nothing of it was run.<span id="printed"></span></footer></main>
${style.pressable && sections.length > 0 ? html`<script type="application/json" id="lockset-map">${dataOf(report.map)}</script>` : NOTHING}`;
  // Without an editor's nonce the style still needs one; it only has to be something that no text in the page can name.
  const nonce = options.nonce ?? hashText(body.text);
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy(nonce, options)}"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Concurrency report</title><style nonce="${nonce}">${new Raw(STYLE + CARD_STYLE + REPORT_STYLE)}</style></head>
<body><div class="report">${body}</div>${script === undefined ? NOTHING : html`<script nonce="${nonce}">${scriptText(script)}</script>`}</body></html>
`.text;
}

function sectionsOf(context: PageContext): readonly Section[] {
  const { report } = context;
  const all: readonly Section[] = [
    { id: 'summary', title: 'Summary', content: summarySection(context) },
    { id: 'checklist', title: 'Checklist', count: checksOf(report).length, content: checklistSection(context) },
    { id: 'change', title: 'Change', count: report.change?.fresh.length ?? 0, content: report.change ? changeSection(report.change) : NOTHING },
    { id: 'findings', title: 'Findings', count: report.findings.length, content: findingsSection(context) },
    { id: 'roots', title: 'What runs where', count: report.roots.length, content: rootsSection(context) },
    { id: 'shared', title: 'Shared places', count: report.shared.length, content: sharedSection(context) },
    { id: 'locks', title: 'Locks', count: report.locks.length, content: locksSection(context) },
    { id: 'order', title: 'Order of locks', count: lockPairs(report.order).length, content: orderSection(context) },
    { id: 'picture', title: 'Map', count: context.style.pressable ? report.map.nodes.length : 0, content: mapSection() },
    { id: 'suppressed', title: 'Accepted by comments', count: report.suppressed.length, content: suppressedSection(context) },
    { id: 'skipped', title: 'Not analysed, or only in part', count: report.skipped.length, content: skippedSection(context) },
  ];
  return all.filter(({ id, count }) => count !== 0 || id === 'findings' || (id === 'change' && report.change));
}

function countOf(key: string, count: number | undefined): Raw {
  return count === undefined ? NOTHING : html` <span class="count" data-count="${key}">${count}</span>`;
}

function sectionElement({ id, title, count, content }: Section): Raw {
  return html`<section id="${id}"><details id="${id}-open" open><summary><h2>${title}${countOf(id, count)}</h2></summary>${content}</details></section>
`;
}

/** A script draws into the element, which therefore stays empty. */
function mapSection(): Raw {
  return html`<p class="quiet no-script">The map is drawn by the page's script, which does not run here. What it shows stands in the sections above.</p><div id="map" class="drawing"></div>`;
}

function sequential({ report, style }: PageContext): Raw {
  const { files } = report.counts;
  const found =
    files === 0
      ? html`There is nothing to read here: no Python, TypeScript or JavaScript files.`
      : html`Nothing in this program runs beside anything else, as far as the analysis sees: it starts no threads, processes, tasks or workers, and takes no locks. So there is nothing to guard.`;
  return html`<section id="sequential"><h2>${files === 0 ? 'Nothing to read' : 'One thing after the other'}</h2><p>${found}</p>${coverage(summaryOf(report, style.relativeTo), report.counts)}</section>
${report.skipped.length > 0 ? html`<section id="skipped"><h2>Not analysed, or only in part <span class="count">${number('skipped', report.skipped.length)}</span></h2>${skippedSection({ report, style, anchors: new Set() })}</section>` : NOTHING}`;
}

/** Data that no browser takes for the end of its element. */
function dataOf(data: unknown): Raw {
  return new Raw(JSON.stringify(data).replaceAll('<', '\\u003c'));
}

/** A script that no browser takes for the end of its element: `<` can be written so wherever these words may stand in a script, in its texts. */
function scriptText(script: string): Raw {
  return new Raw(script.replace(/<(?=\/script|script|!--)/gi, '\\x3c'));
}

function policy(nonce: string, { nonce: given, contentSecuritySource, script }: HtmlOptions): string {
  const source = contentSecuritySource ? ` ${contentSecuritySource.replace(/[;,]/g, '')}` : '';
  const parts = [`default-src 'none'`, `style-src 'nonce-${nonce}'${source}`, `base-uri 'none'`, `form-action 'none'`];
  if (given !== undefined || script !== undefined) parts.push(`script-src 'nonce-${nonce}'`);
  return parts.join('; ');
}
