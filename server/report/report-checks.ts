// The checklist of a report: what a careful reviewer asks of concurrent code, answered from what was found.
import type { Family } from '../rules/finding';
import { counted } from './plain-text';
import { summaryOf } from './report-summary';
import type { ConcurrencyStyle, ReportLockOrder, WorkspaceReport } from './workspace-report';

/** `good`: looked at, and nothing found; `hint`: nothing but hints and information; `idle`: there was nothing to look at. */
export type CheckState = 'good' | 'bad' | 'hint' | 'idle';

export interface ReportCheck {
  /** Names it in addresses and tests. */
  readonly id: string;
  readonly state: CheckState;
  /** What should hold, as a sentence. */
  readonly title: string;
  /** How it stands, with numbers. */
  readonly detail: string;
  readonly families: readonly Family[];
  /** Findings of these families. */
  readonly findings: number;
}

interface Question {
  readonly id: string;
  readonly title: string;
  readonly families: readonly Family[];
  /** How much there is to look at; 0 makes it idle. */
  readonly seen: (report: WorkspaceReport) => number;
  /** What was looked at. */
  readonly detail: (report: WorkspaceReport) => string;
}

/** In the order of a review; each family of rules belongs to one of them (a test holds that). */
const QUESTIONS: readonly Question[] = [
  {
    id: 'right-tool',
    title: 'Work for the processor runs in processes, waiting in threads or tasks',
    families: ['cpu-bound-threads', 'advice'],
    seen: (report) => report.roots.length,
    detail: (report) => stylesText(report),
  },
  {
    id: 'main-guard',
    title: 'Processes and workers are started behind a main guard',
    families: ['main-guard'],
    seen: ({ counts }) => counts.processStarts,
    detail: ({ counts: { processStarts } }) => `${counted(processStarts, 'place')} where a process or worker is started or given work`,
  },
  {
    id: 'shared-state',
    title: 'Shared state has one guard, and every access holds it',
    families: ['shared-state', 'shared-memory'],
    seen: ({ shared }) => shared.length,
    detail: (report) => {
      const { places, withGuard, alwaysKept } = summaryOf(report).guarded;
      return `${counted(places, 'shared place')}, ${withGuard} with a known guard, which ${alwaysKept} always ${alwaysKept === 1 ? 'keeps' : 'keep'}`;
    },
  },
  {
    id: 'locks-released',
    title: 'Locks are given back on every way out',
    families: ['lock-leak'],
    seen: ({ counts }) => counts.acquisitions.all,
    detail: ({ counts: { acquisitions } }) => `${counted(acquisitions.all, 'acquisition')}, ${acquisitions.scoped} by a block that gives back by itself`,
  },
  {
    id: 'lock-order',
    title: 'Locks are taken in one order, and never waited for by their holder',
    families: ['lock-order', 'self-deadlock'],
    seen: ({ locks }) => locks.length,
    detail: ({ locks, order, cycles }) => {
      const pairs = lockPairs(order).length;
      const circles = cycles.length === 0 ? 'none in a circle' : `${counted(cycles.length, 'circle')}`;
      return `${counted(locks.length, 'lock')}, ${counted(pairs, 'pair')} held together, ${circles}`;
    },
  },
  {
    id: 'waiting',
    title: 'Waiting is done by conditions, events and queues, in loops that look again',
    families: ['condition-misuse', 'busy-wait'],
    seen: (report) => report.locks.length + count(report, ['threads', 'processes', 'workers', 'tasks']),
    detail: (report) => counted(count(report, ['threads', 'processes', 'workers', 'tasks']), 'thread, process or task root', 'thread, process and task roots'),
  },
  {
    id: 'lifetimes',
    title: 'What is started is joined, shut down or made a daemon',
    families: ['lifecycle', 'thread-misuse'],
    seen: ({ roots }) => roots.length,
    detail: ({ roots, counts }) => `${counted(roots.length, 'root')}, ${counted(counts.joins, 'wait')} for work that was started`,
  },
  {
    id: 'failures',
    title: 'Failures of threads, jobs and tasks are heard',
    families: ['lost-exception'],
    seen: ({ roots }) => roots.length,
    detail: ({ roots }) => counted(roots.length, 'root'),
  },
  {
    id: 'handed-over',
    title: 'What crosses to another process or worker can be pickled or cloned, and is not expected to be shared',
    families: ['unpicklable', 'non-cloneable', 'process-isolation', 'fork-hazard'],
    seen: (report) => count(report, ['processes', 'workers']) + report.counts.processStarts,
    detail: (report) => counted(count(report, ['processes', 'workers']), 'process or worker root', 'process and worker roots'),
  },
  {
    id: 'event-loop',
    title: 'Nothing blocks an event loop, or touches it from another thread',
    families: ['blocking-in-async', 'lock-across-await', 'loop-thread-crossing'],
    seen: (report) => report.counts.asyncFunctions + count(report, ['tasks', 'events']),
    detail: ({ counts }) => counted(counts.asyncFunctions, 'asynchronous function'),
  },
  {
    id: 'awaits',
    title: 'State read before an await is not trusted after it',
    families: ['await-race'],
    seen: ({ counts }) => counts.asyncFunctions,
    detail: ({ counts }) => counted(counts.asyncFunctions, 'asynchronous function'),
  },
  {
    id: 'tasks-kept',
    title: 'Tasks and promises are kept and awaited',
    families: ['dangling-task'],
    seen: (report) => report.counts.asyncFunctions + count(report, ['tasks', 'events']),
    detail: (report) => `${counted(report.counts.asyncFunctions, 'asynchronous function')}, ${counted(count(report, ['tasks']), 'task root')}`,
  },
  {
    id: 'limits',
    title: 'Queues, pools and fan-outs have a limit',
    families: ['unbounded-concurrency'],
    seen: ({ roots }) => roots.filter(({ many }) => many).length,
    detail: ({ roots }) => `${counted(roots.filter(({ many }) => many).length, 'root')} of which several run at a time`,
  },
];

