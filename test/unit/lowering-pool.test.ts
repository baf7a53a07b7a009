// The pool of lowering threads: every job is answered once, also when threads fall over.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoweringPool } from '../../server/cli/lowering-pool';
import type { LoweringJob } from '../../server/cli/lowering-worker';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockset-pool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Does what the text of a job says. */
const SCRIPT = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (jobs) => {
  for (const { id, text } of jobs) {
    if (text === 'throw') throw new Error('thrown');
    if (text === 'exit') process.exit(3);
    if (text === 'fill') for (const all = []; ; ) all.push(new Array(1e5).fill(id));
    parentPort.postMessage(text === 'fail' ? { id, failure: 'failed' } : { id, packed: text });
  }
});
`;

async function lower(texts: readonly string[]): Promise<Record<string, string[]>> {
  const script = join(folder, 'worker.cjs');
  writeFileSync(script, SCRIPT);
  const jobs: LoweringJob[] = texts.map((text, id) => ({ id, file: String(id), language: 'python', text, key: '' }));
  const answers: Record<string, string[]> = {};
  let next = 0;
  const pool = new LoweringPool(
    script,
    { task: 'lockset-lowering', cache: undefined },
    () => {
      const taken = jobs.slice(next, next + 3);
      next += taken.length;
      return taken;
    },
    (job, answer) => {
      answers[job.file] = [...(answers[job.file] ?? []), answer.packed ?? `failure: ${answer.failure}`];
    },
    { workers: 2, heapMegabytes: 64 },
  );
  await pool.finished();
  await pool.end();
  return answers;
}

describe('the pool', () => {
  it('answers every job once', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`);
    expect(await lower(texts)).toEqual(Object.fromEntries(texts.map((text, index) => [index, [text]])));
  });

  it('goes on after a thread fell over, leaving out what it fell over', async () => {
    const answers = await lower(['a', 'throw', 'b', 'exit', 'c', 'fail', 'd', 'fill', 'e', 'throw']);
    expect(answers).toEqual({
      0: ['a'],
      1: ['failure: internal error: thrown'],
      2: ['b'],
      3: ['failure: internal error: a thread ended with status 3'],
      4: ['c'],
      5: ['failure: failed'],
      6: ['d'],
      7: ['failure: reading it takes too much memory'],
      8: ['e'],
      9: ['failure: internal error: thrown'],
    });
  });

  it('is done at once when there is nothing to do', async () => {
    expect(await lower([])).toEqual({});
  });
});
