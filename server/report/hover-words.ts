// Hover words: finds the concurrency term that a comment speaks of at an offset, and leaves everyday words alone.
import { type TermCard, terms } from '../../glossary/terms';
import type { Module } from '../model/module';
import type { Value } from '../model/value';
import type { Span } from '../text/span';
import { spanContains } from '../text/span';
import { EVERYDAY, isEveryday } from './everyday-words';

export interface FoundTerm extends Span {
  readonly term: TermCard;
}

/** The comment or docstring at an offset, together with the comment lines directly above and below it. */
export function commentAt(module: Module, text: string, offset: number): Span | undefined {
  const { comments } = module;
  let at = -1;
  for (let i = 0; i < comments.length; i += 2) if (spanContains({ start: comments[i], end: comments[i + 1] }, offset)) at = i;
  if (at < 0) return undefined;
  let first = at;
  let last = at;
  while (first >= 2 && isOneLineEnd(text.slice(comments[first - 1], comments[first]))) first -= 2;
  while (last + 2 < comments.length && isOneLineEnd(text.slice(comments[last + 1], comments[last + 2]))) last += 2;
  return { start: comments[first], end: comments[last + 1] };
}

/**
 * The term at an offset inside a comment. A name that is an everyday word too counts only where the comment has a
 * word that is not, or the module uses the term's libraries; and not where the sentence uses it in its everyday sense.
 */
export function findTerm(module: Module, text: string, comment: Span, offset: number): FoundTerm | undefined {
  const found = termsIn(text.slice(comment.start, comment.end));
  const here = found.find((match) => spanContains({ start: comment.start + match.start, end: comment.start + match.end }, offset));
  if (!here) return undefined;
  if (here.form.ambiguous) {
    const context = EVERYDAY.get(here.form.name) ?? {};
    const certain = found.some((match) => !match.form.ambiguous);
    if (!certain && (context.sameComment || !usesLibraryOf(module, here.form.term))) return undefined;
    if (isEveryday(text, comment.start + here.start, comment.start + here.end, context)) return undefined;
  }
  return { term: here.form.term, start: comment.start + here.start, end: comment.start + here.end };
}

interface Form {
  readonly term: TermCard;
  /** The name in lower case, in the singular. */
  readonly name: string;
  readonly ambiguous: boolean;
  /** Where it begins with an acronym: how that is spelled. */
  readonly exact?: string;
}

interface Match extends Span {
  readonly form: Form;
}

/** Between the words of a name: a blank, a hyphen, or a line end with the next line's comment mark. */
const SEPARATOR = String.raw`(?:-|\s+(?:(?:#+|\/\/+|\*+)\s*)?)`;
const WORD = /[\p{L}\p{N}_]+/gu;

/** All spellings by their first word, the longest first; one pattern of all of them would take long on long comments. */
let index: ReadonlyMap<string, readonly Spelling[]> | undefined;

/** Made when the first comment is asked about, and not whenever the program starts. */
function spellingsOf(word: string): readonly Spelling[] | undefined {
  index ??= indexForms(buildForms());
  return index.get(word);
}

interface Spelling {
  readonly form: Form;
  /** Matches it where it begins. */
  readonly pattern: RegExp;
}

function indexForms(forms: ReadonlyMap<string, Form>): Map<string, Spelling[]> {
  const index = new Map<string, Spelling[]>();
  for (const [spelled, form] of [...forms].sort(([a], [b]) => b.length - a.length)) {
    const [first] = spelled.match(WORD) ?? [];
    if (first === undefined) continue;
    const pattern = new RegExp(spelled.split(' ').map(escapeRegExp).join(SEPARATOR), 'iy');
    const spellings = index.get(first);
    if (spellings) spellings.push({ form, pattern });
    else index.set(first, [{ form, pattern }]);
  }
  return index;
}

function buildForms(): Map<string, Form> {
  const forms = new Map<string, Form>();
  const named = terms.flatMap((term) =>
    [term.title, ...term.aliases, ...term.words].map((name): Form => {
      const key = normal(name);
      const acronym = /^[A-Z]{2}\S*/.exec(name)?.[0];
      return { term, name: key, ambiguous: term.ambiguous.some((other) => normal(other) === key), ...(acronym === undefined ? {} : { exact: acronym }) };
    }),
  );
  // What is a name of its own is no plural: `Atomics`.
  for (const form of named) if (!forms.has(form.name)) forms.set(form.name, form);
  for (const form of named) if (!forms.has(plural(form.name))) forms.set(plural(form.name), form);
  return forms;
}

