// The glossary as a static site: one page per card, and a page that finds them. It loads nothing from a network.
import { ruleById, rules } from '../../glossary/rules';
import { terms } from '../../glossary/terms';
import type { Library } from '../model/library';
import { cardBody, type LinkAttributes } from './card-page';
import { CARD_STYLE } from './card-style';
import { type CardListing, findCard, listCards } from './cards';
import { STYLE } from './html-style';
import { escapeHtml, html, NOTHING, Raw } from './html-text';
import { cardOfLink, termCardId } from './markdown';
import { SITE_STYLE } from './site-style';

/** The files of the site: paths with slashes, and what is in them. `script`: the code that searches and colours, from client/site.ts. */
export function glossarySite(library: Library, script: string): ReadonlyMap<string, string> {
  const listed = listCards(library);
  const links = linksIn(library);
  const files = new Map<string, string>([
    ['index.html', indexPage(listed, library)],
    ['style.css', STYLE + CARD_STYLE + SITE_STYLE],
    [
      'cards.js',
      `const CARDS = ${JSON.stringify(listed.map(({ kind, title, names, summary, id }) => ({ kind, title, names, summary, page: pageOf(id, library) })))};\n`,
    ],
    ['site.js', script],
  ]);
  for (const { id, kind } of listed) {
    if (kind === 'symptom') continue;
    const card = findCard(id, library);
    if (card) files.set(pageOf(id, library), page(card.title, cardBody(card.markdown, links), '../'));
  }
  return files;
}

/** Where the page of a card is: `terms/lock.html`, `rules/…`, `python/queue.Q_ueue.get.html`. */
function pageOf(id: string, library: Library): string {
  if (ruleById(id)) return `rules/${id}.html`;
  if (id.startsWith(termCardId(''))) return `terms/${id.slice(termCardId('').length)}.html`;
  // A link may name an alias, or a member by the class that inherits it.
  const entry = library.get(id);
  const [language, name] = entry ? [entry.language, entry.name] : ['', id];
  // Names that differ in case alone are one file on many disks: `Lock`, `lock`.
  return `${language}/${name.replace(/[^\w.-]/g, '~').replace(/[A-Z]+/g, (capitals) => `${capitals}_`)}.html`;
}

/** Links of cards as links between pages, all of which are one folder down. */
function linksIn(library: Library): LinkAttributes {
  return (address) => {
    const id = cardOfLink(address);
    if (id !== undefined) return `href="../${pageOf(id, library)}"`;
    return address.startsWith('https://') ? `href="${escapeHtml(address)}" rel="noreferrer"` : undefined;
  };
}

function indexPage(listed: readonly CardListing[], library: Library): string {
  const links = (cards: readonly { readonly id: string; readonly title: string }[]) =>
    html`<ul class="cards">${cards.map(({ id, title }) => html`<li><a href="${pageOf(id, library)}">${title}</a></li>`)}</ul>`;
  const categories = [...new Set(terms.map(({ category }) => category))].sort();
  const symptoms = listed.filter(({ kind }) => kind === 'symptom');
  const apis = (language: string) => listed.filter(({ kind, id }) => kind === 'api' && id.startsWith(`${language}:`));
  const body = html`<h1>Concurrency glossary</h1>
<p>${terms.length} terms, ${rules.length} rules and ${listed.filter(({ kind }) => kind === 'api').length} library APIs of Python, TypeScript and JavaScript.</p>
<form role="search"><label for="search">Search by term, API, rule, or what you see</label><input id="search" type="search" autofocus placeholder="hangs at exit"></form>
<ol id="found" aria-live="polite"></ol>
<div id="all">${categories.map((category) => html`<h2>${category[0].toUpperCase() + category.slice(1)}</h2>${links(terms.filter((term) => term.category === category).map(({ id, title }) => ({ id: termCardId(id), title })))}`)}
<h2>What you see</h2>${links(symptoms)}
<h2>Rules</h2>${links(rules)}
<details><summary>Python APIs</summary>${links(apis('python'))}</details>
<details><summary>TypeScript and JavaScript APIs</summary>${links(apis('typescript'))}</details></div>
`;
  return page('Concurrency glossary', body, '');
}

/** A page; `up` leads to the site's folder. */
function page(title: string, body: Raw, up: string): string {
  const home = up === '' ? NOTHING : html`<nav><a href="${up}index.html">Glossary</a></nav>`;
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="stylesheet" href="${up}style.css"></head>
<body><main class="card">${home}${body}</main>${up === '' ? new Raw('<script src="cards.js"></script>') : NOTHING}<script src="${up}site.js"></script></body></html>
`.text;
}
