// The locks of a report: what each guards, where it is taken, what is slow under it, and in which order locks are taken.

import type { BlockKind } from '../model/library';
import type { Related } from '../rules/finding';
import { blockedAt } from '../rules/shared/blocking-chain';
import { lockChain } from '../rules/shared/lock-chain';
import { groupBy, innerMap } from '../summary/grouping';
import { callOfKey, isNamed, type LockKey, nameOfKey } from '../summary/keys';
import type { LockEdge } from '../summary/lock-order';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Acquisition } from '../summary/summary';
import { byPlace, named, placeIn, placeOf, type ReportInput } from './report-input';
import type { ReportLock, ReportLockOrder, ReportSharedPlace, ReportStep, WorkspaceReport } from './workspace-report';

const KEEPS_OUT = { thread: 'threads', process: 'processes', task: 'tasks', context: 'contexts' } as const;

/** Work that takes so long that others notice, and how it is told. Waiting for other locks is told by the order of locks. */
const SLOW: Partial<Record<BlockKind, string>> = {
  sleep: 'sleeps',
  io: 'waits for others',
  process: 'waits for another process',
  files: 'works on many files',
  queue: 'waits at a queue',
};

/** All locks that have a name, sorted by it. */
export function reportLocks(input: ReportInput, places: readonly ReportSharedPlace[]): ReportLock[] {
  const { facts } = input;
  const taken: { readonly function: string; readonly acquisition: Acquisition }[] = [];
  for (const key of [...facts.program.summaries.keys()].sort()) {
    for (const acquisition of facts.summaryOf(key)!.acquisitions) {
      if (isNamed(acquisition.lock.key) && !acquisition.lock.perCall) taken.push({ function: key, acquisition });
    }
  }
  const slow = slowWork(input);
  const guarded = groupBy(places, (place) => place.guard?.id ?? '');
  return [...groupBy(taken, ({ acquisition }) => acquisition.lock.key)]
    .map(([key, all]): ReportLock => {
      const acquisitions = all.map((each) => placeIn(input, each.function, each.acquisition.point)).sort(byPlace);
      const domain = all.find(({ acquisition }) => acquisition.lock.kind)?.acquisition.lock.kind?.domain;
      const { file, range } = acquisitions[0];
      return {
        ...named(key),
        type: all[0].acquisition.lock.type ?? 'unknown',
        ...(domain ? { keepsOut: KEEPS_OUT[domain] } : {}),
        location: { file, range },
        acquisitions,
        guards: (guarded.get(key) ?? []).map(({ id, name }) => ({ id, name })),
        slow: [...(slow.get(key)?.values() ?? [])].sort(byPlace),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}

type Slow = ReportLock['slow'][number];

/** What is slow while a lock is held: what blocks inside its with statement, and awaits inside a lock between tasks. */
function slowWork(input: ReportInput): Map<LockKey, Map<string, Slow>> {
  const { facts } = input;
  const found = new Map<LockKey, Map<string, Slow>>();
  const add = (lock: LockKey, fn: ResolvedFunction, point: number, what: string) => {
    const place = { ...placeIn(input, fn.key, point), what };
    innerMap(found, lock).set(`${place.file}:${place.range.start.line}`, place);
  };
  for (const [key, fn] of facts.program.functions) {
    const summary = facts.summaryOf(key);
    if (!summary?.acquisitions.length) continue;
    const around = enclosing(modelOf(fn));
    for (const { point, kind, api, chain } of blockedAt(fn, facts)) {
      const words = SLOW[kind];
      if (words === undefined) continue;
      for (const each of around.get(point) ?? []) {
        const lock = each.kind === 'with' ? fn.withs[~each.point]?.lock : undefined;
        if (!lock || !isNamed(lock.key) || lock.perCall || lock.kind?.type === 'condition') continue;
        add(lock.key, fn, point, `${words} in ${api}${chain.length > 0 ? ` through ${callOfKey(chain[0].function)}` : ''}`);
      }
    }
    for (const { point, held } of summary.awaits) {
      for (const { lock, reference } of held) {
        if (isNamed(lock) && !reference.perCall && reference.kind?.type !== 'condition') add(lock, fn, point, 'awaits');
      }
    }
  }
  return found;
}

/** How many chains of calls are told for one pair of locks. */
const MOST_CHAINS = 5;

/** The lock-order graph: its edges, those in a circle first. */
export function reportOrder(input: ReportInput): Pick<WorkspaceReport, 'order' | 'cycles'> {
  const { facts } = input;
  const cycles = facts.cycles().filter(({ locks }) => locks.every(isNamed));
  const inCycle = new Set(cycles.flatMap(({ locks }) => locks.flatMap((lock, i) => [pairId(lock, locks[(i + 1) % locks.length])])));
  for (const { locks } of cycles) if (locks.length === 2) inCycle.add(pairId(locks[1], locks[0]));
  const order = facts
    .lockPairs()
    .filter(({ held, wanted }) => isNamed(held) && isNamed(wanted))
    .map(
      ({ held, wanted, edges }): ReportLockOrder => ({
        first: named(held),
        second: named(wanted),
        inverted: facts.edgesBetween(wanted, held).length > 0,
        inCycle: inCycle.has(pairId(held, wanted)),
        chains: edges.slice(0, MOST_CHAINS).map((edge) => chainOf(input, edge)),
      }),
    );
  order.sort((a, b) => Number(b.inCycle) - Number(a.inCycle) || (a.first.id + a.second.id < b.first.id + b.second.id ? -1 : 1));
  return { order, cycles: cycles.map(({ locks }) => ({ locks: locks.map(named) })) };
}

function pairId(first: LockKey, second: LockKey): string {
  return `${first}\n${second}`;
}

function chainOf(input: ReportInput, edge: LockEdge): ReportStep[] {
  const { facts } = input;
  const wanted = { function: edge.function, point: edge.wantedAt };
  const end: Related[] =
    edge.through === undefined
      ? [{ site: wanted, message: `${callOfKey(edge.function)} takes ${nameOfKey(edge.wanted)} as well` }]
      : lockChain(facts, wanted, edge.through, edge.wanted);
  const start = { site: { function: edge.function, point: edge.heldAt }, message: `${callOfKey(edge.function)} takes ${nameOfKey(edge.held)}` };
  return [start, ...end].map(({ site, message }) => ({ ...placeOf(input, site), message }));
}
