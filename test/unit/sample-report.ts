// A workspace report by hand, for tests of what shows reports.
import type { ReportMap } from '../../server/report/report-map';
import type { Range, ReportedFinding } from '../../server/report/reported-finding';
import type { ReportCounts, ReportStep, WorkspaceReport } from '../../server/report/workspace-report';

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

const NO_COUNTS: ReportCounts = {
  files: 0,
  leftOut: 0,
  functions: 0,
  classes: 0,
  asyncFunctions: 0,
  acquisitions: { all: 0, scoped: 0 },
  joins: 0,
  processStarts: 0,
};

const NO_MAP: ReportMap = { files: [], groups: [], nodes: [], edges: [] };

/** A report of nothing. */
export const EMPTY_REPORT: WorkspaceReport = {
  counts: NO_COUNTS,
  roots: [],
  shared: [],
  locks: [],
  order: [],
  cycles: [],
  map: NO_MAP,
  findings: [],
  suppressed: [],
  skipped: [],
};

const WORKER = { id: '/w/worker.py#Worker.run:thread', name: 'thread Worker.run' };
const [CACHE_LOCK, LEDGER_LOCK, STOCK_LOCK] = ['cache.py#Cache._lock', 'ledger.py#Ledger._lock', 'stock.py#Stock._lock'].map((key) => ({
  id: `/w/${key}`,
  name: key.slice(key.indexOf('#') + 1),
}));
const ITEMS = { id: '/w/cache.py#Cache._items', name: 'Cache._items' };

function step(file: string, line: number, message: string): ReportStep {
  return { file, range: rangeOf(line, 8), message };
}

export const SAMPLE_REPORT: WorkspaceReport = {
  counts: {
    ...NO_COUNTS,
    files: 4,
    leftOut: 2,
    functions: 31,
    classes: 1,
    acquisitions: { all: 5, scoped: 4 },
    joins: 1,
    processStarts: 2,
  },
  roots: [
    {
      ...WORKER,
      name: 'Worker.run',
      kind: 'thread',
      style: 'threads',
      runs: 'function',
      many: true,
      why: 'started in a loop',
      location: { file: '/w/worker.py', range: rangeOf(8, 6) },
      starts: [{ file: '/w/main.py', range: rangeOf(20, 4), function: 'main', by: 'threading.Thread' }],
      reaches: 12,
    },
    {
      id: '/w/resize.py#resize:process',
      name: 'resize',
      kind: 'process',
      style: 'processes',
      runs: 'function',
      many: false,
      location: { file: '/w/resize.py', range: rangeOf(3, 4) },
      starts: [],
      reaches: 2,
    },
  ],
  shared: [
    {
      ...ITEMS,
      guard: CACHE_LOCK,
      roots: [{ id: 'main', name: 'main' }, WORKER],
      counts: { accesses: 2, writes: 1, guarded: 1 },
      accesses: [
        { file: '/w/cache.py', range: rangeOf(14, 8), write: true, function: 'Cache.put', locks: ['Cache._lock'] },
        { file: '/w/cache.py', range: rangeOf(22, 8), write: false, function: 'Cache.size', locks: [], breaks: true },
      ],
      rules: ['inconsistent-guard'],
    },
    {
      id: '/w/main.py:settings',
      name: 'settings',
      roots: [{ id: 'main', name: 'main' }, WORKER],
      counts: { accesses: 0, writes: 0, guarded: 0 },
      accesses: [],
      rules: [],
    },
  ],
  locks: [
    {
      ...CACHE_LOCK,
      type: 'threading.Lock',
      keepsOut: 'threads',
      location: { file: '/w/cache.py', range: rangeOf(5, 8) },
      acquisitions: [5, 9, 13].map((line) => ({ file: '/w/cache.py', range: rangeOf(line, 8), function: 'Cache.put' })),
      guards: [ITEMS],
      slow: [{ file: '/w/cache.py', range: rangeOf(15, 12), function: 'Cache.put', what: 'waits for others in socket.socket.recv' }],
    },
    {
      ...LEDGER_LOCK,
      type: 'threading.Lock',
      keepsOut: 'threads',
      location: { file: '/w/ledger.py', range: rangeOf(5, 8) },
      acquisitions: [{ file: '/w/ledger.py', range: rangeOf(5, 8), function: 'Ledger.add' }],
      guards: [],
      slow: [],
    },
  ],
  order: [
    {
      first: STOCK_LOCK,
      second: LEDGER_LOCK,
      inverted: true,
      inCycle: true,
      chains: [[step('/w/stock.py', 28, 'Stock.take() takes Stock._lock'), step('/w/stock.py', 30, 'Stock.take() takes Ledger._lock as well')]],
    },
    {
      first: LEDGER_LOCK,
      second: STOCK_LOCK,
      inverted: true,
      inCycle: true,
      chains: [[step('/w/orders.py', 9, 'Orders.place() takes Ledger._lock'), step('/w/orders.py', 11, 'Orders.place() takes Stock._lock as well')]],
    },
    {
      first: STOCK_LOCK,
      second: CACHE_LOCK,
      inverted: false,
      inCycle: false,
      chains: [[step('/w/stock.py', 38, 'Stock.show() takes Stock._lock'), step('/w/stock.py', 40, 'Stock.show() takes Cache._lock as well')]],
    },
  ],
  cycles: [{ locks: [LEDGER_LOCK, STOCK_LOCK] }],
  map: NO_MAP,
  findings: [
    findingOf(),
    findingOf({ rule: 'lost-update', family: 'shared-state', severity: 'error', message: 'counter is changed without a lock.', related: [], fixes: [] }),
  ],
  suppressed: [],
  skipped: [{ file: '/w/huge.js', reason: 'too large' }],
};
