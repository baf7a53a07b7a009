// The picture of a part of the map, as SVG: shapes tell kinds apart, lines what is done; colours only say it once more.
import type { ShownEdge } from './map-edges';
import type { PlacedMap, PlacedNode } from './map-layout';
import type { ShownNode, View } from './map-view';

export interface Picture {
  readonly svg: SVGSVGElement;
  /** The elements of the nodes and of the edges, as in the view. */
  readonly nodes: readonly SVGGElement[];
  readonly edges: readonly SVGPathElement[];
}

/** Draws a view; `name` is what it is called, and begins the ids of its parts. */
export function drawn(view: View, map: PlacedMap, name: { readonly id: string; readonly label: string }): Picture {
  const svg = element('svg', { class: 'map-picture', role: 'graphics-document document', 'aria-label': name.label });
  const heads = element('defs', {}, [arrowHead(`${name.id}-end`, 'map-head'), arrowHead(`${name.id}-bad-end`, 'map-head bad')]);
  const clusters = map.clusters.map(({ x, y, width, height, name: label }) => {
    const title = element('text', { x: x + 12, y: y + 19 }, [label]);
    return element('g', { class: 'map-cluster', 'aria-hidden': 'true' }, [element('rect', { x, y, width, height, rx: 8 }), title]);
  });
  const edges = view.edges.map((edge) => edgePath(edge, map.nodes[edge.from], map.nodes[edge.to], name.id));
  const nodes = view.nodes.map((node, index) => nodeGroup(node, map.nodes[index]));
  svg.append(heads, ...clusters, element('g', { 'aria-hidden': 'true' }, edges), ...nodes);
  return { svg, nodes, edges };
}

/** Squeezes the labels that turned out wider than their boxes; the picture has to be in the page. */
export function fitLabels({ nodes }: Picture): void {
  const labels = nodes.flatMap((node) => [...node.querySelectorAll<SVGTextElement>('text.map-label')]);
  const widths = labels.map((label) => label.getComputedTextLength());
  labels.forEach((label, index) => {
    const room = Number(label.dataset['room']);
    if (widths[index] <= room) return;
    label.setAttribute('textLength', String(room));
    label.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  });
}

function nodeGroup(node: ShownNode, { x, y, width, height, label }: PlacedNode): SVGGElement {
  const room = width - (node.findings > 0 ? 62 : 40);
  const line = (style: string, at: number, words: string) =>
    element('text', { class: style, x: x + 16, y: at, 'dominant-baseline': 'central', 'data-room': room }, [words]);
  const lines =
    node.below === undefined
      ? [line('map-label', y + height / 2, label)]
      : [line('map-label', y + height / 2 - 8, label), line('map-label below', y + height / 2 + 9, node.below)];
  const badge =
    node.findings > 0
      ? [
          element('circle', { class: 'map-badge', cx: x + width - 33, cy: y + height / 2, r: 8.5 }),
          element('text', { class: 'map-badge-text', x: x + width - 33, y: y + height / 2, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, [
            node.findings > 99 ? '…' : String(node.findings),
          ]),
        ]
      : [];
  const handle = element('g', { class: 'map-handle' }, [
    element('title', {}, ['Show what is around it']),
    element('circle', { cx: x + width - 13, cy: y + height / 2, r: 9 }),
    element('path', { d: `M${x + width - 17} ${y + height / 2}h8m-4 -4v8` }),
  ]);
  const shapes = node.many ? [element('path', { class: 'map-shape behind', d: shapeOf(node.kind, x + 4, y + 4, width, height) })] : [];
  shapes.push(element('path', { class: 'map-shape', d: shapeOf(node.kind, x, y, width, height) }));
  const group = element('g', { class: classesOf(node), role: 'button', tabindex: -1, 'aria-label': node.title }, [
    element('title', {}, [node.title]),
    ...shapes,
    ...lines,
    ...badge,
    handle,
  ]);
  group.dataset['id'] = node.id;
  if (node.kind !== 'group') Object.assign(group.dataset, { file: node.file, line: String(node.line), column: String(node.column) });
  return group;
}

function classesOf({ kind, unguarded }: ShownNode): string {
  return `map-node map-${kind}${unguarded ? ' unguarded' : ''}`;
}

/** A shape for each kind: what runs points ahead, what is shared is round, a lock has slanted ends, a function is plain. */
export function shapeOf(kind: ShownNode['kind'], x: number, y: number, width: number, height: number): string {
  const [right, bottom, middle, end] = [x + width, y + height, y + height / 2, height / 3];
  switch (kind) {
    case 'root':
      return `M${x} ${y}H${right - end}L${right} ${middle}L${right - end} ${bottom}H${x}Z`;
    case 'place':
      return `M${x + height / 2} ${y}H${right - height / 2}A${height / 2} ${height / 2} 0 0 1 ${right - height / 2} ${bottom}H${x + height / 2}A${height / 2} ${height / 2} 0 0 1 ${x + height / 2} ${y}Z`;
    case 'lock':
      return `M${x + end} ${y}H${right - end}L${right} ${middle}L${right - end} ${bottom}H${x + end}L${x} ${middle}Z`;
    case 'group':
      return `M${x} ${y + 6}V${y - 2}H${x + 34}L${x + 40} ${y + 4}H${right}V${bottom}H${x}Z`;
    default:
      return `M${x} ${y}H${right}V${bottom}H${x}Z`;
  }
}

function edgePath({ kind, bad, title }: ShownEdge, from: PlacedNode, to: PlacedNode, id: string): SVGPathElement {
  const path = element('path', { class: `map-edge map-${kind}${bad ? ' bad' : ''}`, d: curve(from, to), 'marker-end': `url(#${id}${bad ? '-bad' : ''}-end)` });
  path.append(element('title', {}, [title]));
  return path;
}

/** From the right side of the one to the left side of the other; where that is behind, out of the near sides and round. */
function curve(from: PlacedNode, to: PlacedNode): string {
  const [y1, y2] = [from.y + from.height / 2, to.y + to.height / 2];
  if (to.x >= from.x + from.width) {
    const bend = Math.max(24, Math.min(120, (to.x - from.x - from.width) / 2));
    return `M${from.x + from.width} ${y1}C${from.x + from.width + bend} ${y1} ${to.x - bend} ${y2} ${to.x - 1} ${y2}`;
  }
  if (from.x >= to.x + to.width) {
    const bend = Math.max(24, Math.min(120, (from.x - to.x - to.width) / 2));
    return `M${from.x} ${y1}C${from.x - bend} ${y1} ${to.x + to.width + bend} ${y2} ${to.x + to.width + 1} ${y2}`;
  }
  // One above the other.
  const right = Math.max(from.x + from.width, to.x + to.width) + 26;
  return `M${from.x + from.width} ${y1}C${right} ${y1} ${right} ${y2} ${to.x + to.width + 1} ${y2}`;
}

function arrowHead(id: string, style: string): SVGElement {
  const box = { viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: 'userSpaceOnUse', orient: 'auto' };
  return element('marker', { id, class: style, ...box }, [element('path', { d: 'M0 0L8 4L0 8z' })]);
}

/** An SVG element with attributes and content. */
export function element<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly (Node | string)[] = [],
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...content);
  return made;
}
