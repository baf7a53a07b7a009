// Support for the tests of the TypeScript front end: lowers texts, holds what comes out against the invariants, prints it.
import { createTypeScriptFrontEnd } from '../../server/lower/typescript/front-end';
import type { Module } from '../../server/model/module';
import { printFunction, printModule } from '../../server/model/printer';
import { validateModule } from '../../server/model/validator';

const frontEnd = createTypeScriptFrontEnd();

/** Fails on any broken invariant of a module and on faults of the lowering itself. */
export function expectSound(module: Module, text: string): Module {
  const broken = validateModule(module, text.length);
  for (const { message } of module.problems) if (message.includes('fault in Lockset')) broken.push(message);
  if (broken.length > 0) throw new Error(`${broken.join('\n')}\n${printModule(module)}`);
  return module;
}

/** The sound model of a text. */
export function lowerSound(text: string, file = 'a.ts'): Module {
  return expectSound(frontEnd.lower(file, text), text);
}

/** The functions of a text without errors as printed, without the module's own body when nothing happens in it. */
export function printed(text: string, file = 'a.ts'): string {
  const module = lowerSound(text, file);
  if (module.problems.length > 0) throw new Error(module.problems.map((problem) => problem.message).join('\n'));
  return module.functions
    .flatMap((fn, index) => (index === 0 && fn.body.length === 0 ? [] : printFunction(fn, index)))
    .map((line) => `${line}\n`)
    .join('');
}

/** Only bindings, exports and classes of a text, as printed. */
export function printedHead(text: string, file = 'a.ts'): string {
  const lines = printModule(lowerSound(text, file)).split('\n').slice(1);
  const end = lines.findIndex((line) => line.startsWith('function 0'));
  return lines
    .slice(0, end)
    .map((line) => `${line}\n`)
    .join('');
}
