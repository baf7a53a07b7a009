// The order of locks in Markdown: a graph that viewers draw (Mermaid), the circles in it, and how each order comes about.
import { blocks, code, placeCode, plain, table, words } from './markdown-parts';
import type { ReportLockOrder, WorkspaceReport } from './workspace-report';

/** More cannot be read, and viewers refuse to draw much more. */
const MOST_LOCKS = 60;
const SHOWN_CHAINS = 3;

/** Graph, circles and a row for each order in which two locks are taken; '' where no two locks are held together. */
export function lockOrderSection({ order, cycles }: WorkspaceReport, folder: string | undefined): string {
  const circles = cycles.map(({ locks }) => `- Circle: ${[...locks, locks[0]].map(({ name }) => code(name)).join(' → ')}`);
  const rows = order.map((pair) => [
    code(pair.first.name),
    code(pair.second.name),
    pair.inverted ? '**in both orders**' : pair.inCycle ? '**in a circle**' : 'always',
    chainsCell(pair, folder),
  ]);
  return blocks(lockGraph(order), circles.join('\n'), table(['Held', 'Then taken', 'In this order', 'How'], rows));
}

function chainsCell({ chains }: ReportLockOrder, folder: string | undefined): string {
  const told = chains.slice(0, SHOWN_CHAINS).map((chain) => chain.map((step) => words(plain(step.message), placeCode(step, folder))).join('<br>'));
  return [...told, ...(chains.length > SHOWN_CHAINS ? [`and ${chains.length - SHOWN_CHAINS} more ways`] : [])].join('<br><br>');
}

function lockGraph(order: readonly ReportLockOrder[]): string {
  const names = new Map(order.flatMap(({ first, second }) => [first, second]).map(({ id, name }) => [id, name]));
  if (names.size === 0) return '';
  if (names.size > MOST_LOCKS) return `${names.size} locks are held together with others, too many to draw.`;
  const ids = [...names.keys()];
  const inCircle = order.flatMap(({ inCycle }, index) => (inCycle ? [index] : []));
  const inCircleIds = [...new Set(inCircle.flatMap((index) => [order[index].first.id, order[index].second.id]))];
  return [
    '```mermaid',
    'flowchart LR',
    ...ids.map((id, index) => `  n${index}["${label(names.get(id) ?? '')}"]`),
    ...order.map(({ first, second }) => `  n${ids.indexOf(first.id)} --> n${ids.indexOf(second.id)}`),
    ...(inCircle.length > 0
      ? [
          '  classDef circle stroke:#d1242f,stroke-width:2px',
          `  class ${inCircleIds.map((id) => `n${ids.indexOf(id)}`).join(',')} circle`,
          `  linkStyle ${inCircle.join(',')} stroke:#d1242f,stroke-width:2px`,
        ]
      : []),
    '```',
  ].join('\n');
}

/** Everything but letters, digits and what names are made of is written as a number, which no label can be ended by. */
function label(name: string): string {
  return name.replace(/[^\p{L}\p{N}_. ]/gu, (character) => `#${character.codePointAt(0)};`);
}
