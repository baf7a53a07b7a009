// Front end: what a language offers to the rest, from source text to model.
import type ts from 'typescript';
import type { Language, Module } from '../model/module';
import type { PythonTree } from '../syntax/python/nodes';

/** The syntax tree of a text, for who edits source text. */
export type SyntaxTree = { readonly language: 'python'; readonly tree: PythonTree } | { readonly language: 'typescript'; readonly tree: ts.SourceFile };

/** Turns the texts of one language into models. The same code runs in Node and in a web worker. */
export interface FrontEnd {
  readonly language: Language;
  /**
   * The model of a text. Never throws: what cannot be read becomes problems of the module.
   * With `editing` the front end keeps the file's tree, so that the next call after a small edit costs little, and
   * keeps the last good functions of what the edit did not touch when the text no longer parses.
   */
  lower(file: string, text: string, editing?: boolean): Module;
  /** The tree of a text; undefined where it does not parse. A tree that is kept for the file is used, and stays. */
  tree(file: string, text: string): SyntaxTree | undefined;
  /** Frees what is kept for a file that is no longer being edited. */
  forget(file: string): void;
}
