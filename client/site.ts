// The script of the glossary's site: finds cards by what is typed, and colours examples. `cards.js` is loaded before it.
import { highlightExamples } from './highlight';

interface Listed {
  readonly kind: 'term' | 'symptom' | 'rule' | 'api';
  readonly title: string;
  readonly names: readonly string[];
  readonly summary: string;
  readonly page: string;
}

declare const CARDS: readonly Listed[];

const MOST = 40;
const KINDS: Readonly<Record<Listed['kind'], string>> = { term: '', symptom: 'what you see: ', rule: 'rule: ', api: '' };

highlightExamples();
const input = document.querySelector<HTMLInputElement>('#search');
const found = document.querySelector<HTMLElement>('#found');
if (input && found) {
  input.addEventListener('input', () => show(input.value, found));
  input.form?.addEventListener('submit', (event) => {
    event.preventDefault();
    found.querySelector('a')?.click();
  });
  show(input.value, found);
}

function show(text: string, list: HTMLElement): void {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = document.querySelector<HTMLElement>('#all');
  if (all) all.hidden = words.length > 0;
  list.replaceChildren(...(words.length === 0 ? [] : ranked(words).map(itemOf)));
  if (words.length > 0 && list.childElementCount === 0) list.append(Object.assign(document.createElement('li'), { textContent: 'Nothing found.' }));
}

function ranked(words: readonly string[]): Listed[] {
  return CARDS.map((card) => ({ card, score: relevance(card, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ card }) => card);
}

/** How well a card fits: by its name, the beginning of a name, a part of one, its summary; 0 where a word fits nowhere. */
function relevance(card: Listed, words: readonly string[]): number {
  const names = [card.title, ...card.names].map((name) => name.toLowerCase());
  const summary = card.summary.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const best = Math.max(
      ...names.map((name) => (name === word ? 8 : name.startsWith(word) ? 5 : name.includes(word) ? 3 : 0)),
      summary.includes(word) ? 1 : 0,
    );
    if (best === 0) return 0;
    sum += best;
  }
  return sum * (card.kind === 'term' || card.kind === 'rule' ? 2 : 1) + (names.includes(words.join(' ')) ? 20 : 0) - names[0].length / 1000;
}

function itemOf({ kind, title, summary, page }: Listed): HTMLElement {
  const link = Object.assign(document.createElement('a'), { href: page, textContent: KINDS[kind] + title });
  const item = document.createElement('li');
  item.append(link, Object.assign(document.createElement('small'), { textContent: summary.replaceAll('`', '') }));
  return item;
}
