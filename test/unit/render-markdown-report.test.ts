// The workspace report in Markdown: every section says what the model says, and the graph of locks is the model's.
import { describe, expect, it } from 'vitest';
import { code } from '../../server/report/markdown-parts';
import { type MarkdownReportOptions, renderReportMarkdown } from '../../server/report/render-markdown-report';
import { checksOf } from '../../server/report/report-checks';
import type { ReportLockOrder, WorkspaceReport } from '../../server/report/workspace-report';
import { type MarkdownTable, rendered, tablesOf, visible } from '../support/read-markdown';
import { ACCEPTED_FINDING, SAMPLE_LINES } from './sample-output';
import { EMPTY_REPORT, findingOf, SAMPLE_REPORT } from './sample-report';

const render = (change: Partial<WorkspaceReport> = {}, options: Partial<MarkdownReportOptions> = {}) =>
  renderReportMarkdown({ ...SAMPLE_REPORT, ...change }, { relativeTo: '/w', lineOf: SAMPLE_LINES, ...options });

const tableOf = (title: string, change: Partial<WorkspaceReport> = {}): MarkdownTable => tablesOf(render(change)).get(title)![0];

const headings = (markdown: string) => [...rendered(markdown).matchAll(/<h2>(.*)<\/h2>/g)].map(([, heading]) => heading);

describe('the sections', () => {
  it('are those that there is something to say in', () => {
    const all = render({ suppressed: [ACCEPTED_FINDING], change: { since: 'x', fresh: [], known: 2, gone: [] } });
    expect(headings(all)).toEqual([
      'Summary',
      'Change',
      'Checklist',
      'Findings',
      'What runs where',
      'Shared places',
      'Locks',
      'Order of locks',
      'Accepted by comments',
      'Not analysed, or only in part',
    ]);
    expect(headings(render({ ...EMPTY_REPORT, skipped: [] }))).toEqual(['Summary', 'Findings']);
  });

  it('tell kindly that nothing runs beside anything else', () => {
    expect(render(EMPTY_REPORT)).toContain('Nothing here runs beside anything else, as far as the analysis sees');
    expect(render()).not.toContain('Nothing here runs');
  });

  it('are of what was asked for', () => {
    expect(render({}, { subject: 'src `lib`' })).toContain(`# Concurrency report\n\n${code('src `lib`')}\n`);
  });
});

it('the summary counts', () => {
  expect(tableOf('Summary').rows).toEqual([
    ['Findings', '1 error, 1 warning'],
    ['By family', 'lock-order 1, shared-state 1'],
    ['By folder', '. 2'],
    ['Roots', 'processes 1, threads 1'],
    ['Shared places', '2, 1 with a known guard, 0 always kept'],
    ['Code', '31 functions, 1 class'],
    ['Files', '4 analysed, 2 left out (tests, stubs, vendored or generated code), 1 skipped'],
  ]);
});

it('the checklist is that of the report', () => {
  const marks = { good: '✓', bad: '✗', hint: 'i', idle: '–' };
  expect(tableOf('Checklist').rows).toEqual(checksOf(SAMPLE_REPORT).map(({ state, title, detail }) => [marks[state], title, detail]));
});

it('findings open, and say which are new', () => {
  const summaries = (change: Partial<WorkspaceReport>) => [...rendered(render(change)).matchAll(/<summary>(.*)<\/summary>/g)].map(([, text]) => visible(text));
  expect(summaries({ change: { since: 'x', fresh: [1], known: 1, gone: [] } })).toEqual([
    'warning orders.py:12 Stock._lock is taken while Ledger._lock is held, and the other way round elsewhere.',
    'new error orders.py:12 counter is changed without a lock.',
  ]);
  const many = Array.from({ length: 103 }, () => findingOf());
  expect(summaries({ findings: many })).toHaveLength(100);
  expect(render({ findings: many })).toContain('And 3 more; the JSON report lists all.');
  expect(render({ findings: [] })).toContain('None. What the analysis could not see is not claimed to be safe.');
});

it('the change says what is new, known and gone', () => {
  const gone = [{ rule: 'busy-wait', file: 'old.py', symbol: 'Poller.run', message: 'It spins. Wait instead.' }];
  const markdown = render({ change: { since: 'main~3', fresh: [0], known: 1, gone } });
  expect(visible(rendered(markdown))).toContain('Since main~3: 1 new, 1 known, 1 gone.');
  expect(tablesOf(markdown).get('Change')![0].rows).toEqual([['busy-wait', 'old.py in Poller.run', 'It spins.']]);
});

it('roots say what runs, where, how many, from where, and what they reach', () => {
  expect(tableOf('What runs where')).toEqual({
    head: ['Kind', 'Runs', 'Where', 'At a time', 'Started', 'Reaches'],
    rows: [
      ['thread', 'Worker.run', 'worker.py:9', 'several: started in a loop', 'main.py:21 in main by threading.Thread', '12 functions, 2 shared places'],
      ['process', 'resize', 'resize.py:4', 'one', '', '2 functions, 0 shared places'],
    ],
  });
  const [root] = SAMPLE_REPORT.roots;
  const runs = (['function', 'jobs', 'unknown'] as const).map((each) => ({ ...root, runs: each, name: 'Pool' }));
  expect(tableOf('What runs where', { roots: runs }).rows.map(([, name]) => name)).toEqual(['Pool', 'jobs of Pool', 'not known: Pool']);
});

