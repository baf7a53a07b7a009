// Builds dist/: the VS Code client, the language server and the command line, for Node and for browsers.
//   node esbuild.mjs [--dev] [--metafile]     --dev: readable, with source maps; --metafile: what makes each file as large as it is
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzeMetafile, build } from 'esbuild';
import { thirdPartyNotices } from './scripts/third-party-notices.mjs';
import { typescriptParser } from './scripts/typescript-parser.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Entry, output, platform. Everything is one CommonJS file: VS Code's extension hosts, worker threads and `node` all load it. */
export const BUNDLES = [
  { entry: 'client/extension.ts', out: 'client.js', platform: 'node', external: ['vscode'] },
  { entry: 'client/extension-web.ts', out: 'web/client.js', platform: 'browser', external: ['vscode'] },
  { entry: 'client/page/page.ts', out: 'page.js', platform: 'browser', format: 'iife' },
  { entry: 'client/site.ts', out: 'site.js', platform: 'browser', format: 'iife' },
  { entry: 'server/lsp/node-main.ts', out: 'server.js', platform: 'node' },
  { entry: 'server/lsp/browser-main.ts', out: 'web/server.js', platform: 'browser', format: 'iife' },
  { entry: 'server/cli/main.ts', out: 'cli.js', platform: 'node', banner: '#!/usr/bin/env node' },
];

const NOTICES = 'third-party-notices.txt';
const WASM = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm'];

const parser = typescriptParser(path.join(root, 'server'));

/** Options for one bundle; tests bundle their own entries with the same. */
export function bundleOptions({ entry, out, platform, external = [], format = 'cjs', banner }, { dev = false } = {}) {
  const browser = platform === 'browser';
  return {
    entryPoints: [path.join(root, entry)],
    outfile: path.join(root, 'dist', out),
    bundle: true,
    platform,
    format,
    target: browser ? 'es2022' : 'node20',
    // Tables of cli-table3 load it for colours of their own, which ours have none of; it would ask for Node in browsers, too.
    external: [...external, '@colors/colors/safe'],
    plugins: [parser],
    banner: banner ? { js: banner } : undefined,
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    legalComments: 'none',
    define: {
      LOCKSET_VERSION: JSON.stringify(version),
      // Modules that look for their own address get none: each is told where the .wasm files are.
      'import.meta.url': JSON.stringify('file:///lockset/'),
    },
    alias: browser ? {} : { 'web-tree-sitter': require.resolve('web-tree-sitter').replace(/\.c?js$/, '.cjs') },
    metafile: true,
    logLevel: 'warning',
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  };
}

/** Builds all of dist/. Files are written over, not removed first, so that what runs from there meanwhile keeps running. */
export async function buildAll({ dev = false, metafile = false } = {}) {
  const dist = path.join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  for (const file of WASM) copyFileSync(require.resolve(file), path.join(dist, path.basename(file)));
  const bundles = BUNDLES.filter(({ entry }) => existsSync(path.join(root, entry)) || console.warn(`not built, for ${entry} does not exist`));
  const results = await Promise.all(bundles.map(async (bundle) => [bundle, await build(bundleOptions(bundle, { dev }))]));
  for (const [bundle, result] of results) {
    console.log(`dist/${bundle.out}`.padEnd(24), `${(statSync(path.join(dist, bundle.out)).size / 1024).toFixed(0)} KB`.padStart(8));
    if (metafile) console.log(await analyzeMetafile(result.metafile));
  }
  const metafiles = results.map(([, result]) => result.metafile);
  writeFileSync(
    path.join(dist, NOTICES),
    thirdPartyNotices(
      root,
      metafiles,
      WASM.map((file) => path.dirname(file)),
    ),
  );
  const made = new Set([NOTICES, ...WASM.map((file) => path.basename(file)), ...bundles.flatMap(({ out }) => [out, ...(dev ? [`${out}.map`] : [])])]);
  for (const file of readdirSync(dist, { recursive: true })) {
    if (!made.has(file.replaceAll(path.sep, '/')) && statSync(path.join(dist, file)).isFile()) rmSync(path.join(dist, file));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildAll({ dev: process.argv.includes('--dev'), metafile: process.argv.includes('--metafile') });
  } catch (error) {
    // What esbuild found wrong it has printed already.
    if (!error.errors) throw error;
    process.exitCode = 1;
  }
}
