#!/usr/bin/env node
// Stands where @vscode/test-electron expects VS Code's program: the same arguments, the same exit status, but the workbench
// runs in a headless browser and the extension host under VS Code's server.
//   code.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=FILE FOLDER
import { format } from 'node:util';
import { remoteUri, startBrowser, startServer, workbenchUrl } from './workbench.mjs';

const LIMIT_MILLISECONDS = 180_000;
const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const verbose = process.env.LOCKSET_VERBOSE !== undefined;

const server = await startServer({ testDriver: true, extensionsFolder: option('extensions-dir') });
const browser = await startBrowser();
let status = 1;
try {
  const { page } = browser;
  let exit;
  const exited = new Promise((resolve) => {
    exit = (code, logs) => resolve({ code, logs });
  });
  setTimeout(() => exit(98, `the tests did not end within ${LIMIT_MILLISECONDS / 1000} s`), LIMIT_MILLISECONDS).unref();
  page.on('crash', () => exit(99, 'the browser page crashed'));
  // VS Code calls these two in the page when it runs under test.
  await page.exposeFunction('codeAutomationExit', exit);
  await page.exposeFunction('codeAutomationLog', (type, args) => verbose && console.log(`[${type}]`, format(...args)));
  page.on('pageerror', (error) => verbose && console.error('[page]', error.message));
  await page.goto(
    workbenchUrl(server, folder, [
      ['extensionDevelopmentPath', remoteUri(server, option('extensionDevelopmentPath'))],
      ['extensionTestsPath', remoteUri(server, option('extensionTestsPath'))],
    ]),
  );
  const { code, logs } = await exited;
  status = code;
  if (status !== 0 && process.env.LOCKSET_FAILURE_SCREENSHOT) await page.screenshot({ path: process.env.LOCKSET_FAILURE_SCREENSHOT });
  if (status > 1) console.error(typeof logs === 'string' ? logs : '', server.log().split('\n').slice(-20).join('\n'));
} finally {
  await browser.stop();
  await server.stop();
}
process.exit(status);
