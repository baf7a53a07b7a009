// JUnit XML: well-formed whatever names and messages hold, with counts that are right, in the shape that servers read.
import { describe, expect, it } from 'vitest';
import type { FindingsOutput } from '../../server/report/findings-output';
import { renderJunit } from '../../server/report/render-junit';
import { type Element, readXml } from '../support/read-xml';
import { outputOf, RICH_FINDING } from './sample-output';
import { findingOf } from './sample-report';

const junit = (change: Partial<FindingsOutput> = {}) => readXml(renderJunit(outputOf(change)));
const named = (element: Element, name: string) => element.children.filter((child) => child.name === name);
const testsOf = (element: Element) => named(element, 'testsuite').flatMap((suite) => named(suite, 'testcase'));

describe('findings as tests', () => {
  it('are a suite for each file, and a failed test each', () => {
    const suites = named(junit({ skipped: [] }), 'testsuite');
    expect(suites.map(({ attributes }) => attributes['name'])).toEqual(['bank.py', 'orders.py']);
    const [test] = named(suites[0], 'testcase');
    expect(test.attributes).toEqual({ name: 'unguarded-shared-state in Bank.deposit', classname: 'bank', file: 'bank.py', line: '5' });
    const [failure] = named(test, 'failure');
    expect(failure.attributes).toEqual({ message: RICH_FINDING.message, type: 'error' });
    expect(failure.text.trim().split('\n')).toEqual([
      'bank.py:5:9',
      `  ${RICH_FINDING.message}`,
      'bank.py:10:9',
      '  Here Bank._lock is held',
      'main.py:3:1',
      '  Here a thread is started',
      '',
      '1. thread running deposit() reads self._balance',
      '2. thread running withdraw() reads self._balance, too',
      '3. thread running withdraw() writes what it made of it',
      '4. thread running deposit() writes what it made of it',
      'The withdrawal is lost.',
    ]);
  });

  it('are counted', () => {
    const report = junit({ findings: [RICH_FINDING, RICH_FINDING, findingOf()] });
    expect(report.attributes).toEqual({ name: 'Lockset', tests: '5', failures: '3', errors: '0', skipped: '2' });
    for (const suite of named(report, 'testsuite')) {
      const tests = named(suite, 'testcase');
      const count = (outcome: string) => String(tests.filter((test) => named(test, outcome).length > 0).length);
      expect(suite.attributes).toMatchObject({ tests: String(tests.length), failures: count('failure'), skipped: count('skipped'), errors: '0' });
    }
  });

  it('have names of their own, without lines', () => {
    const tests = testsOf(junit({ findings: [RICH_FINDING, RICH_FINDING, findingOf({ file: RICH_FINDING.file, symbol: '' })], skipped: [] }));
    expect(tests.map(({ attributes }) => attributes['name'])).toEqual([
      'unguarded-shared-state in Bank.deposit',
      'unguarded-shared-state in Bank.deposit (2)',
      'lock-order-inversion',
    ]);
  });

  it.each([
    ['/w/src/app/a.py', 'src.app.a'],
    ['/w/a', 'a'],
    ['/else/where.ts', 'else.where'],
  ])('%s is shown as %s', (file, shown) => {
    expect(testsOf(junit({ findings: [findingOf({ file })] }))[0].attributes['classname']).toBe(shown);
  });

  it('hold what XML cannot, made visible', () => {
    const evil = findingOf({ file: '/w/<&">\u0001.py', message: 'a < b && "c" ]]> \u0000\u001b\ufffe\ud83d\ntrue', symbol: '<!--', related: [] });
    const [test] = testsOf(junit({ findings: [evil] }));
    expect(test.attributes).toMatchObject({ file: '<&">\\u0001.py', name: 'lock-order-inversion in <!--' });
    expect(named(test, 'failure')[0].attributes['message']).toBe('a < b && "c" ]]> \\u0000\\u001b\ufffd\ufffd true');
    expect(named(test, 'failure')[0].text).toContain('a < b && "c" ]]> \\u0000\\u001b\ufffd\ufffd\n  true');
  });
});

describe('files without findings', () => {
  it('are no tests, but where nothing is found one passes', () => {
    const [test, ...others] = testsOf(junit({ findings: [], skipped: [] }));
    expect(others).toEqual([]);
    expect(test).toMatchObject({ attributes: { name: 'no findings' }, children: [] });
  });

  it('are skipped tests where they were not analysed', () => {
    const tests = testsOf(junit({ findings: [] })).filter((test) => named(test, 'skipped').length > 0);
    expect(tests.map((test) => [test.attributes['classname'], named(test, 'skipped')[0].attributes['message']])).toEqual([
      ['huge', 'too large'],
      ['Lockset', 'a rule failed'],
    ]);
  });
});
