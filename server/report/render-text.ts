// The workspace report as plain text, for terminals.
import { counted, displayPath, displayPlace, harmless, type Palette, paletteOf, severitySummary, type TextOptions, wrapped } from './plain-text';
import { type CheckState, checksOf, lockPairs } from './report-checks';
import type { ReportedFinding } from './reported-finding';
import type { ReportLocation, ReportRoot, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** Paragraphs are for reading, in a terminal of any usual width. */
const WIDTH = 110;
const SHOWN_PLACES = 30;
const SHOWN_ACCESSES = 6;
const SHOWN_SKIPPED = 10;

/** The whole report, ending with a line end. */
export function renderReportText(report: WorkspaceReport, options: TextOptions = {}): string {
  const palette = paletteOf(options.color);
  const { files, functions, classes } = report.counts;
  const place = (location: ReportLocation) => harmless(displayPlace(location, options.relativeTo));
  const sections: string[] = [
    palette.bold('Concurrency report'),
    `${counted(files, 'file')}, ${counted(functions, 'function')}, ${counted(classes, 'class', 'classes')}: ${severitySummary(report.findings)}`,
    '',
    ...checksOf(report).map(({ state, title, detail }) => `  ${mark(state, palette)} ${title}: ${detail}`),
  ];
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) sections.push('', palette.bold(title), ...lines);
  };

  section('Findings', report.findings.length > 0 ? [report.findings.map((finding) => findingBlock(finding, palette, place)).join('\n\n')] : ['  none']);
  section('What runs beside the main program', rootLines(report.roots, palette, place));
  section('Shared places', sharedLines(report.shared, palette, place));
  section(
    'Locks',
    report.locks.map((lock) => {
      const guards = lock.guards.length > 0 ? `, guards ${lock.guards.map(({ name }) => harmless(name)).join(', ')}` : '';
      return `  ${palette.bold(harmless(lock.name))} ${palette.faint(`${harmless(lock.type)} ${place(lock.location)}`)} taken ${counted(lock.acquisitions.length, 'time')}${guards}`;
    }),
  );
  section(
    'Order of locks',
    lockPairs(report.order).map((pair) => {
      const arrow = pair.inverted ? palette.severity.error('<->') : '->';
      const both = pair.inverted ? ', in both orders' : '';
      return `  ${harmless(pair.first.name)} ${arrow} ${harmless(pair.second.name)}${both} ${palette.faint(
        pair.chains
          .slice(0, 4)
          .map((chain) => place(chain[chain.length - 1]))
          .join(', '),
      )}`;
    }),
  );
  section(
    'Not analysed, or only in part',
    shortened(
      report.skipped.map(({ file, reason }) => `  ${harmless(displayPath(file, options.relativeTo))}: ${harmless(reason)}`),
      SHOWN_SKIPPED,
    ),
  );
  return `${sections.join('\n')}\n`;
}

/** A finding as a paragraph; `lockset check` has it on one line. */
function findingBlock(finding: ReportedFinding, palette: Palette, place: (location: ReportLocation) => string): string {
  const head = `  ${palette.severity[finding.severity](finding.severity)} ${palette.bold(place(finding))} ${palette.faint(finding.rule)}`;
  const steps = finding.related.map((step) => `      ${palette.faint(place(step))}\n        ${wrapped(step.message, '        ', WIDTH)}`);
  return [head, `    ${wrapped(finding.message, '    ', WIDTH)}`, ...steps].join('\n');
}

function mark(state: CheckState, palette: Palette): string {
  if (state === 'good') return palette.good('ok');
  if (state === 'hint') return palette.faint('i ');
  return state === 'bad' ? palette.severity.error('!!') : palette.faint('--');
}

function rootLines(roots: readonly ReportRoot[], palette: Palette, place: (location: ReportLocation) => string): string[] {
  const width = Math.max(0, ...roots.map((root) => root.kind.length));
  return roots
    .filter((root) => root.kind !== 'main')
    .map((root) => {
      const many = root.many ? ' (several at a time)' : '';
      const started = root.starts[0] ? `started at ${place(root.starts[0])}, ` : '';
      return `  ${root.kind.padEnd(width)} ${palette.bold(harmless(root.name))}${many} ${palette.faint(`${started}reaches ${counted(root.reaches, 'function')}`)}`;
    });
}

function sharedLines(shared: readonly ReportSharedPlace[], palette: Palette, place: (location: ReportLocation) => string): string[] {
  const blocks = shared.map((each) => {
    const guard = each.guard ? `guarded by ${harmless(each.guard.name)}${each.isStated ? ', says its annotation' : ''}` : 'no guard known';
    const rules = each.rules.length > 0 ? ` ${palette.severity.warning(each.rules.join(', '))}` : '';
    const lines = [`  ${palette.bold(harmless(each.name))}: ${guard}; reached by ${each.roots.map(({ name }) => harmless(name)).join(', ')}${rules}`];
    const accesses = each.accesses.map((access) => {
      const locks = access.locks.length > 0 ? `with ${access.locks.map(harmless).join(', ')}` : 'no lock';
      return palette.faint(`    ${access.write ? 'write' : 'read '} ${place(access)} in ${harmless(access.function)}, ${locks}`);
    });
    return [...lines, ...shortened(accesses, SHOWN_ACCESSES, '    ')].join('\n');
  });
  return shortened(blocks, SHOWN_PLACES);
}

function shortened(lines: readonly string[], limit: number, indent = '  '): string[] {
  return lines.length <= limit ? [...lines] : [...lines.slice(0, limit), `${indent}and ${lines.length - limit} more`];
}
