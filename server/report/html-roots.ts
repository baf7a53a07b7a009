// What runs beside the main program, on the report page: a table for each style of concurrency.
import { append, groupBy } from '../summary/grouping';
import { filterForm } from './html-filter';
import { anchorOf, cell, linkTo, list, name, numbered, type PageContext, table, told } from './html-parts';
import { html, NOTHING, placeElement, type Raw, sourceElement } from './html-text';
import type { ReportRoot, ReportSharedPlace } from './workspace-report';

const TITLES: Readonly<Record<ReportRoot['style'], string>> = {
  threads: 'Threads',
  processes: 'Processes',
  tasks: 'Tasks',
  workers: 'Workers',
  events: 'Event handlers and timers',
};

/** All roots, by style. */
export function rootsSection(context: PageContext): Raw {
  const { roots, shared } = context.report;
  const reached = new Map<string, ReportSharedPlace[]>();
  for (const place of shared) for (const { id } of place.roots) append(reached, id, place);
  const byStyle = groupBy(roots, ({ style }) => style);
  const tables = (Object.keys(TITLES) as ReportRoot['style'][]).flatMap((style) => {
    const own = byStyle.get(style);
    if (!own) return [];
    const rows = own.map((root) => rootRows(root, reached.get(root.id) ?? [], context));
    return [
      html`<div class="group roots"><h3>${TITLES[style]} <span class="count" data-count="style" data-of="${style}">${own.length}</span></h3>${table(`roots-${style}`, `${TITLES[style]}: what runs, where it is started, and what it reaches`, COLUMNS, rows)}</div>`,
    ];
  });
  const flags = [['many', 'several at a time']] as const;
  return html`${filterForm('root-list', 'Filter roots', flags, ['root', 'roots'])}<div id="root-list">${tables}</div>`;
}

const COLUMNS = [
  { title: 'What runs', sort: 'text' },
  { title: 'Started' },
  { title: 'How many', sort: 'text' },
  { title: 'Reaches', sort: 'number' },
  { title: 'Shared places', sort: 'number' },
] as const;

function rootRows(root: ReportRoot, reached: readonly ReportSharedPlace[], context: PageContext): Raw {
  const { style } = context;
  const anchor = anchorOf('root', root.id);
  const starts = root.starts.map(
    (start) =>
      html`${placeElement(start, style)} in ${name('function', start.function)}${start.by ? html` by ${name('by', start.by)}` : NOTHING}${sourceElement(start, style)}`,
  );
  const many = root.many ? html`<b>several</b>${root.why ? html`: ${told('why', root.why)}` : NOTHING}` : 'one';
  const places = reached.map((place) => linkTo('place', place, context));
  return html`<tbody id="${anchor}" data-id="${root.id}"${root.many ? html` data-flags="many"` : NOTHING}><tr><th scope="row" data-sort="${root.name}">${name('name', root.name)} <span class="quiet" data-told="kind">${root.kind}</span><br>${placeElement(root.location, style)}</th>${cell('Started', root.starts.length > 0 ? list('starts', anchor, starts, 'start', 2) : html`<span class="quiet">by a library</span>`)}${cell('How many', html`${many}`)}${cell('Reaches', numbered('reaches', root.reaches, 'function'), root.reaches)}${cell('Shared places', list('reached', anchor, places, 'place', 3), reached.length)}</tr></tbody>
`;
}
