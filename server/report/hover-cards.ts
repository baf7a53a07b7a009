// Cards: library APIs, glossary terms and rule pages as markdown, in full for reading and short for hovers.
import { type RulePage, ruleById, rules } from '../../glossary/rules';
import { type TermCard, termById, termByName, terms } from '../../glossary/terms';
import { type ApiEntry, type Library, libraryKey } from '../model/library';
import { findAdviceCard } from './choices';
import { describeEffects, semanticsBadges } from './hover-semantics';
import { cardLink, codeSpan, prose } from './markdown';

/** A card with a name for its window. */
export interface Card {
  readonly title: string;
  readonly markdown: string;
}

/** One line of the list of cards. */
export interface CardListing {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

/** The card of a term's id or name, a rule's id, or an API's canonical name, with or without its language (`python:dict.get`). */
export function findCard(id: string, library: Library, withCommands = true): Card | undefined {
  const advice = findAdviceCard(id, withCommands);
  if (advice) return advice;
  const rule = ruleById(id);
  if (rule) return { title: rule.title, markdown: rulePage(rule, withCommands) };
  const api = library.get(id) ?? library.get(libraryKey('python', id)) ?? library.get(libraryKey('typescript', id));
  const term = termById(id) ?? (api ? undefined : termByName(id));
  if (term) return { title: term.title, markdown: termCard(term, withCommands) };
  return api && { title: api.name, markdown: apiCard(api, withCommands) };
}

/** Every term and rule, terms first, for a person to choose from. */
export function listCards(): readonly CardListing[] {
  return [
    ...terms.map((term) => ({ id: term.id, title: [term.title, ...term.aliases].join(', '), summary: firstSentence(term.definition) })),
    ...rules.map((rule) => ({ id: rule.id, title: rule.title, summary: rule.summary })),
  ];
}

/** An API: badges, what to know, what the analysis makes of it, links to terms. */
export function apiCard(entry: ApiEntry, withCommands = true): string {
  const links = (entry.semantics.terms ?? []).flatMap((id) => {
    const term = termById(id);
    return term ? [cardLink(id, term.title, withCommands)] : [];
  });
  const effects = describeEffects(entry);
  return paragraphs(apiSummary(entry), effects && `*To Lockset:* ${effects}.`, links.join(' · '));
}

/** An API in two lines. */
export function apiSummary(entry: ApiEntry): string {
  return paragraphs([`**${codeSpan(entry.name)}**`, ...semanticsBadges(entry)].join(' · '), prose(entry.semantics.summary));
}

/** A term in short: definition, what it is in each language, links. */
export function shortCard(term: TermCard, withCommands = true): string {
  const links = [cardLink(term.id, 'Open the card', withCommands), ...related(term.seeAlso.slice(0, 4), withCommands), ...ruleLinks(term.rules, withCommands)];
  return paragraphs(heading(term), term.definition, `**Python:** ${term.python}  \n**TypeScript:** ${term.typescript}`, withCommands ? links.join(' · ') : '');
}

/** A term in full. */
export function termCard(term: TermCard, withCommands = true): string {
  const more = [
    term.seeAlso.length > 0 ? `**See also:** ${related(term.seeAlso, withCommands).join(' · ')}` : '',
    term.rules.length > 0 ? `**Found by:** ${ruleLinks(term.rules, withCommands).join(' · ')}` : '',
    term.apis.length > 0 ? `**In libraries:** ${term.apis.map((key) => cardLink(key, key.slice(key.indexOf(':') + 1), withCommands)).join(' · ')}` : '',
    term.symptoms.length > 0 ? `**Seen as:** ${term.symptoms.join('; ')}` : '',
  ].filter(Boolean);
  return paragraphs(
    `# ${term.title}`,
    term.aliases.length > 0 ? `*Also: ${term.aliases.join(', ')}*` : '',
    term.definition,
    `## In Python\n\n${term.inPython}`,
    `## In TypeScript/JavaScript\n\n${term.inTypescript}`,
    `## Example\n\n${plainFences(term.example)}`,
    `## What goes wrong\n\n${term.whatGoesWrong}`,
    more.join('  \n'),
  );
}

/** A rule's whole page. */
export function rulePage(rule: RulePage, withCommands = true): string {
  const languages = rule.languages.map((language) => (language === 'python' ? 'Python' : 'TypeScript')).join(', ');
  return paragraphs(
    `# ${rule.title}`,
    rule.summary,
    `\`${rule.id}\` · ${languages} · by default: ${rule.severity}`,
    ...rule.sections.map((section) => `## ${section.heading}\n\n${plainFences(section.text)}`),
    rule.terms.length > 0 ? `**See also:** ${related(rule.terms, withCommands).join(' · ')}` : '',
  );
}

/** A rule in short, for a hover over its id in a suppression. */
export function ruleSummary(rule: RulePage, withCommands = true): string {
  return paragraphs(`**${rule.title}** (\`${rule.id}\`)`, rule.summary, withCommands ? cardLink(rule.id, 'Open the page') : '');
}

function heading(term: TermCard): string {
  return `**${term.title}**${term.aliases.length > 0 ? ` (${term.aliases.join(', ')})` : ''}`;
}

function related(ids: readonly string[], withCommands: boolean): string[] {
  return ids.map((id) => cardLink(id, termById(id)?.title ?? id, withCommands));
}

function ruleLinks(ids: readonly string[], withCommands: boolean): string[] {
  return ids.map((id) => cardLink(id, id, withCommands));
}

function paragraphs(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('\n\n');
}

function firstSentence(text: string): string {
  return text.split('\n')[0].match(/^.*?[.:](?=\s|$)/)?.[0] ?? text;
}

/** "```python bad" is for our tests; readers' highlighters know "python". */
function plainFences(text: string): string {
  return text.replace(/^```(\w+) (?:bad|good)(?: [a-z0-9-]+)?$/gm, '```$1');
}
