// What the glossary's site has besides pages: its own style, and the script of its search. `CARDS` is written before it.

export const SITE_STYLE = `
.cards { columns: 14em; padding-left: 1.2em; }
form[role=search] { margin: 16px 0; }
form label { display: block; color: var(--quiet); }
input[type=search] { width: 100%; font: inherit; padding: 8px 12px; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
#found { list-style: none; padding: 0; }
#found li { margin: 0 0 10px; }
#found small { display: block; color: var(--quiet); }
details { margin: 16px 0; }
`;

export const SITE_SCRIPT = `
const input = document.getElementById('search');
const found = document.getElementById('found');
const all = document.getElementById('all');
const KINDS = { term: '', symptom: 'what you see: ', rule: 'rule: ', api: '' };

/** How well a card fits: its name, the beginning of a name, a part of one, its summary; 0 where a word fits nowhere. */
function fit(card, words) {
  const names = [card.title, ...card.names].map((name) => name.toLowerCase());
  const summary = card.summary.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const best = Math.max(...names.map((name) => (name === word ? 8 : name.startsWith(word) ? 5 : name.includes(word) ? 3 : 0)), summary.includes(word) ? 1 : 0);
    if (best === 0) return 0;
    sum += best;
  }
  return sum * (card.kind === 'api' ? 1 : 2) + (names.includes(words.join(' ')) ? 20 : 0) - names[0].length / 1000;
}

function search() {
  const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
  all.hidden = words.length > 0;
  found.replaceChildren();
  if (words.length === 0) return;
  const ranked = CARDS.map((card) => [fit(card, words), card]).filter(([score]) => score > 0).sort((a, b) => b[0] - a[0]).slice(0, 40);
  for (const [, card] of ranked) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = card.page;
    link.textContent = KINDS[card.kind] + card.title;
    const summary = document.createElement('small');
    summary.textContent = card.summary;
    item.append(link, summary);
    found.append(item);
  }
  if (ranked.length === 0) found.append(Object.assign(document.createElement('li'), { textContent: 'Nothing found.' }));
}

input.addEventListener('input', search);
input.form.addEventListener('submit', (event) => {
  event.preventDefault();
  found.querySelector('a')?.click();
});
search();
`;
