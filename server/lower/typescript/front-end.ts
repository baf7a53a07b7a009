// TypeScript front end: from the text of a TypeScript or JavaScript file to its model.
import type { Module } from '../../model/module';
import { TypeScriptParser } from '../../syntax/typescript/parse';
import type { FrontEnd } from '../front-end';
import { emptyModule } from '../module-frame';
import { LastGood } from './last-good';
import { lowerModule } from './lower-module';

/** The front end for TypeScript and JavaScript in all their forms. Import this file only when needed: the parser is large. */
export function createTypeScriptFrontEnd(): FrontEnd {
  const parser = new TypeScriptParser();
  const lastGood = new LastGood();

  function lower(file: string, text: string, editing = false): Module {
    const { tree, problems } = parser.parse(file, text, editing);
    if (!tree) return emptyModule(file, 'typescript', problems);
    try {
      const module = lowerModule(file, tree, problems);
      return editing ? lastGood.mend(text, module) : module;
    } catch (error) {
      // What is left of the stack depends on who calls; the caps on depth are a guess that may be too high.
      const message =
        error instanceof RangeError ? 'not analysed, because it is nested too deeply' : `not analysed, because of a fault in Lockset: ${String(error)}`;
      return emptyModule(file, 'typescript', [...problems, { span: { start: 0, end: 0 }, message }]);
    }
  }

  return {
    language: 'typescript',
    lower,
    tree(file, text) {
      const tree = parser.treeOf(file, text);
      return tree && { language: 'typescript', tree };
    },
    forget(file) {
      parser.forget(file);
      lastGood.forget(file);
    },
  };
}
