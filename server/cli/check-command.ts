// lockset check: findings, as text or for other programs.
import { lineReader } from '../report/source-text';
import { CHECK_FORMATS } from './check-formats';
import { type CheckOptions, refuseContradictions } from './check-options';
import { conclude } from './conclude-check';
import { fix, wantsFixes } from './fix-findings';
import { checkBaseline } from './known-findings';
import { targetsOf } from './output';
import { run } from './run';
import { runOptionsOf } from './run-options';
import type { ExitStatus, Surroundings } from './surroundings';
import { watch } from './watch-command';

/** Prints the findings of the paths; 1 when one that is not known is at least as loud as `failOn`. */
export async function check(paths: readonly string[], options: CheckOptions, surroundings: Surroundings): Promise<ExitStatus> {
  refuseContradictions(options);
  if (options.watch) return watch(paths, options, surroundings);
  const { terminal } = surroundings;
  const targets = targetsOf(options, CHECK_FORMATS, terminal);
  checkBaseline(options, terminal);
  if (wantsFixes(options)) return fix(paths, options, targets, surroundings);
  const runOptions = await runOptionsOf(paths, options, surroundings);
  const { report, ...outcome } = await run(surroundings.engine(), runOptions);
  const texts = new Map(outcome.files.map(({ file, text }) => [file, text]));
  return conclude({ ...report, ...outcome, lineOf: lineReader((file) => texts.get(file)) }, { options, runOptions, targets, terminal });
}
