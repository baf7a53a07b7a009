// What a name in the text stands for: a library's API, a function, a lock or a shared place of the program; for hovers.
import type { ModelFunction } from '../model/module';
import type { Place } from '../model/place';
import type { Value } from '../model/value';
import type { Span } from '../text/span';
import { type Cell, cellOf, lockOf } from './cells';
import type { CellKey, FunctionKey, LockKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { Program } from './program';
import { structuresIn } from './structure';
import type { Type } from './types';

/** A name in the text, by its UTF-16 offsets, and what it stands for; one name may be several things: a field that holds a queue. */
export interface Subject extends Span {
  /** Canonical name of the library API, or of the class of the library object that is kept there: `queue.Queue`. */
  readonly api?: string;
  readonly functions?: readonly FunctionKey[];
  readonly lock?: LockKey;
  readonly cell?: CellKey;
}

const WORD = /[\p{ID_Continue}$]/u;
const QUOTES = new Set(['"', "'", '`']);

/** What the name at an offset stands for; undefined where there is no name, or nothing is known of it. */
export function subjectAt(program: Program, file: string, text: string, offset: number): Subject | undefined {
  const module = program.modules.get(file);
  let start = offset;
  let end = offset;
  while (start > 0 && WORD.test(text[start - 1])) start--;
  while (end < text.length && WORD.test(text[end])) end++;
  // `'put'` is a text.
  if (!module || start === end || QUOTES.has(text[start - 1]) || QUOTES.has(text[end])) return undefined;
  const word = { start, end, text: text.slice(start, end) };
  const found = definedAt(program, module, word) ?? usedAt(program, module, word) ?? importedAs(program, module, word.text);
  return found && { ...found, start, end };
}

type Meaning = Omit<Subject, 'start' | 'end'>;
type Word = Span & { readonly text: string };

/** The function whose name, or the field whose declaration, stands there. */
function definedAt(program: Program, module: ModuleInterface, word: Word): Meaning | undefined {
  const { functions, classes } = module.module;
  const index = functions.findIndex(({ nameSpan, name }) => nameSpan.start === word.start && nameSpan.end === word.end && name === word.text);
  if (index > 0) return { functions: [module.functionKeys[index]] };
  for (const [index, { span, fields }] of classes.entries()) {
    if (span.start > word.start || span.end < word.end) continue;
    const field = fields.find((field) => field.name === word.text && field.span.start <= word.start && word.end <= field.span.end);
    // Not in its first value: `lock = new Lock()`.
    if (field && word.start - field.span.start < field.name.length + DECLARATION_WORDS)
      return meaningOf(program, module, 0, { root: { kind: 'receiver', class: index }, path: [field.name] }, 1);
  }
  return undefined;
}

/** `private readonly static override accessor ` before a field's name, at the most. */
const DECLARATION_WORDS = 48;

/** What an access path in an operation or a with step stands for, of the smallest one that has the word as a step. */
function usedAt(program: Program, module: ModuleInterface, word: Word): Meaning | undefined {
  let best: { readonly meaning: Meaning; readonly size: number } | undefined;
  module.module.functions.forEach((fn, index) => {
    if (fn.span.start > word.start || fn.span.end < word.end) return;
    for (const { span, value } of valuesIn(fn)) {
      const size = span.end - span.start;
      if (span.start > word.start || span.end < word.end || (best && best.size <= size)) continue;
      const meaning = meaningIn(program, module, index, value, word.text);
      if (meaning) best = { meaning, size };
    }
  });
  return best?.meaning;
}

function* valuesIn(fn: ModelFunction): Iterable<{ readonly span: Span; readonly value: Value }> {
  for (const operation of fn.operations) {
    const { span } = operation;
    if (operation.kind === 'read' || operation.kind === 'write') yield { span, value: { kind: 'place', place: operation.place } };
    else if (operation.kind === 'call') for (const value of [operation.callee, ...operation.arguments.map((argument) => argument.value)]) yield { span, value };
  }
  for (const step of structuresIn(fn.body)) if (step.kind === 'with') yield { span: step.span, value: step.value };
}

function meaningIn(program: Program, module: ModuleInterface, index: number, value: Value, word: string): Meaning | undefined {
  if (value.kind === 'function')
    return module.module.functions[value.function].name === word ? { functions: [module.functionKeys[value.function]] } : undefined;
  const steps = value.kind === 'place' ? stepsTo(value.place, word) : undefined;
  return value.kind === 'place' && steps !== undefined ? meaningOf(program, module, index, value.place, steps) : undefined;
}

/** How many steps of an access path lead to a word, from the end; 0 where it is the path's root. */
function stepsTo({ root, path }: Place, word: string): number | undefined {
  const step = path.lastIndexOf(word);
  if (step >= 0) return step + 1;
  return 'name' in root && root.name === word ? 0 : undefined;
}

/** A bare name that an import has brought in, or that a module has at its top, anywhere in the file. */
function importedAs(program: Program, module: ModuleInterface, word: string): Meaning | undefined {
  if (!Object.hasOwn(module.bindings, word) || module.bindings[word].kind !== 'import') return undefined;
  return meaningOf(program, module, 0, { root: { kind: 'module', name: word }, path: [] }, 0);
}

function meaningOf(program: Program, module: ModuleInterface, index: number, whole: Place, steps: number): Meaning | undefined {
  const { resolver } = program;
  const place: Place = { root: whole.root, path: whole.path.slice(0, steps) };
  const type = resolver.typeOfPlace(module, index, place);
  const api = apiName(program, module, type);
  const functions = type?.kind === 'function' ? [type.function, ...(type.also ?? [])] : [];
  const lock = type?.kind === 'api' ? undefined : lockOf(resolver, module, index, { kind: 'place', place });
  const cell = functions.length > 0 || type?.kind === 'api' ? undefined : cellOf(resolver, module, index, place);
  if (api === undefined && functions.length === 0 && !lock && !cell) return undefined;
  return {
    ...(api === undefined ? {} : { api }),
    ...(functions.length > 0 ? { functions } : {}),
    ...(lock && !lock.dynamic && !lock.perCall ? { lock: lock.key } : {}),
    ...(cell && isWhole(cell) ? { cell: cell.key } : {}),
  };
}

/** A name stands for the place itself, not for what is in it. */
function isWhole({ element }: Cell): boolean {
  return !element;
}

function apiName(program: Program, module: ModuleInterface, type: Type | undefined): string | undefined {
  if (type?.kind !== 'api' && type?.kind !== 'library') return undefined;
  return program.resolver.api(module.language, type.name)?.name;
}
