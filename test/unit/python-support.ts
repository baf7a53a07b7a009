// Support for the tests of the Python front end: loads it once, prints what it makes, and finds real sources.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createPythonFrontEnd, type PythonFrontEnd, type PythonWasm } from '../../server/lower/python/front-end';
import type { Module } from '../../server/model/module';
import { printFunction, printModule } from '../../server/model/printer';
import { validateModule } from '../../server/model/validator';

const require = createRequire(import.meta.url);

/** The parser's files as installed. */
export function pythonWasm(): PythonWasm {
  const read = (name: string) => new Uint8Array(readFileSync(require.resolve(name)));
  return { runtime: read('web-tree-sitter/web-tree-sitter.wasm'), grammar: read('tree-sitter-python/tree-sitter-python.wasm') };
}

let frontEnd: Promise<PythonFrontEnd> | undefined;

/** The front end, one for all tests of a file. */
export function pythonFrontEnd(): Promise<PythonFrontEnd> {
  frontEnd ??= createPythonFrontEnd(pythonWasm());
  return frontEnd;
}

/** The model of a text; fails on any broken invariant. */
export async function lowerSound(text: string): Promise<Module> {
  const module = (await pythonFrontEnd()).lower('a.py', text);
  const broken = validateModule(module, text.length);
  if (broken.length > 0) throw new Error(`${broken.join('\n')}\n${printModule(module)}`);
  return module;
}

/** The functions of a text as printed, without the module's own body when nothing happens in it. */
export async function printed(text: string): Promise<string> {
  const module = await lowerSound(text);
  if (module.problems.length > 0) throw new Error(module.problems.map((problem) => problem.message).join('\n'));
  return module.functions
    .flatMap((fn, index) => (index === 0 && fn.body.length === 0 ? [] : printFunction(fn, index)))
    .map((line) => `${line}\n`)
    .join('');
}

/** The whole module as printed, without its first line. */
export async function printedModule(text: string): Promise<string> {
  const module = await lowerSound(text);
  return printModule(module).split('\n').slice(1).join('\n');
}

/** Up to `count` files of the installed standard library, spread over its sizes; a machine without Python has none. */
export function standardLibraryFiles(count: number): string[] {
  let directory: string;
  try {
    directory = execFileSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], { encoding: 'utf8' }).trim();
  } catch {
    return [];
  }
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.py'))
    .sort();
  const step = Math.max(1, Math.floor(files.length / count));
  return files
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map((name) => join(directory, name));
}
