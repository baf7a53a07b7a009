// Boxes with links between them, arranged: what hangs together from left to right, and those parts one beside the other.
import { Graph, layout } from '@dagrejs/dagre';
import { append } from './map-edges';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Indexes of two boxes. */
export type Link = readonly [from: number, to: number];

export interface Arranged extends Size {
  /** In the order in which they were given; none overlaps another. */
  readonly boxes: readonly Box[];
}

const GAP = { boxes: 12, ranks: 38, parts: 24 };
const TOO_WIDE = 1.8;
/** How much higher a part may be than its fullest rank. */
const LOOSE = 1.3;
/** From so many lines on, the best ranks take longer than people wait for. */
const MANY = 100;

/** The boxes in their places, the whole about `wanted` wide if that can be. */
export function arranged(sizes: readonly Size[], links: readonly Link[], wanted: number): Arranged {
  const parts = connected(sizes.length, links).map((members) => arrangedPart(members, sizes, links, wanted));
  const shelves = shelved(parts, wanted);
  const boxes: Box[] = [];
  parts.forEach((part, index) => {
    part.members.forEach((member, at) => {
      const box = part.boxes[at];
      boxes[member] = { ...box, x: box.x + shelves.boxes[index].x, y: box.y + shelves.boxes[index].y };
    });
  });
  return { ...shelves, boxes };
}

/** The indexes of what hangs together, each in order; parts with more members first. */
function connected(count: number, links: readonly Link[]): number[][] {
  const next = new Map<number, number[]>();
  for (const [from, to] of links) {
    append(next, from, to);
    append(next, to, from);
  }
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen.has(start)) continue;
    const members = new Set([start]);
    for (const member of members) for (const other of next.get(member) ?? []) members.add(other);
    for (const member of members) seen.add(member);
    parts.push([...members].sort((a, b) => a - b));
  }
  return parts.sort((a, b) => b.length - a.length || a[0] - b[0]);
}

type ArrangedPart = Arranged & { readonly members: readonly number[] };

/** From left to right; downwards where that would be far too wide, as a long chain is. */
function arrangedPart(members: readonly number[], sizes: readonly Size[], links: readonly Link[], wanted: number): ArrangedPart {
  if (members.length === 1) return { members, ...sizes[members[0]], boxes: [{ x: 0, y: 0, ...sizes[members[0]] }] };
  const across = inDirection('LR', members, sizes, links);
  if (across.width <= TOO_WIDE * wanted) return across;
  const down = inDirection('TB', members, sizes, links);
  return down.width < across.width ? down : across;
}

function inDirection(rankdir: 'LR' | 'TB', members: readonly number[], sizes: readonly Size[], links: readonly Link[]): ArrangedPart {
  const own = new Set(members);
  const inside = links.filter(([from, to]) => from !== to && own.has(from));
  const graph = new Graph();
  graph.setGraph({ rankdir, nodesep: GAP.boxes, edgesep: 4, ranksep: GAP.ranks, ranker: inside.length > MANY ? 'tight-tree' : 'network-simplex' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const member of members) graph.setNode(String(member), { ...sizes[member] });
  for (const [from, to] of inside) graph.setEdge(String(from), String(to));
  layout(graph);
  const apart = members.map((member) => {
    const { width, height } = sizes[member];
    // The library's places are those of middles.
    const { x, y } = graph.node(String(member)) as { readonly x: number; readonly y: number };
    return { x: x - width / 2, y: y - height / 2, width, height };
  });
  const boxes = rankdir === 'LR' ? closer(apart) : apart;
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const moved = boxes.map((box) => ({ ...box, x: box.x - left, y: box.y - top }));
  return { members, boxes: moved, ...extent(moved) };
}

/** The library leaves room for each line; lines are drawn straight here, so boxes of one rank may come closer, in their order. */
function closer(boxes: readonly Box[]): Box[] {
  const columns = new Map<number, number[]>();
  boxes.forEach(({ x, width }, index) => append(columns, Math.round(x + width / 2), index));
  const stacked = (column: readonly number[]) => column.reduce((sum, index) => sum + boxes[index].height + GAP.boxes, 0);
  const tallest = Math.max(...[...columns.values()].map(stacked));
  const factor = Math.min(1, (tallest * LOOSE) / extent(boxes).height);
  const moved = boxes.map((box) => ({ ...box, y: box.y * factor }));
  for (const column of columns.values()) {
    let free = -Infinity;
    for (const index of column.sort((a, b) => boxes[a].y - boxes[b].y)) {
      moved[index].y = Math.max(moved[index].y, free);
      free = moved[index].y + moved[index].height + GAP.boxes;
    }
  }
  return moved;
}

/** Things in rows from left to right, each row as wide as `wanted` or its only thing. */
function shelved(things: readonly Size[], wanted: number): Arranged {
  let [x, y, rowHeight] = [0, 0, 0];
  const boxes = things.map(({ width, height }) => {
    if (x > 0 && x + width > wanted) {
      x = 0;
      y += rowHeight + GAP.parts;
      rowHeight = 0;
    }
    const box = { x, y, width, height };
    x += width + GAP.parts;
    rowHeight = Math.max(rowHeight, height);
    return box;
  });
  return { boxes, ...extent(boxes) };
}

function extent(boxes: readonly Box[]): Size {
  return { width: Math.max(0, ...boxes.map(({ x, width }) => x + width)), height: Math.max(0, ...boxes.map(({ y, height }) => y + height)) };
}
