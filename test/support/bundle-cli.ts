// The command line bundled as it ships, for tests that run it as a program.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const require = createRequire(import.meta.url);

/** Builds cli.js and the files it comes with into a folder, and gives the path of cli.js. */
export async function bundleCli(folder: string): Promise<string> {
  const { bundleOptions } = (await import(join(import.meta.dirname, '../../esbuild.mjs'))) as { bundleOptions: (bundle: object) => BuildOptions };
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'cli.js');
  await build({ ...bundleOptions({ entry: 'server/cli/main.ts', out: 'cli.js', platform: 'node' }), outfile });
  await build({ ...bundleOptions({ entry: 'client/site.ts', out: 'site.js', platform: 'browser', format: 'iife' }), outfile: join(folder, 'site.js') });
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
    copyFileSync(require.resolve(file), join(folder, file.slice(file.indexOf('/') + 1)));
  }
  return outfile;
}