function termsIn(comment: string): Match[] {
  const directive = /\blockset:\s*allow\b[^)\n]*\)?/.exec(comment);
  const found: Match[] = [];
  let next = 0;
  for (const { 0: word, index: start } of comment.matchAll(WORD)) {
    if (start < next) continue;
    const spelling = spellingsOf(word.toLowerCase())?.find(({ pattern }) => {
      pattern.lastIndex = start;
      return pattern.test(comment);
    });
    if (!spelling) continue;
    const { form, pattern } = spelling;
    const end = pattern.lastIndex;
    next = end;
    if (!standsAlone(comment, start, end)) continue;
    if (form.exact !== undefined && !comment.startsWith(form.exact, start)) continue;
    if (directive && start < directive.index + directive[0].length && directive.index < end) continue;
    found.push({ form, start, end });
  }
  return found;
}

/** Whether the match is a word of prose: no part of an identifier, a path, an address, a code span or a line of code. */
function standsAlone(comment: string, start: number, end: number): boolean {
  const before = comment.slice(Math.max(0, start - 60), start);
  const after = comment.slice(end, end + 60);
  if (/[\w$.@\\`=<-]$/.test(before) || /^[\w$\\`@]/.test(after)) return false;
  // `*except*` is said with stress, and `async def` is code.
  if (before.endsWith('*') && comment[end - 1] === '*') return false;
  if (/^(?:async|await)$/i.test(comment.slice(start, end)) && /^\s*(?:def|with|for|function|\()/.test(after)) return false;
  if (/^(?:-\w|\.\w|\((?!s\))|\s*(?:=[^=]|[-+]=)|\[)/.test(after)) return false;
  if (/\b(?:import|from|def|class|function|const|let|var|param|type)\s+$/.test(before)) return false;
  if (/['"]$/.test(before) && after.startsWith(before.at(-1)!) && !/\s/.test(comment.slice(start, end))) return false;
  if (before.endsWith('/') || after.startsWith('/')) {
    const token = /\S*$/.exec(before)![0] + comment.slice(start, end) + /^\S*/.exec(after)![0];
    if (!/^[(]?[a-z]+\/[a-z]+[.,;:)]*$/i.test(token)) return false;
  }
  return !/`[^`\n]*$/.test(lineBefore(comment, start).replace(/`[^`\n]*`/g, ''));
}

function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

const ASYNCHRONOUS = new Set(['python:asyncio', 'typescript:Promise']);

/** Whether the module imports a library of the term, uses a global of it, or has async functions where those are its matter. */
function usesLibraryOf(module: Module, term: TermCard): boolean {
  const names = usedNames(module);
  return term.apis.some((key) => {
    const [language, api] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    if (language !== module.language) return false;
    return names.some((name) => api === name || api.startsWith(`${name}.`));
  });
}

/** Canonical names of imported modules and members and of globals that the module uses; `asyncio` and `Promise` where it has async functions. */
function usedNames(module: Module): string[] {
  const names = new Set<string>();
  const addImport = (specifier: string, name?: string) => {
    const library = specifier.replace(/^node:/, '');
    names.add(library);
    if (name !== undefined && name !== 'default') names.add(`${library}.${name}`);
  };
  const addValue = (value: Value) => {
    if (value.kind !== 'place') return;
    const { root } = value.place;
    if (root.kind === 'global') names.add(root.name);
    else if (root.kind === 'import') addImport(root.specifier, root.name);
  };
  for (const binding of Object.values(module.bindings)) if (binding.kind === 'import') addImport(binding.specifier, binding.name);
  for (const fn of module.functions) {
    if (fn.isAsync) for (const key of ASYNCHRONOUS) if (key.startsWith(`${module.language}:`)) names.add(key.slice(key.indexOf(':') + 1));
    for (const operation of fn.operations) {
      if (operation.kind === 'call') addValue(operation.callee);
      else if (operation.kind === 'read') addValue({ kind: 'place', place: operation.place });
    }
  }
  return [...names];
}

function isOneLineEnd(between: string): boolean {
  return /^[ \t]*(?:\r\n|\r|\n)[ \t]*$/.test(between);
}

/** Lower case, words joined by single blanks, comment marks between lines left out. */
function normal(name: string): string {
  return name
    .toLowerCase()
    .replace(/(?:-|\s+(?:(?:#+|\/\/+|\*+)\s*)?)/g, ' ')
    .trim();
}

function plural(name: string): string {
  if (/(?:s|x|ch|sh)$/.test(name)) return `${name}es`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return `${name}s`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
