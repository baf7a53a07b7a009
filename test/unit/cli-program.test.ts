// The command line as a program: what it says of the examples, with worker threads, and when its reader goes away.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from '../support/bundle-cli';

const EXAMPLES = join(import.meta.dirname, '../../examples');

let root: string;
let cli: string;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lockset-program-')));
  cli = await bundleCli(join(root, 'dist'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function lockset(folder: string, ...words: string[]) {
  const run = spawnSync(process.execPath, [cli, ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, XDG_CACHE_HOME: join(root, 'cache') },
  });
  return { status: run.status, output: run.stdout, told: run.stderr };
}

interface Finding {
  readonly file: string;
  readonly rule: string;
  readonly related: readonly { readonly file: string }[];
}

function findingsIn(output: string): readonly Finding[] {
  return (JSON.parse(output) as { findings: Finding[] }).findings;
}

describe('the examples', () => {
  it('have the bugs that their page lists, and no others', () => {
    const { status, output, told } = lockset(EXAMPLES, 'check', '--format', 'json');
    expect({ status, told }).toEqual({ status: 1, told: '' });
    const findings = findingsIn(output);
    // A cycle of locks is told at one of its ends; the traces name the other.
    const all = findings.map(({ rule, file, related }) => {
      const files = rule === 'lock-order-inversion' ? [...new Set([file, ...related.map((step) => step.file)])].sort() : [file];
      return `${rule} ${files.join(' ')}`;
    });
    expect(all.sort()).toEqual([
      'lock-order-inversion python/catalog.py python/storage.py',
      'lock-order-inversion typescript/src/accounts.ts typescript/src/ledger.ts',
      'missing-main-guard python/rebuild.py',
      'missing-main-guard typescript/src/render-all.ts',
      'stale-read-across-await typescript/src/job-store.ts',
      'stale-read-across-await typescript/src/session.ts',
      'unguarded-shared-state python/stats.py',
      'unguarded-shared-state python/thumbnails.py',
    ]);
    const page = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
    for (const { file } of findings) expect(page).toContain(`\`${file.slice(file.indexOf('/') + 1)}\``);
  });

  it('are explained by line, term and rule', () => {
    expect(lockset(EXAMPLES, 'explain', 'python/stats.py:12').output).toContain('Service._work');
    expect(lockset(EXAMPLES, 'explain', 'deadlock')).toMatchObject({ status: 0, output: expect.stringContaining('Deadlock') });
    expect(lockset(EXAMPLES, 'explain', 'lock-order-inversion')).toMatchObject({ status: 0, output: expect.stringContaining('by default: warning') });
  });
});

describe('many files', () => {
  it('give the same findings with threads, without, and out of the cache', () => {
    const folder = join(root, 'many');
    mkdirSync(folder);
    const bug =
      'import threading\n\ncount = 0\n\n\ndef run():\n    global count\n    count += 1\n\n\nfor _ in range(3):\n    threading.Thread(target=run).start()\n';
    const filler = `"""${'As much text as it takes to be worth threads.\n'.repeat(2500)}"""\n`;
    for (let i = 0; i < 24; i++) writeFileSync(join(folder, `module_${i}.py`), filler + bug);
    const together = lockset(folder, 'check', '--format', 'json');
    expect(findingsIn(together.output)).toHaveLength(24);
    expect(lockset(folder, 'check', '--format', 'json')).toEqual(together);
    for (const file of ['module_0.py', 'module_23.py']) {
      const alone = findingsIn(lockset(folder, 'check', '--no-cache', '--format', 'json', file).output);
      expect(alone).toEqual(findingsIn(together.output).filter((finding) => finding.file === file));
    }
  });
});

describe('a reader that goes away', () => {
  it('ends the program quietly', async () => {
    const child = spawn(process.execPath, [cli, 'report', '--format', 'html', EXAMPLES], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let told = '';
    child.stderr.on('data', (data) => (told += data));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, told }).toEqual({ status: 0, told: '' });
  });
});
