// Bundling a server entry for a test run, as the build does it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(__dirname, '../../..');

/** Bundles an entry (a path below the project's root) and gives the file; the .wasm files are not beside it. */
export async function bundleServer(entry: string, name: string): Promise<string> {
  const folder = path.join(root, '.cache/test-lsp');
  mkdirSync(folder, { recursive: true });
  // Test files may run side by side, and each must not see the other's file half written.
  const outfile = path.join(folder, `${name}-${process.pid}.js`);
  const { bundleOptions } = (await import(path.join(root, 'esbuild.mjs'))) as { bundleOptions: (bundle: object, flags: object) => object };
  await build({ ...bundleOptions({ entry, out: 'unused.js', platform: 'node' }, { dev: true }), outfile, sourcemap: false, metafile: false });
  return outfile;
}
