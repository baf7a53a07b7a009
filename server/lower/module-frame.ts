// Module frame: what every module has, whatever its text: a body, and a model that says nothing where nothing was read.
import type { Language, Module, Problem } from '../model/module';
import { FunctionBuilder, type FunctionHead } from './function-builder';

/** The head of a function that takes nothing and is of no class. */
export function plainHead(name: string): Omit<FunctionHead, 'kind' | 'span' | 'nameSpan'> {
  return { qualifiedName: name, name, parameters: [], isAsync: false, isGenerator: false, isPrivate: false, decorators: [] };
}

/** The head of a module's body; `length` is that of its text. */
export function bodyHead(length: number): FunctionHead {
  return { ...plainHead('module'), kind: 'module', span: { start: 0, end: length }, nameSpan: { start: 0, end: 0 } };
}

/** The model of a text that was not read. */
export function emptyModule(file: string, language: Language, problems: readonly Problem[]): Module {
  return { file, language, functions: [new FunctionBuilder(bodyHead(0)).finish()], classes: [], bindings: {}, exports: [], comments: [], problems };
}
