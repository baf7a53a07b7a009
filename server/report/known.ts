// What is known of something in the program, as data for people: hovers show the beginning of it, cards all.
import type { Facts } from '../summary/facts';
import { locate, type Site } from '../summary/locate';
import { rangeOf, type SourceText } from './source-text';
import type { ReportLocation } from './workspace-report';

/** One thing that the analysis knows: markdown, and where in the program it shows, if it shows at places. */
export interface KnownItem<Where = Site> {
  readonly text: string;
  readonly sites: readonly Where[];
}

/** Things of one sort: `Guards`, `Reached by`. */
export interface KnownRow<Where = Site> {
  readonly label: string;
  readonly items: readonly KnownItem<Where>[];
}

/** Everything that is known of one thing in the program. Texts are markdown with all names of the workspace escaped. */
export interface Known<Where = Site> {
  /** What it is to the analysis, such as `lock file.py#Cache._lock`; `knownBy` finds it again. */
  readonly id: string;
  /** `Cache._lock`, plain. */
  readonly name: string;
  /** Short phrases: `a lock between threads`, `guarded by Cache._lock in 4 of 5 places`. */
  readonly badges: readonly string[];
  readonly rows: readonly KnownRow<Where>[];
  /** Ids of glossary terms that explain the words used. */
  readonly terms: readonly string[];
}

/** The same with places in texts instead of sites. */
export function locateKnown({ rows, ...rest }: Known, facts: Facts, sourceOf: (file: string) => SourceText): Known<ReportLocation> {
  const placed = ({ text, sites }: KnownItem): KnownItem<ReportLocation> => {
    const places = sites.map((site) => {
      const { file, span } = locate(facts.program, site);
      return { file, range: rangeOf(sourceOf(file), span) };
    });
    places.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.range.start.line - b.range.start.line));
    return { text, sites: uniqueBy(places, ({ file, range }) => `${file}:${range.start.line}`) };
  };
  const unique = (items: readonly KnownItem<ReportLocation>[]) =>
    uniqueBy(items, ({ text, sites }) => `${text} ${sites.map(({ file, range }) => `${file}:${range.start.line}`).join()}`);
  return { ...rest, rows: rows.flatMap(({ label, items }) => (items.length > 0 ? [{ label, items: unique(items.map(placed)) }] : [])) };
}

/** The first of those that a person could not tell apart. */
function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}
