// Cards of the workspace's own locks, shared places and functions: short for hovers, whole for reading beside the code.
import { termById } from '../../glossary/terms';
import type { Known, KnownItem, KnownRow } from './known';
import { cardLink, codeSpan, escapeMarkdown, placeLink, termCardId } from './markdown';
import type { ReportLocation } from './workspace-report';

export interface CodeCardStyle {
  /** Whether the client runs command links. */
  readonly withCommands: boolean;
  /** The address of a line (from 0) of a file, for links; undefined where there is none. */
  readonly addressOf: (file: string, line: number) => string | undefined;
  /** How a file is called in a list: its path in the workspace. */
  readonly nameOf: (file: string) => string;
  /** The file that is looked at, which need not be named. */
  readonly here?: string;
}

/** The id under which a client asks for the whole card of something known. */
export function codeCardId(known: Pick<Known<unknown>, 'id'>): string {
  return `${CODE}${known.id}`;
}

/** What `knownBy` takes, where an id is one of those. */
export function knownIdOf(cardId: string): string | undefined {
  return cardId.startsWith(CODE) ? cardId.slice(CODE.length) : undefined;
}

const CODE = 'code:';
const MOST_ITEMS = 3;
const MOST_LINES = 4;

/** The short card: its heading, a line for each sort of thing, links. */
export function shortCodeCard(known: Known<ReportLocation>, style: CodeCardStyle): string {
  const lines = known.rows.map(({ label, items }) => {
    const more = items.length > MOST_ITEMS ? ` · and ${items.length - MOST_ITEMS} more` : '';
    return `- ${label}: ${items
      .slice(0, MOST_ITEMS)
      .map((item) => linked(item, style))
      .join(' · ')}${more}`;
  });
  const links = style.withCommands ? [cardLink(codeCardId(known), 'All that is known of it'), ...termLinks(known)].join(' · ') : '';
  return [heading(known), lines.join('\n'), links].filter(Boolean).join('\n\n');
}

/** The whole card. */
export function codeCard(known: Known<ReportLocation>, style: CodeCardStyle): string {
  const section = ({ label, items }: KnownRow<ReportLocation>) =>
    [
      `## ${label}`,
      '',
      ...items.map(({ text, sites }) => `- ${text}${sites.length > 0 ? ` (${sites.map((site) => place(site, style)).join('; ')})` : ''}`),
    ].join('\n');
  const links = style.withCommands ? termLinks(known).join(' · ') : '';
  return [`# ${codeSpan(known.name)}`, known.badges.join(' · '), ...known.rows.map(section), links].filter(Boolean).join('\n\n');
}

function heading({ name, badges }: Known<ReportLocation>): string {
  return [`**${codeSpan(name)}**`, ...badges].join(' · ');
}

/** `text, line 3, 8 and 12`, each number a link; the file is named where it is another one. */
function linked({ text, sites }: KnownItem<ReportLocation>, { addressOf, here }: CodeCardStyle): string {
  if (sites.length === 0) return text;
  const shown = sites.slice(0, MOST_LINES).map((site, index) => {
    const line = site.range.start.line;
    const file = site.file === here || index > 0 ? '' : `${escapeMarkdown(site.file.slice(site.file.lastIndexOf('/') + 1))} `;
    const label = index > 0 ? String(line + 1) : `${file}line ${line + 1}`;
    const address = addressOf(site.file, line);
    return address === undefined ? label : placeLink(address, label);
  });
  return `${text}, ${shown.join(', ')}${sites.length > MOST_LINES ? ', …' : ''}`;
}

function place(site: ReportLocation, { addressOf, nameOf }: CodeCardStyle): string {
  const line = site.range.start.line;
  const label = `${codeSpan(nameOf(site.file))}, line ${line + 1}`;
  const address = addressOf(site.file, line);
  return address === undefined ? label : placeLink(address, label);
}

function termLinks({ terms }: Known<ReportLocation>): string[] {
  return terms.flatMap((id) => {
    const term = termById(id);
    return term ? [cardLink(termCardId(id), term.title)] : [];
  });
}
