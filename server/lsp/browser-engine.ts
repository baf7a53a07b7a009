// The engine in a browser: the .wasm files are fetched from where the extension's files are served.
import type { Engine } from './engine';
import { realEngine } from './real-engine';

export const browserEngine: Engine = realEngine(async (assets, name) => {
  const address = new URL(name, assets).href;
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} cannot be fetched (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
});
