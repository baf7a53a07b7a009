// Tests of the glossary's site: a page per card, links that lead somewhere, nothing that is loaded from a network.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../glossary/rules';
import { terms } from '../../glossary/terms';
import { createLibrary } from '../../server/lower/library';
import { cardBody, renderCardPage } from '../../server/report/card-page';
import { renderCardText } from '../../server/report/card-text';
import { findCard, listCards } from '../../server/report/cards';
import { cardLink } from '../../server/report/markdown';
import { glossarySite } from '../../server/report/site';

const library = createLibrary();
const site = glossarySite(library, 'script()');
const pages = [...site].filter(([name]) => name.endsWith('.html'));

describe('the site', () => {
  it('has a page for each term, rule and API', () => {
    for (const { id } of terms) expect(site.has(`terms/${id}.html`), id).toBe(true);
    for (const { id } of rules) expect(site.has(`rules/${id}.html`), id).toBe(true);
    expect(pages.length).toBe(1 + listCards(library).filter(({ kind }) => kind !== 'symptom').length);
  });

  it('has names that no disk takes for one another', () => {
    expect(new Set([...site.keys()].map((name) => name.toLowerCase())).size).toBe(site.size);
    for (const name of site.keys()) expect(name).toMatch(/^[\w./~-]+$/);
  });

  it('leads nowhere but to its own pages and to https', () => {
    let links = 0;
    for (const [name, page] of pages) {
      for (const [, address] of page.matchAll(/\b(?:href|src)="([^"]*)"/g)) {
        links++;
        if (!address.startsWith('https://')) expect(site.has(path.posix.join(path.posix.dirname(name), address)), `${name} → ${address}`).toBe(true);
      }
      for (const [, address] of page.matchAll(/\bsrc="([^"]*)"/g)) expect(address).not.toMatch(/^[a-z]+:/);
    }
    expect(links).toBeGreaterThan(10_000);
  });

  it('finds every card, and each by its page', () => {
    const cards = JSON.parse(site.get('cards.js')!.replace(/^const CARDS = |;\n$/g, '')) as { title: string; page: string }[];
    expect(cards).toHaveLength(listCards(library).length);
    for (const { page } of cards) expect(site.has(page), page).toBe(true);
  });
});

describe('a card as a page', () => {
  it('marks links to cards and to code for its script, and drops others', () => {
    const body = cardBody(`${cardLink('lock', 'Lock')} [line 3](file:///a%20b.py#L3) [x](javascript:alert(1)) [y](https://e.example/)`, (address) =>
      address.startsWith('https') ? 'href="ok"' : undefined,
    );
    expect(body.text).toBe('<p>Lock line 3 x <a href="ok">y</a></p>\n');
    const page = renderCardPage('T', `${cardLink('lock', 'Lock')} [line 3](file:///a%20b.py#L3) [x](command:evil)`, { nonce: 'n' });
    expect(page).toContain('<a href="#" data-card="lock">Lock</a>');
    expect(page).toContain('<a href="#" data-file="file:///a%20b.py" data-line="2" data-column="0">line 3</a>');
    expect(page).not.toContain('evil');
  });

  it('shows markup in a text as text', () => {
    const page = renderCardPage('<script>', '<img src=x onerror=steal()> ![i](https://e.example/i.png) `<b>`\n\n```python\nx = "</code><script>"\n```', {
      nonce: 'n',
    });
    expect(page.match(/<(?:img|script|b)\b/g)).toBeNull();
  });
});

describe('a card in a terminal', () => {
  it('is no wider than the terminal, examples aside', () => {
    for (const { id } of terms) {
      const text = renderCardText(findCard(id, library, false)!.markdown, { color: false, width: 80 });
      for (const line of text.split('\n')) if (!line.startsWith('    ')) expect(line.length, `${id}: ${line}`).toBeLessThanOrEqual(80);
    }
  });

  it('has no markdown left, and nothing that a terminal obeys', () => {
    const text = renderCardText('**a** `b\u001b[31m` [c](command:x) &lt;d&gt;\n\n- one\n- two', { color: false, width: 80 });
    expect(text).toBe('a b\\u001b[31m c <d>\n\n- one\n- two\n');
  });
});
