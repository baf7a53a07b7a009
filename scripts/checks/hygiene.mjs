// Hygiene: what no tool checks for us. Prints every fault and exits with 1 when there are any.
//   --root DIR   works on another tree (tests do)
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const at = process.argv.indexOf('--root');
const root = at < 0 ? path.resolve(import.meta.dirname, '../..') : process.argv[at + 1];

/** Folders of the machines this is written on; put together here so that this file does not contain them. */
const MACHINE_PATHS = new RegExp(`/${'work'}/(?:main|shared)\\b|(?<![\\w./-])/${'root'}/[\\w.]`);
const REGISTRY = new RegExp(`registry\\.${'npmjs'}|registry\\.${'yarnpkg'}|files\\.${'pythonhosted'}`);
const SOURCE = /\.(?:ts|mts|mjs|cjs)$/;
const LONGEST = 800;

const faults = [];
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file && existsSync(path.join(root, file)));
if (files.length === 0) faults.push('git lists no files here');

for (const file of files) {
  const content = readFileSync(path.join(root, file));
  // Pictures and the like.
  if (content.includes(0)) continue;
  const lines = content.toString('utf8').split('\n');
  lines.forEach((line, index) => {
    if (MACHINE_PATHS.test(line)) faults.push(`${file}:${index + 1}: a path of one machine: ${line.trim().slice(0, 120)}`);
    if (REGISTRY.test(line)) faults.push(`${file}:${index + 1}: the address of a package registry`);
  });
  if (SOURCE.test(file) && !/^test\/fix(?:tur)?es\//.test(file) && !file.startsWith('examples/')) {
    const first = lines[0].startsWith('#!') ? lines[1] : lines[0];
    if (!/^(?:\/\/|\/\*)/.test(first ?? '')) faults.push(`${file}: its first line does not say what it is for`);
    if (lines.length > LONGEST) faults.push(`${file}: ${lines.length} lines, more than ${LONGEST}`);
  }
}
checkLock();

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`${files.length} files`);

function checkLock() {
  const file = path.join(root, 'package-lock.json');
  if (!existsSync(file)) {
    faults.push('package-lock.json is missing');
    return;
  }
  for (const [name, entry] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)) {
    if (entry.resolved && !entry.link) faults.push(`package-lock.json: ${name} has a download address (.npmrc asks for none)`);
    if (name !== '' && !entry.link && !entry.integrity) faults.push(`package-lock.json: ${name} has no integrity hash`);
  }
}