it('starts beyond a handful are counted', () => {
  const [root] = SAMPLE_REPORT.roots;
  const [row] = tableOf('What runs where', { roots: [{ ...root, starts: Array.from({ length: 8 }, () => root.starts[0]) }] }).rows;
  expect(row[4].split('\n')).toHaveLength(6);
  expect(row[4]).toMatch(/and 3 more$/);
});

it('shared places say who guards them, how often, and who does not', () => {
  const [place, other] = SAMPLE_REPORT.shared;
  const rows = tableOf('Shared places', {
    shared: [place, { ...other, guard: place.guard, isStated: true, counts: { accesses: 3, writes: 3, guarded: 3 } }, other],
  }).rows;
  expect(rows).toEqual([
    ['Cache._items', 'Cache._lock', '1 of 2 (50 %)', '1 write, 1 read', 'main\nthread Worker.run', 'read cache.py:23', 'inconsistent-guard'],
    ['settings', 'Cache._lock (stated)', '3 of 3 (100 %)', '3 writes, 0 reads', 'main\nthread Worker.run', '', ''],
    ['settings', 'not known', '', '0 writes, 0 reads', 'main\nthread Worker.run', '', ''],
  ]);
});

it('locks say what they guard and what is slow under them', () => {
  expect(tableOf('Locks').rows).toEqual([
    ['Cache._lock', 'threading.Lock between threads', 'cache.py:6', '3', 'Cache._items', 'waits for others in socket.socket.recv cache.py:16'],
    ['Ledger._lock', 'threading.Lock between threads', 'ledger.py:6', '1', '', ''],
  ]);
});

it('what is accepted or skipped has its reason', () => {
  expect(tableOf('Accepted by comments', { suppressed: [ACCEPTED_FINDING] }).rows).toEqual([['busy-wait', 'orders.py:12', 'a test']]);
  expect(tableOf('Not analysed, or only in part').rows).toEqual([['huge.js', 'too large']]);
});

describe('the order of locks', () => {
  /** The graph as a viewer reads it: names by node, edges between them, and which of both are marked. */
  function graphOf(markdown: string) {
    const lines =
      /```mermaid\n([\s\S]*?)\n```/
        .exec(markdown)?.[1]
        .split('\n')
        .map((line) => line.trim()) ?? [];
    const read = (pattern: RegExp) => lines.flatMap((line) => (pattern.test(line) ? [pattern.exec(line)!.slice(1)] : []));
    const nodes = new Map(
      read(/^(n\d+)\["([^"]*)"\]$/).map(([id, label]) => [id, label.replace(/#(\d+);/g, (_all, point) => String.fromCodePoint(Number(point)))]),
    );
    const edges = read(/^(n\d+) --> (n\d+)$/).map(([from, to]) => `${nodes.get(from)} > ${nodes.get(to)}`);
    const [[marked] = ['']] = read(/^linkStyle ([\d,]+) /);
    const [[circle] = ['']] = read(/^class ([n\d,]+) circle$/);
    return {
      nodes: [...nodes.values()],
      edges,
      marked: marked
        .split(',')
        .filter(Boolean)
        .map((index) => edges[Number(index)]),
      circle: circle.split(',').map((id) => nodes.get(id)),
    };
  }

  it('is drawn with its circles marked', () => {
    expect(graphOf(render())).toEqual({
      nodes: ['Stock._lock', 'Ledger._lock', 'Cache._lock'],
      edges: ['Stock._lock > Ledger._lock', 'Ledger._lock > Stock._lock', 'Stock._lock > Cache._lock'],
      marked: ['Stock._lock > Ledger._lock', 'Ledger._lock > Stock._lock'],
      circle: ['Stock._lock', 'Ledger._lock'],
    });
    expect(visible(rendered(render()))).toContain('Circle: Ledger._lock → Stock._lock → Ledger._lock');
  });

  it('is told with the calls that lead to it', () => {
    expect(tableOf('Order of locks').rows).toEqual([
      ['Stock._lock', 'Ledger._lock', 'in both orders', 'Stock.take() takes Stock._lock stock.py:29\nStock.take() takes Ledger._lock as well stock.py:31'],
      [
        'Ledger._lock',
        'Stock._lock',
        'in both orders',
        'Orders.place() takes Ledger._lock orders.py:10\nOrders.place() takes Stock._lock as well orders.py:12',
      ],
      ['Stock._lock', 'Cache._lock', 'always', 'Stock.show() takes Stock._lock stock.py:39\nStock.show() takes Cache._lock as well stock.py:41'],
    ]);
  });

  it('lets no name end a label', () => {
    const evil = 'a"];\n```\nn0 --> `b` #quot; <img> ünï';
    const order: ReportLockOrder[] = [{ first: { id: 'a', name: evil }, second: { id: 'b', name: 'b' }, inverted: false, inCycle: false, chains: [] }];
    const { nodes, edges } = graphOf(render({ order, cycles: [] }));
    expect(nodes).toEqual([evil, 'b']);
    expect(edges).toEqual([`${evil} > b`]);
    expect(render({ order, cycles: [] })).not.toMatch(/linkStyle|classDef/);
  });

  it('is not drawn where nobody could read it', () => {
    const order = Array.from({ length: 70 }, (_, index): ReportLockOrder => {
      return { first: { id: `${index}`, name: 'a' }, second: { id: `${index + 1}`, name: 'b' }, inverted: false, inCycle: false, chains: [] };
    });
    expect(render({ order })).toContain('71 locks are held together with others, too many to draw.');
    expect(render({ order })).not.toContain('mermaid');
  });
});
