// lockset choose: questions one by one, until there is an advice on which concurrency tool to take.
import { type Choice, type ChosenTool, chooseTool } from '../report/choices';
import { type Palette, paletteOf, wrapped } from '../report/plain-text';
import { CannotRun, type Terminal } from './terminal';

/** Lines of prose that are longer are hard to read. */
const WIDTH = 100;

export interface ChooseOptions {
  readonly language?: 'python' | 'typescript' | 'javascript';
}

/** Prints what comes after these answers; each is an answer's word or number. */
export function choose(answers: readonly string[], { language }: ChooseOptions, terminal: Terminal): void {
  const choice = chooseTool(language, answers);
  if (!choice) throw new CannotRun(wrongAnswer(answers, language));
  const palette = paletteOf(terminal.color);
  terminal.write(choice.kind === 'advice' ? adviceText(choice, palette) : questionText(choice.question, words(answers, language), palette));
}

function questionText({ text, answers }: (Choice & { kind: 'question' })['question'], asked: readonly string[], { bold, faint }: Palette): string {
  const width = Math.max(...answers.map(({ id }) => id.length));
  const rows = answers.map(
    ({ id, label, detail }, index) => `${String(index + 1).padStart(3)}  ${id.padEnd(width)}  ${label}\n${' '.repeat(width + 7)}${faint(detail)}\n`,
  );
  return `${bold(text)}\n${rows.join('')}\n${faint(`Answer with: lockset choose ${[...asked, 'NUMBER'].join(' ')}`)}\n`;
}

function adviceText({ title, reason, terms, rules, snippet }: ChosenTool, { bold, faint }: Palette): string {
  const parts = [
    `${bold(title)}\n${wrapped(reason, '', WIDTH)}\n`,
    ...(snippet ? [`${bold(snippet.title)} ${faint(`(in the editor: ${snippet.prefix})`)}\n${snippet.code}\n`] : []),
    ...(terms.length > 0 ? [`${bold('See also')}\n${wrapped(terms.join(', '), '', WIDTH)}\n`] : []),
    ...(rules.length > 0 ? [`${bold('Rules')}\n${wrapped(rules.join(', '), '', WIDTH)}\n`] : []),
  ];
  return parts.join('\n');
}

/** Names the first answer that is none, and what the question would take. */
function wrongAnswer(answers: readonly string[], language: ChooseOptions['language']): string {
  for (const [index, answer] of answers.entries()) {
    if (chooseTool(language, answers.slice(0, index + 1))) continue;
    const before = chooseTool(language, answers.slice(0, index));
    if (before?.kind !== 'question') return `"${answer}" answers nothing: there is an advice before it`;
    const { text, answers: offered } = before.question;
    return `"${answer}" is no answer to "${text}"; it takes 1 to ${offered.length} or ${offered.map(({ id }) => id).join(', ')}`;
  }
  return 'there is no advice for these answers';
}

function words(answers: readonly string[], language: ChooseOptions['language']): readonly string[] {
  return language === undefined ? answers : ['--language', language, ...answers];
}
