// Starts a VS Code with the extension and a folder for a person to click through: npm run dev [-- FOLDER]
// Open the address it prints in any browser. Ctrl+C ends it. After a change: npm run build, then "Developer: Reload Window".
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../esbuild.mjs';
import { remoteUri, startServer, workbenchUrl } from './vscode/workbench.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'examples'));
const port = Number(process.env.PORT ?? 3200);

await buildAll({ dev: true });
const extensionsFolder = mkdtempSync(path.join(os.tmpdir(), 'lockset-dev-'));
const server = await startServer({ testDriver: true, extensionsFolder, port });
console.log(`\n${workbenchUrl(server, folder, [['extensionDevelopmentPath', remoteUri(server, root)]])}\n\nCtrl+C ends it.`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await server.stop();
    rmSync(extensionsFolder, { recursive: true, force: true });
    process.exit(0);
  });
}
