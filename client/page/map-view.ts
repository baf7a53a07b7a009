// What is drawn of the map: the nodes that are selected, or, where those are too many, the classes and files that they are in.
import type { MapEdge, ReportMap } from '../../server/lsp/messages';
import { append, edgesWithout, mergedEdges, type ShownEdge } from './map-edges';
import { groupId, type Kind, type MapState, MOST_NODES, type Part, selected, unguardedPlaces } from './map-state';
import { counted, describeGroup, describeNode, groupCounts, nameAlone, nameWithin } from './map-words';

export interface ShownNode {
  readonly id: string;
  readonly kind: Kind | 'group';
  /** What a person reads on it, where its cluster is named beside it. */
  readonly label: string;
  /** A second line, of a class or file: what is in it. */
  readonly below?: string;
  /** Everything worth saying of it, in one line. */
  readonly title: string;
  readonly findings: number;
  /** Several may run at a time. */
  readonly many: boolean;
  readonly unguarded: boolean;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The id of its cluster; absent where clusters are not drawn. */
  readonly cluster?: string;
}

export interface View {
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly ShownEdge[];
  /** Cluster id → its name. */
  readonly clusters: ReadonlyMap<string, string>;
  /** What is shown and what is not, in a sentence or two. */
  readonly summary: string;
}

const MOST_GROUPS = 60;

/** The view that a state asks for. */
export function viewOf(map: ReportMap, state: MapState, part: Part): View {
  const inOrder = new Set(map.edges.flatMap(({ kind, from, to }) => (kind === 'order' ? [from, to] : [])));
  const isOffered = (index: number) => (part === 'locks' ? inOrder.has(index) : !state.hidden.includes(map.nodes[index].kind));
  const offered = [...map.nodes.keys()].filter(isOffered);
  const edges = edgesWithout(map, part === 'locks' ? ['root', 'function', 'place'] : state.hidden);
  const { nodes, what } = selected(map, state, offered, edges);
  if (nodes.length > MOST_NODES && new Set(nodes.map((index) => map.nodes[index].group)).size > 1) return overview(map, nodes, edges, what);
  const shown = foremost(map, nodes);
  const left = offered.length - shown.length;
  const rest = left > 0 ? ` ${left} more ${left === 1 ? 'is' : 'are'} not shown.` : '';
  const some = shown.length < nodes.length ? `the foremost of ${what}` : what;
  return { ...detail(map, shown, edges, part), summary: `Shown: ${some} (${counted(shown.length, 'node')}).${rest}` };
}

/** As many as can be drawn: what has findings, then what is shared and what guards it. */
function foremost(map: ReportMap, nodes: readonly number[]): readonly number[] {
  if (nodes.length <= MOST_NODES) return nodes;
  const rank = (index: number) => (map.nodes[index].findings ? 0 : ['place', 'lock', 'root', 'function'].indexOf(map.nodes[index].kind) + 1);
  return [...nodes]
    .sort((a, b) => rank(a) - rank(b) || a - b)
    .slice(0, MOST_NODES)
    .sort((a, b) => a - b);
}

function detail(map: ReportMap, shown: readonly number[], edges: readonly MapEdge[], part: Part): Omit<View, 'summary'> {
  const at = new Map(shown.map((index, position) => [index, position]));
  const inside = edges.filter(({ from, to }) => at.has(from) && at.has(to));
  const unguarded = unguardedPlaces(map);
  const nodes = shown.map((index): ShownNode => {
    const node = map.nodes[index];
    const group = map.groups[node.group].label;
    return {
      id: node.id,
      kind: node.kind,
      label: part === 'locks' ? nameAlone(node, group) : nameWithin(node, group),
      title: describeNode(map, index),
      findings: node.findings?.length ?? 0,
      many: node.kind === 'root' && node.many === true,
      unguarded: unguarded.has(index),
      file: map.files[node.file],
      line: node.line,
      column: node.column,
      ...(part === 'locks' ? {} : { cluster: groupId(map, node.group) }),
    };
  });
  const groups = part === 'locks' ? [] : new Set(shown.map((index) => map.nodes[index].group));
  const clusters = new Map([...groups].map((group) => [groupId(map, group), map.groups[group].label]));
  return { nodes, edges: mergedEdges(map, inside, at), clusters };
}

/** Classes and files in the place of what they hold, those with most findings and then with most that is shared. */
function overview(map: ReportMap, shown: readonly number[], edges: readonly MapEdge[], what: string): View {
  const members = new Map<number, number[]>();
  for (const index of shown) append(members, map.nodes[index].group, index);
  const ranked = [...members]
    .map(([group, indexes]) => {
      const nodes = indexes.map((index) => map.nodes[index]);
      const findings = new Set(nodes.flatMap((node) => node.findings ?? [])).size;
      return { group, indexes, nodes, findings, shared: nodes.filter(({ kind }) => kind === 'place' || kind === 'lock').length };
    })
    .sort((a, b) => b.findings - a.findings || b.shared - a.shared || b.nodes.length - a.nodes.length || a.group - b.group);
  const drawn = ranked.slice(0, MOST_GROUPS);
  const at = new Map(drawn.flatMap(({ indexes }, position) => indexes.map((index) => [index, position] as const)));
  const nodes = drawn.map(({ group, nodes, findings }): ShownNode => {
    const { label, file } = map.groups[group];
    const names = { id: groupId(map, group), label, below: groupCounts(nodes).join(', '), title: describeGroup(map, group, nodes, findings) };
    return { ...names, kind: 'group', findings, many: false, unguarded: false, file: map.files[file], line: 0, column: 0 };
  });
  const inside = edges.filter(({ from, to }) => at.has(from) && at.has(to));
  const some = ranked.length > drawn.length ? `${drawn.length} of ${ranked.length} classes and files, those with most findings first` : 'classes and files';
  const summary = `Shown: ${some}, for ${what} (${counted(shown.length, 'node')}) is too much to draw. Open one of them, or find something by its name.`;
  return { nodes, edges: mergedEdges(map, inside, at), clusters: new Map(), summary };
}
