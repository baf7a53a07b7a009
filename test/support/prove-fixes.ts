// Proving fixes over whole programs: what test/corpus/prove-fixes.mjs runs.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ReportedFinding, ReportedFix } from '../../server/report/reported-finding';
import { hashText } from '../../server/text/hash';
import { languageOf } from '../../server/workspace/languages';
import { faultOf } from '../../server/workspace/proven-fixes';
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
      if (words.includes('--show')) show(offer, now.text(finding.file) ?? '', fault);
    }
  }
  for (const [row, { findings, proven, faults }] of [...figures].sort()) {
    const outcome = row.endsWith(' -') ? 'findings without a fix' : `offered ${String(proven).padStart(5)} proven ${String(faults.length).padStart(4)} not`;
    console.log(`${row.padEnd(60)} ${String(findings).padStart(5)} ${outcome}`);
    for (const fault of faults) console.log(`    ${fault}`);
  }
}

/** The fix as a small comparison: lines taken away and lines put there. */
function show({ finding, fix }: Offer, text: string, fault: string | undefined): void {
  console.log(`--- ${finding.file}:${finding.range.start.line + 1} ${finding.rule}: ${fix.title} (${fix.safety})${fault ? `  FAULT: ${fault}` : ''}`);
  const lines = text.split(/\r\n|\n|\r/);
  for (const { file, range, newText } of fix.edits) {
    if (file !== finding.file) console.log(`  in ${file}`);
    const own = file === finding.file ? lines : readFileSync(file, 'utf8').split(/\r\n|\n|\r/);
    for (const line of own.slice(range.start.line, range.end.line + 1)) console.log(`  - ${line}`);
    const after = own[range.start.line].slice(0, range.start.column) + newText + (own[range.end.line] ?? '').slice(range.end.column);
    for (const line of after.split(/\r\n|\n|\r/)) console.log(`  + ${line}`);
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
