// What can be counted out of a report: findings by severity, family and folder, styles of concurrency, and how much is guarded.
import type { Family, Severity } from '../rules/finding';
import { displayPath } from './plain-text';
import type { ConcurrencyStyle, WorkspaceReport } from './workspace-report';

export interface ReportSummary {
  readonly bySeverity: readonly Count<Severity>[];
  /** Most findings first, as all lists here; nothing that occurs never. */
  readonly byFamily: readonly Count<Family>[];
  readonly byRule: readonly Count<string>[];
  /** Folders relative to the one asked for, at most two names deep; `.` for that one itself. */
  readonly byFolder: readonly Count<string>[];
  /** How many roots there are of each style. */
  readonly styles: readonly Count<ConcurrencyStyle>[];
  /** Shared places with a known guard, and of these the ones that are always touched under it. */
  readonly guarded: { readonly places: number; readonly withGuard: number; readonly alwaysKept: number };
  readonly coverage: { readonly analysed: number; readonly leftOut: number; readonly skipped: number };
}

export interface Count<Name extends string> {
  readonly name: Name;
  readonly count: number;
}

/** The loudest first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** The summary of a report; `folder` is what paths are shown relative to. */
export function summaryOf(report: WorkspaceReport, folder?: string): ReportSummary {
  const { findings, shared, counts, roots, skipped } = report;
  const withGuard = shared.filter((place) => place.guard !== undefined);
  const severities = countsOf(findings.map(({ severity }) => severity));
  return {
    bySeverity: SEVERITIES.flatMap((name) => severities.filter((each) => each.name === name)),
    byFamily: countsOf(findings.map(({ family }) => family)),
    byRule: countsOf(findings.map(({ rule }) => rule)),
    byFolder: countsOf(findings.map(({ file }) => folderOf(displayPath(file, folder)))),
    styles: countsOf(roots.map(({ style }) => style)),
    guarded: {
      places: shared.length,
      withGuard: withGuard.length,
      alwaysKept: withGuard.filter((place) => place.counts.guarded === place.counts.accesses).length,
    },
    coverage: { analysed: counts.files, leftOut: counts.leftOut, skipped: new Set(skipped.map(({ file }) => file)).size },
  };
}

/** Whether nothing in the program runs beside anything else, as far as the analysis sees. */
export function isSequential(report: WorkspaceReport): boolean {
  return report.roots.length === 0 && report.shared.length === 0 && report.locks.length === 0 && report.findings.length === 0;
}

function countsOf<Name extends string>(names: readonly Name[]): Count<Name>[] {
  const counts = new Map<Name, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** The folder that a file counts for: at most two names deep. */
export function folderOf(path: string): string {
  const names = path.split('/').slice(0, -1);
  return names.slice(0, path.startsWith('/') ? names.length : 2).join('/') || '.';
}
