// The summary on the report page: what was looked at, findings by severity, family, rule and folder, and how much is guarded.
import { bar, name, number, numbered, type PageContext, told } from './html-parts';
import { html, NOTHING, type Raw } from './html-text';
import { checksOf } from './report-checks';
import { type Count, type ReportSummary, summaryOf } from './report-summary';

/** Longer lists open. */
const MOST_BARS = 8;

const STYLES: Readonly<Record<ReportSummary['styles'][number]['name'], string>> = {
  threads: 'threads',
  processes: 'processes',
  tasks: 'tasks of an event loop',
  workers: 'workers',
  events: 'event handlers and timers',
};

/** Tiles and bars. */
export function summarySection({ report, style }: PageContext): Raw {
  const summary = summaryOf(report, style.relativeTo);
  const { bySeverity, byFamily, byRule, byFolder, styles } = summary;
  const blocks = [
    bars('by-family', 'Findings by family', byFamily),
    bars('by-rule', 'Findings by rule', byRule),
    bars('by-folder', 'Findings by folder', byFolder),
    bars(
      'style',
      'Styles of concurrency',
      styles.map(({ name: style, count }) => ({ name: STYLES[style], of: style, count })),
    ),
  ];
  return html`<ul class="tiles">${tiles(bySeverity, report.findings.length)}${tile('roots', report.roots.length, 'root')}${tile('shared', report.shared.length, 'shared place')}${tile('locks', report.locks.length, 'lock')}</ul>
<div class="bars">${blocks}${guarded(summary)}${coverage(summary, report.counts)}</div>`;
}

/** How many files were looked at and how much is in them, for pages that have nothing else to say, too. */
export function coverage({ coverage: { analysed, leftOut, skipped } }: ReportSummary, counts: PageContext['report']['counts']): Raw {
  const { functions, classes, asyncFunctions } = counts;
  return html`<section class="block"><h3>Looked at</h3><ul class="plain">
<li>${numbered('analysed', analysed, 'file')} analysed: ${numbered('functions', functions, 'function')}, ${number('async-functions', asyncFunctions)} of them asynchronous, ${numbered('classes', classes, 'class', 'classes')}</li>
<li>${numbered('left-out', leftOut, 'file')} left out (tests, stubs, vendored or generated code)</li>
<li>${numbered('skipped-files', skipped, 'file')} not analysed, or only in part${skipped > 0 ? html` (<a href="#skipped">which and why</a>)` : NOTHING}</li></ul></section>`;
}

/** The checklist of a review, each question with its state and the way to its findings. */
export function checklistSection({ report }: PageContext): Raw {
  const marks = { good: ['✓', 'in order'], bad: ['✗', 'to be looked at'], hint: ['i', 'hints'], idle: ['–', 'nothing to check'] } as const;
  const items = checksOf(report).map(({ id, state, title, detail, families, findings }) => {
    const [mark, says] = marks[state];
    // A script sets the filter; without one the link leads to the list.
    const link =
      findings > 0 ? html` <a href="#findings" data-filter="family" data-value="${families.join(' ')}">Show ${findings === 1 ? 'it' : 'them'}</a>` : NOTHING;
    return html`<li class="${state}" id="check-${id}"><span class="mark" role="img" aria-label="${says}">${mark}</span><span><b data-told="title">${title}</b>: ${told('detail', detail)}${link}</span></li>`;
  });
  return html`<ul class="checks">${items}</ul>`;
}

function tiles(bySeverity: ReportSummary['bySeverity'], findings: number): Raw | readonly Raw[] {
  if (findings === 0) return tile('findings', 0, 'finding');
  return bySeverity.map(
    ({ name: severity, count }) =>
      html`<li class="${severity}"><b data-count="by-severity" data-of="${severity}">${count}</b> <span>${severity === 'information' || count === 1 ? severity : `${severity}s`}</span></li>`,
  );
}

function tile(key: string, count: number, one: string): Raw {
  return html`<li><b data-count="${key}">${count}</b> <span>${count === 1 ? one : `${one}s`}</span></li>`;
}

function bars(key: string, title: string, counts: readonly (Count<string> & { readonly of?: string })[]): Raw {
  if (counts.length === 0) return NOTHING;
  const most = Math.max(...counts.map(({ count }) => count));
  const row = ({ name: label, of = label, count }: Count<string> & { readonly of?: string }) =>
    html`<li><span class="label">${key === 'style' ? label : name('name', label)}</span>${bar(count, most)}<span class="value" data-count="${key}" data-of="${of}">${count}</span></li>`;
  const rows = counts.map(row);
  const rest = rows.slice(MOST_BARS);
  const more =
    rest.length > 0
      ? html`<details id="${key}-rest"><summary>${number(`${key}-more`, rest.length)} more</summary><ul class="plain">${rest}</ul></details>`
      : NOTHING;
  return html`<section class="block"><h3>${title}</h3><ul class="plain">${rows.slice(0, MOST_BARS)}</ul>${more}</section>`;
}

function guarded({ guarded: { places, withGuard, alwaysKept } }: ReportSummary): Raw {
  if (places === 0) return NOTHING;
  return html`<section class="block"><h3>Shared places</h3><ul class="plain">
<li><span class="label">with a known guard</span>${bar(withGuard, places)}<span class="value">${number('with-guard', withGuard)} of ${number('shared', places)}</span></li>
${withGuard > 0 ? html`<li><span class="label">guard always held</span>${bar(alwaysKept, withGuard, 'guard')}<span class="value">${number('always-kept', alwaysKept)} of ${number('with-guard', withGuard)}</span></li>` : NOTHING}</ul></section>`;
}
