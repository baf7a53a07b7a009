// Runs the mocha suite of test/vscode/suite inside VS Code's extension host: VS Code's server here, or an installed desktop VS Code.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs the suite on the extension in this folder's dist/ and adds every test's result. */
export async function runSuite(results) {
  const suite = await bundleSuite();
  const folder = makeWorkspace();
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockset-suite-'));
  const reportFile = path.join(scratch, 'report.jsonl');
  let ending = '';
  try {
    await runTests({
      vscodeExecutablePath: process.env.LOCKSET_VSCODE ?? path.join(root, 'scripts/vscode/code.mjs'),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(suite, 'index.js'),
      launchArgs: [folder, `--user-data-dir=${path.join(scratch, 'user')}`, `--extensions-dir=${path.join(scratch, 'extensions')}`],
      extensionTestsEnv: { LOCKSET_SUITE_REPORT: reportFile },
    });
  } catch (error) {
    ending = String(error);
  }
  const records = existsSync(reportFile)
    ? readFileSync(reportFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  for (const { title, passed, error } of records) if (title) results.add(`VS Code: ${title}`, passed ? undefined : error);
  // VS Code says that all is well when its extension host dies: only the suite's own last line counts as the end.
  const done = records.find((record) => record.done);
  if (!done) results.add('VS Code: the suite ran to its end', `it did not${ending && `: ${ending}`}`);
  else if (ending && done.failures === 0) results.add('VS Code: ended well', ending);
  rmSync(scratch, { recursive: true, force: true });
  rmSync(path.dirname(folder), { recursive: true, force: true });
}

/** A fresh copy of the test workspace, with the examples in a folder of their own; the caller removes the folder above it. */
export function makeWorkspace() {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'lockset-')), 'workspace');
  cpSync(path.join(root, 'test/vscode/workspace'), folder, { recursive: true });
  cpSync(path.join(root, 'examples'), path.join(folder, 'examples'), { recursive: true });
  return folder;
}

async function bundleSuite() {
  const source = path.join(root, 'test/vscode/suite');
  const outdir = path.join(root, '.build/vscode-suite');
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  await build({
    entryPoints: readdirSync(source)
      .filter((name) => name === 'index.ts' || name.endsWith('.test.ts'))
      .map((name) => path.join(source, name)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outdir;
}
