// The engine in Node: the .wasm files are on the disk.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from './engine';
import { realEngine } from './real-engine';

export const nodeEngine: Engine = realEngine(async (assets, name) => {
  const file = path.join(assets, name);
  try {
    return await readFile(file);
  } catch {
    throw new Error(`${file} cannot be read; it belongs to the extension, which should be installed again`);
  }
});
