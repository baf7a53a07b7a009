// lockset check: findings, as text or JSON.
import { renderFindingsText } from '../report/render-findings';
import { findingsToJson } from '../report/render-json';
import { isAtLeast } from '../workspace/configuration-file';
import type { CheckOptions } from './check-options';
import { fix, fixableText, wantsFixes } from './fix-findings';
import { run } from './run';
import { runOptionsOf } from './run-options';
import type { ExitStatus, Surroundings } from './surroundings';
import { VERSION } from './version';

/** Prints the findings of the paths; 1 when one is at least as loud as `failOn`. */
export async function check(paths: readonly string[], options: CheckOptions, surroundings: Surroundings): Promise<ExitStatus> {
  const { terminal } = surroundings;
  if (wantsFixes(options)) return fix(paths, options, surroundings);
  const { report, files, exempt } = await run(surroundings.engine(), runOptionsOf(paths, options, surroundings));
  const shown = report.findings.filter((finding) => isAtLeast(finding.severity, options.minSeverity));
  const { skipped } = report;
  if (options.format === 'json') {
    terminal.write(`${JSON.stringify(findingsToJson(shown, { analysed: files, exempt, skipped }, { version: VERSION, relativeTo: terminal.folder }))}\n`);
  } else {
    terminal.write(renderFindingsText(shown, { files, exempt, skipped }, { color: terminal.color, relativeTo: terminal.folder }));
    terminal.write(fixableText(shown));
  }
  const { failOn } = options;
  return failOn !== 'never' && report.findings.some((finding) => isAtLeast(finding.severity, failOn)) ? 1 : 0;
}
