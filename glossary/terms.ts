// Terms: the glossary's cards, generated from glossary/terms/*.md.
import generated from './generated/terms.json';

/** One concurrency term. Texts are markdown from this repository, so they need no escaping. */
export interface TermCard {
  readonly id: string;
  readonly title: string;
  /** Other names, such as `mutex` for lock. */
  readonly aliases: readonly string[];
  /** Further forms that are recognised in comments but not listed as names: `deadlocked`. */
  readonly words: readonly string[];
  /** Names of this card that are everyday words too, and mean the term only where code is concurrent: `task`, `join`. */
  readonly ambiguous: readonly string[];
  readonly category: string;
  /** Ids of related terms. */
  readonly seeAlso: readonly string[];
  /** Ids of rules that find what goes wrong. */
  readonly rules: readonly string[];
  /** Keys of library APIs, such as `python:threading.Lock`. */
  readonly apis: readonly string[];
  /** What a person sees when it goes wrong, for searching. */
  readonly symptoms: readonly string[];
  /** What it is in each language, in a few words. */
  readonly python: string;
  readonly typescript: string;
  /** Two or three sentences. */
  readonly definition: string;
  readonly inPython: string;
  readonly inTypescript: string;
  readonly example: string;
  readonly whatGoesWrong: string;
}

/** All cards, by id. */
export const terms: readonly TermCard[] = generated;

const byId: ReadonlyMap<string, TermCard> = new Map(terms.map((term) => [term.id, term]));

/** The card of a term's id. */
export function termById(id: string): TermCard | undefined {
  return byId.get(id);
}

/** The card that has this title, alias or id, whatever its case; blanks and hyphens count alike. */
export function termByName(name: string): TermCard | undefined {
  const wanted = normal(name);
  return byId.get(name) ?? terms.find((term) => [term.id, term.title, ...term.aliases].some((own) => normal(own) === wanted));
}

function normal(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}
