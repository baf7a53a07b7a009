// The packaged extension as a person meets it: the .vsix is installed into an empty VS Code and used with mouse and keyboard.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageExtension } from '../package.mjs';
import { useFixes } from './fixes.mjs';
import { useReport } from './report.mjs';
import { prepareVSCode } from './setup.mjs';
import { useExtension, useInRestrictedMode } from './ui.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Packages, installs and uses the extension: on the `examples`, its `report`, and on the examples of `fixes`. `screenshots`: also write the
 * pictures of the documentation.
 */
export async function runPackaged(results, { screenshots, examples, report, fixes, everyKind }) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockset-vsix-'));
  const folder = path.join(scratch, 'examples');
  cpSync(path.join(root, 'examples'), folder, { recursive: true });
  try {
    const vsix = path.join(scratch, 'lockset.vsix');
    const extensionsFolder = path.join(scratch, 'extensions');
    const installed = await results.check('.vsix: is packaged and installs into an empty VS Code', async () => {
      await packageExtension(vsix);
      installExtension(vsix, extensionsFolder, path.join(scratch, 'data'));
    });
    if (!installed) return;
    const images = path.join(root, screenshots ? 'docs/images' : '.build/images');
    mkdirSync(images, { recursive: true });
    if (examples) {
      await useExtension(results, { extensionsFolder, folder, images });
      await useInRestrictedMode(results, { extensionsFolder, folder });
    }
    if (report) await useReport(results, { extensionsFolder, folder, images });
    if (fixes) await useFixes(results, { extensionsFolder, images, everyKind });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Installs a .vsix into a folder of extensions; throws unless it is there afterwards. */
export function installExtension(vsix, extensionsFolder, dataFolder) {
  const { node, vscode } = prepareVSCode();
  const args = ['--install-extension', vsix, '--extensions-dir', extensionsFolder, '--server-data-dir', dataFolder, '--accept-server-license-terms'];
  const output = execFileSync(node, [path.join(vscode, 'out/server-main.js'), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (!readdirSync(extensionsFolder).some((name) => name.startsWith('lockset.lockset-'))) throw new Error(`not installed:\n${output}`);
}
