// Report checks: what was looked at in a workspace and how it stands, in one sentence each.
import type { Family } from '../rules/finding';
import { counted } from './plain-text';
import type { ReportedFinding } from './reported-finding';
import type { ReportLockOrder, WorkspaceReport } from './workspace-report';

/** `idle`: there was nothing to look at. */
export interface ReportCheck {
  readonly state: 'good' | 'bad' | 'idle';
  readonly title: string;
  readonly detail: string;
}

/** The checklist at the head of a report. */
export function checksOf(report: WorkspaceReport): readonly ReportCheck[] {
  const loud = report.findings.filter((finding) => finding.severity !== 'hint');
  const started = report.roots.filter((root) => root.kind !== 'main');
  const guarded = report.shared.filter((place) => place.guardedBy !== undefined).length;
  const pairs = lockPairs(report.order);
  return [
    check('Shared state', loud, ['shared-state', 'await-race', 'shared-memory', 'process-isolation', 'loop-thread-crossing'], report.shared.length, () => {
      return `${counted(report.shared.length, 'place')} reached from several sides, ${guarded} with a known guard`;
    }),
    check('Lock order', loud, ['lock-order', 'self-deadlock'], report.locks.length, () => {
      const inverted = pairs.filter((pair) => pair.inverted).length;
      return `${counted(report.locks.length, 'lock')}, ${counted(pairs.length, 'pair')} held together, ${inverted === 0 ? 'none' : inverted} in both orders`;
    }),
    check(
      'Starting processes and workers',
      loud,
      ['main-guard', 'fork-hazard', 'unpicklable', 'non-cloneable'],
      count(started, ['process', 'worker']),
      (seen) => {
        return counted(seen, 'process or worker root', 'process or worker roots');
      },
    ),
    check(
      'Threads and tasks',
      loud,
      ['dangling-task', 'lost-exception', 'thread-misuse', 'lifecycle', 'blocking-in-async', 'lock-across-await', 'busy-wait'],
      started.length,
      (seen) => {
        return `${counted(seen, 'root')} beside the main program`;
      },
    ),
  ];
}

/** Findings of an unordered pair of locks once, whichever way round they were seen. */
export function lockPairs(order: readonly ReportLockOrder[]): readonly ReportLockOrder[] {
  const pairs = new Map<string, ReportLockOrder>();
  for (const edge of order) {
    const key = [edge.first, edge.second].sort().join('\n');
    const known = pairs.get(key);
    pairs.set(key, known ? { ...known, inverted: true, sites: [...known.sites, ...edge.sites] } : edge);
  }
  return [...pairs.values()].sort((a, b) => Number(b.inverted) - Number(a.inverted));
}

function count(roots: WorkspaceReport['roots'], kinds: readonly string[]): number {
  return roots.filter((root) => kinds.includes(root.kind)).length;
}

function check(title: string, findings: readonly ReportedFinding[], families: readonly Family[], seen: number, detail: (seen: number) => string): ReportCheck {
  const bad = findings.filter((finding) => families.includes(finding.family)).length;
  if (bad > 0) return { state: 'bad', title, detail: seen > 0 ? `${counted(bad, 'finding')}; ${detail(seen)}` : counted(bad, 'finding') };
  if (seen === 0) return { state: 'idle', title, detail: 'nothing of the kind found' };
  return { state: 'good', title, detail: `no findings; ${detail(seen)}` };
}
