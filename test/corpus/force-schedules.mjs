#!/usr/bin/env node
// Forces the schedules of test/schedules/cases on cases of real bugs, and on what each offered fix makes of them:
// node test/corpus/force-schedules.mjs CASES, the folder that holds a folder with a bad.py per case.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadBundled } from './load-bundled.mjs';

const SCHEDULES = path.join(import.meta.dirname, '../schedules');
const SEEDS = '300';

const [cases] = process.argv.slice(2);
if (!cases) {
  console.error('usage: force-schedules.mjs CASES');
  process.exit(2);
}
const { fixedText, fixedTexts } = await loadBundled('support/prove-fixes.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'lockset-schedules-'));
try {
  for (const driver of readdirSync(path.join(SCHEDULES, 'cases')).filter((name) => name.endsWith('.py'))) {
    const name = path.basename(driver, '.py');
    const bad = path.join(cases, name, 'bad.py');
    if (!existsSync(bad)) continue;
    console.log(`${name}: ${run(driver, bad)}`);
    const fixed = path.join(folder, 'fixed.py');
    const each = await fixedTexts(bad);
    for (const { rule, kind, title, text } of each) {
      writeFileSync(fixed, text);
      console.log(`    ${rule}, ${kind}, “${title}”: ${run(driver, fixed)}`);
    }
    if (each.length < 2) continue;
    writeFileSync(fixed, await fixedText(bad));
    console.log(`    all of them: ${run(driver, fixed)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function run(driver, module) {
  const words = [path.join(SCHEDULES, 'scheduler.py'), path.join(SCHEDULES, 'cases', driver), module, SEEDS];
  const { stdout, stderr } = spawnSync('python3', words, { encoding: 'utf8', timeout: 120_000 });
  return stdout.trim() || stderr.trim().split('\n').at(-1);
}
