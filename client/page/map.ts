// The map in a page: reads its data, and puts the picture with all that belongs to it where the page has left room.
import type { ReportMap } from '../../server/lsp/messages';
import { recall, remember } from './host';
import { controls } from './map-controls';
import { make } from './map-elements';
import { legend } from './map-legend';
import { listed } from './map-list';
import { type Shown, showPicture } from './map-picture';
import { type MapState, NOTHING_CHOSEN, nameOfFocus, type Part } from './map-state';
import { type View, viewOf } from './map-view';
import type { Window } from './map-viewport';

/** What is kept of a map while its page is away: what was chosen, and what was seen of the picture. */
interface KeptMap {
  readonly chosen?: MapState;
  readonly window?: Window;
}

/** Where the page has room: for the whole map, and for the order of locks alone. */
const PLACES: readonly (readonly [id: string, part: Part])[] = [
  ['map', 'all'],
  ['lock-map', 'locks'],
];

const NOTHING_THERE: Readonly<Record<Part, string>> = {
  all: 'Nothing is started beside the main program, and nothing is shared: there is nothing to draw.',
  locks: 'No lock is taken while another one is held.',
};

/** Shows the maps that the page has data and room for, and brings them up to date when the page has been refreshed. */
export function showMaps(): void {
  const maps = new Map<HTMLElement, (map: ReportMap) => void>();
  let before: string | undefined;
  const show = () => {
    const data = document.getElementById('lockset-map')?.textContent ?? '';
    const rooms = PLACES.flatMap(([id, part]) => {
      const place = document.getElementById(id);
      return place ? [{ place, part }] : [];
    });
    if (data.trim() === '' || (data === before && rooms.every(({ place }) => maps.has(place)))) return;
    before = data;
    const map = JSON.parse(data) as ReportMap;
    for (const { place, part } of rooms) {
      const update = maps.get(place) ?? mapIn(place, part);
      maps.set(place, update);
      update(map);
    }
  };
  document.addEventListener('lockset:refreshed', show);
  show();
}

/** Makes a place show a part of maps; gives what shows one in it. */
function mapIn(place: HTMLElement, part: Part): (map: ReportMap) => void {
  const name = `map ${part}`;
  const kept = (recall(name) ?? {}) as KeptMap;
  let map: ReportMap;
  let state: MapState = { ...NOTHING_CHOSEN, ...kept.chosen };
  let start = kept.window;
  let view: View;
  let shown: Shown | undefined;
  let keeping: ReturnType<typeof setTimeout> | undefined;
  const frame = make('div', { class: 'map-frame' });
  const said = make('p', { class: 'map-said quiet', role: 'status' });
  const items = make('div', {});
  const list = make('details', { class: 'map-list' }, [make('summary', {}, ['As a list']), items]);
  const content = make('div', { class: 'map' });
  const keep = () => {
    clearTimeout(keeping);
    keeping = setTimeout(() => remember(name, { chosen: state, ...(shown ? { window: shown.viewport.window() } : {}) } satisfies KeptMap), 200);
  };
  const change = (chosen: Partial<MapState>, select?: string) => {
    state = { ...state, ...chosen };
    start = undefined;
    show(select);
  };
  const focus = (id: string) => {
    if (state.trail.at(-1) !== id) change({ trail: [...state.trail, id], words: '' }, id);
  };
  const back = () => {
    if (state.trail.length > 0) change({ trail: state.trail.slice(0, -1) }, state.trail.at(-1));
  };
  const look = (how: 'fit' | 'larger' | 'smaller') => (how === 'fit' ? shown?.viewport.fit() : shown?.viewport.zoom(how === 'larger' ? 1.25 : 0.8));
  const { bar, trail, update } = controls(part, { change, look });
  const fillList = () => items.replaceChildren(...(list.open ? [listed(view, focus)] : []));
  const show = (select?: string) => {
    // What was focused on may be gone from the program meanwhile.
    const known = state.trail.flatMap((id) => {
      const label = nameOfFocus(map, id);
      return label === undefined ? [] : [{ id, label }];
    });
    state = { ...state, trail: known.map(({ id }) => id) };
    view = viewOf(map, state, part);
    update(
      state,
      known.map(({ label }) => label),
    );
    shown = showPicture(frame, view, part, start, keep, { focus, back });
    const more = shown.viewport.isWhole() ? '' : ' Part of the picture is outside its frame: drag it, or press Fit.';
    said.textContent = view.nodes.length > 0 ? `${view.summary}${more}` : 'Nothing of that kind is here.';
    if (select !== undefined) shown.select(view.nodes.findIndex(({ id, cluster }) => id === select || cluster === select));
    fillList();
    keep();
  };
  list.addEventListener('toggle', fillList);
  content.append(bar, trail, frame, said, legend(part), list);
  return (newer) => {
    map = newer;
    const isEmpty = viewOf(map, NOTHING_CHOSEN, part).nodes.length === 0;
    const wanted = isEmpty ? make('p', { class: 'quiet' }, [NOTHING_THERE[part]]) : content;
    if (place.firstChild !== wanted) place.replaceChildren(wanted);
    if (isEmpty) return;
    // Whoever is at a node stays there, and sees what was seen.
    const focused = frame.contains(document.activeElement) ? document.activeElement?.getAttribute('data-id') : undefined;
    start = shown?.viewport.window() ?? start;
    show(focused ?? undefined);
  };
}
