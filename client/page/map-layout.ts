// Where the boxes of the map go: those of one class or file together, and those groups by what leads from one to the other.
import { type Arranged, arranged, type Box, type Link } from './map-arrange';
import { append, type ShownEdge } from './map-edges';
import type { ShownNode, View } from './map-view';
import { shortened } from './map-words';

export interface PlacedNode extends Box {
  readonly label: string;
}

export interface PlacedMap {
  readonly width: number;
  readonly height: number;
  /** As in the view. */
  readonly nodes: readonly PlacedNode[];
  readonly clusters: readonly (Box & { readonly name: string })[];
}

/** Width of a letter of the labels' font; a label that turns out wider is squeezed when it is drawn. */
const LETTER = 7.3;
/** Of the second line's. */
const SMALL_LETTER = 6.1;
const MOST_LETTERS = 26;
const NODE_HEIGHT = 28;
const GROUP_HEIGHT = 44;
/** What a box needs beside its label: the ends of its shape, and the handle. */
const SIDES = 44;
const BADGE = 22;
const FRAME = { side: 14, head: 28 };

/** Places everything in a picture about `wanted` wide, as far as that can be. */
export function placed(view: View, wanted: number): PlacedMap {
  const nodes = view.nodes.map(sizeOf);
  if (view.clusters.size === 0) {
    const { boxes, ...size } = arranged(nodes, view.edges.map(asLink), wanted);
    return { ...size, nodes: boxes.map((box, index) => ({ ...box, label: nodes[index].label })), clusters: [] };
  }
  const members = new Map<string, number[]>();
  view.nodes.forEach(({ cluster = '' }, index) => append(members, cluster, index));
  const clusterOf = new Map([...members.values()].flatMap((indexes, cluster) => indexes.map((index) => [index, cluster] as const)));
  const inner = [...members.values()].map((indexes, cluster) => {
    const position = new Map(indexes.map((index, at) => [index, at]));
    const links = view.edges.filter(({ from, to }) => clusterOf.get(from) === cluster && clusterOf.get(to) === cluster).map(asLink);
    return arranged(
      indexes.map((index) => nodes[index]),
      links.map(([from, to]) => [position.get(from)!, position.get(to)!]),
      wanted * 0.6,
    );
  });
  const between = view.edges.map(asLink).map(([from, to]): Link => [clusterOf.get(from)!, clusterOf.get(to)!]);
  const outer = arranged(inner.map(framed), between, wanted);
  const names = [...members.keys()].map((id) => view.clusters.get(id) ?? '');
  const placedNodes: PlacedNode[] = [];
  [...members.values()].forEach((indexes, cluster) => {
    const { x, y } = outer.boxes[cluster];
    inner[cluster].boxes.forEach((box, at) => {
      placedNodes[indexes[at]] = { ...box, x: x + FRAME.side + box.x, y: y + FRAME.head + box.y, label: nodes[indexes[at]].label };
    });
  });
  return { width: outer.width, height: outer.height, nodes: placedNodes, clusters: outer.boxes.map((box, index) => ({ ...box, name: names[index] })) };
}

function sizeOf({ label, below = '', findings }: ShownNode): { readonly label: string; readonly width: number; readonly height: number } {
  const shown = shortened(label, MOST_LETTERS);
  const width = Math.ceil(Math.max(shown.length * LETTER, below.length * SMALL_LETTER)) + SIDES + (findings > 0 ? BADGE : 0);
  return { label: shown, width, height: below === '' ? NODE_HEIGHT : GROUP_HEIGHT };
}

function framed({ width, height }: Arranged): { readonly width: number; readonly height: number } {
  return { width: width + 2 * FRAME.side, height: height + FRAME.head + FRAME.side };
}

/** Locks stand behind what they guard, so that all reads from what runs to what keeps it in order. */
function asLink({ kind, from, to }: ShownEdge): Link {
  return kind === 'guards' ? [to, from] : [from, to];
}
