// Starts a VS Code server and a browser that shows its workbench. Nothing outside of this machine is reached.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { prepareBrowser, prepareVSCode } from './setup.mjs';

/** Settings under which nothing pops up, nothing is fetched and nothing changes by itself. */
const QUIET = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.startupPrompt': 'never',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'files.autoSave': 'off',
};

/**
 * Starts a server with an empty user profile and waits until it listens.
 * `extensionsFolder`: where installed extensions are; `settings`: the user's; `testDriver`: whether the page may name an extension
 * under development and a test suite (a built VS Code ignores both otherwise); `restricted`: folders open in Restricted Mode; `env`: for the extension host; `port`: 0 for any.
 */
export async function startServer({ extensionsFolder, settings = {}, testDriver = false, restricted = false, env = {}, port = 0 } = {}) {
  const { node, vscode } = prepareVSCode();
  // Unix sockets live below this folder, and their paths must be short.
  const home = mkdtempSync(path.join(os.tmpdir(), 'ls-'));
  mkdirSync(path.join(home, 'data/User'), { recursive: true });
  writeFileSync(path.join(home, 'data/User/settings.json'), JSON.stringify({ ...QUIET, 'security.workspace.trust.enabled': restricted, ...settings }));
  const logFile = path.join(home, 'server.log');
  const args = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms', '--server-data-dir', home];
  args.push('--telemetry-level', 'off', '--disable-getting-started-override');
  if (extensionsFolder) args.push('--extensions-dir', extensionsFolder);
  if (!restricted) args.push('--disable-workspace-trust');
  if (testDriver) args.push('--enable-smoke-test-driver');
  const child = spawn(node, [path.join(vscode, 'out/server-main.js'), ...args], {
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, EXTENSIONS_GALLERY: '{}', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = () => stopGroup(child).finally(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  try {
    const actualPort = await listening(child, logFile);
    const host = `127.0.0.1:${actualPort}`;
    return { host, url: `http://${host}`, home, log: () => readFileSync(logFile, 'utf8'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address of the workbench on a folder. `payload`: pairs that VS Code's web workbench understands, such as `openFile`. */
export function workbenchUrl(server, folder, payload = []) {
  const query = new URLSearchParams({ folder, payload: JSON.stringify([['skipWelcome', 'true'], ...payload]) });
  return `${server.url}/?${query}`;
}

/** A file or folder of this machine as the workbench in the browser names it. */
export function remoteUri(server, file) {
  return `vscode-remote://${server.host}${file}`;
}

/** Starts the browser with an empty profile; it cannot reach any host but this one. */
export async function startBrowser({ width = 1280, height = 800, scale = 1 } = {}) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'lb-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: prepareBrowser(),
    headless: true,
    viewport: { width, height },
    deviceScaleFactor: scale,
    args: [
      ...[
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
    ],
  });
  const stop = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, page: context.pages()[0] ?? (await context.newPage()), stop };
}

function listening(child, logFile) {
  const log = createWriteStream(logFile);
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`VS Code's server did not start.\n${output}`)), 60_000);
    const read = (data) => {
      log.write(data);
      if (output.length < 20_000) output += data;
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(port);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`VS Code's server ended with status ${code}.\n${output}`)));
  });
}

/** Ends the process group that the server leads: its extension hosts and language servers too, and no other process. */
async function stopGroup(child) {
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone already.
    }
  };
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
