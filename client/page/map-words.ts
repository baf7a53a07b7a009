// The words of the map: what a node is and what an edge means, for titles, screen readers and lists.
import type { MapEdge, MapNode, ReportMap } from '../../server/lsp/messages';

/** A node in one line: its whole name, what it is, and what there is to know of it. */
export function describeNode(map: ReportMap, index: number): string {
  const node = map.nodes[index];
  const parts = [nameAlone(node, map.groups[node.group].label), kindOf(node)];
  if (node.kind === 'place') parts.push(guardOf(map, node, index));
  if (node.findings) parts.push(counted(node.findings.length, 'finding'));
  return parts.join(', ');
}

/** What a node is: `threads`, `shared place`. */
export function kindOf(node: MapNode): string {
  switch (node.kind) {
    case 'root':
      return node.many ? `${node.runs}, several at a time` : node.runs;
    case 'function':
      return node.isBody ? "the file's own body" : 'function';
    case 'place':
      return 'shared place';
    case 'lock':
      return node.type ?? 'used as a lock';
  }
}

function guardOf(map: ReportMap, node: MapNode & { readonly kind: 'place' }, index: number): string {
  if (node.guard === undefined) return 'no lock guards it';
  const breaking = map.edges.filter((edge) => edge.to === index && edge.breaks).length;
  const stated = node.isStated ? ', says its annotation' : '';
  return `guarded by ${node.guard}${stated}${breaking > 0 ? `, but not in ${counted(breaking, 'function')}` : ''}`;
}

/** A class or a file with what of it is on the map. */
export function describeGroup(map: ReportMap, group: number, nodes: readonly MapNode[], findings: number): string {
  return [map.groups[group].label, ...groupCounts(nodes), ...(findings > 0 ? [counted(findings, 'finding')] : [])].join(', ');
}

/** How many of each kind: `2 roots`, `1 lock`. */
export function groupCounts(nodes: readonly MapNode[]): string[] {
  return (['root', 'function', 'place', 'lock'] as const).flatMap((kind) => {
    const count = nodes.filter((node) => node.kind === kind).length;
    return count > 0 ? [counted(count, kind)] : [];
  });
}

/** An edge as a sentence. */
export function describeEdge(map: ReportMap, { kind, from, to, between = 0, locks = [], breaks, inCycle }: MapEdge): string {
  const [a, b] = [map.nodes[from].label, map.nodes[to].label];
  switch (kind) {
    case 'calls':
      return between > 0 ? `${a} calls ${b} through ${counted(between, 'function')}` : `${a} calls ${b}`;
    case 'reads':
    case 'writes': {
      const held = locks.length > 0 ? `with ${locks.map((lock) => map.nodes[lock].label).join(' and ')}` : 'with no lock';
      const place = map.nodes[to];
      return `${a} ${kind} ${b} ${held}${breaks && place.kind === 'place' ? `, though ${place.guard} guards it` : ''}`;
    }
    case 'order':
      return `${b} is taken while ${a} is held${inCycle ? ', and in a circle the other way round as well' : ''}`;
    default:
      return `${a} ${kind} ${b}`;
  }
}

/** A name inside the box of its class, which need not say the class again. */
export function nameWithin(node: MapNode, group: string): string {
  return node.label.replace(`${group}.`, '').replace(/^a callback in /, 'callback in ');
}

/** A name where no box says which class or file it belongs to. */
export function nameAlone(node: MapNode, group: string): string {
  return node.label.includes('.') ? node.label : `${node.label} of ${group}`;
}

/** A name of at most so many characters, shortened in its middle: ends tell names apart. */
export function shortened(name: string, most: number): string {
  if (name.length <= most) return name;
  const head = Math.floor((most - 1) / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (most - 1 - head))}`;
}

export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
