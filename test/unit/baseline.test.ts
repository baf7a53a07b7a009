// Baselines: what they know again, what they take for gone, and files that are none.
import { describe, expect, it } from 'vitest';
import { type Baseline, baselineOf, compareWith, type Found, parseBaseline, printBaseline, updatedBaseline } from '../../server/report/baseline';
import { fingerprintsOf } from '../../server/report/fingerprints';
import { reportToJson } from '../../server/report/render-json';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { EMPTY_REPORT, findingOf, rangeOf } from './sample-report';

function found(findings: readonly ReportedFinding[], line = 'x = 1', suppressed: readonly ReportedFinding[] = []): Found {
  return { findings, suppressed, lineOf: () => line };
}

const everything = () => true;
const [one, other] = [findingOf({ file: '/w/src/a.py' }), findingOf({ file: '/w/src/b.py', rule: 'lost-update', symbol: 'f', message: 'Lost.' })];

function compare(baseline: Baseline, now: Found, isLookedAt: (file: string) => boolean = everything, folder = '/w') {
  const { fresh, known, gone } = compareWith(baseline, now, folder, isLookedAt);
  return { fresh: fresh.length, known: known.length, gone: gone.map(({ file }) => file) };
}

describe('a baseline', () => {
  it('is a sorted list with a line for each finding, which reads back', () => {
    const baseline = baselineOf(found([other, one]), '/w');
    const text = printBaseline(baseline);
    expect(text.split('\n').map((line) => line.slice(0, 60))).toEqual(
      [
        '{',
        '  "version": 1,',
        '  "findings": [',
        '    {"rule":"lock-order-inversion","file":"src/a.py","symbol":"Or',
        '    {"rule":"lost-update","file":"src/b.py","symbol":"f","message',
        '  ]',
        '}',
        '',
      ].map((line) => line.slice(0, 60)),
    );
    expect(parseBaseline(text)).toEqual(baseline);
    expect(printBaseline(baselineOf(found([one, other]), '/w'))).toBe(text);
    expect(parseBaseline(printBaseline([]))).toEqual([]);
  });

  it('holds no path of the machine, wherever it lies', () => {
    for (const folder of ['/w', '/w/', '/w/ci/known', '/w/src', '/']) {
      const baseline = baselineOf(found([one]), folder);
      expect(printBaseline(baseline)).not.toContain('"/');
      expect(compare(baseline, found([one]), everything, folder)).toEqual({ fresh: 0, known: 1, gone: [] });
    }
    const elsewhere = compareWith(baselineOf(found([one]), '/w/ci'), found([findingOf({ file: '/v/src/a.py' })], 'x = 1'), '/v/ci', everything);
    expect(elsewhere.fresh).toEqual([]);
  });

  it('knows what has only moved, and what was worded otherwise', () => {
    const baseline = baselineOf(found([one, other]), '/w');
    const moved = [
      { ...one, range: rangeOf(80, 0) },
      { ...other, message: 'Lost, in other words.' },
    ];
    expect(compare(baseline, found(moved))).toEqual({ fresh: 0, known: 2, gone: [] });
  });

  it('knows what is in a file of another name, or on a line of another text', () => {
    const baseline = baselineOf(found([one, other]), '/w');
    expect(compare(baseline, found([{ ...one, file: '/w/src/renamed.py' }, other]))).toEqual({ fresh: 0, known: 2, gone: [] });
    expect(compare(baseline, found([one, other], 'y = 2'))).toEqual({ fresh: 0, known: 2, gone: [] });
  });

  it('does not guess where two say the same', () => {
    const baseline = baselineOf(found([one]), '/w');
    const both = [
      { ...one, file: '/w/src/b.py' },
      { ...one, file: '/w/src/c.py' },
    ];
    expect(compare(baseline, found(both))).toEqual({ fresh: 2, known: 0, gone: ['src/a.py'] });
  });

  it('knows each finding once', () => {
    const baseline = baselineOf(found([one]), '/w');
    expect(compare(baseline, found([one, { ...one, range: rangeOf(90, 0) }]))).toEqual({ fresh: 1, known: 1, gone: [] });
  });

  it('keeps its numbers when a comment accepts one of two equal findings', () => {
    const second = { ...one, range: rangeOf(90, 0) };
    const baseline = baselineOf(found([one, second]), '/w');
    expect(compare(baseline, found([second], 'x = 1', [one]))).toEqual({ fresh: 0, known: 1, gone: ['src/a.py'] });
  });

  it('says nothing of files that were not looked at, and keeps them when it is updated', () => {
    const baseline = baselineOf(found([one, other]), '/w');
    const onlyB = (file: string) => file === '/w/src/b.py';
    expect(compare(baseline, found([]), onlyB)).toEqual({ fresh: 0, known: 0, gone: ['src/b.py'] });
    // What is still elsewhere was not renamed.
    expect(compare(baseline, found([{ ...one, file: '/w/src/b.py' }]), onlyB)).toEqual({ fresh: 1, known: 0, gone: ['src/b.py'] });
    expect(updatedBaseline(baseline, found([]), '/w', onlyB)).toEqual(baselineOf(found([one]), '/w'));
    expect(updatedBaseline(baseline, found([other]), '/w', everything)).toEqual(baselineOf(found([other]), '/w'));
  });
});

describe('the text of a baseline', () => {
  it('may be what was printed as JSON', () => {
    const findings = [one, other];
    const named = findings.map((finding) => ({ ...finding, file: finding.file.slice('/w/'.length) }));
    const before = fingerprintsOf(named, () => 'x = 1');
    const fingerprints = new Map(findings.map((finding, index) => [finding, before.get(named[index])!]));
    const report = parseBaseline(JSON.stringify(reportToJson({ ...EMPTY_REPORT, findings }, { version: '1', relativeTo: '/w', fingerprints })));
    if ('problem' in report) throw new Error(report.problem);
    const third = findingOf({ file: '/w/src/c.py', message: 'New.' });
    expect(compare(report, found([one, third]))).toEqual({ fresh: 1, known: 1, gone: ['src/b.py'] });
  });

  it.each([
    ['', 'it is not JSON'],
    ['[]', 'it is neither a baseline nor a report of Lockset in JSON'],
    ['{"version": "1"}', 'it is neither a baseline nor a report of Lockset in JSON'],
    ['{"version": 2, "findings": []}', 'a newer version of Lockset wrote it'],
    ['{"version": 1}', 'it has no list of findings'],
    ['{"version": 1, "findings": [{"rule": "x"}]}', 'its finding 1 is not one'],
    ['{"version": 1, "findings": [null]}', 'its finding 1 is not one'],
  ])('%s: %s', (text, problem) => {
    expect(parseBaseline(text)).toEqual({ problem });
  });
});
