// The schedule of a finding as a table: a column for each side, a row for each step, and how it ends.
import { number, told } from './html-parts';
import { html, type PlaceStyle, placeElement, type Raw, sourceElement } from './html-text';
import type { ReportedInterleaving } from './reported-finding';

const HARMS = { stuck: 'Stuck', lost: 'Lost', wrong: 'Wrong', fails: 'Fails' } as const;

/** The table. */
export function schedule({ sides, steps, harm, outcome }: ReportedInterleaving, style: PlaceStyle): Raw {
  const heads = sides.map((side, index) => html`<th scope="col" class="side-${index}" data-told="side">${side}</th>`);
  const rows = steps.map((step, index) => {
    const does = html`${told('does', step.does)} ${placeElement(step, style)}${sourceElement(step, style)}`;
    // The side is said again in each cell for pages that are too narrow for columns.
    const cells = sides.map((side, column) => (column === step.side ? html`<td class="side-${column}" data-title="${side}">${does}</td>` : html`<td></td>`));
    return html`<tr><th scope="row">${number('step', index + 1)}</th>${cells}</tr>`;
  });
  const end = html`<tr class="outcome"><td colspan="${sides.length + 1}"><b>${HARMS[harm]}</b> ${told('outcome', outcome)}</td></tr>`;
  return html`<table class="schedule"><caption>How it comes about, step by step</caption><thead><tr><th scope="col">Step</th>${heads}</tr></thead><tbody>${rows}${end}</tbody></table>`;
}