/** The checklist, in the order of a review. */
export function checksOf(report: WorkspaceReport): readonly ReportCheck[] {
  return QUESTIONS.map(({ id, title, families, seen, detail }) => {
    const own = report.findings.filter(({ family }) => families.includes(family));
    const isLoud = own.some(({ severity }) => severity === 'error' || severity === 'warning');
    const state = isLoud ? 'bad' : own.length > 0 ? 'hint' : seen(report) === 0 ? 'idle' : 'good';
    const told = own.length > 0 ? [counted(own.length, 'finding')] : state === 'good' ? ['no findings'] : [];
    return {
      id,
      state,
      title,
      detail: state === 'idle' ? 'nothing of the kind here' : [...told, ...(seen(report) > 0 ? [detail(report)] : [])].join('; '),
      families,
      findings: own.length,
    };
  });
}

/** Each unordered pair of locks once, whichever way round it was seen. */
export function lockPairs(order: readonly ReportLockOrder[]): readonly ReportLockOrder[] {
  const pairs = new Map<string, ReportLockOrder>();
  for (const edge of order) {
    const key = [edge.first.id, edge.second.id].sort().join('\n');
    const known = pairs.get(key);
    pairs.set(key, known ? { ...known, chains: [...known.chains, ...edge.chains] } : edge);
  }
  return [...pairs.values()];
}

function count(report: WorkspaceReport, styles: readonly ConcurrencyStyle[]): number {
  return report.roots.filter(({ style }) => styles.includes(style)).length;
}

function stylesText(report: WorkspaceReport): string {
  return summaryOf(report)
    .styles.map(({ name, count: number }) =>
      name === 'events' ? counted(number, 'event handler or timer', 'event handlers and timers') : `${counted(number, 'root')} in ${name}`,
    )
    .join(', ');
}
