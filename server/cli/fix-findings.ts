// lockset check --fix: applies proven fixes to the files, or prints them as a patch.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { writeSource } from '../disk/write-source';
import { displayPath, harmless } from '../report/plain-text';
import type { ReportedFinding, ReportedFix } from '../report/reported-finding';
import { lineReader } from '../report/source-text';
import type { FixSafety } from '../rules/fix-intent';
import { isAtLeast } from '../workspace/configuration-file';
import { type CheckFormat, repairSummary } from './check-formats';
import type { CheckOptions } from './check-options';
import { conclude } from './conclude-check';
import type { Target } from './output';
import { type RepairOutcome, runAndRepair } from './run';
import { runOptionsOf } from './run-options';
import type { ExitStatus, Surroundings } from './surroundings';
import type { Terminal } from './terminal';

/** Whether `check` is asked to do more than to tell. */
export function wantsFixes({ fix, fixSuggestions, diff }: CheckOptions): boolean {
  return fix === true || fixSuggestions === true || diff === true;
}

/**
 * Applies fixes and prints what is left; with `diff` it prints them as a patch, and 1 says that there are some. A given text is
 * printed as repaired, and all else goes to standard error.
 */
export async function fix(
  paths: readonly string[],
  options: CheckOptions,
  targets: readonly Target<CheckFormat>[],
  surroundings: Surroundings,
): Promise<ExitStatus> {
  const { terminal } = surroundings;
  const classes: ReadonlySet<FixSafety> = new Set(options.fixSuggestions ? ['safe', 'suggestion'] : ['safe']);
  const runOptions = await runOptionsOf(paths, options, surroundings);
  const { given } = runOptions;
  const wants = (finding: ReportedFinding, { safety, edits }: ReportedFix) =>
    classes.has(safety) && isAtLeast(finding.severity, options.minSeverity) && (!given || edits.every(({ file }) => file === given.file));
  const outcome = await runAndRepair(surroundings.engine(), runOptions, wants);
  if (options.diff) return printPatch(outcome, terminal);

  const { repair } = outcome;
  const before = new Map(outcome.files.map(({ file, text }) => [file, text]));
  const textOf = (file: string) => repair.texts.get(file) ?? before.get(file);
  if (given) terminal.write(textOf(given.file) ?? '');
  const unwritten = given ? new Set<string>() : writeAll(outcome, terminal);
  const fixed = repair.applied.filter(({ fix }) => fix.edits.every(({ file }) => !unwritten.has(file)));
  const status = conclude(
    { ...outcome, fixed, lineOf: lineReader(textOf) },
    { options, runOptions, targets, terminal: given ? { ...terminal, write: (text) => terminal.tell(text), color: false } : terminal },
  );
  return unwritten.size > 0 ? 2 : status;
}

function printPatch({ repair, files }: RepairOutcome, terminal: Terminal): ExitStatus {
  const before = new Map(files.map(({ file, text }) => [file, text]));
  for (const [file, text] of repair.texts) {
    const name = displayPath(file, terminal.folder);
    const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before.get(file) ?? '', text, undefined, undefined, { headerOptions: FILE_HEADERS_ONLY });
    // What programs get has to be the very text.
    terminal.write(terminal.isInteractive ? patch.split('\n').map(harmless).join('\n') : patch);
  }
  terminal.tell(`${repairSummary('would fix', repair.applied)}\n`);
  return repair.texts.size > 0 ? 1 : 0;
}

/** Writes what has changed; gives the files that could not be written, each of which is told. */
function writeAll({ repair, files }: RepairOutcome, terminal: Terminal): ReadonlySet<string> {
  const unwritten = new Set<string>();
  for (const { file, language, text } of files) {
    const after = repair.texts.get(file);
    const reason = after === undefined ? undefined : writeSource(file, language, text, after);
    if (reason === undefined) continue;
    unwritten.add(file);
    terminal.tell(`lockset: ${harmless(displayPath(file, terminal.folder))} was left as it is: ${reason}\n`);
  }
  return unwritten;
}
