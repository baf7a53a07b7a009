// Peers that are libraries: check(text) for one text, in this process.
//   node bench/in-process.mjs PEERS_FOLDER ruff|eslint FILES_LIST     checks every file named in FILES_LIST and prints how many
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A function that checks one text with a peer and returns the number of its findings. */
export function loadPeer(folder, name) {
  const require = createRequire(path.join(folder, 'package.json'));
  return name === 'ruff' ? loadRuff(require) : loadEslint(require);
}

function loadRuff(require) {
  const { Workspace, PositionEncoding } = require('@astral-sh/ruff-wasm-nodejs');
  const workspace = new Workspace({ lint: { select: ['E4', 'E7', 'E9', 'F', 'ASYNC', 'RUF006', 'B'] } }, PositionEncoding.Utf16);
  return (text) => workspace.check(text).length;
}

function loadEslint(require) {
  const { Linter } = require('eslint');
  const linter = new Linter();
  const rules = { 'require-atomic-updates': 2, 'no-await-in-loop': 2, 'no-async-promise-executor': 2, 'require-await': 2, 'no-unused-vars': 2, 'no-undef': 2 };
  const config = [{ files: ['**/*.ts'], languageOptions: { parser: require('@typescript-eslint/parser'), sourceType: 'module' }, rules }];
  return (text) => linter.verify(text, config, 'a.ts').length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, name, list] = process.argv.slice(2);
  const check = loadPeer(folder, name);
  let findings = 0;
  let failed = 0;
  for (const file of readFileSync(list, 'utf8').split('\n')) {
    try {
      findings += check(readFileSync(file, 'utf8'));
    } catch {
      failed++;
    }
  }
  console.log(JSON.stringify({ findings, failed }));
}
