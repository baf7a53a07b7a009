// Loads a TypeScript module of the tests, with all that it imports, into a plain Node program.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** The exports of a module, named from the folder `test`. */
export async function loadBundled(entry) {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockset-bundled-'));
  try {
    const outfile = path.join(folder, 'module.cjs');
    await build({
      entryPoints: [path.join(import.meta.dirname, '..', entry)],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
      logLevel: 'error',
      define: { 'import.meta.url': JSON.stringify(import.meta.url), 'import.meta.dirname': JSON.stringify(path.join(import.meta.dirname, '../support')) },
      alias: { 'web-tree-sitter': path.join(import.meta.dirname, '../../node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
