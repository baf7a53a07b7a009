// Packages the extension as one .vsix for every platform: npm run package
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles } from '@vscode/vsce';
import { buildAll } from '../esbuild.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Writes the .vsix from what is in dist/ and returns its path; .vscodeignore says what goes in. */
export async function packageExtension(packagePath) {
  // Everything is bundled, so no dependencies go in; the README's pictures are inside the package, so links stay as they are.
  await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, skipLicense: false });
  return packagePath;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  await buildAll();
  const file = await packageExtension(path.join(root, `lockset-${version}.vsix`));
  console.log(`\n${path.relative(process.cwd(), file)}  ${(statSync(file).size / 1024 / 1024).toFixed(2)} MB, holding`);
  for (const name of await listFiles({ cwd: root, dependencies: false })) {
    console.log(`${(statSync(path.join(root, name)).size / 1024).toFixed(0).padStart(8)} KB  ${name}`);
  }
}
