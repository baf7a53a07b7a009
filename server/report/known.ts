// What is known of a lock, a shared place or a function, as data for people: hovers show the beginning of it, cards all.
import type { Facts } from '../summary/facts';
import { type CellKey, type FunctionKey, fileOfKey, type LockKey } from '../summary/keys';
import { locate, type Site } from '../summary/locate';
import type { Subject } from '../summary/subject-at';
import { knownFunction } from './known-function';
import { knownLock } from './known-lock';
import { knownPlace } from './known-place';
import { rangeOf, type SourceText } from './source-text';
import type { ReportLocation } from './workspace-report';

/** One thing that the analysis knows: markdown, and where in the program it shows. */
export interface KnownItem<Where = Site> {
  readonly text: string;
  readonly site?: Where;
}

/** Things of one sort: `Guards`, `Reached by`. */
export interface KnownRow<Where = Site> {
  readonly label: string;
  readonly items: readonly KnownItem<Where>[];
}

/** Everything that is known of one thing in the program. Texts are markdown with all names of the workspace escaped. */
export interface Known<Where = Site> {
  /** What it is to the analysis, such as `lock file.py#Cache._lock`; see `knownBy`. */
  readonly id: string;
  /** `Cache._lock`, plain. */
  readonly name: string;
  /** Short phrases: `a lock between threads`, `guarded by Cache._lock in 4 of 5 places`. */
  readonly badges: readonly string[];
  readonly rows: readonly KnownRow<Where>[];
  /** Ids of glossary terms that explain the words used. */
  readonly terms: readonly string[];
}

/** What is known of what a name stands for; empty where there is nothing worth saying. */
export function knownOf(subject: Subject, facts: Facts): Known[] {
  const lock = subject.lock === undefined ? undefined : knownLock(subject.lock, facts);
  if (lock) return [lock];
  const place = subject.cell === undefined ? undefined : knownPlace(subject.cell, facts);
  if (place) return [place];
  // A name that may be one of many functions stands for none of them.
  return (subject.functions?.length ?? 0) > MOST_FUNCTIONS ? [] : (subject.functions ?? []).flatMap((key) => knownFunction(key, facts) ?? []);
}

const MOST_FUNCTIONS = 2;

/** What is known of the thing that an id names; undefined where it is gone. */
export function knownBy(id: string, facts: Facts): Known | undefined {
  const [kind, key] = [id.slice(0, id.indexOf(' ')), id.slice(id.indexOf(' ') + 1)];
  if (!facts.program.modules.has(fileOfKey(key))) return undefined;
  if (kind === 'lock') return knownLock(key as LockKey, facts);
  if (kind === 'place') return knownPlace(key as CellKey, facts);
  return kind === 'function' ? knownFunction(key as FunctionKey, facts) : undefined;
}

/** The same with places in texts instead of sites. */
export function locateKnown({ rows, ...rest }: Known, facts: Facts, sourceOf: (file: string) => SourceText): Known<ReportLocation> {
  const placed = ({ text, site }: KnownItem): KnownItem<ReportLocation> => {
    if (!site) return { text };
    const { file, span } = locate(facts.program, site);
    return { text, site: { file, range: rangeOf(sourceOf(file), span) } };
  };
  return { ...rest, rows: rows.flatMap(({ label, items }) => (items.length > 0 ? [{ label, items: items.map(placed) }] : [])) };
}
