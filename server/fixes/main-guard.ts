// The main guard fix: what starts processes at import goes under a test that is true only in the program itself.
import type { Fix } from './fix';
import * as python from './python/main-guard';
import * as typescript from './typescript/main-guard';

export const addMainGuard: Fix<'add-main-guard'> = ({ site }, context) => {
  const inPython = context.pythonAt(site);
  if (inPython) return python.guardMain(inPython, context.program);
  const at = context.typescriptAt(site);
  const module = at && context.program.modules.get(at.file)?.module;
  return at && module && typescript.guardMain(at, module);
};
