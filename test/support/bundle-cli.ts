// The command line bundled as it ships, for tests that run it as a program.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const require = createRequire(import.meta.url);

/** What the command line is made of: itself, and the scripts of the pages that it writes. */
const PARTS = ['cli.js', 'site.js', 'page.js'];

interface Esbuild {
  readonly BUNDLES: readonly { readonly out: string }[];
  readonly bundleOptions: (bundle: object) => BuildOptions;
}

/** Builds cli.js and the files it comes with into a folder, and gives the path of cli.js. */
export async function bundleCli(folder: string): Promise<string> {
  const { BUNDLES, bundleOptions } = (await import(join(import.meta.dirname, '../../esbuild.mjs'))) as Esbuild;
  mkdirSync(folder, { recursive: true });
  for (const bundle of BUNDLES.filter(({ out }) => PARTS.includes(out))) await build({ ...bundleOptions(bundle), outfile: join(folder, bundle.out) });
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
    copyFileSync(require.resolve(file), join(folder, file.slice(file.indexOf('/') + 1)));
  }
  return join(folder, 'cli.js');
}
