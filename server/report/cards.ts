// All cards there are: finding one by its id or name, and listing them to choose from.
import { ruleById, rules } from '../../glossary/rules';
import { type TermCard, termById, termByName, terms } from '../../glossary/terms';
import { type ApiEntry, type Library, libraryKey } from '../model/library';
import { findAdviceCard } from './choices';
import { rulePage, termCard, wholeApiCard } from './hover-cards';
import { termCardId } from './markdown';

/** A card with a name for its window. */
export interface Card {
  readonly title: string;
  readonly markdown: string;
}

/** One line of the list of cards. */
export interface CardListing {
  readonly kind: 'term' | 'symptom' | 'rule' | 'api';
  /** The id of the card; several symptoms may have one card. */
  readonly id: string;
  readonly title: string;
  /** Other names. */
  readonly names: readonly string[];
  readonly summary: string;
}

/** The card of an advice's id, a term's id or name, a rule's id, or an API's canonical name, with or without its language (`python:dict.get`). */
export function findCard(id: string, library: Library, withCommands = true): Card | undefined {
  if (id.startsWith(termCardId(''))) return cardOfTerm(termById(id.slice(termCardId('').length)), withCommands);
  const advice = findAdviceCard(id, withCommands);
  if (advice) return advice;
  const rule = ruleById(id);
  if (rule) return { title: rule.title, markdown: rulePage(rule, withCommands) };
  const api = library.get(id) ?? library.get(libraryKey('python', id)) ?? library.get(libraryKey('typescript', id));
  const term = termById(id) ?? (api ? undefined : (termByName(id) ?? termBySymptom(id)));
  if (term) return cardOfTerm(term, withCommands);
  return api && { title: api.name, markdown: wholeApiCard(api, membersOf(api, library), withCommands) };
}

function cardOfTerm(term: TermCard | undefined, withCommands: boolean): Card | undefined {
  return term && { title: term.title, markdown: termCard(term, withCommands) };
}

/** Every card: terms, what people see when it goes wrong, rules, and the APIs of libraries. */
export function listCards(library: Library): readonly CardListing[] {
  return [
    ...terms.map(
      (term): CardListing => ({ kind: 'term', id: termCardId(term.id), title: term.title, names: term.aliases, summary: firstSentence(term.definition) }),
    ),
    ...terms.flatMap((term) =>
      term.symptoms.map((title): CardListing => ({ kind: 'symptom', id: termCardId(term.id), title, names: [], summary: term.title })),
    ),
    ...rules.map((rule): CardListing => ({ kind: 'rule', id: rule.id, title: rule.title, names: [rule.id], summary: rule.summary })),
    ...[...new Set([...library.values()].map((entry) => libraryKey(entry.language, entry.name)))].map((id): CardListing => {
      const { name, aliases = [], semantics } = library.get(id)!;
      return { kind: 'api', id, title: name, names: aliases, summary: semantics.summary };
    }),
  ];
}

/** The term that a person means who describes what they see. */
function termBySymptom(text: string) {
  const wanted = text.trim().toLowerCase();
  return terms.find(({ symptoms }) => symptoms.some((symptom) => symptom.toLowerCase() === wanted));
}

/** What a class has, of its own and from its bases, by name. */
function membersOf(api: ApiEntry, library: Library): ReadonlyMap<string, ApiEntry> {
  if (api.kind !== 'class') return NO_MEMBERS;
  let index = MEMBERS.get(library);
  if (!index) MEMBERS.set(library, (index = indexMembers(library)));
  return index.get(libraryKey(api.language, api.name)) ?? NO_MEMBERS;
}

type Members = ReadonlyMap<string, ApiEntry>;

const NO_MEMBERS: Members = new Map();
const MEMBERS = new WeakMap<Library, ReadonlyMap<string, Members>>();

/** The members of all classes, by the class's key; a library has tens of thousands of keys, for aliases and inherited members count. */
function indexMembers(library: Library): ReadonlyMap<string, Members> {
  const index = new Map<string, Map<string, ApiEntry>>();
  for (const key of [...library.keys()].sort()) {
    const dot = key.lastIndexOf('.');
    const owner = key.slice(0, dot);
    const members = index.get(owner);
    if (members) members.set(key.slice(dot + 1), library.get(key)!);
    else index.set(owner, new Map([[key.slice(dot + 1), library.get(key)!]]));
  }
  return index;
}

function firstSentence(text: string): string {
  return text.split('\n')[0].match(/^.*?[.:](?=\s|$)/)?.[0] ?? text;
}
