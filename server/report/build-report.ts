// Building the workspace report out of the program's facts.
import { CALLER, rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { isClaim, nameOfKey } from '../summary/keys';
import { locate, type Site } from '../summary/locate';
import { NAME } from '../summary/points';
import type { Position } from '../text/line-map';
import type { ReportedFinding, SuppressedFinding } from './reported-finding';
import { guardOf, sharedPlace } from './shared-place';
import { rangeOf, type SourceText } from './source-text';
import type { ReportLocation, ReportLock, ReportLockOrder, ReportRoot, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** What the report needs besides the facts. */
export interface ReportInput {
  readonly facts: Facts;
  readonly sourceOf: (file: string) => SourceText;
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** The report as it stands now. */
export function buildReport(input: ReportInput): WorkspaceReport {
  const { facts } = input;
  const modules = [...facts.program.modules.values()];
  return {
    counts: {
      files: modules.length,
      functions: modules.reduce((sum, module) => sum + module.functionKeys.length - 1, 0),
      classes: modules.reduce((sum, module) => sum + module.classKeys.length, 0),
    },
    roots: rootsOf(input),
    shared: sharedPlaces(input),
    locks: locksOf(input),
    order: lockOrder(input),
    findings: input.findings,
    suppressed: input.suppressed,
    skipped: input.skipped,
  };
}

function at({ facts, sourceOf }: ReportInput, site: Site): ReportLocation {
  const { file, span } = locate(facts.program, site);
  return { file, range: rangeOf(sourceOf(file), span) };
}

function rootsOf(input: ReportInput): ReportRoot[] {
  const { facts } = input;
  const reaches = new Map<string, number>();
  for (const context of facts.program.contexts.values()) for (const root of context.roots) reaches.set(root, (reaches.get(root) ?? 0) + 1);
  const roots: ReportRoot[] = [];
  for (const [id, count] of [...reaches].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const { kind, many, function: key } = rootParts(id);
    if (key === undefined || id === CALLER) continue;
    const [spawner] = byKey(facts.program.spawners.get(key));
    roots.push({
      kind,
      name: nameOfKey(key),
      many,
      location: at(input, { function: key, point: NAME }),
      ...(spawner?.[1][0] ? { startedAt: at(input, { function: spawner[0], point: spawner[1][0].point }) } : {}),
      reaches: count,
    });
  }
  return roots;
}

function sharedPlaces(input: ReportInput): ReportSharedPlace[] {
  const { facts } = input;
  const places: ReportSharedPlace[] = [];
  for (const cell of facts.cellKeys()) {
    const place = sharedPlace(cell, facts);
    if (!place) continue;
    const shown = accessesOf(input, place.accesses);
    const isHere = (finding: ReportedFinding) => shown.some((access) => access.file === finding.file && samePosition(access.range.start, finding.range.start));
    places.push({
      name: nameOfKey(cell),
      ...(place.guard === undefined ? {} : { guardedBy: nameOfKey(place.guard) }),
      ...(place.isStated ? { isStated: true } : {}),
      roots: place.roots.map((root) => nameOfRoot(root)),
      accesses: shown,
      rules: [...new Set(input.findings.filter(isHere).map((finding) => finding.rule))],
    });
  }
  return places.sort((a, b) => b.rules.length - a.rules.length || (a.name < b.name ? -1 : 1));
}

/** How many accesses of one place are listed. */
const MOST_ACCESSES = 50;

/** The accesses of a place, one for each position, a write rather than a read. */
function accessesOf(input: ReportInput, accesses: readonly CellAccess[]): ReportSharedPlace['accesses'] {
  const found = new Map<string, ReportSharedPlace['accesses'][number]>();
  for (const access of accesses.slice(0, MOST_ACCESSES)) {
    const location = at(input, { function: access.function, point: access.point });
    const id = `${location.file}:${location.range.start.line}:${location.range.start.column}`;
    if (!access.write && found.has(id)) continue;
    const locks = [...input.facts.guardsOf(access)].filter((lock) => !isClaim(lock)).map(nameOfKey);
    found.set(id, { ...location, write: access.write, function: nameOfKey(access.function), locks });
  }
  return [...found.values()];
}

function samePosition(a: Position, b: Position): boolean {
  return a.line === b.line && a.column === b.column;
}

function nameOfRoot(id: string): string {
  const { kind, function: key } = rootParts(id);
  return key === undefined ? kind : `${kind} ${nameOfKey(key)}`;
}

function locksOf(input: ReportInput): ReportLock[] {
  const { facts } = input;
  const locks = new Map<string, { type: string; site: Site; count: number }>();
  for (const [, summary] of byKey(facts.program.summaries)) {
    for (const { lock, point } of summary.acquisitions) {
      const known = locks.get(lock.key);
      if (known) known.count++;
      else if (!lock.perCall) locks.set(lock.key, { type: lock.type ?? 'unknown', site: { function: summary.key, point }, count: 1 });
    }
  }
  const guards = new Map<string, Set<string>>();
  for (const cell of facts.cellKeys()) {
    const accesses = facts.accessesOf(cell).filter((access) => !access.owned);
    const lock = accesses.some((access) => access.write) ? guardOf(accesses, facts) : undefined;
    if (lock !== undefined) guards.set(lock, (guards.get(lock) ?? new Set()).add(nameOfKey(cell)));
  }
  return [...locks]
    .map(([key, { type, site, count }]) => ({
      name: nameOfKey(key),
      type,
      location: at(input, site),
      acquisitions: count,
      guards: [...(guards.get(key) ?? [])].sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function lockOrder(input: ReportInput): ReportLockOrder[] {
  const { facts } = input;
  return facts
    .lockPairs()
    .map(({ held, wanted, edges }) => ({
      first: nameOfKey(held),
      second: nameOfKey(wanted),
      inverted: facts.edgesBetween(wanted, held).length > 0,
      sites: edges.slice(0, 10).map((edge) => at(input, { function: edge.function, point: edge.wantedAt })),
    }))
    .sort((a, b) => Number(b.inverted) - Number(a.inverted) || (a.first < b.first ? -1 : 1));
}
