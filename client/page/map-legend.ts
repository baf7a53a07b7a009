// The key to the map's lines, and how to move in it.
import { element } from './map-draw';
import { make } from './map-elements';
import type { Part } from './map-state';

const LINES: readonly (readonly [style: string, text: string])[] = [
  ['map-edge map-writes', 'writes'],
  ['map-edge map-reads', 'reads'],
  ['map-edge map-calls', 'calls or runs'],
  ['map-edge map-starts', 'starts'],
  ['map-edge map-takes', 'takes a lock'],
  ['map-edge map-guards', 'guards'],
  ['map-edge bad', 'without the guard, or in a circle'],
];
const ORDER: readonly (readonly [style: string, text: string])[] = [
  ['map-edge map-order', 'the second is taken while the first is held'],
  ['map-edge bad', 'in a circle'],
];

/** What each line means, folded away. */
export function legend(part: Part): HTMLElement {
  const items = (part === 'locks' ? ORDER : LINES).map(([style, text]) => {
    const line = element('path', { class: style, d: 'M1 6H33' });
    return make('li', {}, [element('svg', { width: 34, height: 12, 'aria-hidden': 'true' }, [line]), text]);
  });
  const keys = [
    'Press a box to open its code, the + in it to see what is around it. ',
    'Drag to move, Ctrl and the wheel to zoom. By keys: arrows go along the lines, Enter opens, Space shows what is around, Escape goes back, + − 0 zoom.',
  ];
  return make('details', { class: 'map-legend' }, [make('summary', {}, ['Legend and keys']), make('ul', {}, items), make('p', { class: 'quiet' }, keys)]);
}
