// Locks and their order on the report page.
import { hashText } from '../text/hash';
import { filterForm } from './html-filter';
import { anchorOf, cell, linkTo, list, name, numbered, type PageContext, table, told } from './html-parts';
import { html, NOTHING, type PlaceStyle, placeElement, type Raw, sourceElement } from './html-text';
import { lockPairs } from './report-checks';
import type { ReportLock, ReportLockOrder, ReportStep } from './workspace-report';

const LOCK_COLUMNS = [
  { title: 'Lock', sort: 'text' },
  { title: 'Kind', sort: 'text' },
  { title: 'Keeps out', sort: 'text' },
  { title: 'Guards', sort: 'number' },
  { title: 'Taken', sort: 'number' },
  { title: 'Slow work under it', sort: 'number' },
] as const;

/** A filter and a table. */
export function locksSection(context: PageContext): Raw {
  const flags = [
    ['slow', 'slow work under it'],
    ['guards', 'guards something'],
  ] as const;
  const rows = context.report.locks.map((lock) => lockRows(lock, context));
  const locks = table('lock-table', 'Locks: what each keeps out and guards, where it is taken, and what is slow under it', LOCK_COLUMNS, rows);
  return html`${filterForm('lock-table', 'Filter locks', flags, ['lock', 'locks'])}${locks}`;
}

function lockRows(lock: ReportLock, context: PageContext): Raw {
  const { style } = context;
  const anchor = anchorOf('lock', lock.id);
  const flags = [lock.slow.length > 0 ? 'slow' : '', lock.guards.length > 0 ? 'guards' : ''].filter(Boolean);
  const taken = lock.acquisitions.map((place) => html`${placeElement(place, style)} in ${name('function', place.function)}`);
  const slow = lock.slow.map(
    (place) => html`${told('what', place.what)}: ${placeElement(place, style)} in ${name('function', place.function)}${sourceElement(place, style)}`,
  );
  const guards = lock.guards.map((place) => linkTo('place', place, context));
  const type = lock.type === 'unknown' ? html`<span class="quiet">not known</span>` : name('type', lock.type);
  return html`<tbody id="${anchor}" data-id="${lock.id}" data-flags="${flags.join(' ')}"><tr><th scope="row" data-sort="${lock.name}">${name('name', lock.name)}<br>${placeElement(lock.location, style)}</th>${cell('Kind', type, lock.type)}${cell('Keeps out', lock.keepsOut ? told('keeps-out', lock.keepsOut) : html`<span class="quiet">not known</span>`)}${cell('Guards', list('guards', anchor, guards, 'place', 4), guards.length)}${cell('Taken', list('taken', anchor, taken, 'time', 2), taken.length)}${cell('Slow work under it', list('slow', anchor, slow, 'place', 2), slow.length)}</tr></tbody>
`;
}

const ORDER_COLUMNS = [
  { title: 'Held', sort: 'text' },
  { title: 'Then taken', sort: 'text' },
  { title: 'Order', sort: 'text' },
  { title: 'Circle', sort: 'text' },
] as const;

/** Circles, room for a drawing, and a table of pairs with each chain of calls. */
export function orderSection(context: PageContext): Raw {
  const { order, cycles } = context.report;
  const circles = cycles.map(
    ({ locks }) => html`<li>${[...locks, locks[0]].map((lock, index) => html`${index > 0 ? ' → ' : ''}${linkTo('lock', lock, context)}`)}</li>`,
  );
  const told =
    circles.length > 0 ? html`<h3>Circles <span class="count" data-count="cycles">${cycles.length}</span></h3><ul id="cycles">${circles}</ul>` : NOTHING;
  const rows = lockPairs(order).map((pair) =>
    pairRows(
      pair,
      order.filter((edge) => isOfPair(edge, pair)),
      context,
    ),
  );
  return html`${told}<div id="lock-map" class="drawing"></div>${table('order-table', 'Pairs of locks that are held together, with each chain of calls that leads to it', ORDER_COLUMNS, rows)}`;
}

function isOfPair({ first, second }: ReportLockOrder, pair: ReportLockOrder): boolean {
  return (first.id === pair.first.id && second.id === pair.second.id) || (first.id === pair.second.id && second.id === pair.first.id);
}

/** `edges`: one, or both where the locks are taken in both orders. */
function pairRows(pair: ReportLockOrder, edges: readonly ReportLockOrder[], context: PageContext): Raw {
  const anchor = `order-${hashText(`${pair.first.id} ${pair.second.id}`)}`;
  const isBoth = edges.length > 1;
  const order = isBoth ? html`<span class="bad-text">both orders</span>` : html`<span class="good-text">always this one</span>`;
  const circle = pair.inCycle ? html`<span class="bad-text">yes</span>` : 'no';
  const count = edges.reduce((sum, { chains }) => sum + chains.length, 0);
  const ways = edges.map(
    (edge) =>
      html`<h4>${name('first', edge.first.name)}, then ${name('second', edge.second.name)}</h4>${edge.chains.map((chain) => chainList(chain, context.style))}`,
  );
  return html`<tbody data-id="${pair.first.id} ${pair.second.id}"><tr><th scope="row" data-sort="${pair.first.name}">${linkTo('lock', pair.first, context)}</th>${cell('Then taken', linkTo('lock', pair.second, context), pair.second.name)}${cell('Order', order, isBoth ? 'both' : 'one')}${cell('Circle', html`${circle}`, pair.inCycle ? 'yes' : 'no')}</tr>
<tr class="more"><td colspan="${ORDER_COLUMNS.length}"><details id="${anchor}"${pair.inCycle ? html` open` : NOTHING}><summary>${numbered('chains', count, 'way', 'ways')} to it</summary>${ways}</details></td></tr></tbody>
`;
}

function chainList(chain: readonly ReportStep[], style: PlaceStyle): Raw {
  return html`<ol class="trace chain">${chain.map((step) => html`<li>${told('step', step.message)} ${placeElement(step, style)}${sourceElement(step, style)}</li>`)}</ol>`;
}
