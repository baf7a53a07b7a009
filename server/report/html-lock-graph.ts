// The lock-order graph as inline SVG: locks in layers, arrows from the lock that is held to the one that is taken.
import { html, NOTHING, type Raw } from './html-text';
import { lockPairs } from './report-checks';
import type { ReportLockOrder } from './workspace-report';

const WIDTH = 190;
const HEIGHT = 34;
const GAP_X = 70;
const GAP_Y = 22;
const MAXIMUM_LOCKS = 60;
const MAXIMUM_LABEL = 26;

interface Node {
  readonly name: string;
  readonly layer: number;
  readonly x: number;
  readonly y: number;
}

/** The drawing; nothing when no two locks are held together, or when there are too many to be read. */
export function lockGraph(order: readonly ReportLockOrder[]): Raw {
  const pairs = lockPairs(order);
  const names = [...new Set(pairs.flatMap((pair) => [pair.first.name, pair.second.name]))];
  if (names.length === 0) return NOTHING;
  if (names.length > MAXIMUM_LOCKS)
    return html`<p class="quiet">${names.length} locks are held together with others, too many to draw; the table lists them.</p>`;
  const nodes = place(names, pairs);
  const columns = Math.max(...[...nodes.values()].map((node) => node.x)) + WIDTH;
  const rows = Math.max(...[...nodes.values()].map((node) => node.y)) + HEIGHT;
  const inverted = new Set(pairs.filter((pair) => pair.inverted).flatMap((pair) => [pair.first.name, pair.second.name]));
  return html`<div class="scroll"><svg class="graph" role="img" aria-label="Order in which locks are taken" width="${columns + 20}" height="${rows + 40}" viewBox="-10 -20 ${columns + 20} ${rows + 40}">
<defs>${arrowHead('arrow', 'edge-head')}${arrowHead('arrow-bad', 'edge-head bad')}</defs>
${pairs.map((pair) => edge(pair, nodes))}
${[...nodes.values()].map((node) => box(node, inverted.has(node.name)))}
</svg></div>`;
}

function arrowHead(id: string, style: string): Raw {
  return html`<marker id="${id}" class="${style}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker>`;
}

/** Layers by longest path over the edges that are not in a circle; within a layer by the middle of what leads there. */
function place(names: readonly string[], pairs: readonly ReportLockOrder[]): ReadonlyMap<string, Node> {
  const layers = new Map(names.map((name) => [name, 0]));
  // Longest paths settle within as many rounds as there are locks; the cap keeps circles of three and more finite.
  for (let round = 0, moved = true; moved && round < names.length; round++) {
    moved = false;
    for (const {
      first: { name: first },
      second: { name: second },
    } of pairs) {
      const wanted = Math.min((layers.get(first) ?? 0) + 1, names.length - 1);
      if ((layers.get(second) ?? 0) < wanted && !(round > 0 && reaches(second, first, pairs))) {
        layers.set(second, wanted);
        moved = true;
      }
    }
  }
  const used = [...new Set(layers.values())].sort((a, b) => a - b);
  const nodes = new Map<string, Node>();
  used.forEach((layer, column) => {
    const weight = (name: string) => {
      const before = pairs.flatMap((pair) => (pair.second.name === name ? [nodes.get(pair.first.name)?.y ?? 0] : []));
      return before.length > 0 ? before.reduce((sum, y) => sum + y, 0) / before.length : 0;
    };
    const members = names.filter((name) => layers.get(name) === layer).sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));
    members.forEach((name, row) => nodes.set(name, { name, layer: column, x: column * (WIDTH + GAP_X), y: row * (HEIGHT + GAP_Y) }));
  });
  return nodes;
}

function reaches(from: string, to: string, pairs: readonly ReportLockOrder[]): boolean {
  const seen = new Set([from]);
  const waiting = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === to) return true;
    for (const pair of pairs) {
      if (pair.first.name === next && !seen.has(pair.second.name)) {
        seen.add(pair.second.name);
        waiting.push(pair.second.name);
      }
    }
  }
  return false;
}

function edge(pair: ReportLockOrder, nodes: ReadonlyMap<string, Node>): Raw {
  const from = nodes.get(pair.first.name);
  const to = nodes.get(pair.second.name);
  if (!from || !to) return NOTHING;
  const forward = to.layer > from.layer;
  const x1 = from.x + (forward ? WIDTH : WIDTH / 2);
  const y1 = from.y + (forward ? HEIGHT / 2 : 0);
  const x2 = to.x + (forward ? 0 : WIDTH / 2);
  const y2 = to.y + (forward ? HEIGHT / 2 : 0);
  const path = forward
    ? `M${x1} ${y1}C${x1 + GAP_X / 2} ${y1} ${x2 - GAP_X / 2} ${y2} ${x2} ${y2}`
    : `M${x1} ${y1}C${x1} ${y1 - 26} ${x2} ${y2 - 26} ${x2} ${y2}`;
  const head = pair.inverted ? 'arrow-bad' : 'arrow';
  const tail = pair.inverted ? html` marker-start="url(#arrow-bad)"` : NOTHING;
  const title = `${pair.first.name} is held while ${pair.second.name} is taken${pair.inverted ? ', and the other way round' : ''}`;
  return html`<path class="edge${pair.inverted ? ' bad' : ''}" d="${path}" marker-end="url(#${head})"${tail}><title>${title}</title></path>`;
}

function box(node: Node, bad: boolean): Raw {
  const label = node.name.length > MAXIMUM_LABEL ? `…${node.name.slice(1 - MAXIMUM_LABEL)}` : node.name;
  return html`<g class="node${bad ? ' bad' : ''}"><title>${node.name}</title><rect x="${node.x}" y="${node.y}" width="${WIDTH}" height="${HEIGHT}" rx="7"/><text x="${node.x + WIDTH / 2}" y="${node.y + HEIGHT / 2}" text-anchor="middle" dominant-baseline="central">${label}</text></g>`;
}
