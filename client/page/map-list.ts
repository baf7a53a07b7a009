// What the picture shows as a nested list: classes and files, what is in them, and what leads to what.
import { append } from './map-edges';
import { make } from './map-elements';
import type { ShownNode, View } from './map-view';

/** The list of a view. Things to open carry their place, as everywhere on the page; `focus` is asked for by the buttons beside them. */
export function listed(view: View, focus: (id: string) => void): HTMLElement {
  const groups = new Map<string, number[]>();
  view.nodes.forEach(({ cluster = '' }, index) => append(groups, cluster, index));
  const lists = [...groups].map(([cluster, indexes]) => {
    const items = indexes.map((index) => item(view, index, focus));
    return cluster === '' ? items : [make('li', {}, [make('b', {}, [view.clusters.get(cluster) ?? '']), make('ul', {}, items)])];
  });
  return make('ul', {}, lists.flat());
}

function item(view: View, index: number, focus: (id: string) => void): HTMLElement {
  const node = view.nodes[index];
  const button = make('button', { type: 'button', class: 'map-around' }, ['around it']);
  button.setAttribute('aria-label', `Show what is around it: ${node.label}`);
  button.addEventListener('click', () => focus(node.id));
  // Each line of a title is a sentence of its own.
  const sentences = view.edges.flatMap((edge) => (edge.from === index ? edge.title.split('\n') : []));
  const edges =
    sentences.length > 0
      ? [
          make(
            'ul',
            {},
            sentences.map((sentence) => make('li', { class: 'quiet' }, [sentence])),
          ),
        ]
      : [];
  return make('li', {}, [placeOf(node), ' ', button, ...edges]);
}

function placeOf(node: ShownNode): HTMLElement {
  if (node.kind === 'group') return make('span', {}, [node.title]);
  return make('button', { type: 'button', class: 'place', 'data-file': node.file, 'data-line': node.line, 'data-column': node.column }, [node.title]);
}
