// Fixes at work: fixed Python programs print what they printed before, and survive the schedules that broke them.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIX_KINDS } from '../../server/rules/fix-intent';
import { besideExample, fileOfExample, readFixExamples } from '../support/fix-examples';

const SCHEDULES = path.resolve(import.meta.dirname, '../schedules');
const SEEDS = '300';
const LIMIT = 60_000;

const examples = readFixExamples().filter((example) => example.name.endsWith('.py') && besideExample(example, 'fixed'));
const safe = examples.filter(({ kind }) => FIX_KINDS[kind].safety === 'safe');
const scheduled = examples.filter((example) => besideExample(example, 'schedule'));

function python(script: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('python3', [path.join(SCHEDULES, script), ...words], { encoding: 'utf8', timeout: LIMIT });
  return { status, output: stdout, told: stderr };
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!hasPython)('safe fixes of Python', () => {
  it.each(safe.map((example) => [example.name, example] as const))('%s does what it did', { timeout: 2 * LIMIT }, (_, example) => {
    const driver = besideExample(example, 'driver');
    const [before, after] = [fileOfExample(example), besideExample(example, 'fixed')!].map((file) => python('behaviour.py', file, ...(driver ? [driver] : [])));
    expect(before, before.told).toMatchObject({ status: 0, output: expect.stringMatching(/\S/) });
    expect(after).toEqual(before);
  });
});

describe.skipIf(!hasPython)('schedules', () => {
  it.each(scheduled.map((example) => [example.name, example] as const))('break %s, and not what the fix makes of it', { timeout: 2 * LIMIT }, (_, example) => {
    const run = (file: string) => python('scheduler.py', besideExample(example, 'schedule')!, file, SEEDS).output.trim();
    expect(run(fileOfExample(example))).toMatch(/^broken by seed \d+: /);
    expect(run(besideExample(example, 'fixed')!)).toBe(`survived ${SEEDS} schedules`);
  });
});
