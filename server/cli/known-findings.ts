// Known findings: what baselines and an earlier revision say of what was found.
import { absolutePath, nodeFiles } from '../disk/node-files';
import { writeWhole } from '../disk/write-whole';
import { type Baseline, type Change, compareWith, type Found, parseBaseline, printBaseline, updatedBaseline } from '../report/baseline';
import { counted, displayPath } from '../report/plain-text';
import type { ReportedFinding } from '../report/reported-finding';
import { decodeUtf8 } from '../workspace/decoding';
import { parentOf, relativePath } from '../workspace/file-system';
import type { RunOptions } from './analysis';
import type { SourceFile } from './gather';
import type { ResultOptions } from './run-options';
import { CannotRun, type Terminal } from './terminal';

/** What was found where, and what was found there before. */
export interface FoundInRun extends Found {
  readonly files: readonly SourceFile[];
  readonly skipped: readonly { readonly file: string }[];
  readonly before?: Baseline;
}

const MAXIMUM_BYTES = 256_000_000;

/** Throws `CannotRun` where the baseline that is named cannot be used, so that nobody waits for an analysis in vain. */
export function checkBaseline({ baseline, updateBaseline }: ResultOptions, { folder }: Terminal): void {
  if (typeof baseline === 'string' && !updateBaseline) readBaseline(absolutePath(baseline, folder), baseline);
}

/** Sorts what was found into new and known; undefined where nothing says what is known. Brings baselines up to date if asked. */
export function sortOut(found: FoundInRun, options: ResultOptions, { paths, given }: RunOptions, terminal: Terminal): Change | undefined {
  const baselines = baselinesOf(found.files, options, terminal);
  if (options.updateBaseline && baselines.size === 0)
    throw new CannotRun('--update-baseline needs a baseline: name one with --baseline, or in a configuration file');
  if (baselines.size === 0 && !found.before) return undefined;
  const skipped = new Set(found.skipped.map(({ file }) => file));
  const places = given ? [given.file] : paths;
  const isLookedAt = (file: string) => !skipped.has(file) && places.some((place) => relativePath(place, file) !== undefined);

  const known = new Set<ReportedFinding>();
  const gone: Baseline[number][] = [];
  for (const [file, own] of baselines) {
    const part: Found = { ...found, findings: found.findings.filter(own), suppressed: found.suppressed.filter(own) };
    const baseline = updateOrRead(file, part, isLookedAt, options, terminal);
    const comparison = compareWith(baseline, part, parentOf(file), isLookedAt);
    for (const finding of comparison.known) known.add(finding);
    gone.push(...comparison.gone);
  }
  if (found.before) for (const finding of compareWith(found.before, found, '', () => true).known) known.add(finding);
  return {
    fresh: found.findings.filter((finding) => !known.has(finding)),
    known: found.findings.filter((finding) => known.has(finding)),
    gone,
    since: [...[...baselines.keys()].map((file) => displayPath(file, terminal.folder)), ...(options.diffBase === undefined ? [] : [options.diffBase])],
  };
}

/** The baselines that count, each with whether it speaks of a finding. */
function baselinesOf(files: readonly SourceFile[], { baseline }: ResultOptions, { folder }: Terminal): Map<string, (finding: ReportedFinding) => boolean> {
  if (baseline === false) return new Map();
  if (baseline !== undefined) return new Map([[absolutePath(baseline, folder), () => true]]);
  const byFile = new Map(files.map((file) => [file.file, file.baseline]));
  const names = new Set(files.flatMap((file) => file.baseline ?? []));
  return new Map([...names].map((name) => [name, (finding: ReportedFinding) => byFile.get(finding.file) === name]));
}

function updateOrRead(file: string, found: Found, isLookedAt: (file: string) => boolean, options: ResultOptions, terminal: Terminal): Baseline {
  const name = displayPath(file, terminal.folder);
  if (!options.updateBaseline) return readBaseline(file, name);
  const old = nodeFiles.kindOf(file) === undefined ? [] : readBaseline(file, name);
  const updated = updatedBaseline(old, found, parentOf(file), isLookedAt);
  const reason = writeWhole(file, printBaseline(updated));
  if (reason !== undefined) throw new CannotRun(`cannot write ${name}: ${reason}`);
  if (!options.quiet) terminal.tell(`wrote ${name}: ${counted(updated.length, 'finding')}, ${old.length} before\n`);
  return updated;
}

function readBaseline(file: string, name: string): Baseline {
  if (nodeFiles.kindOf(file) === undefined) throw new CannotRun(`no such baseline: ${name} (--update-baseline makes one)`);
  let text: string;
  try {
    text = decodeUtf8(nodeFiles.read(file, MAXIMUM_BYTES) as Uint8Array);
  } catch (error) {
    throw new CannotRun(`cannot read the baseline ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const baseline = parseBaseline(text);
  if ('problem' in baseline) throw new CannotRun(`cannot use the baseline ${name}: ${baseline.problem}`);
  return baseline;
}
