// Cards as markdown: library APIs, glossary terms and rule pages, in full for reading and short for hovers.
import type { RulePage } from '../../glossary/rules';
import { type TermCard, termById } from '../../glossary/terms';
import type { ApiEntry } from '../model/library';
import { describeEffects, semanticsBadges } from './hover-semantics';
import { cardLink, codeSpan, escapeMarkdown, prose, termCardId } from './markdown';

/** An API: badges, what to know, what the analysis makes of it, links to terms. */
export function apiCard(entry: ApiEntry, withCommands = true): string {
  const links = (entry.semantics.terms ?? []).flatMap((id) => {
    const term = termById(id);
    return term ? [cardLink(termCardId(id), term.title, withCommands)] : [];
  });
  const effects = describeEffects(entry);
  return paragraphs(apiSummary(entry), effects && `*To Lockset:* ${effects}.`, links.join(' · '));
}

/** An API in full: its card, what its class has besides, and what that was checked against. */
export function wholeApiCard(entry: ApiEntry, members: ReadonlyMap<string, ApiEntry>, withCommands = true): string {
  const row = ([name, member]: readonly [string, ApiEntry]) =>
    `| ${cardLink(`${member.language}:${member.name}`, name, withCommands)} | ${semanticsBadges(member).join(' · ')} |`;
  return paragraphs(
    `# ${codeSpan(entry.name)}`,
    apiCard(entry, withCommands).replace(/^\*\*`+[^`]*`+\*\*(?: · )?/, ''),
    members.size > 0 ? ['## Members', '', '| | |', '| --- | --- |', ...[...members].map(row)].join('\n') : '',
    `*Checked against ${sourceLine(entry.semantics.source)}*`,
  );
}

/** Where a statement comes from, its address as a link. */
function sourceLine(source: string): string {
  return source
    .split(/(https:\/\/[\w./#%?=&~+-]*[\w/])/)
    .map((part, index) => (index % 2 === 1 ? `[${escapeMarkdown(part)}](${part})` : prose(part)))
    .join('');
}

/** An API in two lines. */
export function apiSummary(entry: ApiEntry): string {
  return paragraphs([`**${codeSpan(entry.name)}**`, ...semanticsBadges(entry)].join(' · '), prose(entry.semantics.summary));
}

/** A term in short: definition, what it is in each language, links. */
export function shortCard(term: TermCard, withCommands = true): string {
  const links = [
    cardLink(termCardId(term.id), 'Open the card', withCommands),
    ...related(term.seeAlso.slice(0, 4), withCommands),
    ...ruleLinks(term.rules, withCommands),
  ];
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
    `## Example\n\n${labelledFences(term.example, withCommands)}`,
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
    rule.fixes.length > 0 ? `## Quick fixes\n\n${rule.fixes.map(({ does, safety }) => `- ${does} (${safety})`).join('\n')}` : '',
    rule.terms.length > 0 ? `**See also:** ${related(rule.terms, withCommands).join(' · ')}` : '',
  );
}

/** The line under what a name is, where a rule has a finding: the finding itself is told beside the hover. */
export function ruleLine(rule: RulePage, withCommands = true): string {
  const title = withCommands ? cardLink(rule.id, rule.title) : rule.title;
  return `Reported here: ${title} (\`${rule.id}\`)`;
}

/** A rule in short, for a hover over its id in a suppression. */
export function ruleSummary(rule: RulePage, withCommands = true): string {
  return paragraphs(`**${rule.title}** (\`${rule.id}\`)`, rule.summary, withCommands ? cardLink(rule.id, 'Open the page') : '');
}

function heading(term: TermCard): string {
  return `**${term.title}**${term.aliases.length > 0 ? ` (${term.aliases.join(', ')})` : ''}`;
}

function related(ids: readonly string[], withCommands: boolean): string[] {
  return ids.map((id) => cardLink(termCardId(id), termById(id)?.title ?? id, withCommands));
}

function ruleLinks(ids: readonly string[], withCommands: boolean): string[] {
  return ids.map((id) => cardLink(id, id, withCommands));
}

function paragraphs(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('\n\n');
}

/** An example that a rule is about says so: which rule finds it, or that it is the right way. */
function labelledFences(text: string, withCommands: boolean): string {
  return text.replace(/^```(\w+) (bad|good) ([a-z0-9-]+)$/gm, (_all, language: string, mark: string, rule: string) =>
    [mark === 'bad' ? `*Wrong: ${cardLink(rule, rule, withCommands)}*` : '*Right:*', '', `\`\`\`${language}`].join('\n'),
  );
}

/** "```python bad" is for our tests; readers' highlighters know "python". */
function plainFences(text: string): string {
  return text.replace(/^```(\w+) (?:bad|good)(?: [a-z0-9-]+)?$/gm, '```$1');
}
