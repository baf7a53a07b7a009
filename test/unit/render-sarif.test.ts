// SARIF: valid by the official schema, and every part of a finding where viewers look for it.
import type { Log, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { FindingsOutput } from '../../server/report/findings-output';
import { fingerprintsOf } from '../../server/report/fingerprints';
import { renderSarif } from '../../server/report/render-sarif';
import { sarifProblems } from '../support/sarif-schema';
import { ACCEPTED_FINDING, outputOf, RICH_FINDING, SAMPLE_LINES } from './sample-output';
import { findingOf, rangeOf } from './sample-report';

function runOf(change: Partial<FindingsOutput> = {}): Run {
  const log: Log = JSON.parse(renderSarif(outputOf(change)));
  expect(sarifProblems(log)).toEqual([]);
  return log.runs[0];
}

function resultOf(finding: typeof RICH_FINDING): Result {
  return runOf({ findings: [finding] }).results![0];
}

describe('the schema', () => {
  it('takes a log with every part, and one with none', () => {
    runOf({ known: [findingOf({ range: rangeOf(50, 0) })] });
    runOf({ findings: [], suppressed: [], skipped: [], relativeTo: undefined, version: 'development' });
  });

  it.each<[string, (run: Run) => void]>([
    ['an unknown level', (run) => Object.assign(run.results![0], { level: 'information' })],
    ['a result without a message', (run) => Object.assign(run.results![0], { message: undefined })],
    ['a line 0', (run) => Object.assign(run.results![0].locations![0].physicalLocation!.region!, { startLine: 0 })],
    ['an address with a space', (run) => Object.assign(run.results![0].locations![0].physicalLocation!.artifactLocation!, { uri: 'a b.py' })],
    ['an empty flow', (run) => Object.assign(run.results![0].codeFlows![0], { threadFlows: [] })],
    ['a misspelt property', (run) => Object.assign(run, { result: [] })],
  ])('refuses %s', (_, spoil) => {
    const log: Log = JSON.parse(renderSarif(outputOf()));
    spoil(log.runs[0]);
    expect(sarifProblems(JSON.parse(JSON.stringify(log)))).not.toEqual([]);
  });
});

describe('a result', () => {
  it('says what, how loud, where and in what', () => {
    expect(resultOf(RICH_FINDING)).toMatchObject({
      ruleId: 'unguarded-shared-state',
      level: 'error',
      message: { text: RICH_FINDING.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'bank.py', uriBaseId: 'SRCROOT' },
            region: { startLine: 5, startColumn: 9, endLine: 5, endColumn: 22 },
          },
          logicalLocations: [{ name: 'deposit', fullyQualifiedName: 'Bank.deposit' }],
        },
      ],
      rank: 55,
      properties: { family: 'shared-state', confidence: 0.55, severity: 'error' },
    });
    expect(resultOf(findingOf({ symbol: '' })).locations![0]).not.toHaveProperty('logicalLocations');
  });

  it('has the levels of SARIF', () => {
    const levels = (['error', 'warning', 'information', 'hint'] as const).map((severity) => resultOf(findingOf({ severity })).level);
    expect(levels).toEqual(['error', 'warning', 'note', 'note']);
  });

  it('names the steps of its trace', () => {
    expect(resultOf(RICH_FINDING).relatedLocations).toEqual([
      expect.objectContaining({ id: 0, message: { text: 'Here Bank._lock is held' } }),
      expect.objectContaining({ id: 1, message: { text: 'Here a thread is started' } }),
    ]);
  });

  it('has a flow for each side of its schedule, in one order over both', () => {
    const [{ message, threadFlows }] = resultOf(RICH_FINDING).codeFlows!;
    expect(message?.text).toBe('The withdrawal is lost.');
    expect(threadFlows.map(({ id }) => id)).toEqual(['thread running deposit()', 'thread running withdraw()']);
    expect(threadFlows.map(({ locations }) => locations.map(({ executionOrder, location }) => [executionOrder, location?.message?.text]))).toEqual([
      [
        [1, 'reads self._balance'],
        [4, 'writes what it made of it'],
      ],
      [
        [2, 'reads self._balance, too'],
        [3, 'writes what it made of it'],
      ],
    ]);
  });

  it('tells sides of one name apart, and leaves out one that does nothing', () => {
    const schedule = RICH_FINDING.interleaving!;
    const [alike] = resultOf({ ...RICH_FINDING, interleaving: { ...schedule, sides: ['a call', 'a call'] } }).codeFlows!;
    expect(alike.threadFlows.map(({ id }) => id)).toEqual(['a call', 'a call (2)']);
    const [alone] = resultOf({ ...RICH_FINDING, interleaving: { ...schedule, steps: schedule.steps.slice(0, 1) } }).codeFlows!;
    expect(alone.threadFlows).toHaveLength(1);
  });

  it('has its trace as a flow where it has no schedule, and none where it has neither', () => {
    const [{ threadFlows }] = resultOf({ ...RICH_FINDING, interleaving: undefined }).codeFlows!;
    expect(threadFlows.map(({ locations }) => locations.length)).toEqual([2]);
    expect(resultOf(findingOf({ related: [] }))).not.toHaveProperty('codeFlows');
  });

  it('has its fixes, file by file', () => {
    const [fix, ...others] = resultOf(RICH_FINDING).fixes!;
    expect(others).toEqual([]);
    expect(fix.description?.text).toBe('Hold Bank._lock (suggestion)');
    expect(fix.artifactChanges.map(({ artifactLocation, replacements }) => [artifactLocation.uri, replacements])).toEqual([
      [
        'bank.py',
        [
          { deletedRegion: { startLine: 5, startColumn: 9, endLine: 5, endColumn: 9 }, insertedContent: { text: 'with self._lock:\n            ' } },
          { deletedRegion: { startLine: 6, startColumn: 1, endLine: 6, endColumn: 5 } },
        ],
      ],
      ['main.py', [expect.objectContaining({ insertedContent: { text: 'import threading\n' } })]],
    ]);
  });

  it('has its fingerprint, counted over what comments accept and a baseline knows', () => {
    const [first, second, third] = [1, 2, 3].map((line) => findingOf({ range: rangeOf(line, 0) }));
    const names = fingerprintsOf([first, second, third], SAMPLE_LINES, '/w');
    const { results } = runOf({ findings: [third], known: [second], suppressed: [{ ...first, justification: '' }] });
    expect(results!.map(({ partialFingerprints }) => partialFingerprints)).toEqual([third, second, first].map((each) => ({ 'lockset/v1': names.get(each) })));
  });

  it('says whether a comment accepts it, and whether a baseline knows it', () => {
    const known = findingOf({ range: rangeOf(50, 0) });
    const seen = (change: Partial<FindingsOutput>) => runOf(change).results!.map(({ suppressions, baselineState }) => [suppressions, baselineState]);
    const accepted = [{ kind: 'inSource', justification: 'a test' }];
    expect(seen({ findings: [RICH_FINDING] })).toEqual([
      [[], undefined],
      [accepted, undefined],
    ]);
    expect(seen({ findings: [RICH_FINDING], known: [known] })).toEqual([
      [[], 'new'],
      [[], 'unchanged'],
      [accepted, undefined],
    ]);
    expect(seen({ findings: [], suppressed: [{ ...ACCEPTED_FINDING, justification: '' }] })).toEqual([[[{ kind: 'inSource' }], undefined]]);
  });

  it('shows code that looks like a link as it is', () => {
    expect(resultOf(findingOf({ message: 'handlers[name](event) of x[0]' })).message.text).toBe('handlers\\[name\\](event) of x[0]');
  });
});

