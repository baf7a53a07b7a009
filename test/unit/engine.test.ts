// The engine: configuration, suppressions, exempt files, languages that nobody offers, and faults that cost little.
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../server/lower/library';
import { createWorkspace } from '../../server/workspace/create';
import { repair } from '../../server/workspace/proven-fixes';
import { DEFAULT_CONFIGURATION } from '../../server/workspace/snapshot';
import { newWorkspace } from '../support/analyse';

const COUNTER = `import threading

total = 0

def work():
    global total
    total += 1

def main():
    for _ in range(4):
        threading.Thread(target=work).start()
`;

/** A container that is appended to under a lock twice, and once without. */
const APPENDED = `import threading

class Log:
    def __init__(self):
        self._lock = threading.Lock()
        self._lines = []

    def add(self, line):
        with self._lock:
            self._lines.append(line)

    def add_twice(self, line):
        with self._lock:
            self._lines.append(line)

    def add_fast(self, line):
        self._lines.append(line)
`;

describe('configuration', () => {
  it('turns a rule off, changes how loud it is, and takes effect at once', async () => {
    const workspace = await newWorkspace();
    workspace.change([{ file: 'a.py', text: COUNTER }]);
    expect(
      workspace
        .analyse()
        .findings()
        .map((finding) => finding.severity),
    ).toEqual(['warning']);
    workspace.configure({ ...DEFAULT_CONFIGURATION, rules: { 'unguarded-shared-state': 'hint' } });
    expect(
      workspace
        .analyse()
        .findings()
        .map((finding) => finding.severity),
    ).toEqual(['hint']);
    workspace.configure({ ...DEFAULT_CONFIGURATION, rules: { 'unguarded-shared-state': 'off' } });
    expect(workspace.analyse().findings()).toEqual([]);
    workspace.configure(DEFAULT_CONFIGURATION);
    expect(workspace.analyse().findings()).toHaveLength(1);
  });

  it('counts single operations of containers as harm where there is no GIL', async () => {
    const workspace = await newWorkspace();
    workspace.change([{ file: 'a.py', text: APPENDED }]);
    expect(
      workspace
        .analyse()
        .findings()
        .map((finding) => finding.severity),
    ).toEqual(['hint']);
    workspace.configure({ ...DEFAULT_CONFIGURATION, interpreter: 'free-threaded' });
    expect(
      workspace
        .analyse()
        .findings()
        .map((finding) => finding.severity),
    ).toEqual(['warning']);
    workspace.configure(DEFAULT_CONFIGURATION);
    expect(
      workspace
        .analyse()
        .findings()
        .map((finding) => finding.severity),
    ).toEqual(['hint']);
  });

  it('leaves tests out unless asked', async () => {
    const workspace = await newWorkspace();
    workspace.change([{ file: 'tests/a.py', text: COUNTER, exempt: true }]);
    expect(workspace.analyse().findings()).toEqual([]);
    workspace.configure({ ...DEFAULT_CONFIGURATION, reportExempt: true });
    expect(workspace.analyse().findings()).toHaveLength(1);
  });
});

describe('a suppression', () => {
  const silenced = (text: string) => COUNTER.replace('    total += 1', text);
  it.each([
    ['on the line', silenced('    total += 1  # lockset: allow(unguarded-shared-state) does not matter'), 0],
    ['on the line above', silenced('    # lockset: allow(unguarded-shared-state)\n    total += 1'), 0],
    ['among others', silenced('    total += 1  # lockset: allow(lock-order-inversion, unguarded-shared-state)'), 0],
    ['for the whole file', `# lockset: allow-file(unguarded-shared-state)\n${COUNTER}`, 0],
    ['of all rules', silenced('    total += 1  # lockset: allow(*)'), 0],
    ['of another rule', silenced('    total += 1  # lockset: allow(lock-order-inversion)'), 1],
    ['on another line', silenced('    total += 1\n    # lockset: allow(unguarded-shared-state)'), 1],
    ['in a string', silenced('    total += 1; x = "# lockset: allow(unguarded-shared-state)"'), 1],
  ])('%s', async (_, text, count) => {
    const workspace = await newWorkspace();
    workspace.change([{ file: 'a.py', text }]);
    expect(workspace.analyse().findings()).toHaveLength(count);
  });

  it('is told with the reason that it gives, and is gone with the comment', async () => {
    const workspace = await newWorkspace();
    const allowed = (comment: string) => {
      workspace.change([{ file: 'a.py', text: silenced(`    total += 1  ${comment}`) }]);
      return workspace.analyse().suppressed();
    };
    expect(allowed('# lockset: allow(unguarded-shared-state): one more or less does not matter')).toEqual([
      expect.objectContaining({
        rule: 'unguarded-shared-state',
        file: 'a.py',
        range: expect.objectContaining({ start: { line: 6, column: 4 } }),
        justification: 'one more or less does not matter',
      }),
    ]);
    expect(allowed('# lockset: allow(*)').map(({ justification }) => justification)).toEqual(['']);
    expect(allowed('# lockset: allow(lock-order-inversion) of another rule')).toEqual([]);
    expect(allowed('')).toEqual([]);
  });
});

describe('what cannot be read', () => {
  it('is listed with its reason, and gone from the list when it can', async () => {
    const workspace = createWorkspace({ library: createLibrary() });
    workspace.change([
      { file: 'a.py', text: COUNTER },
      { file: 'notes.txt', text: 'x' },
    ]);
    expect(workspace.analyse().report().skipped).toEqual([
      { file: 'a.py', reason: 'no parser for python' },
      { file: 'notes.txt', reason: 'not a language that Lockset reads' },
    ]);
    workspace.change([{ file: 'notes.txt', text: undefined }]);
    expect(
      workspace
        .analyse()
        .report()
        .skipped.map(({ file }) => file),
    ).toEqual(['a.py']);
  });

  it('costs a fault of a front end no other file', async () => {
    const workspace = await newWorkspace();
    workspace.change([
      { file: 'a.py', text: COUNTER },
      { file: 'b.py', text: '\0\0\0' },
      { file: 'c.ts', text: '((((((' },
    ]);
    const snapshot = workspace.analyse();
    expect(snapshot.findings()).toHaveLength(1);
    expect(snapshot.report().skipped.map(({ file }) => file)).toContain('b.py');
  });
});

it('fixes keep the line ends and the indentation of the file', async () => {
  const workspace = await newWorkspace();
  const text = APPENDED.replace('self._lines.append(line)\n\n    def add_twice', 'self._lines += [line]\n\n    def add_twice')
    .replace(/ {4}/g, '\t')
    .replace(/\n/g, '\r\n');
  workspace.change([{ file: 'a.py', text: text.replace('\t\tself._lines.append(line)\r\n', '\t\tself._lines += [line]\r\n') }]);
  const now = workspace.analyse();
  const { texts } = repair(workspace, now, () => true);
  expect(texts.get('a.py')).toContain('\r\n\t\twith self._lock:\r\n\t\t\tself._lines += [line]\r\n');
  expect(texts.get('a.py')).not.toMatch(/[^\r]\n|\n +/);
});
