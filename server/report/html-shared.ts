// The shared places on the report page: who touches them, what guards them, and which accesses break that.
import { filterForm } from './html-filter';
import { ruleButton } from './html-findings';
import { anchorOf, bar, cell, linkTo, list, name, number, numbered, type PageContext, table } from './html-parts';
import { html, NOTHING, type PlaceStyle, placeElement, type Raw, sourceElement } from './html-text';
import type { ReportAccess, ReportSharedPlace } from './workspace-report';

const COLUMNS = [
  { title: 'Place', sort: 'text' },
  { title: 'Guard', sort: 'text' },
  { title: 'Guarded accesses', sort: 'number' },
  { title: 'Reached by', sort: 'number' },
  { title: 'Found', sort: 'number' },
] as const;

/** A filter and a table. */
export function sharedSection(context: PageContext): Raw {
  const { shared } = context.report;
  const flags = [
    ['found', 'with findings'],
    ['broken', 'guard not always held'],
    ['unguarded', 'no guard known'],
  ] as const;
  const rows = shared.map((place) => placeRows(place, context));
  const places = table('shared-table', 'Shared places: which lock guards them, how often it is held, and who reaches them', COLUMNS, rows);
  return html`${filterForm('shared-table', 'Filter shared places', flags, ['place', 'places'])}${places}`;
}

function placeRows(place: ReportSharedPlace, context: PageContext): Raw {
  const { guard, counts, rules } = place;
  const anchor = anchorOf('place', place.id);
  const first = place.accesses.at(0);
  const flags = [rules.length > 0 ? 'found' : '', guard ? (counts.guarded < counts.accesses ? 'broken' : '') : 'unguarded'].filter(Boolean);
  const guardCell = guard
    ? html`${linkTo('lock', guard, context)}${place.isStated ? html` <span class="quiet">by its annotation</span>` : NOTHING}`
    : html`<span class="quiet">none known</span>`;
  const share = guard
    ? html`${bar(counts.guarded, counts.accesses, 'guard')} ${number('guarded', counts.guarded)} of ${number('accesses', counts.accesses)}`
    : html`<span class="quiet">none of ${number('accesses', counts.accesses)}</span>`;
  const sortBy = guard && counts.accesses > 0 ? counts.guarded / counts.accesses : -1;
  const roots = place.roots.map((root) => linkTo('root', root, context));
  return html`<tbody id="${anchor}" data-id="${place.id}" data-flags="${flags.join(' ')}"><tr><th scope="row" data-sort="${place.name}">${name('name', place.name)}${first ? html`<br>${placeElement(first, context.style)}` : NOTHING}</th>${cell('Guard', guardCell, guard?.name ?? '')}${cell('Guarded accesses', share, sortBy.toFixed(3))}${cell('Reached by', list('reached-by', anchor, roots, 'root', 3), roots.length)}${cell('Found', rules.length > 0 ? html`${rules.map((rule) => html`<div>${ruleButton(rule)}</div>`)}` : html`<span class="quiet">nothing</span>`, rules.length)}</tr>
<tr class="more"><td colspan="${COLUMNS.length}">${accesses(place, context.style)}</td></tr></tbody>
`;
}

function accesses({ id, accesses: listed, counts, guard }: ReportSharedPlace, style: PlaceStyle): Raw {
  if (counts.accesses === 0) return html`<span class="quiet">${number('accesses', 0)} accesses</span>`;
  const reads = counts.accesses - counts.writes;
  const unguarded = counts.accesses - counts.guarded;
  const breaks = guard && unguarded > 0 ? html`; <span class="bad-text">${number('breaks', unguarded)} without the guard</span>` : NOTHING;
  const left = counts.accesses - listed.length;
  const more = left > 0 ? html`<li class="quiet">and ${number('more', left)} more, which the report does not list</li>` : NOTHING;
  return html`<details id="${anchorOf('place', id)}-accesses"><summary>${numbered('accesses', counts.accesses, 'access', 'accesses')}: ${numbered('writes', counts.writes, 'write')}, ${numbered('reads', reads, 'read')}${breaks}</summary><ul class="accesses">${listed.map((access) => accessItem(access, style))}${more}</ul></details>`;
}

function accessItem(access: ReportAccess, style: PlaceStyle): Raw {
  const locks =
    access.locks.length > 0 ? html`holding ${access.locks.map((lock, index) => html`${index > 0 ? ', ' : ''}${name('lock', lock)}`)}` : 'holding no lock';
  const breaks = access.breaks ? html` <span class="bad-text">without the guard</span>` : NOTHING;
  return html`<li${access.breaks ? html` class="breaks"` : NOTHING}><span class="${access.write ? 'write' : 'read'}">${access.write ? 'write' : 'read'}</span> ${placeElement(access, style)} in ${name('function', access.function)}, ${locks}${breaks}${sourceElement(access, style)}</li>`;
}
