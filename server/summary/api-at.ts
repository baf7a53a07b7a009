// The library API that a name in the text refers to, for hovers.
import type { Place } from '../model/place';
import type { ModuleInterface } from './module-interface';
import type { Program } from './program';
import type { Type } from './types';

const WORD = /[\p{ID_Continue}$]/u;

/** The canonical name of the API used at an offset, with the span of the name itself; undefined where there is none. */
export function apiAt(program: Program, file: string, text: string, offset: number): { name: string; start: number; end: number } | undefined {
  const module = program.modules.get(file);
  let start = offset;
  let end = offset;
  while (start > 0 && WORD.test(text[start - 1])) start--;
  while (end < text.length && WORD.test(text[end])) end++;
  if (!module || start === end) return undefined;
  const word = text.slice(start, end);
  let best: { name: string; size: number } | undefined;
  module.module.functions.forEach((fn, index) => {
    if (fn.span.start > start || fn.span.end < end) return;
    for (const operation of fn.operations) {
      if (operation.span.start > start || operation.span.end < end) continue;
      const size = operation.span.end - operation.span.start;
      if (best && best.size <= size) continue;
      const place =
        operation.kind === 'call'
          ? operation.callee
          : operation.kind === 'read' || operation.kind === 'write'
            ? { kind: 'place' as const, place: operation.place }
            : undefined;
      const name = place?.kind === 'place' ? nameIn(program, module, index, place.place, word) : undefined;
      if (name !== undefined) best = { name, size };
    }
  });
  const name = best?.name ?? importedName(program, module, word);
  return name === undefined ? undefined : { name, start, end };
}

/** The API that a word of an access path stands for, if the word is one of its steps. */
function nameIn(program: Program, module: ModuleInterface, index: number, place: Place, word: string): string | undefined {
  const { resolver } = program;
  for (let steps = place.path.length; steps > 0; steps--) {
    if (place.path[steps - 1] === word) return entryName(program, module, resolver.typeOfPlace(module, index, place, steps));
  }
  const { root } = place;
  const named = 'name' in root && root.name === word;
  return named ? entryName(program, module, resolver.typeOfPlace(module, index, place, 0)) : undefined;
}

/** A bare name that an import has brought in, anywhere in the file. */
function importedName(program: Program, module: ModuleInterface, word: string): string | undefined {
  if (!Object.hasOwn(module.bindings, word)) return undefined;
  return entryName(program, module, program.resolver.typeOfPlace(module, 0, { root: { kind: 'module', name: word }, path: [] }));
}

function entryName(program: Program, module: ModuleInterface, type: Type | undefined): string | undefined {
  if (type?.kind !== 'api' && type?.kind !== 'library') return undefined;
  return program.resolver.api(module.language, type.name)?.name;
}
