// The fixture harness itself: every way in which expectation and finding can differ is told.
import { describe, expect, it } from 'vitest';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { compareFindings, readExpectations } from '../support/expectations';

const at = (line: number) => ({ start: { line, column: 0 }, end: { line, column: 1 } });

function finding(rule: string, line: number, change: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    rule,
    family: 'advice',
    severity: 'warning',
    confidence: 0.9,
    file: 'a.py',
    range: at(line),
    symbol: '',
    message: 'total is stale',
    related: [],
    fixes: [],
    ...change,
  };
}

const compare = (text: string, ...findings: ReportedFinding[]) => compareFindings(readExpectations('a.py', text), findings);

describe('expectations', () => {
  it('are read in both languages, several on a line', () => {
    const text =
      'x = 1  # expect: a-rule "some text"  # expect[error]: b-rule\ny(); // missed: c-rule for a reason\n# related: reads x\n# false alarm: d-rule why';
    expect(readExpectations('a.py', text)).toEqual([
      { kind: 'expect', file: 'a.py', line: 0, rule: 'a-rule', severity: undefined, text: 'some text' },
      { kind: 'expect', file: 'a.py', line: 0, rule: 'b-rule', severity: 'error', text: '' },
      { kind: 'missed', file: 'a.py', line: 1, rule: 'c-rule', severity: undefined, text: 'for a reason' },
      { kind: 'related', file: 'a.py', line: 2, text: 'reads x' },
      { kind: 'false alarm', file: 'a.py', line: 3, rule: 'd-rule', severity: undefined, text: 'why' },
    ]);
  });

  it('that cannot be read are errors', () => {
    expect(() => readExpectations('a.py', '# expect: Not A Rule')).toThrow('a.py:1');
    expect(() => readExpectations('a.py', '# expect: a-rule total without quotes')).toThrow('quotes');
    expect(() => readExpectations('a.py', '\n# missed: a-rule')).toThrow('a.py:2: a known limit needs its reason');
  });
});

describe('the comparison', () => {
  it('is silent where all is as expected', () => {
    expect(compare('x  # expect[warning]: a-rule "total"\ny', finding('a-rule', 0))).toEqual([]);
  });

  it.each([
    ['a finding that is missing', '# expect: a-rule', [], 'expected a-rule, nothing found'],
    ['one of two that is missing', '# expect: a-rule  # expect: a-rule', [finding('a-rule', 0)], 'expected a-rule, nothing found'],
    ['a finding that is not expected', 'x', [finding('a-rule', 0)], 'a.py:1: not expected: warning a-rule'],
    ['a second finding on a line', '# expect: a-rule', [finding('a-rule', 0), finding('a-rule', 0)], 'not expected'],
    ['another rule', '# expect: a-rule', [finding('b-rule', 0)], 'not expected'],
    ['another line', '# expect: a-rule\n', [finding('a-rule', 1)], 'a.py:2: not expected'],
    ['another file', '# expect: a-rule', [finding('a-rule', 0, { file: 'b.py' })], 'b.py:1: not expected'],
    ['another severity', '# expect[error]: a-rule', [finding('a-rule', 0)], 'expected a-rule as error, found as warning'],
    ['another message', '# expect: a-rule "count"', [finding('a-rule', 0)], 'expected “count” in the message'],
    ['a known miss that is mended', '# missed: a-rule aliases', [finding('a-rule', 0)], 'mended: a-rule is found now'],
    ['a known false alarm that is mended', '# false alarm: a-rule aliases', [], 'mended: a-rule is silent now'],
    ['a trace that does not come by', '# related: reads', [finding('a-rule', 3)], 'expected a step “reads”; no trace comes here'],
    [
      'a trace that says something else',
      '# related: reads',
      [finding('a-rule', 3, { related: [{ file: 'a.py', range: at(0), message: 'writes' }] })],
      'found: writes',
    ],
  ])('tells %s', (_, text, findings, difference) => {
    expect(compare(text, ...findings).join('\n')).toContain(difference);
  });

  it('accepts known limits while they last, and hints anywhere', () => {
    expect(compare('# missed: a-rule aliases\n# false alarm: b-rule roles', finding('b-rule', 1), finding('c-rule', 0, { severity: 'hint' }))).toEqual([]);
  });

  it('gives each of two findings on a line to the expectation that fits it', () => {
    const findings = [finding('a-rule', 0, { message: 'count' }), finding('a-rule', 0, { message: 'total' })];
    expect(compare('# expect: a-rule "total"  # expect: a-rule "count"', ...findings)).toEqual([]);
  });
});
