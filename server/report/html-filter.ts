// The small filter above long tables. A script brings it to life; without one it stays hidden.
import { html, type Raw } from './html-text';

/** `filters`: the id of the element whose rows it filters; `flags`: names of rows' flags with what a person reads. */
export function filterForm(
  filters: string,
  title: string,
  flags: readonly (readonly [flag: string, label: string])[],
  [one, many]: readonly [string, string],
): Raw {
  const choices = flags.map(
    ([flag, label]) => html`<label class="choice"><input type="checkbox" id="${filters}-${flag}" name="flags" value="${flag}"> ${label}</label>`,
  );
  return html`<form class="filter" role="search" aria-label="${title}" data-filters="${filters}" hidden><label>Words <input type="search" id="${filters}-words" name="words" autocomplete="off" spellcheck="false"></label>${choices}<span class="end"><button type="reset">Show all</button></span><output id="${filters}-shown" class="shown" aria-live="polite" data-one="${one}" data-many="${many}"></output></form>`;
}
