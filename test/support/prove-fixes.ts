// Proving fixes over whole programs: what test/corpus/prove-fixes.mjs runs.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { Range, ReportedFinding, ReportedFix } from '../../server/report/reported-finding';
import { applyEdits } from '../../server/text/edit';
import { hashText } from '../../server/text/hash';
import { LineMap } from '../../server/text/line-map';
import { languageOf } from '../../server/workspace/languages';
import { faultOf, repair } from '../../server/workspace/proven-fixes';
import { newWorkspace } from './analyse';

interface Offer {
  readonly finding: ReportedFinding;
  readonly fix: ReportedFix;
}

/** Runs with the words of the command line; prints a table. */
export async function proveFixes(words: readonly string[]): Promise<void> {
  const valueOf = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [most, kind] = [Number(valueOf('--most') ?? Number.POSITIVE_INFINITY), valueOf('--kind')];
  const paths = words.filter((word, i) => !word.startsWith('--') && !['--most', '--kind'].includes(words[i - 1] ?? ''));
  const figures = new Map<string, { findings: number; proven: number; faults: string[] }>();
  const figure = (row: string) => figures.get(row) ?? figures.set(row, { findings: 0, proven: 0, faults: [] }).get(row)!;
  for (const root of paths) {
    const files = [...sourcesOf(root)];
    const workspace = await newWorkspace();
    workspace.change(files.map((file) => ({ file, text: readFileSync(file, 'utf8') })));
    const now = workspace.analyse();
    const offers: Offer[] = [];
    for (const finding of now.findings()) {
      if (finding.fixes.length === 0) figure(`${finding.rule} -`).findings++;
      for (const fix of finding.fixes) if (kind === undefined || fix.kind === kind) offers.push({ finding, fix });
    }
    const lot = ({ finding, fix }: Offer) => hashText(`${finding.file}:${finding.range.start.line}:${fix.title}`);
    const taken = new Map<string, number>();
    for (const offer of offers.sort((a, b) => (lot(a) < lot(b) ? -1 : 1))) {
      const { finding, fix } = offer;
      const row = figure(`${finding.rule} ${fix.kind}`);
      row.findings++;
      taken.set(finding.rule + fix.kind, (taken.get(finding.rule + fix.kind) ?? 0) + 1);
      if (taken.get(finding.rule + fix.kind)! > most) continue;
      const fault = faultOf(fix, finding, now, workspace);
      if (fault === undefined) row.proven++;
      else row.faults.push(`${finding.file}:${finding.range.start.line + 1}: ${fix.title}: ${fault}`);
      if (words.includes('--show')) show(offer, (file) => now.text(file) ?? '', fault);
    }
  }
  for (const [row, { findings, proven, faults }] of [...figures].sort()) {
    const outcome = row.endsWith(' -') ? 'findings without a fix' : `offered ${String(proven).padStart(5)} proven ${String(faults.length).padStart(4)} not`;
    console.log(`${row.padEnd(60)} ${String(findings).padStart(5)} ${outcome}`);
    for (const fault of faults) console.log(`    ${fault}`);
  }
}

/** What all fixes that are offered in a file, safe ones and suggestions, make of it together. */
export async function fixedText(file: string): Promise<string> {
  const workspace = await newWorkspace();
  workspace.change([{ file, text: readFileSync(file, 'utf8') }]);
  const { texts } = repair(workspace, workspace.analyse(), (_finding, { safety }) => safety !== 'unsafe');
  return texts.get(file) ?? '';
}

/** What each fix that is offered in a file makes of it, by itself. */
export async function fixedTexts(file: string): Promise<{ rule: string; kind: string; title: string; text: string }[]> {
  const workspace = await newWorkspace();
  workspace.change([{ file, text: readFileSync(file, 'utf8') }]);
  const now = workspace.analyse();
  return now.findings().flatMap((finding) =>
    finding.fixes.map((fix) => {
      const { texts } = repair(workspace, now, (each, other) => each === finding && other === fix);
      return { rule: finding.rule, kind: fix.kind, title: fix.title, text: texts.get(file) ?? '' };
    }),
  );
}

/** The fix as a small comparison: of each file the lines from the first that changes to the last, before and after. */
function show({ finding, fix }: Offer, textOf: (file: string) => string, fault: string | undefined): void {
  console.log(`--- ${finding.file}:${finding.range.start.line + 1} ${finding.rule}: ${fix.title} (${fix.safety})${fault ? `  FAULT: ${fault}` : ''}`);
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    if (file !== finding.file) console.log(`  in ${file}`);
    const text = textOf(file);
    const map = new LineMap(text);
    const spanOf = ({ start, end }: Range) => ({ start: map.offsetAt(start), end: map.offsetAt(end) });
    const edits = fix.edits.filter((edit) => edit.file === file).map(({ range, newText }) => ({ span: spanOf(range), newText }));
    const patch = createTwoFilesPatch(file, file, text, applyEdits(text, edits), undefined, undefined, { context: 2 });
    console.log(patch.split('\n').slice(4).join('\n'));
  }
}

function* sourcesOf(at: string): Iterable<string> {
  if (!existsSync(at)) throw new Error(`there is no ${at}`);
  if (!statSync(at).isDirectory()) {
    if (languageOf(at)) yield at;
    return;
  }
  for (const name of readdirSync(at).sort()) {
    if (!/^(?:tests?|site-packages|node_modules|__pycache__|\.git)$/.test(name)) yield* sourcesOf(path.join(at, name));
  }
}
