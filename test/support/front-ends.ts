// Both front ends, with the WebAssembly files of node_modules.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FrontEnd } from '../../server/lower/front-end';
import { createPythonFrontEnd } from '../../server/lower/python/front-end';
import { createTypeScriptFrontEnd } from '../../server/lower/typescript/front-end';

const require = createRequire(import.meta.url);

/** New front ends; what one keeps of edited files no other sees. */
export async function loadFrontEnds(): Promise<readonly FrontEnd[]> {
  const wasm = { runtime: bytesOf('web-tree-sitter/web-tree-sitter.wasm'), grammar: bytesOf('tree-sitter-python/tree-sitter-python.wasm') };
  return [await createPythonFrontEnd(wasm), await createTypeScriptFrontEnd()];
}

function bytesOf(file: string): Uint8Array {
  return readFileSync(require.resolve(file));
}
