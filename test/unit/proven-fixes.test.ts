// Proof of fixes: each way in which a fix can be bad is told, and supposing leaves nothing behind.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportedFinding, ReportedFix } from '../../server/report/reported-finding';
import { faultOf, repair } from '../../server/workspace/proven-fixes';
import type { Snapshot, Workspace } from '../../server/workspace/snapshot';
import { newWorkspace } from '../support/analyse';

const FILE = 'counter.py';
const TEXT = `import threading

lock = threading.Lock()
seen = 0


def report():
    global seen
    with lock:
        seen += 1


def correct():
    global seen
    seen -= 1


def main():
    for _ in range(4):
        threading.Thread(target=report).start()
        threading.Thread(target=correct).start()


main()
`;

let workspace: Workspace;
let now: Snapshot;
let finding: ReportedFinding;

beforeAll(async () => {
  workspace = await newWorkspace();
  workspace.change([{ file: FILE, text: TEXT }]);
  now = workspace.analyse();
  finding = now.findings().find(({ rule }) => rule === 'unguarded-shared-state')!;
});

/** A fix that replaces one line, counted from 0. */
function lineFix(line: number, newText: string): ReportedFix {
  const { length } = TEXT.split('\n')[line];
  const range = { start: { line, column: 0 }, end: { line, column: length } };
  return { kind: 'hold-lock', title: 'Try it', safety: 'safe', edits: [{ file: FILE, range, newText }] };
}

describe('a fix', () => {
  it('that clears its finding has no fault', () => {
    expect(finding.range.start.line).toBe(14);
    expect(faultOf(lineFix(14, '    with lock:\n        seen -= 1'), finding, now, workspace)).toBeUndefined();
  });

  it.each([
    ['breaks the syntax', '    seen -= (1', /^the text would no longer parse: /],
    ['does nothing', '    seen -= 1  # looked at', /^its finding would remain in other words$/],
    ['leaves the finding where it is', '    seen -= 1', /^its finding would remain$/],
    ['brings about another finding', '    with lock, lock:\n        seen -= 1', /^it would bring about lock-taken-twice$/],
  ])('that %s is told', (_, newText, fault) => {
    expect(faultOf(lineFix(14, newText), finding, now, workspace)).toMatch(fault);
  });

  it('whose edits overlap, or are about another file, does not fit', () => {
    const [edit] = lineFix(14, '').edits;
    const fault = (edits: ReportedFix['edits']) => faultOf({ ...lineFix(14, ''), edits }, finding, now, workspace);
    expect(fault([edit, edit])).toBe('its edits do not fit the text');
    expect(fault([{ ...edit, file: 'other.py' }])).toBe('its edits do not fit the text');
  });

  it('that is supposed leaves no trace, not even when asking fails', () => {
    const told = JSON.stringify(now.findings());
    const before = workspace.analyse();
    expect(() =>
      workspace.whatIf((suppose) => {
        expect(suppose(new Map([[FILE, 'x = 1\n']])).findings()).toEqual([]);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    const after = workspace.analyse();
    expect(JSON.stringify(after.findings())).toBe(told);
    expect({ changed: after.changedFiles, version: after.version }).toEqual({ changed: [], version: before.version + 1 });
    expect(after.text(FILE)).toBe(TEXT);
  });
});

describe('repairing', () => {
  it('names the lines as they were before any fix', async () => {
    const several = await newWorkspace();
    const text = TEXT.replace('    seen -= 1\n', '    seen -= 1\n    print("corrected")\n    seen -= 1\n').replace(/( {8}seen \+= 1\n)/, '$1$1$1');
    several.change([{ file: FILE, text }]);
    const { applied, refused, texts, left } = repair(several, several.analyse(), (_finding, fix) => fix.kind === 'hold-lock');
    expect(refused).toEqual([]);
    expect(applied.map(({ line }) => line)).toEqual([16, 18]);
    expect(texts.get(FILE)?.match(/with lock:\n {8}seen -= 1/g)).toHaveLength(2);
    expect(left.filter(({ rule }) => rule === 'unguarded-shared-state')).toEqual([]);
  });
});
