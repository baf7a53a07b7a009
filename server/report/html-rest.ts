// The smaller sections of the report page: what has changed, what comments accept, what was not analysed, and the pages of rules.
import { ruleById } from '../../glossary/rules';
import { cardBody } from './card-page';
import { rulePage } from './hover-cards';
import { ruleButton } from './html-findings';
import { anchorOf, cell, name, number, type PageContext, table, told } from './html-parts';
import { escapeHtml, html, placeElement, type Raw } from './html-text';
import { firstSentence } from './message-parts';
import { displayPath } from './plain-text';
import type { ReportChange, WorkspaceReport } from './workspace-report';

/** What is new, known and gone since a baseline, another report or a revision. */
export function changeSection({ since, fresh, known, gone }: ReportChange): Raw {
  const tile = (key: string, count: number, label: string) => html`<li><b data-count="${key}">${count}</b> <span>${label}</span></li>`;
  const news = fresh.length > 0 ? html`<p><a href="#findings" data-filter="flags" data-value="new">Show what is new</a></p>` : '';
  const columns = [{ title: 'Rule', sort: 'text' }, { title: 'File', sort: 'text' }, { title: 'What it said' }] as const;
  const rows = gone.map(
    (entry) =>
      html`<tbody><tr><th scope="row">${name('rule', entry.rule)}</th>${cell('File', html`${name('path', entry.file)}${entry.symbol ? html` in ${name('symbol', entry.symbol)}` : ''}`, entry.file)}${cell('What it said', told('first', firstSentence(entry.message)[0]))}</tr></tbody>`,
  );
  const list =
    gone.length > 0
      ? html`<h3>Found no more <span class="count" data-count="gone">${gone.length}</span></h3>${table('gone-table', 'Findings that were known and are found no more', columns, rows)}`
      : '';
  return html`<p>Compared with ${name('since', since)}.</p><ul class="tiles">${tile('fresh', fresh.length, 'new')}${tile('known', known, 'known')}${tile('gone', gone.length, 'gone')}</ul>${news}${list}`;
}

/** Findings that comments accept, with the reasons that they give. */
export function suppressedSection({ report, style }: PageContext): Raw {
  const columns = [{ title: 'Rule', sort: 'text' }, { title: 'Where' }, { title: 'What is found' }, { title: 'Reason given', sort: 'text' }] as const;
  const rows = report.suppressed.map((finding) => {
    const reason = finding.justification ? told('reason', finding.justification) : html`<span class="quiet">none</span>`;
    return html`<tbody><tr><th scope="row">${ruleButton(finding.rule)}</th>${cell('Where', placeElement(finding, style))}${cell('What is found', told('first', firstSentence(finding.message)[0]))}${cell('Reason given', reason, finding.justification)}</tr></tbody>`;
  });
  return table('suppressed-table', 'Findings that comments in the sources accept', columns, rows);
}

/** Files that were not analysed, or only in part. */
export function skippedSection({ report, style }: PageContext): Raw {
  const columns = [
    { title: 'File', sort: 'text' },
    { title: 'Why', sort: 'text' },
  ] as const;
  const rows = report.skipped.map(
    ({ file, reason }) =>
      html`<tbody><tr><th scope="row">${name('path', displayPath(file, style.relativeTo))}</th>${cell('Why', told('reason', reason))}</tr></tbody>`,
  );
  return table('skipped-table', 'Files that were not analysed, or only in part, and why', columns, rows);
}

/** The pages of the rules that the report names, each of which opens over the page where its name is pressed. */
export function rulePages({ findings, suppressed, shared }: WorkspaceReport): Raw {
  const ids = new Set([...findings, ...suppressed].map(({ rule }) => rule));
  for (const { rules } of shared) for (const rule of rules) ids.add(rule);
  const pages = [...ids].sort().map((id) => {
    const rule = ruleById(id);
    // Headings below the page's own.
    const text = rule ? rulePage(rule, false).replace(/^#/gm, '##') : id;
    return html`<article class="card" id="${anchorOf('rule', id)}" popover data-rule-page="${id}">${cardBody(text, webLink)}</article>`;
  });
  return html`<section id="rules"><h2>Rules <span class="count">${number('rules', ids.size)}</span></h2>${pages}</section>`;
}

function webLink(address: string): string | undefined {
  return address.startsWith('https://') ? `href="${escapeHtml(address)}" rel="noreferrer"` : undefined;
}
