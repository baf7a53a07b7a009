// The analysis for this process: front ends loaded when their language occurs, .wasm files from beside the program.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FrontEnd } from '../lower/front-end';
import type { Language } from '../model/module';
import { RULES } from '../rules/registry';
import { createWorkspace } from '../workspace/create';
import { readAsset } from './assets';
import type { Engine } from './engine';
import { VERSION } from './version';

/** `assets`: the folder of the .wasm files; `script`: the program's own file, which workers run too. */
export function nodeEngine(assets: string, script: string): Engine {
  return {
    createWorkspace: (library) => createWorkspace({ library }),
    loadFrontEnd: (language) => loadFrontEnd(language, assets),
    defaultOf: (rule) => RULES.find((each) => each.id === rule)?.severity,
    identity: `${VERSION} ${createHash('sha256').update(readFileSync(script)).digest('hex')}`,
    workerScript: script,
  };
}

async function loadFrontEnd(language: Language, assets: string): Promise<FrontEnd> {
  if (language === 'typescript') return (await import('../lower/typescript/front-end')).createTypeScriptFrontEnd();
  const { createPythonFrontEnd } = await import('../lower/python/front-end');
  return createPythonFrontEnd({ runtime: readAsset(assets, 'web-tree-sitter.wasm'), grammar: readAsset(assets, 'tree-sitter-python.wasm') });
}
