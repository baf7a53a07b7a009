// What a person has chosen to see of the map, and the nodes that this leaves.
import type { MapEdge, ReportMap } from '../../server/lsp/messages';

export const KINDS = ['root', 'function', 'place', 'lock'] as const;
export type Kind = (typeof KINDS)[number];

/** The whole map, or the order of locks alone. */
export type Part = 'all' | 'locks';

/** Kept over refreshes, so it names things instead of numbering them. */
export interface MapState {
  /** The ids of what was focused on, the present one last; of a class or file that which `groupId` gives. */
  readonly trail: readonly string[];
  /** How many edges away from the focus, or from what a filter has found, things are shown. */
  readonly steps: number;
  readonly words: string;
  readonly hidden: readonly Kind[];
  readonly only: '' | 'findings' | 'unguarded';
}

export const NOTHING_CHOSEN: MapState = { trail: [], steps: 1, words: '', hidden: [], only: '' };

/** More than this many boxes cannot be told apart, and take long to lay out. */
export const MOST_NODES = 200;

export interface Selection {
  /** Indexes of nodes, sorted. */
  readonly nodes: readonly number[];
  /** What that is: `everything`, `Cache._lock and what is within one step`. */
  readonly what: string;
}

/**
 * The nodes that a state asks for, of those that are offered. What is around the focus, or around what was found, is left
 * out from the farthest on as long as that is too much; what is chosen itself never is.
 */
export function selected(map: ReportMap, state: MapState, offered: readonly number[], edges: readonly MapEdge[]): Selection {
  const focus = state.trail.at(-1);
  const isFiltered = state.words.trim() !== '' || state.only !== '';
  if (focus === undefined && !isFiltered) return { nodes: offered, what: 'everything' };
  const found = new Set(offered.filter((index) => matches(map, index, state)));
  const centre = focus === undefined ? found : new Set(offered.filter((index) => isFocus(map, index, focus)));
  // A filter inside a focus leaves the focus itself.
  const counts = (index: number) => focus === undefined || !isFiltered || found.has(index) || centre.has(index);
  const layers = layersAround(centre, edges, state.steps, new Set(offered)).map((layer) => layer.filter(counts));
  let steps = state.steps;
  while (steps > 0 && layers.slice(0, steps + 1).flat().length > MOST_NODES) steps--;
  const name = focus === undefined ? `${found.size} found` : (nameOfFocus(map, focus) ?? '');
  const around = steps === 0 ? (state.steps > 0 ? ' without what is around, which is too much' : '') : ` and what is within ${counted(steps)}`;
  return {
    nodes: layers
      .slice(0, steps + 1)
      .flat()
      .sort((a, b) => a - b),
    what: `${name}${around}${isFiltered && focus !== undefined ? ', filtered' : ''}`,
  };
}

function counted(steps: number): string {
  return steps === 1 ? 'one step' : `${steps} steps`;
}

/** What is chosen, what is one edge away from that, two edges, and so on. */
function layersAround(centre: ReadonlySet<number>, edges: readonly MapEdge[], steps: number, offered: ReadonlySet<number>): number[][] {
  const seen = new Set(centre);
  const layers = [[...centre]];
  for (let step = 0; step < steps; step++) {
    const last = new Set(layers[step]);
    const next = new Set(edges.flatMap(({ from, to }) => [...(last.has(from) ? [to] : []), ...(last.has(to) ? [from] : [])]));
    layers.push([...next].filter((index) => offered.has(index) && !seen.has(index)));
    for (const index of next) seen.add(index);
  }
  return layers;
}

function matches(map: ReportMap, index: number, { words, only }: MapState): boolean {
  const node = map.nodes[index];
  if (only === 'findings' && !node.findings) return false;
  if (only === 'unguarded' && !unguardedPlaces(map).has(index)) return false;
  const text = `${node.label} ${map.groups[node.group].label} ${map.files[node.file]}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const UNGUARDED = new WeakMap<ReportMap, ReadonlySet<number>>();

/** Places that no lock guards, or whose guard is not always held. */
export function unguardedPlaces(map: ReportMap): ReadonlySet<number> {
  const known = UNGUARDED.get(map);
  if (known) return known;
  const without = map.nodes.flatMap((node, index) => (node.kind === 'place' && node.guard === undefined ? [index] : []));
  const found = new Set([...without, ...map.edges.flatMap(({ to, breaks }) => (breaks ? [to] : []))]);
  UNGUARDED.set(map, found);
  return found;
}

/** The id under which a class or file can be focused on. */
export function groupId(map: ReportMap, group: number): string {
  const { label, file } = map.groups[group];
  return `group ${map.files[file]} ${label}`;
}

function isFocus(map: ReportMap, index: number, focus: string): boolean {
  const node = map.nodes[index];
  return node.id === focus || groupId(map, node.group) === focus;
}

/** What a person calls what was focused on; undefined where it is gone. */
export function nameOfFocus(map: ReportMap, focus: string): string | undefined {
  return map.nodes.find(({ id }) => id === focus)?.label ?? map.groups.find((_, group) => groupId(map, group) === focus)?.label;
}
