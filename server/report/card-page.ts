// Cards as HTML: markdown with links to other cards and to places in code, for editors and for the site.
import { Marked } from 'marked';
import { CARD_STYLE } from './card-style';
import { STYLE } from './html-style';
import { escapeHtml, html, Raw } from './html-text';
import { cardOfLink } from './markdown';

export interface CardPageOptions {
  /** On the page's style, and for the script that an editor adds. */
  readonly nonce: string;
  /** Whether there is a card to go back to. */
  readonly canGoBack?: boolean;
}

/** A card as the page of an editor's side view. Links are marked for its script: `data-card`, `data-file` and `data-line` (from 0). */
export function renderCardPage(title: string, markdown: string, { nonce, canGoBack }: CardPageOptions): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  const back = canGoBack ? '<nav aria-label="History"><a href="#" data-back>Back</a></nav>' : '';
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style nonce="${nonce}">${new Raw(STYLE + CARD_STYLE)}</style></head>
<body><main class="card">${new Raw(back)}${cardBody(markdown, editorLink)}</main></body></html>
`.text;
}

/** The attributes of a link, by the address in the markdown; undefined where only its text is to be shown. */
export type LinkAttributes = (address: string) => string | undefined;

/** A card's markdown as markup. HTML in it is shown as text. */
export function cardBody(markdown: string, attributesOf: LinkAttributes): Raw {
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escapeHtml(text),
      image: ({ text }) => escapeHtml(text),
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const attributes = attributesOf(href);
        return attributes === undefined ? text : `<a ${attributes}>${text}</a>`;
      },
      code: ({ text, lang }) => `<pre tabindex="0"><code class="language-${escapeHtml(lang ?? 'text')}">${escapeHtml(text)}</code></pre>\n`,
    },
  });
  return new Raw(marked.parse(markdown, { async: false }));
}

/** Web addresses open in a browser; cards and places are opened by the page's script. */
function editorLink(address: string): string | undefined {
  const card = cardOfLink(address);
  if (card !== undefined) return `href="#" data-card="${escapeHtml(card)}"`;
  const place = /^([a-z][a-z0-9+.-]*:[^#]*)#L(\d+)$/i.exec(address);
  if (place) return `href="#" data-file="${escapeHtml(place[1])}" data-line="${Number(place[2]) - 1}" data-column="0"`;
  return /^https:\/\//.test(address) ? `href="${escapeHtml(address)}"` : undefined;
}
