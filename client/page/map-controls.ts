// The controls above the map: where one is and the way back, what to find, which kinds to show, how far around, and how large.
import { element, shapeOf } from './map-draw';
import { make } from './map-elements';
import { KINDS, type Kind, type MapState, type Part } from './map-state';

export interface Controls {
  readonly bar: HTMLElement;
  readonly trail: HTMLElement;
  /** Brings what is shown in line with a state; `names` are those of its trail. */
  readonly update: (state: MapState, names: readonly string[]) => void;
}

/** `change` is given what a person has chosen anew; `look` what is to be done with the picture alone. */
export interface Wishes {
  readonly change: (chosen: Partial<MapState>) => void;
  readonly look: (how: 'fit' | 'larger' | 'smaller') => void;
}

const KIND_NAMES: Readonly<Record<Kind, string>> = { root: 'Roots', function: 'Functions', place: 'Shared places', lock: 'Locks' };
const ONLY: readonly (readonly [MapState['only'], string])[] = [
  ['', 'all'],
  ['findings', 'with findings'],
  ['unguarded', 'not always guarded'],
];
const STEPS = [1, 2, 3] as const;

export function controls(part: Part, { change, look }: Wishes): Controls {
  const words = make('input', { type: 'search', placeholder: 'Find by name or file', 'aria-label': 'Find in the map by name or file' });
  let typing: ReturnType<typeof setTimeout> | undefined;
  words.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ words: words.value }), 200);
  });
  const boxes = KINDS.map((kind) => {
    const box = make('input', { type: 'checkbox' });
    box.addEventListener('change', () => change({ hidden: KINDS.filter((_, index) => !boxes[index].box.checked) }));
    return { kind, box, label: make('label', {}, [box, sample(kind), KIND_NAMES[kind]]) };
  });
  const only = select('Show', ONLY, (value) => change({ only: value }));
  const steps = select(
    'Around',
    STEPS.map((count) => [count, count === 1 ? '1 step' : `${count} steps`] as const),
    (value) => change({ steps: value }),
  );
  const looks = LOOKS.map(([how, text, title]) => button(text, title, () => look(how)));
  const kinds = make(
    'span',
    { class: 'map-kinds', role: 'group', 'aria-label': 'What is shown' },
    boxes.map(({ label }) => label),
  );
  const bar = make(
    'div',
    { class: 'map-bar' },
    part === 'locks' ? looks : [words, kinds, only.label, steps.label, make('span', { class: 'map-looks' }, looks)],
  );
  const trail = make('nav', { class: 'map-trail', 'aria-label': 'Where in the map' });
  const update = (state: MapState, names: readonly string[]) => {
    if (document.activeElement !== words) words.value = state.words;
    for (const { kind, box } of boxes) box.checked = !state.hidden.includes(kind);
    only.field.value = state.only;
    steps.field.value = String(state.steps);
    const crumbs = names.map((name, index) =>
      index === names.length - 1 ? make('b', {}, [name]) : button(name, `Back to ${name}`, () => change({ trail: state.trail.slice(0, index + 1) })),
    );
    const whole = names.length > 0 ? [button('Whole map', 'Back to the whole map', () => change({ trail: [] }))] : [];
    trail.replaceChildren(...[...whole, ...crumbs].flatMap((crumb, index) => (index > 0 ? [' › ', crumb] : [crumb])));
    trail.hidden = names.length === 0;
  };
  return { bar, trail, update };
}

const LOOKS = [
  ['smaller', '−', 'Smaller'],
  ['larger', '+', 'Larger'],
  ['fit', 'Fit', 'Fit the whole picture into its frame'],
] as const;

function button(text: string, title: string, press: () => void): HTMLElement {
  const made = make('button', { type: 'button', title }, [text]);
  if (text !== title) made.setAttribute('aria-label', title);
  made.addEventListener('click', press);
  return made;
}

function select<Value extends string | number>(name: string, options: readonly (readonly [Value, string])[], chosen: (value: Value) => void) {
  const field = make(
    'select',
    {},
    options.map(([value, text]) => make('option', { value }, [text])),
  );
  field.addEventListener('change', () => chosen(options[field.selectedIndex][0]));
  return { field, label: make('label', {}, [`${name} `, field]) };
}

/** The shape of a kind, small. */
function sample(kind: Kind): SVGSVGElement {
  const shape = element('path', { class: 'map-shape', d: shapeOf(kind, 1, 1, 24, 12) });
  return element('svg', { class: 'map-sample', width: 26, height: 14, 'aria-hidden': 'true' }, [element('g', { class: `map-node map-${kind}` }, [shape])]);
}
