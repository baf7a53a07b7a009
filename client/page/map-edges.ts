// The edges of the part of the map that is shown: past kinds of nodes that are hidden, and one for each pair of boxes.
import type { MapEdge, ReportMap } from '../../server/lsp/messages';
import type { Kind } from './map-state';
import { describeEdge } from './map-words';

export interface ShownEdge {
  /** Indexes of the view's nodes. */
  readonly from: number;
  readonly to: number;
  readonly kind: MapEdge['kind'];
  readonly bad: boolean;
  readonly title: string;
}

/**
 * The edges between nodes of other kinds than the hidden ones. What a function does is done by whoever gets there through
 * hidden functions and roots, so that hiding them leaves the threads joined to what they share.
 */
export function edgesWithout(map: ReportMap, hidden: readonly Kind[]): readonly MapEdge[] {
  if (hidden.length === 0) return map.edges;
  const isHidden = (index: number) => hidden.includes(map.nodes[index].kind);
  const out = new Map<number, MapEdge[]>();
  for (const edge of map.edges) append(out, edge.from, edge);
  const found = new Map<string, MapEdge>();
  for (const start of out.keys()) {
    if (isHidden(start)) continue;
    const seen = new Set([start]);
    for (const at of seen) {
      for (const edge of out.get(at) ?? []) {
        if (isHidden(edge.to)) {
          if (map.nodes[edge.to].kind === 'function' || map.nodes[edge.to].kind === 'root') seen.add(edge.to);
          continue;
        }
        if (edge.to === start) continue;
        const id = `${start} ${edge.to} ${edge.kind}`;
        const before = found.get(id);
        found.set(id, { ...edge, from: start, ...(edge.breaks || before?.breaks ? { breaks: true } : {}) });
      }
    }
  }
  return [...found.values()];
}

/** Of several edges between two boxes one tells them all; this is the order in which they say most. */
const RANK: readonly MapEdge['kind'][] = ['order', 'writes', 'starts', 'takes', 'guards', 'reads', 'runs', 'calls'];

/** One edge for each pair of boxes; `at` says in which box a node is. */
export function mergedEdges(map: ReportMap, edges: readonly MapEdge[], at: ReadonlyMap<number, number>): ShownEdge[] {
  const pairs = new Map<string, MapEdge[]>();
  for (const edge of edges) if (at.get(edge.from) !== at.get(edge.to)) append(pairs, `${at.get(edge.from)} ${at.get(edge.to)}`, edge);
  return [...pairs.values()].map((all) => {
    const [edge] = [...all].sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind));
    const bad = all.some(({ breaks, inCycle }) => breaks || inCycle);
    const told = [...new Set(all.slice(0, 6).map((each) => describeEdge(map, each)))];
    const title = `${told.join('\n')}${all.length > told.length ? `\nand ${all.length - told.length} more` : ''}`;
    return { from: at.get(edge.from)!, to: at.get(edge.to)!, kind: edge.kind, bad, title };
  });
}

/** Adds a value to the list under a key. */
export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
