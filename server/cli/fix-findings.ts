// lockset check --fix: applies proven fixes to the files, or prints them as a patch.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { writeSource } from '../disk/write-source';
import { counted, displayPath, harmless } from '../report/plain-text';
import { renderFindingsText } from '../report/render-findings';
import { findingsToJson } from '../report/render-json';
import type { ReportedFinding, ReportedFix } from '../report/reported-finding';
import type { FixSafety } from '../rules/fix-intent';
import { isAtLeast } from '../workspace/configuration-file';
import type { CheckOptions } from './check-options';
import { type RepairOutcome, runAndRepair } from './run';
import { runOptionsOf } from './run-options';
import type { ExitStatus, Surroundings } from './surroundings';
import { VERSION } from './version';

/** Whether `check` is asked to do more than to tell. */
export function wantsFixes({ fix, fixSuggestions, diff }: CheckOptions): boolean {
  return fix === true || fixSuggestions === true || diff === true;
}

/** Applies fixes and prints what is left; with `diff` it prints them as a patch, and 1 says that there are some. */
export async function fix(paths: readonly string[], options: CheckOptions, surroundings: Surroundings): Promise<ExitStatus> {
  const { terminal } = surroundings;
  const classes: ReadonlySet<FixSafety> = new Set(options.fixSuggestions ? ['safe', 'suggestion'] : ['safe']);
  const wants = (finding: ReportedFinding, { safety }: ReportedFix) => classes.has(safety) && isAtLeast(finding.severity, options.minSeverity);
  const outcome = await runAndRepair(surroundings.engine(), runOptionsOf(paths, options, surroundings), wants);
  if (options.diff) return printPatch(outcome, surroundings);

  const unwritten = writeAll(outcome, surroundings);
  const done = outcome.repair.applied.filter(({ fix }) => fix.edits.every(({ file }) => !unwritten.has(file)));
  const shown = outcome.findings.filter(({ severity }) => isAtLeast(severity, options.minSeverity));
  const { skipped, exempt } = outcome;
  const analysed = outcome.files.length;
  const relativeTo = terminal.folder;
  if (options.format === 'json') {
    terminal.write(`${JSON.stringify(findingsToJson(shown, { analysed, exempt, skipped }, { version: VERSION, relativeTo }, done))}\n`);
  } else {
    for (const { finding, fix, line } of done) {
      terminal.write(`fixed ${harmless(displayPath(finding.file, relativeTo))}:${line + 1} ${finding.rule}: ${harmless(fix.title)}\n`);
    }
    terminal.write(renderFindingsText(shown, { files: analysed, exempt, skipped }, { color: terminal.color, relativeTo }));
    terminal.write(`${summaryOf('fixed', outcome, done.length)}\n${fixableText(shown, options.fixSuggestions ? [] : ['suggestion'])}`);
  }
  if (unwritten.size > 0) return 2;
  const { failOn } = options;
  return failOn !== 'never' && outcome.findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

/** How many findings have fixes of the classes, and which option applies them; '' where there are none. */
export function fixableText(findings: readonly ReportedFinding[], classes: readonly FixSafety[] = ['safe', 'suggestion']): string {
  const count = (wanted: FixSafety) => findings.filter((finding) => finding.fixes.some(({ safety }) => safety === wanted)).length;
  const parts = classes.flatMap((each) => (count(each) > 0 ? [`${count(each)} with ${each === 'safe' ? '--fix' : '--fix-suggestions'}`] : []));
  return parts.length > 0 ? `can be fixed: ${parts.join(', ')}; --diff shows how\n` : '';
}

function printPatch({ repair, files, ...outcome }: RepairOutcome, { terminal }: Surroundings): ExitStatus {
  const before = new Map(files.map(({ file, text }) => [file, text]));
  for (const [file, text] of repair.texts) {
    const name = displayPath(file, terminal.folder);
    terminal.write(createTwoFilesPatch(`a/${name}`, `b/${name}`, before.get(file) ?? '', text, undefined, undefined, { headerOptions: FILE_HEADERS_ONLY }));
  }
  terminal.tell(`${summaryOf('would fix', { ...outcome, repair, files }, repair.applied.length)}\n`);
  return repair.texts.size > 0 ? 1 : 0;
}

/** Writes what has changed; gives the files that could not be written, each of which is told. */
function writeAll({ repair, files }: RepairOutcome, { terminal }: Surroundings): ReadonlySet<string> {
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

function summaryOf(done: string, { repair }: RepairOutcome, count: number): string {
  return count === 0 ? `nothing ${done === 'fixed' ? 'was fixed' : 'to fix'}` : `${done} ${counted(count, 'finding')} in ${counted(repair.texts.size, 'file')}`;
}
