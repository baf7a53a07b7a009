// The end of a check: what is known is left out, the rest printed, and the exit status follows.
import type { ReportedFinding, SuppressedFinding } from '../report/reported-finding';
import { isAtLeast } from '../workspace/configuration-file';
import type { Repaired } from '../workspace/proven-fixes';
import type { RunOptions } from './analysis';
import { CHECK_FORMATS, type Checked, type CheckFormat } from './check-formats';
import type { CheckOptions } from './check-options';
import { type FoundInRun, sortOut } from './known-findings';
import { type Target, writeTo } from './output';
import { folderOfPaths } from './repository-top';
import { type ExitStatus, statusOf } from './surroundings';
import type { Terminal } from './terminal';
import { VERSION } from './version';

export interface CheckResult extends FoundInRun {
  readonly suppressed: readonly SuppressedFinding[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** How many tests and the like were left out. */
  readonly exempt: number;
  /** What was repaired, where that was asked for. */
  readonly fixed?: readonly Repaired[];
}

export interface CheckRequest {
  readonly options: CheckOptions;
  readonly runOptions: RunOptions;
  readonly targets: readonly Target<CheckFormat>[];
  readonly terminal: Terminal;
}

/** Leaves out what is known; of a given text, only what is found in it counts. */
export function judge(result: CheckResult, { options, runOptions, terminal }: CheckRequest): { readonly checked: Checked; readonly status: ExitStatus } {
  const isOwn = ({ file }: ReportedFinding) => !runOptions.given || file === runOptions.given.file;
  const own = { ...result, findings: result.findings.filter(isOwn), suppressed: result.suppressed.filter(isOwn) };
  const change = sortOut(own, options, runOptions, terminal);
  const fresh = change?.fresh ?? own.findings;
  const isShown = ({ severity }: ReportedFinding) => isAtLeast(severity, options.minSeverity);
  const checked = {
    ...own,
    findings: fresh.filter(isShown),
    suppressed: own.suppressed.filter(isShown),
    quieter: fresh.filter((finding) => !isShown(finding)).length,
    files: own.files.length,
    version: VERSION,
    relativeTo: terminal.folder,
    ...(change && { known: change.known.filter(isShown), baseline: { names: change.since, gone: change.gone.length } }),
  };
  return { checked, status: statusOf(fresh, options.failOn) };
}

/** Prints what was judged, each target in its format. */
export function print(checked: Checked, { options, runOptions, targets, terminal }: CheckRequest): void {
  for (const target of targets) {
    const isHere = target.file === undefined;
    const shown = { ...options, full: options.full ?? (isHere && terminal.isInteractive) };
    const style = { color: terminal.color && isHere, relativeTo: terminal.folder, width: terminal.width, lineOf: checked.lineOf };
    const relativeTo = folderOfPaths(target.format, runOptions, terminal.folder);
    writeTo(target, CHECK_FORMATS[target.format]({ ...checked, relativeTo }, shown, style), terminal, options.quiet);
  }
}

/** Judges, prints, and gives the exit status. */
export function conclude(result: CheckResult, request: CheckRequest): ExitStatus {
  const { checked, status } = judge(result, request);
  print(checked, request);
  return status;
}
