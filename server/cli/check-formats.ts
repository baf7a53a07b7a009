// What `lockset check` prints: one function for each format.
import type { FindingsOutput } from '../report/findings-output';
import { fingerprintsOf } from '../report/fingerprints';
import { counted, displayPath, harmless, type TextOptions } from '../report/plain-text';
import { renderFindingsText, renderSummaryText } from '../report/render-findings';
import { renderGithub } from '../report/render-github';
import { findingsToJson } from '../report/render-json';
import { renderJunit } from '../report/render-junit';
import { renderFindingsMarkdown } from '../report/render-markdown';
import { renderSarif } from '../report/render-sarif';
import { renderStatisticsText, statisticsOf } from '../report/statistics';
import type { FixSafety } from '../rules/fix-intent';
import type { Repaired } from '../workspace/proven-fixes';

/** What a check has come to. */
export interface Checked extends FindingsOutput {
  /** Tests and the like, which nobody asked for. */
  readonly exempt: number;
  /** How many findings are not as loud as what is to be shown; they count for the exit status. */
  readonly quieter: number;
  /** What knows findings, and how many of those are gone that it knows; absent where nothing does. */
  readonly baseline?: { readonly names: readonly string[]; readonly gone: number };
  /** What was repaired, where that was asked for. */
  readonly fixed?: readonly Repaired[];
}

/** What of it is wanted. */
interface Wanted {
  /** Whether text shows excerpts and schedules. */
  readonly full?: boolean;
  /** Counts by rule instead of the findings in text, and beside them in JSON. */
  readonly statistics?: boolean;
  /** Findings only. */
  readonly quiet?: boolean;
  /** Suggestions were applied, too. */
  readonly fixSuggestions?: boolean;
}

type Format = (checked: Checked, wanted: Wanted, style: TextOptions) => string;

export const CHECK_FORMATS = {
  text: checkText,
  json: checkJson,
  sarif: renderSarif,
  github: renderGithub,
  junit: renderJunit,
  markdown: renderFindingsMarkdown,
} as const satisfies Readonly<Record<string, Format>>;

export type CheckFormat = keyof typeof CHECK_FORMATS;

function checkText(checked: Checked, wanted: Wanted, style: TextOptions): string {
  const { findings, fixed, relativeTo } = checked;
  const repairs = (fixed ?? []).map(
    ({ finding, fix, line }) => `fixed ${harmless(displayPath(finding.file, relativeTo))}:${line + 1} ${finding.rule}: ${harmless(fix.title)}\n`,
  );
  const list = wanted.statistics ? renderStatisticsText(findings, style) : renderFindingsText(findings, { ...style, full: wanted.full });
  if (wanted.quiet) return repairs.join('') + list;
  const space = list !== '' && !list.endsWith('\n\n') ? '\n' : '';
  return (
    repairs.join('') + list + space + renderSummaryText(findings, checked, style) + quieterText(checked) + baselineText(checked) + fixesText(checked, wanted)
  );
}

function quieterText({ quieter }: Checked): string {
  return quieter > 0 ? `${counted(quieter, 'quieter finding')} not shown (--min-severity)\n` : '';
}

function baselineText({ known = [], baseline }: Checked): string {
  if (!baseline) return '';
  const { gone } = baseline;
  const names = harmless(baseline.names.join(', '));
  const lines = [
    ...(known.length > 0 ? [`${counted(known.length, 'known finding')} not shown (${names})`] : []),
    ...(gone > 0
      ? [`${counted(gone, 'finding')} of ${names} ${gone === 1 ? 'is' : 'are'} fixed: --update-baseline removes ${gone === 1 ? 'it' : 'them'}`]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What was repaired, and how many findings have fixes that were not asked for, with the option that applies them. */
function fixesText({ findings, fixed }: Checked, wanted: Wanted): string {
  const classes: readonly FixSafety[] = !fixed ? ['safe', 'suggestion'] : wanted.fixSuggestions ? [] : ['suggestion'];
  const count = (one: FixSafety) => findings.filter((finding) => finding.fixes.some(({ safety }) => safety === one)).length;
  const parts = classes.flatMap((each) => (count(each) > 0 ? [`${count(each)} with ${each === 'safe' ? '--fix' : '--fix-suggestions'}`] : []));
  const can = parts.length > 0 ? `can be fixed: ${parts.join(', ')}; --diff shows how\n` : '';
  return fixed ? `${repairSummary('fixed', fixed)}\n${can}` : can;
}

/** `fixed 2 findings in 1 file`. */
export function repairSummary(done: 'fixed' | 'would fix', repaired: readonly Repaired[]): string {
  if (repaired.length === 0) return done === 'fixed' ? 'nothing was fixed' : 'nothing to fix';
  const files = new Set(repaired.flatMap(({ fix }) => fix.edits.map(({ file }) => file)));
  return `${done} ${counted(repaired.length, 'finding')} in ${counted(files.size, 'file')}`;
}

function checkJson({ findings, suppressed, known = [], fixed, baseline, ...checked }: Checked, wanted: Wanted): string {
  const { files, exempt, skipped, version, relativeTo, lineOf } = checked;
  const fingerprints = fingerprintsOf([...findings, ...known, ...suppressed], lineOf, relativeTo);
  const json = findingsToJson(findings, { analysed: files, exempt, skipped }, { version, relativeTo, fingerprints }, fixed);
  const more = {
    ...(baseline && { baseline: { known: known.length, gone: baseline.gone } }),
    ...(wanted.statistics && { statistics: statisticsOf(findings) }),
  };
  return `${JSON.stringify({ ...json, ...more })}\n`;
}
