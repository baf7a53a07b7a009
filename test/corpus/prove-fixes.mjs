#!/usr/bin/env node
// Proves fixes on real code: node test/corpus/prove-fixes.mjs [--most N] [--kind KIND] [--show] PATH…
// Each path is a program of its own. Every fix that is offered there is applied in thought; told is, by rule and kind, how many
// are proven and why others are not. --most N: not more than N of each rule and kind, drawn as by chance; --show: the edits.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(path.join(tmpdir(), 'lockset-prove-'));
try {
  const outfile = path.join(folder, 'prove.cjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, '../support/prove-fixes.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    alias: { 'web-tree-sitter': path.join(import.meta.dirname, '../../node_modules/web-tree-sitter/web-tree-sitter.cjs') },
  });
  const { proveFixes } = await import(pathToFileURL(outfile).href);
  await proveFixes(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true });
}
