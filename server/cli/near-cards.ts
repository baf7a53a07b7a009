// Cards near to what a person asked for: other spellings, other words for the same, what they see.
import MiniSearch from 'minisearch';
import type { CardListing } from '../report/cards';

/** The ids of the nearest cards, best first, at most so many. */
export function nearCards(asked: string, cards: readonly CardListing[], most: number): string[] {
  const search = new MiniSearch<{ readonly key: number; readonly title: string; readonly names: string; readonly summary: string }>({
    idField: 'key',
    fields: ['title', 'names', 'summary'],
    // `threading.Lock` is found by each of its parts.
    tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u),
    searchOptions: {
      boost: { title: 4, names: 3 },
      prefix: true,
      fuzzy: 0.25,
      boostDocument: (key: number) => (cards[key].kind === 'api' ? 0.5 : 1),
    },
  });
  search.addAll(cards.map(({ title, names, summary }, key) => ({ key, title, names: names.join(' '), summary })));
  return [...new Set(search.search(asked).map(({ id }) => cards[Number(id)].id))].slice(0, most);
}
