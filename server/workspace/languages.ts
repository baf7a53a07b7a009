// Languages: which file names are whose.
import type { Language } from '../model/module';

const TYPESCRIPT = /\.(?:ts|tsx|mts|cts|js|jsx|mjs|cjs)$/i;
const PYTHON = /\.(?:py|pyw|pyi)$/i;

/** The language of a file by its name; undefined for everything Lockset does not read. */
export function languageOf(file: string): Language | undefined {
  if (PYTHON.test(file)) return 'python';
  if (TYPESCRIPT.test(file)) return 'typescript';
  return undefined;
}
