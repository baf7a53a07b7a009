// Peers of the benchmark: other tools, installed into the cache at fixed versions; none of them is a dependency of the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VERSIONS = {
  pyright: '1.1.414',
  '@astral-sh/ruff-wasm-nodejs': '0.17.3',
  eslint: '10.15.0',
  '@typescript-eslint/eslint-plugin': '8.73.0',
  '@typescript-eslint/parser': '8.73.0',
  '@types/node': '20.19.43',
  typescript: '6.0.3',
};

/** Installs the peers where they are missing and gives the folder that holds their node_modules. */
export function installPeers(cache) {
  const folder = path.join(cache, 'peers');
  const manifest = JSON.stringify({ private: true, dependencies: VERSIONS }, undefined, 2);
  const file = path.join(folder, 'package.json');
  if (existsSync(path.join(folder, 'node_modules')) && existsSync(file) && readFileSync(file, 'utf8') === manifest) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, manifest);
  const { status, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the peers could not be installed:\n${stderr}`);
  return folder;
}

/** Name and version, as printed in the tables. */
export const label = (name) => `${name.replace(/^@astral-sh\//, '')} ${VERSIONS[name]}`;
