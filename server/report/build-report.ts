// Building the workspace report out of the program's facts.
import { CALLER, rootParts } from '../summary/contexts';
import { byKey, type Facts } from '../summary/facts';
import { nameOfKey } from '../summary/keys';
import { locate, NAME, type Site } from '../summary/locate';
import { rangeOf, type SourceText } from './source-text';
import type { ReportedFinding } from './reported-finding';
import type { ReportLocation, ReportLock, ReportLockOrder, ReportRoot, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** What the report needs besides the facts. */
export interface ReportInput {
  readonly facts: Facts;
  readonly sourceOf: (file: string) => SourceText;
  readonly findings: readonly ReportedFinding[];
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
    const accesses = facts.accessesOf(cell).filter((access) => !access.owned && access.function.endsWith('#module') === false);
    const roots = new Set(accesses.flatMap((access) => facts.contextOf(access.function).roots));
    const guards = new Map<string, number>();
    for (const access of accesses) for (const lock of facts.guardsOf(access)) if (!/[ (]/.test(nameOfKey(lock))) guards.set(lock, (guards.get(lock) ?? 0) + 1);
    const started = [...roots].filter((root) => rootParts(root).function !== undefined);
    if (!accesses.some((access) => access.write) || (guards.size === 0 && (started.length === 0 || roots.size < 2))) continue;
    const [guardedBy] = [...guards].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [];
    const name = nameOfKey(cell);
    places.push({
      name,
      ...(guardedBy === undefined ? {} : { guardedBy: nameOfKey(guardedBy) }),
      roots: [...roots].sort().map((root) => nameOfRoot(root)),
      accesses: accesses.slice(0, 50).map((access) => ({
        ...at(input, { function: access.function, point: access.point }),
        write: access.write,
        function: nameOfKey(access.function),
        locks: [...facts.guardsOf(access)].map(nameOfKey),
      })),
      rules: [
        ...new Set(
          input.findings.filter((finding) => finding.message.includes(` ${name} `) || finding.message.includes(` ${name}:`)).map((finding) => finding.rule),
        ),
      ],
    });
  }
  return places.sort((a, b) => b.rules.length - a.rules.length || (a.name < b.name ? -1 : 1));
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
    for (const access of facts.accessesOf(cell)) {
      if (access.write) for (const lock of facts.guardsOf(access)) guards.set(lock, (guards.get(lock) ?? new Set()).add(nameOfKey(cell)));
    }
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
