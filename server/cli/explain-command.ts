// lockset explain: what is known of a line, of a term, or of a rule.
import { type RulePage, ruleById, rules } from '../../glossary/rules';
import { type TermCard, termByName, terms } from '../../glossary/terms';
import { absolutePath, nodeFiles } from '../disk/node-files';
import { displayPath, paletteOf } from '../report/plain-text';
import { parentOf, relativePath } from '../workspace/file-system';
import { runToSnapshot } from './run';
import { runOptionsOf, type SharedOptions } from './run-options';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';

export interface ExplainOptions extends SharedOptions {
  readonly in?: string;
}

export async function explain(subject: string, options: ExplainOptions, surroundings: Surroundings): Promise<void> {
  const { terminal } = surroundings;
  const place = /^(.+?):(\d+)(?::\d+)?$/.exec(subject);
  if (place) {
    terminal.write(await explainLine(place[1], Number(place[2]), options, surroundings));
    return;
  }
  const rule = ruleById(subject);
  const term = rule ? undefined : termByName(subject);
  if (rule) terminal.write(rulePage(rule, terminal.color));
  else if (term) terminal.write(termCard(term, terminal.color));
  else throw new CannotRun(unknownSubject(subject));
}

/** `line` from 1. */
async function explainLine(path: string, line: number, options: ExplainOptions, surroundings: Surroundings): Promise<string> {
  const { folder } = surroundings.terminal;
  const file = absolutePath(path, folder);
  if (nodeFiles.kindOf(file) !== 'file') throw new CannotRun(`no such file: ${path}`);
  // What runs concurrently is known from the whole program; a file outside the working folder has its own folder for one.
  const program = options.in ?? (relativePath(folder, file) === undefined ? parentOf(file) : folder);
  const snapshot = await runToSnapshot(surroundings.engine(), runOptionsOf([program, file], options, surroundings));
  const text = snapshot.text(file);
  if (text === undefined) throw new CannotRun(`${displayPath(file, folder)} was not analysed`);
  const lines = text.split(/\r\n|\r|\n/).length;
  if (line < 1 || line > lines) throw new CannotRun(`${displayPath(file, folder)} has ${lines} lines`);
  return `${snapshot.explain(file, line - 1).trimEnd()}\n`;
}

function rulePage(rule: RulePage, color: boolean): string {
  const { bold, faint } = paletteOf(color);
  const sections = rule.sections.map(({ heading, text }) => `\n${bold(heading)}\n${text.trim()}\n`);
  return `${bold(rule.id)} ${faint(`${rule.family}, ${rule.severity}, ${rule.languages.join(' and ')}`)}\n${rule.summary}\n${sections.join('')}`;
}

function termCard(term: TermCard, color: boolean): string {
  const { bold, faint } = paletteOf(color);
  const parts: readonly (readonly [heading: string, text: string])[] = [
    ['In Python', term.inPython],
    ['In TypeScript', term.inTypescript],
    ['Example', term.example],
    ['What goes wrong', term.whatGoesWrong],
    ['See also', term.seeAlso.join(', ')],
    ['Rules', term.rules.join(', ')],
  ];
  const names = term.aliases.length > 0 ? ` ${faint(`also: ${term.aliases.join(', ')}`)}` : '';
  const sections = parts.flatMap(([heading, text]) => (text.trim() ? [`\n${bold(heading)}\n${text.trim()}\n`] : []));
  return `${bold(term.title)}${names}\n${term.definition.trim()}\n${sections.join('')}`;
}

function unknownSubject(subject: string): string {
  const known = [...rules.map((rule) => rule.id), ...terms.map((term) => term.id)];
  const words = subject
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  const near = known.filter((id) => words.some((word) => id.includes(word))).slice(0, 5);
  return `"${subject}" is no FILE:LINE, rule or term${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}`;
}