describe('a rule', () => {
  it('brings its page, once', () => {
    const { rules } = runOf({ findings: [RICH_FINDING, RICH_FINDING] }).tool.driver;
    expect(rules!.map(({ id }) => id)).toEqual(['busy-wait', 'unguarded-shared-state']);
    const [, rule] = rules!;
    expect(rule).toMatchObject({
      name: 'UnguardedSharedState',
      defaultConfiguration: { level: 'warning' },
      properties: { family: 'shared-state', precision: 'high', 'problem.severity': 'warning' },
    });
    expect(rule.properties?.tags).toEqual(['concurrency', 'shared-state', 'python']);
    expect(rule.help?.markdown).toContain('## Why it is bad');
    expect(rule.help?.markdown).not.toMatch(/command:|```\w+ (?:bad|good)/);
    expect(rule.help?.text).toContain('Why it is bad');
    expect(rule.help?.text).not.toMatch(/##|```/);
  });

  it('is what the index of a result says', () => {
    const { tool, results } = runOf();
    expect(results!.map(({ ruleIndex }) => tool.driver.rules![ruleIndex!].id)).toEqual(results!.map(({ ruleId }) => ruleId));
  });

  it('without a page is its id', () => {
    expect(runOf({ findings: [findingOf({ rule: 'of-my-own' })], suppressed: [] }).tool.driver.rules).toEqual([{ id: 'of-my-own' }]);
  });
});

