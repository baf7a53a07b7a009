// Baselines: findings that a team knows of, so that only what is new is told. Pure: texts in, texts and states out.
import { groupBy } from '../summary/grouping';
import { fingerprintsOf, type LineOf } from './fingerprints';
import type { ReportedFinding } from './reported-finding';

/** A known finding. Its fingerprint names it; the rest is for people, and to know it again where the fingerprint has changed. */
export interface BaselineEntry {
  readonly rule: string;
  /** Relative to the folder of the baseline, with forward slashes. */
  readonly file: string;
  readonly symbol: string;
  readonly message: string;
  readonly fingerprint: string;
}

export type Baseline = readonly BaselineEntry[];

/** What is found, with what comments accept: that is never new, but counts where equal findings are numbered. */
export interface Found {
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly ReportedFinding[];
  readonly lineOf: LineOf;
}

export interface Comparison {
  readonly fresh: readonly ReportedFinding[];
  readonly known: readonly ReportedFinding[];
  /** Entries that nothing found answers to. */
  readonly gone: Baseline;
}

/** A comparison with everything that says what is known. */
export interface Change extends Comparison {
  /** A baseline's file, a revision. */
  readonly since: readonly string[];
}

const VERSION = 1;
const FIELDS = ['rule', 'file', 'symbol', 'message', 'fingerprint'] as const;

/** The baseline in which all of these findings are known; `folder` is that of its file. */
export function baselineOf(found: Found, folder: string): Baseline {
  return [...entriesOf(found, folder).values()].sort(byPlace);
}

/**
 * Compares findings with a baseline. A finding is known by its fingerprint; or, where the file has another name or the line another
 * text, by what it says of which function, if one finding and one entry alone are left that say so. Entries for files that were not
 * looked at are neither gone nor taken for others.
 */
export function compareWith(baseline: Baseline, found: Found, folder: string, isLookedAt: (file: string) => boolean): Comparison {
  const left = new Set(baseline);
  const known = new Set<ReportedFinding>();
  const unknown = new Map<ReportedFinding, BaselineEntry>();
  const byFingerprint = groupBy(baseline, (entry) => entry.fingerprint);
  for (const [finding, entry] of entriesOf(found, folder)) {
    const same = byFingerprint.get(entry.fingerprint)?.find((each) => left.has(each));
    if (!same) unknown.set(finding, entry);
    else {
      left.delete(same);
      known.add(finding);
    }
  }
  const inScope = [...left].filter((entry) => isLookedAt(pathFrom(folder, entry.file)));
  const bySaying = groupBy(inScope, sayingOf);
  for (const [, alike] of groupBy(unknown, ([, entry]) => sayingOf(entry))) {
    const entries = bySaying.get(sayingOf(alike[0][1])) ?? [];
    if (alike.length !== 1 || entries.length !== 1) continue;
    left.delete(entries[0]);
    known.add(alike[0][0]);
  }
  return {
    fresh: found.findings.filter((finding) => !known.has(finding)),
    known: found.findings.filter((finding) => known.has(finding)),
    gone: inScope.filter((entry) => left.has(entry)),
  };
}

/** The baseline after an update: what is found now, and the entries for files that were not looked at. */
export function updatedBaseline(baseline: Baseline, found: Found, folder: string, isLookedAt: (file: string) => boolean): Baseline {
  return [...baseline.filter((entry) => !isLookedAt(pathFrom(folder, entry.file))), ...baselineOf(found, folder)].sort(byPlace);
}

/** The text of a baseline's file: a line for each finding, so that a change of it is read easily. */
export function printBaseline(baseline: Baseline): string {
  const lines = baseline.map((entry) => `    ${JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, entry[field]])))}`);
  return `{\n  "version": ${VERSION},\n  "findings": [${lines.length > 0 ? `\n${lines.join(',\n')}\n  ` : ''}]\n}\n`;
}

/** The baseline in a text, or what is wrong with it, for a person. What `lockset check` or `report` has printed as JSON is one, too. */
export function parseBaseline(text: string): Baseline | { readonly problem: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: /^<{7} /m.test(text) ? 'it holds a merge conflict; keep the lines of both sides' : 'it is not JSON' };
  }
  const version = isTable(content) ? (content['version'] ?? content['schemaVersion']) : undefined;
  if (!isTable(content) || typeof version !== 'number') return { problem: 'it is neither a baseline nor a report of Lockset in JSON' };
  if (version > VERSION) return { problem: 'a newer version of Lockset wrote it' };
  const { findings } = content;
  if (!Array.isArray(findings)) return { problem: 'it has no list of findings' };
  const broken = findings.findIndex((entry) => !isTable(entry) || FIELDS.some((field) => typeof entry[field] !== 'string'));
  return broken < 0 ? (findings as BaselineEntry[]) : { problem: `its finding ${broken + 1} is not one` };
}

function entriesOf({ findings, suppressed, lineOf }: Found, folder: string): Map<ReportedFinding, BaselineEntry> {
  const relative = (finding: ReportedFinding): ReportedFinding => ({ ...finding, file: pathTo(folder, finding.file) });
  const named = findings.map(relative);
  const fingerprints = fingerprintsOf([...named, ...suppressed.map(relative)], (file, line) => lineOf(pathFrom(folder, file), line));
  return new Map(
    findings.map((finding, index) => {
      const { rule, file, symbol, message } = named[index];
      return [finding, { rule, file, symbol, message, fingerprint: fingerprints.get(named[index]) ?? '' }];
    }),
  );
}

/** What an entry says, wherever that stands. */
function sayingOf({ rule, symbol, message }: BaselineEntry): string {
  return JSON.stringify([rule, symbol, message]);
}

/** In an order that does not change when others come or go. */
function byPlace(a: BaselineEntry, b: BaselineEntry): number {
  const field = (['file', 'rule', 'symbol', 'fingerprint'] as const).find((each) => a[each] !== b[each]);
  return field === undefined ? 0 : a[field] < b[field] ? -1 : 1;
}

/** A file as seen from a folder, both absolute: `../src/x.py`. */
function pathTo(folder: string, file: string): string {
  const [from, to] = [folder.replace(/\/$/, '').split('/'), file.split('/')];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  // Another drive.
  if (shared === 0) return file;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

/** The file that `pathTo` has written so. */
function pathFrom(folder: string, path: string): string {
  if (path.startsWith('/') || /^[a-z]:\//i.test(path)) return path;
  const steps = folder.replace(/\/$/, '').split('/');
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else steps.push(step);
  }
  return steps.join('/');
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
