// lockset report: the concurrency of a workspace, in one of several formats.
import type { Change } from '../report/baseline';
import { displayPath } from '../report/plain-text';
import type { Reported } from '../report/report-formats';
import { lineReader } from '../report/source-text';
import type { ReportChange, WorkspaceReport } from '../report/workspace-report';
import { nameOf } from '../workspace/file-system';
import { readAsset } from './assets';
import { checkBaseline, sortOut } from './known-findings';
import { targetsOf, writeTo } from './output';
import { REPORT_FORMATS, type ReportFormat } from './report-formats';
import { folderOfPaths } from './repository-top';
import { run } from './run';
import { type ResultOptions, runOptionsOf } from './run-options';
import { type ExitStatus, type Surroundings, statusOf } from './surroundings';
import { VERSION } from './version';

export interface ReportOptions extends ResultOptions {
  readonly format: ReportFormat;
}

/** Makes the report of the paths and prints it, or writes it to files; 1 when a finding that is not known is at least as loud as `failOn`. */
export async function report(paths: readonly string[], options: ReportOptions, surroundings: Surroundings): Promise<ExitStatus> {
  const { terminal } = surroundings;
  const targets = targetsOf(options, REPORT_FORMATS, terminal);
  checkBaseline(options, terminal);
  const runOptions = await runOptionsOf(paths, options, surroundings);
  const { report, ...outcome } = await run(surroundings.engine(), runOptions);
  const texts = new Map(outcome.files.map(({ file, text }) => [file, text]));
  const found = { ...report, ...outcome, lineOf: lineReader((file) => texts.get(file)) };
  const change = sortOut(found, options, runOptions, terminal);
  const reported: Reported = {
    ...found,
    report: change ? { ...report, change: reportChange(report, change) } : report,
    ...(change && { findings: change.fresh, known: change.known }),
    files: outcome.files.length,
    version: VERSION,
    relativeTo: terminal.folder,
    subject: (runOptions.given ? [runOptions.given.file] : runOptions.paths).map((path) => subjectOf(path, terminal.folder)).join(' '),
    pageScript: () => readAsset(surroundings.assets, 'page.js').toString('utf8'),
  };
  for (const target of targets) {
    const style = { color: terminal.color && target.file === undefined, relativeTo: terminal.folder, width: terminal.width, lineOf: found.lineOf };
    writeTo(
      target,
      REPORT_FORMATS[target.format]({ ...reported, relativeTo: folderOfPaths(target.format, runOptions, terminal.folder) }, style),
      terminal,
      options.quiet,
    );
  }
  return statusOf(reported.findings, options.failOn);
}

/** The working folder itself is called by its name: where it lies is nobody's business. */
function subjectOf(path: string, folder: string): string {
  return path === folder ? nameOf(path) : displayPath(path, folder);
}

function reportChange({ findings }: WorkspaceReport, { since, fresh, known, gone }: Change): ReportChange {
  const isFresh = new Set(fresh);
  return { since: since.join(', '), fresh: [...findings.keys()].filter((index) => isFresh.has(findings[index])), known: known.length, gone };
}