describe('the run', () => {
  it('counts columns in UTF-16 and tells where lines end', () => {
    expect(runOf()).toMatchObject({ columnKind: 'utf16CodeUnits', newlineSequences: ['\r\n', '\n', '\r'] });
  });

  it('names the version, by the rules of versions only where it is one', () => {
    expect(runOf().tool.driver).toMatchObject({ name: 'Lockset', version: '1.2.3', semanticVersion: '1.2.3' });
    expect(runOf({ version: 'development' }).tool.driver).not.toHaveProperty('semanticVersion');
  });

  it('tells which files were not analysed and why', () => {
    const [{ executionSuccessful, toolExecutionNotifications }] = runOf().invocations!;
    expect(executionSuccessful).toBe(true);
    expect(toolExecutionNotifications).toMatchObject([
      { level: 'warning', message: { text: 'too large' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'huge.js' } } }] },
      { level: 'error', message: { text: 'a rule failed' } },
    ]);
  });

  it('holds no path of the machine', () => {
    expect(renderSarif(outputOf())).not.toContain('/w');
  });
});

describe('the address of a file', () => {
  it.each([
    ['/w/src/a.py', 'src/a.py', 'SRCROOT'],
    ['/w/my file#1 100%.py', 'my%20file%231%20100%25.py', 'SRCROOT'],
    ['/w/grüße/日本.ts', 'gr%C3%BC%C3%9Fe/%E6%97%A5%E6%9C%AC.ts', 'SRCROOT'],
    ['/w/a:b?.py', 'a%3Ab%3F.py', 'SRCROOT'],
    ['/w/back\\slash.py', 'back%5Cslash.py', 'SRCROOT'],
    ['/w/half\ud83d.py', 'half%EF%BF%BD.py', 'SRCROOT'],
    ['/elsewhere/a b.py', 'file:///elsewhere/a%20b.py', undefined],
    ['C:/other/a b.py', 'file:///C:/other/a%20b.py', undefined],
    ['//host/share/a.py', 'file://host/share/a.py', undefined],
  ])('%s', (file, uri, uriBaseId) => {
    expect(resultOf(findingOf({ file, related: [], fixes: [] })).locations![0].physicalLocation!.artifactLocation).toEqual(
      uriBaseId ? { uri, uriBaseId } : { uri },
    );
  });

  it('is relative to a folder on a drive', () => {
    const { results } = runOf({ findings: [findingOf({ file: 'C:/w/a.py' })], suppressed: [], relativeTo: 'C:/w' });
    expect(results![0].locations![0].physicalLocation!.artifactLocation).toEqual({ uri: 'a.py', uriBaseId: 'SRCROOT' });
  });
});
