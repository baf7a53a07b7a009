// Fixes and types: what an example becomes has no type error that it did not have, under the strict checks of TypeScript.
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { readFixExamples } from '../support/fix-examples';

const EXAMPLES = readFixExamples().filter(({ files, fixed }) => Object.keys(files).some((file) => /\.[cm]?[jt]sx?$/.test(file) && files[file] !== fixed[file]));
const ROOT = path.resolve(import.meta.dirname, '../..');

/** What examples count on and do not declare: packages, and the names of their test runners. */
const SHIM = `
declare module '*';
declare const describe: any, test: any, expect: any, beforeEach: any, afterEach: any;
`;

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  noImplicitReturns: true,
  allowJs: true,
  checkJs: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.Preserve,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  types: ['node'],
  skipLibCheck: true,
  skipDefaultLibCheck: true,
};

/** Every example before and after its fixes, each a module of its own in one program. */
const texts = new Map<string, string>([[path.join(ROOT, 'shim.d.ts'), SHIM]]);
for (const example of EXAMPLES)
  for (const when of ['files', 'fixed'] as const) for (const [file, text] of Object.entries(example[when])) texts.set(placeOf(example.kind, when, file), text);

function placeOf(kind: string, when: 'files' | 'fixed', file: string): string {
  return path.join(ROOT, when, kind, file);
}

function checked(): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const [exists, read] = [host.fileExists, host.readFile];
  host.getCurrentDirectory = () => ROOT;
  host.fileExists = (file) => texts.has(file) || exists(file);
  host.readFile = (file) => texts.get(file) ?? read(file);
  return ts.createProgram([...texts.keys()], OPTIONS, host);
}

const program = checked();

/** Of a script only that it parses, and knows each name once: without types much else is a guess. */
const IN_SCRIPTS: ReadonlySet<number> = new Set([2300, 2304, 2448, 2451, 2552]);

function errorsIn(file: string): string[] {
  const source = program.getSourceFile(file)!;
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    .filter(({ code }) => /\.[cm]?tsx?$/.test(file) || code < 2000 || IN_SCRIPTS.has(code))
    .map(({ code, messageText }) => `${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

it.each(EXAMPLES.map((example) => [example.name, example] as const))('of %s bring no error of types', (_, { kind, files }) => {
  for (const file of Object.keys(files)) {
    const known = errorsIn(placeOf(kind, 'files', file));
    expect(errorsIn(placeOf(kind, 'fixed', file)).filter((error) => !known.includes(error))).toEqual([]);
  }
});
