// Choosing a concurrency tool: answers so far in, the next question or an advice with its snippet out.
import { type Advice, adviceById, choices, type Question, questionById } from '../../glossary/choices';
import { ruleById } from '../../glossary/rules';
import { type SnippetLanguage, snippetById, snippetCode } from '../../glossary/snippets';
import { termById } from '../../glossary/terms';
import { cardLink, termCardId } from './markdown';

/** An advice with its code in one language. */
export interface ChosenTool {
  readonly kind: 'advice';
  /** Of its card, which `findAdviceCard` gives. */
  readonly cardId: string;
  readonly title: string;
  readonly reason: string;
  readonly terms: readonly string[];
  readonly rules: readonly string[];
  readonly snippet?: ChosenSnippet;
}
export interface ChosenSnippet {
  readonly title: string;
  readonly language: SnippetLanguage;
  /** What is typed in an editor to get it. */
  readonly prefix: string;
  /** With placeholders, as an editor inserts it. */
  readonly body: string;
  /** As a program. */
  readonly code: string;
}

export type Choice = { readonly kind: 'question'; readonly question: Question } | ChosenTool;

/**
 * What comes after these answers, each an answer's id or its number from 1. The first question is that for the language; where the
 * language is known it counts as answered. Undefined where an answer is none of the question's, or comes after the advice.
 */
export function chooseTool(language: SnippetLanguage | undefined, answers: readonly string[]): Choice | undefined {
  let at = choices.start;
  let spoken = language;
  for (const given of language === undefined ? answers : [language === 'python' ? 'python' : 'typescript', ...answers]) {
    const { answers: offered = [] } = questionById(at) ?? {};
    const answer = offered.find(({ id }) => id === given) ?? (/^\d{1,3}$/.test(given) ? offered[Number(given) - 1] : undefined);
    if (!answer) return undefined;
    if (at === choices.start) spoken ??= answer.id === 'python' ? 'python' : 'typescript';
    at = answer.next;
  }
  const question = questionById(at);
  if (question) return { kind: 'question', question };
  const advice = adviceById(at);
  return advice && spoken && chosen(advice, spoken);
}

/** The card of an advice: `advice:python:process-pool`. */
export function findAdviceCard(id: string, withCommands = true): { readonly title: string; readonly markdown: string } | undefined {
  const [, language, name] = /^advice:(python|typescript|javascript):(.+)$/.exec(id) ?? [];
  const advice = name === undefined ? undefined : adviceById(name);
  return advice && { title: advice.title, markdown: adviceMarkdown(chosen(advice, language as SnippetLanguage), withCommands) };
}

function adviceMarkdown({ title, reason, terms, rules, snippet }: ChosenTool, withCommands: boolean): string {
  const termLinks = terms.flatMap((id) => {
    const term = termById(id);
    return term ? [cardLink(termCardId(id), term.title, withCommands)] : [];
  });
  const ruleLinks = rules.flatMap((id) => {
    const rule = ruleById(id);
    return rule ? [cardLink(id, rule.title, withCommands)] : [];
  });
  const code = snippet && [
    `## ${snippet.title}`,
    `\`\`\`${snippet.language === 'python' ? 'python' : 'typescript'}\n${snippet.code}\n\`\`\``,
    `In the editor: type \`${snippet.prefix}\` and accept the suggestion.`,
  ];
  const more = [
    ['**See also:**', termLinks],
    ['**What goes wrong with it:**', ruleLinks],
  ] as const;
  const lists = more.flatMap(([heading, found]) => (found.length > 0 ? [`${heading} ${found.join(' · ')}`] : []));
  return [`# ${title}`, reason, ...(code ?? []), lists.join('  \n')].filter(Boolean).join('\n\n');
}

function chosen({ id, title, reason, terms, rules, snippet: snippetId }: Advice, language: SnippetLanguage): ChosenTool {
  const snippet = snippetId === undefined ? undefined : snippetById(snippetId);
  const body = snippet?.bodies[language];
  const code = snippet && snippetCode(snippet, language);
  return {
    kind: 'advice',
    cardId: `advice:${language}:${id}`,
    title,
    reason,
    terms,
    rules,
    ...(snippet && body !== undefined && code !== undefined ? { snippet: { title: snippet.title, language, prefix: snippet.prefix, body, code } } : {}),
  };
}
