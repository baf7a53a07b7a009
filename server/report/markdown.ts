// Markdown: what may enter a hover or a card. Everything that comes from the workspace is escaped; links run one named command only.

/** The one command that links in hovers run: it opens a card by its id. Clients trust this name and no other. */
export const OPEN_CARD_COMMAND = 'lockset.openCard';

/** Text as a code span that cannot be left from inside. */
export function codeSpan(text: string): string {
  const flat = text.replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const padding = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return fence + padding + flat + padding + fence;
}

/** A sentence in which only `code spans` are markdown and the rest is plain text; for summaries, which users may write too. */
export function prose(text: string): string {
  return text
    .split(/(`[^`\r\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1)) : escapeMarkdown(part)))
    .join('');
}

/** Plain text as markdown that shows exactly that text, on one line: no emphasis, links, images, HTML or bare addresses. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replace(/:\/\//g, '&#58;//')
    .replace(/@/g, '&#64;')
    .replace(/(www)\./gi, '$1&#46;');
}

/** The id of a term's card among all cards: a rule may be called like a term. */
export function termCardId(term: string): string {
  return `term:${term}`;
}

/** A link that opens a card, or the plain label where the client runs no commands. */
export function cardLink(id: string, label: string, withCommands = true): string {
  if (!withCommands) return escapeMarkdown(label);
  const argument = encodeURIComponent(JSON.stringify([id])).replace(/[()'!*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `[${escapeMarkdown(label)}](command:${OPEN_CARD_COMMAND}?${argument})`;
}

/** A link to a place in a text; the label is markdown. `uri` comes from a file's name, so nothing in it may end the link. */
export function placeLink(uri: string, label: string): string {
  return `[${label}](${uri.replace(/[()'!*<>\\\s]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)})`;
}

/** The id in a link that `cardLink` has made; undefined for other addresses. */
export function cardOfLink(address: string): string | undefined {
  const argument = address.startsWith(`command:${OPEN_CARD_COMMAND}?`) ? address.slice(address.indexOf('?') + 1) : undefined;
  if (argument === undefined) return undefined;
  const [id]: readonly unknown[] = JSON.parse(decodeURIComponent(argument));
  return typeof id === 'string' ? id : undefined;
}
