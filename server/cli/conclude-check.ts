// The end of a check: what is known is left out, the rest printed, and the exit status follows.
import type { ReportedFinding, SuppressedFinding } from '../report/reported-finding';
import { isAtLeast } from '../workspace/configuration-file';
import type { Repaired } from '../workspace/proven-fixes';
import { CHECK_FORMATS, type CheckFormat } from './check-formats';
import type { CheckOptions } from './check-options';
import { type FoundInRun, sortOut } from './known-findings';
import { type Target, writeTo } from './output';
import type { RunOptions } from './run';
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

/** Prints what is found and not known, each target in its format; of a given text, only what is found in it. */
export async function conclude(result: CheckResult, { options, runOptions, targets, terminal }: CheckRequest): Promise<ExitStatus> {
  const isOwn = ({ file }: ReportedFinding) => !runOptions.given || file === runOptions.given.file;
  const own = { ...result, findings: result.findings.filter(isOwn), suppressed: result.suppressed.filter(isOwn) };
  const change = sortOut(own, options, runOptions, terminal);
  const fresh = change?.fresh ?? own.findings;
  const isShown = ({ severity }: ReportedFinding) => isAtLeast(severity, options.minSeverity);
  const checked = {
    ...own,
    findings: fresh.filter(isShown),
    suppressed: own.suppressed.filter(isShown),
    files: own.files.length,
    version: VERSION,
    relativeTo: terminal.folder,
    ...(change && { known: change.known.filter(isShown), baseline: { names: change.since, gone: change.gone.length } }),
  };
  for (const target of targets) {
    const isHere = target.file === undefined;
    const text = await CHECK_FORMATS[target.format](
      checked,
      { ...options, full: options.full ?? (isHere && terminal.isInteractive) },
      {
        color: terminal.color && isHere,
        relativeTo: terminal.folder,
        width: terminal.width,
        lineOf: own.lineOf,
      },
    );
    writeTo(target, text, terminal, options.quiet);
  }
  return statusOf(fresh, options.failOn);
}
