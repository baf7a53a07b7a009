// Fingerprints: the same finding is known again after edits elsewhere, and no two findings share a name.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintsOf, type LineOf } from '../../server/report/fingerprints';
import type { ReportedFinding } from '../../server/report/reported-finding';
import type { Snapshot } from '../../server/workspace/snapshot';
import { workspaceOf } from '../support/analyse';
import { loadFrontEnds } from '../support/front-ends';
import { PROGRAM } from '../support/program';
import { findingOf, rangeOf } from './sample-report';

const linesOf =
  (files: Readonly<Record<string, string | undefined>>): LineOf =>
  (file, line) =>
    files[file]?.split(/\r\n|\r|\n/)[line];

/** The fingerprints of a program's findings, in their order. */
function fingerprints(snapshot: Snapshot, folder?: string): string[] {
  const findings = snapshot.findings();
  const named = fingerprintsOf(findings, linesOf(Object.fromEntries(snapshot.files.map((file) => [file, snapshot.text(file)]))), folder);
  return findings.map((finding) => named.get(finding) ?? '');
}

/** One finding's name, with a text of its line. */
function nameOf(finding: ReportedFinding, line = 'x = 1', folder?: string): string | undefined {
  return fingerprintsOf([finding], () => line, folder).get(finding);
}

describe('the fingerprint of a finding', () => {
  it('is sixteen hexadecimal digits', () => {
    expect(nameOf(findingOf())).toMatch(/^[0-9a-f]{16}$/);
  });

  it('does not ask where the line is, how it is spaced, or how the finding is worded', () => {
    const name = nameOf(findingOf(), '  self.total += 1');
    expect(nameOf(findingOf({ range: rangeOf(99, 12) }), '\t\tself.total+=1 ')).toBe(name);
    expect(nameOf(findingOf({ message: 'Other words.', severity: 'hint', related: [], fixes: [] }), 'self.total += 1')).toBe(name);
  });

  it('is of the path inside the folder', () => {
    expect(nameOf(findingOf({ file: '/a/src/x.py' }), '', '/a')).toBe(nameOf(findingOf({ file: '/b/src/x.py' }), '', '/b/'));
    expect(nameOf(findingOf({ file: '/a/src/x.py' }), '', '/a')).not.toBe(nameOf(findingOf({ file: '/a/lib/x.py' }), '', '/a'));
  });

  it.each<[string, Partial<ReportedFinding>, string]>([
    ['rule', { rule: 'lock-taken-twice' }, 'x = 1'],
    ['file', { file: '/w/other.py' }, 'x = 1'],
    ['symbol', { symbol: 'Orders.cancel' }, 'x = 1'],
    ['line', {}, 'x = 2'],
  ])('tells another %s', (_, change, line) => {
    expect(nameOf(findingOf(change), line)).not.toBe(nameOf(findingOf()));
  });

  it('counts equal lines from top to bottom, whatever the order they come in', () => {
    const [first, second] = [findingOf({ range: rangeOf(3, 0) }), findingOf({ range: rangeOf(7, 0) })];
    const [one, other] = [fingerprintsOf([first, second], () => ''), fingerprintsOf([second, first], () => '')];
    expect(one.get(first)).not.toBe(one.get(second));
    expect([other.get(first), other.get(second)]).toEqual([one.get(first), one.get(second)]);
  });
});

describe('unrelated edits', () => {
  let frontEnds: Awaited<ReturnType<typeof loadFrontEnds>>;
  let before: readonly string[];
  beforeAll(async () => {
    frontEnds = await loadFrontEnds();
    before = fingerprints(analysed(PROGRAM));
  });

  function analysed(files: Readonly<Record<string, string>>): Snapshot {
    const workspace = workspaceOf(frontEnds);
    workspace.change(Object.entries(files).map(([file, text]) => ({ file, text })));
    return workspace.analyse();
  }

  /** Lines that may come anywhere between two others of either language. */
  const inserted = fc.array(fc.record({ at: fc.nat(80), line: fc.constantFrom('', '# words', '        # more words', '#') }), { maxLength: 12 });
  /** Ways to write the same code. */
  const layout = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.replace(/^ +/gm, (indent) => indent.repeat(2)),
    (text) => text.replace(/^ +/gm, (indent) => '\t'.repeat(indent.length / 2)),
    (text) => text.replace(/\n/g, '\r\n'),
    (text) => text.replace(/ \+= /g, '+='),
  );

  it('leave the fingerprints of all findings as they are', () => {
    expect(before.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(inserted, layout, (lines, laidOut) => {
        const edited = Object.entries(PROGRAM).map(([file, text]) => [file, laidOut(withLines(text, file.endsWith('.py') ? '#' : '//', lines))]);
        expect(new Set(fingerprints(analysed(Object.fromEntries(edited))))).toEqual(new Set(before));
      }),
      { numRuns: 40 },
    );
  });

  it('include another finding that comes or goes on another line', () => {
    const { 'store.ts': store } = PROGRAM;
    const fewer = fingerprints(analysed({ ...PROGRAM, 'store.ts': store.replace('this.total + (await load(key))', '1') }));
    expect(fewer.length).toBeLessThan(before.length);
    expect(before).toEqual(expect.arrayContaining(fewer));
  });
});

function withLines(text: string, comment: string, inserted: readonly { readonly at: number; readonly line: string }[]): string {
  const lines = text.split('\n');
  for (const { at, line } of inserted) lines.splice(at % lines.length, 0, line.replace('#', comment));
  return lines.join('\n');
}
