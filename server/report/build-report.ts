// Building the workspace report out of the program's facts and of what is found in it.
import type { Facts } from '../summary/facts';
import { buildMap } from './build-map';
import { renumberFindings } from './map-findings';
import type { ReportInput } from './report-input';
import { reportLocks, reportOrder } from './report-locks';
import { reportPlaces } from './report-places';
import { reportRoots } from './report-roots';
import type { ReportedFinding, SuppressedFinding } from './reported-finding';
import type { ReportCounts, ReportLocation, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** What people are told beside the facts: findings as their configuration wants them, and what was not looked at. */
export interface Told {
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly skipped: WorkspaceReport['skipped'];
}

/** The report as it stands now. */
export function buildReport(input: ReportInput, told: Told): WorkspaceReport {
  const shared = reportPlaces(input);
  const facts = { counts: countsOf(input.facts), roots: reportRoots(input), shared, locks: reportLocks(input, shared), ...reportOrder(input) };
  return withFindings({ ...facts, map: buildMap(input, told.findings), ...told }, told);
}

/** The same report with other findings: those that a configuration leaves. What the report says of them follows. */
export function withFindings(report: WorkspaceReport, told: Partial<Told>): WorkspaceReport {
  const findings = told.findings ?? report.findings;
  const rulesAt = new Map<string, Set<string>>();
  for (const finding of findings) {
    const id = positionOf(finding);
    rulesAt.set(id, (rulesAt.get(id) ?? new Set()).add(finding.rule));
  }
  const shared = report.shared.map((place): ReportSharedPlace => {
    const rules = new Set(place.accesses.flatMap((access) => [...(rulesAt.get(positionOf(access)) ?? [])]));
    return { ...place, rules: [...rules].sort() };
  });
  const rank = (place: ReportSharedPlace) => place.rules.length;
  const map = renumberFindings(report.map, report.findings, findings);
  return { ...report, ...told, map, shared: shared.sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1)) };
}

function positionOf({ file, range }: ReportLocation): string {
  return `${file}:${range.start.line}:${range.start.column}`;
}

function countsOf(facts: Facts): ReportCounts {
  const modules = [...facts.program.modules.values()];
  const summaries = [...facts.program.summaries.values()];
  const acquisitions = summaries.flatMap((summary) => summary.acquisitions);
  return {
    files: modules.length,
    leftOut: 0,
    functions: sum(modules, (module) => module.functionKeys.length - 1),
    classes: sum(modules, (module) => module.classKeys.length),
    asyncFunctions: summaries.filter((summary) => summary.isAsync).length,
    acquisitions: { all: acquisitions.length, scoped: acquisitions.filter(({ point }) => point < 0).length },
    joins: sum(summaries, (summary) => summary.joins.length),
    processStarts: sum(summaries, ({ spawns }) => spawns.filter(({ as }) => as === 'process' || as === 'worker').length),
  };
}

function sum<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}
