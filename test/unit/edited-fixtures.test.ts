// Edits of fixtures: after each one the analysis tells what one from scratch tells, down to the traces.
import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../support/analyse';
import { readFixtures } from '../support/fixtures';
import { loadFrontEnds } from '../support/front-ends';

const fixtures = new Map(readFixtures().map((fixture) => [fixture.name, fixture.files]));
const kept = loadFrontEnds();
const fresh = loadFrontEnds();

describe('an edit', () => {
  it.each([
    ['takes away where a lock is made', 'lock-order/tasks-under-lock.py', '        self._lock = asyncio.Lock()\n', ''],
    ['takes away what a lock comes from', 'self-deadlock/small-packages.cjs', /^const AwaitLock .*\n/m, ''],
    [
      'ends a method early',
      'shared-state/roots-one-worker.py',
      /(class Tally:[\s\S]*?def add\(self, line\):\n)/,
      '$1                future = executor.submit(crunch, number)\n',
    ],
    ['takes the loop from around a start further down', 'shared-state/prepared-before-start.py', /^ {4}for _ in range\(\d\):\n/m, ''],
  ])('that %s', async (_, name, before, after) => {
    for (const [file, text] of Object.entries(fixtures.get(name)!)) {
      const edited = text.replace(before, after);
      expect(edited).not.toBe(text);
      const workspace = workspaceOf(await kept);
      workspace.change([{ file, text }]);
      workspace.analyse();
      workspace.change([{ file, text: edited }]);
      const scratch = workspaceOf(await fresh);
      scratch.change([{ file, text: edited }]);
      expect(workspace.analyse().findings()).toEqual(scratch.analyse().findings());
    }
  });
});
