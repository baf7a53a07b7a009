// The Python front end: parses and lowers, and keeps what was good while a person types.

import type { Module } from '../../model/module';
import { NameTable } from '../../syntax/python/name-table';
import { PythonSyntax } from '../../syntax/python/python-syntax';
import { loadRuntime, type PythonWasm } from '../../syntax/python/runtime';
import type { FrontEnd } from '../front-end';
import { emptyModule } from '../module-frame';
import { LastGood } from './last-good';
import { lowerModule } from './module-lowering';

export type { PythonWasm };

/** A front end whose memory can be watched. */
export interface PythonFrontEnd extends FrontEnd {
  /** Bytes the parser's module has taken; it never gives any back. */
  readonly memoryBytes: number;
  /** Whether that is so much that texts are refused: whoever runs this thread should start a new one. */
  readonly isExhausted: boolean;
}

/** The front end for Python, from the bytes of web-tree-sitter.wasm and tree-sitter-python.wasm. */
export async function createPythonFrontEnd(wasm: PythonWasm): Promise<PythonFrontEnd> {
  const syntax = new PythonSyntax(await loadRuntime(wasm));
  const names = new NameTable();
  const lastGood = new LastGood();

  const lowerText = (file: string, text: string, editing: boolean): { module: Module; state: 'good' | 'faulty' | 'unread' } => {
    const { tree, problems } = syntax.parse(file, text, editing);
    if (!tree) return { module: emptyModule(file, 'python', problems), state: 'unread' };
    try {
      return { module: lowerModule(file, tree, names, problems), state: tree.hasErrors ? 'faulty' : 'good' };
    } catch (error) {
      const message = `Could not be analysed: ${error instanceof Error ? error.message : String(error)}`;
      return { module: emptyModule(file, 'python', [...problems, { span: { start: 0, end: 0 }, message }]), state: 'unread' };
    }
  };

  return {
    language: 'python',
    lower(file, text, editing = false) {
      const { module, state } = lowerText(file, text, editing);
      if (editing && state === 'faulty') return lastGood.repair(file, text, module);
      if (editing && state === 'good') lastGood.keep(file, text, module);
      else lastGood.forget(file);
      return module;
    },
    tree(file, text) {
      const tree = syntax.treeOf(file, text);
      return tree && { language: 'python', tree };
    },
    forget(file) {
      syntax.forget(file);
      lastGood.forget(file);
    },
    get memoryBytes() {
      return syntax.memoryBytes;
    },
    get isExhausted() {
      return syntax.isExhausted;
    },
  };
}
