// A workspace report by hand, for tests of what shows reports.
import type { Range, ReportedFinding } from '../../server/report/reported-finding';
import type { WorkspaceReport } from '../../server/report/workspace-report';

export function rangeOf(line: number, column: number, length = 5): Range {
  return { start: { line, column }, end: { line, column: column + length } };
}

export function findingOf(change: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    rule: 'lock-order-inversion',
    family: 'lock-order',
    severity: 'warning',
    confidence: 0.8,
    file: '/w/orders.py',
    range: rangeOf(11, 4),
    symbol: 'Orders.place',
    message: 'Stock._lock is taken while Ledger._lock is held, and the other way round elsewhere. Two threads can wait for each other for ever.',
    related: [{ file: '/w/stock.py', range: rangeOf(30, 8), message: 'Here Ledger._lock is taken while Stock._lock is held' }],
    fixes: [
      { kind: 'swap-locks', title: 'Take the locks in one order', safety: 'unsafe', edits: [{ file: '/w/orders.py', range: rangeOf(11, 4), newText: 'x' }] },
    ],
    ...change,
  };
}

/** A report of nothing. */
export const EMPTY_REPORT: WorkspaceReport = {
  counts: { files: 0, functions: 0, classes: 0 },
  roots: [],
  shared: [],
  locks: [],
  order: [],
  findings: [],
  suppressed: [],
  skipped: [],
};

export const SAMPLE_REPORT: WorkspaceReport = {
  counts: { files: 4, functions: 31, classes: 1 },
  roots: [
    { kind: 'main', name: 'main', many: false, location: { file: '/w/main.py', range: rangeOf(0, 0) }, reaches: 20 },
    {
      kind: 'thread',
      name: 'Worker.run',
      many: true,
      location: { file: '/w/worker.py', range: rangeOf(8, 6) },
      startedAt: { file: '/w/main.py', range: rangeOf(20, 4) },
      reaches: 12,
    },
    { kind: 'process', name: 'resize', many: true, location: { file: '/w/resize.py', range: rangeOf(3, 4) }, reaches: 2 },
  ],
  shared: [
    {
      name: 'Cache._items',
      guardedBy: 'Cache._lock',
      roots: ['main', 'Worker.run'],
      accesses: [
        { file: '/w/cache.py', range: rangeOf(14, 8), write: true, function: 'Cache.put', locks: ['Cache._lock'] },
        { file: '/w/cache.py', range: rangeOf(22, 8), write: false, function: 'Cache.size', locks: [] },
      ],
      rules: ['inconsistent-guard'],
    },
    { name: 'settings', roots: ['main', 'Worker.run'], accesses: [], rules: [] },
  ],
  locks: [
    { name: 'Cache._lock', type: 'threading.Lock', location: { file: '/w/cache.py', range: rangeOf(5, 8) }, acquisitions: 3, guards: ['Cache._items'] },
    { name: 'Ledger._lock', type: 'threading.Lock', location: { file: '/w/ledger.py', range: rangeOf(5, 8) }, acquisitions: 1, guards: [] },
  ],
  order: [
    { first: 'Stock._lock', second: 'Ledger._lock', inverted: true, sites: [{ file: '/w/stock.py', range: rangeOf(30, 8) }] },
    { first: 'Ledger._lock', second: 'Stock._lock', inverted: true, sites: [{ file: '/w/orders.py', range: rangeOf(11, 4) }] },
    { first: 'Stock._lock', second: 'Cache._lock', inverted: false, sites: [{ file: '/w/stock.py', range: rangeOf(40, 8) }] },
  ],
  findings: [
    findingOf(),
    findingOf({ rule: 'lost-update', family: 'shared-state', severity: 'error', message: 'counter is changed without a lock.', related: [], fixes: [] }),
  ],
  suppressed: [],
  skipped: [{ file: '/w/huge.js', reason: 'too large' }],
};
