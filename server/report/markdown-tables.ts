// The tables of the workspace report in Markdown: what runs where, what is shared, which locks there are.
import { code, placeCode, plain, table, words } from './markdown-parts';
import { counted } from './plain-text';
import type { ReportLock, ReportRoot, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** Places in one cell; more is for the page. */
const SHOWN = 5;

export function rootsTable({ roots, shared }: WorkspaceReport, folder: string | undefined): string {
  const row = (root: ReportRoot) => {
    const reached = shared.filter((place) => place.roots.some(({ id }) => id === root.id)).length;
    const starts = root.starts.map((start) => words(placeCode(start, folder), 'in', code(start.function), start.by ? `by ${code(start.by)}` : ''));
    return [
      root.kind,
      runsCell(root),
      placeCode(root.location, folder),
      root.many ? `several${root.why ? `: ${plain(root.why)}` : ''}` : 'one',
      lines(starts),
      `${counted(root.reaches, 'function')}, ${counted(reached, 'shared place')}`,
    ];
  };
  return table(['Kind', 'Runs', 'Where', 'At a time', 'Started', 'Reaches'], roots.map(row));
}

function runsCell({ runs, name }: ReportRoot): string {
  if (runs === 'function') return code(name);
  return runs === 'jobs' ? `jobs of ${code(name)}` : `not known: ${code(name)}`;
}

export function sharedTable({ shared }: WorkspaceReport, folder: string | undefined): string {
  const row = ({ name, guard, isStated, counts, accesses, roots, rules }: ReportSharedPlace) => [
    code(name),
    guard ? words(code(guard.name), isStated ? '(stated)' : '') : 'not known',
    guard ? `${counts.guarded} of ${counts.accesses} (${percent(counts.guarded, counts.accesses)})` : '',
    `${counted(counts.writes, 'write')}, ${counted(counts.accesses - counts.writes, 'read')}`,
    lines(roots.map((root) => plain(root.name))),
    lines(accesses.filter((access) => access.breaks).map((access) => words(access.write ? 'write' : 'read', placeCode(access, folder)))),
    lines(rules.map(code)),
  ];
  return table(['Place', 'Guard', 'Held at', 'Accesses', 'Reached by', 'Without the guard', 'Findings'], shared.map(row));
}

export function locksTable({ locks }: WorkspaceReport, folder: string | undefined): string {
  const row = (lock: ReportLock) => [
    code(lock.name),
    words(code(lock.type), lock.keepsOut ? `between ${lock.keepsOut}` : ''),
    placeCode(lock.location, folder),
    String(lock.acquisitions.length),
    lines(lock.guards.map(({ name }) => code(name))),
    lines(lock.slow.map((slow) => words(plain(slow.what), placeCode(slow, folder)))),
  ];
  return table(['Lock', 'Type', 'First taken', 'Taken', 'Guards', 'Slow work while it is held'], locks.map(row), [3]);
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.floor((part / whole) * 100)} %`;
}

function lines(items: readonly string[]): string {
  return [...items.slice(0, SHOWN), ...(items.length > SHOWN ? [`and ${items.length - SHOWN} more`] : [])].join('<br>');
}
