// Findings by hand, with every part that one may have, for tests of the formats that other programs read.
import type { FindingsOutput } from '../../server/report/findings-output';
import type { ReportedFinding, ReportedInterleaving, SuppressedFinding } from '../../server/report/reported-finding';
import { findingOf, rangeOf } from './sample-report';

const BANK = '/w/bank.py';

export const SAMPLE_INTERLEAVING: ReportedInterleaving = {
  sides: ['thread running deposit()', 'thread running withdraw()'],
  steps: [
    { side: 0, file: BANK, range: rangeOf(4, 8, 13), does: 'reads self._balance' },
    { side: 1, file: BANK, range: rangeOf(9, 8, 13), does: 'reads self._balance, too' },
    { side: 1, file: BANK, range: rangeOf(9, 8, 13), does: 'writes what it made of it' },
    { side: 0, file: BANK, range: rangeOf(4, 8, 13), does: 'writes what it made of it' },
  ],
  harm: 'lost',
  outcome: 'The withdrawal is lost.',
};

/** A finding with a trace, a schedule and a fix in two files. */
export const RICH_FINDING: ReportedFinding = findingOf({
  rule: 'unguarded-shared-state',
  family: 'shared-state',
  severity: 'error',
  confidence: 0.55,
  file: BANK,
  range: rangeOf(4, 8, 13),
  symbol: 'Bank.deposit',
  message: 'Bank._balance is changed without Bank._lock. Elsewhere it is held.',
  related: [
    { file: BANK, range: rangeOf(9, 8, 13), message: 'Here Bank._lock is held' },
    { file: '/w/main.py', range: rangeOf(2, 0), message: 'Here a thread is started' },
  ],
  fixes: [
    {
      kind: 'hold-lock',
      title: 'Hold Bank._lock',
      safety: 'suggestion',
      edits: [
        { file: BANK, range: rangeOf(4, 8, 0), newText: 'with self._lock:\n            ' },
        { file: BANK, range: rangeOf(5, 0, 4), newText: '' },
        { file: '/w/main.py', range: rangeOf(0, 0, 0), newText: 'import threading\n' },
      ],
    },
    { kind: 'make-reentrant', title: 'Nothing to do', safety: 'safe', edits: [] },
  ],
  interleaving: SAMPLE_INTERLEAVING,
});

export const ACCEPTED_FINDING: SuppressedFinding = { ...findingOf({ rule: 'busy-wait', family: 'busy-wait', severity: 'hint' }), justification: 'a test' };

/** The text of every line that the sample speaks of. */
export const SAMPLE_LINES: FindingsOutput['lineOf'] = (file, line) => (file === BANK ? `        self._balance = self._balance + ${line}` : undefined);

export function outputOf(change: Partial<FindingsOutput> = {}): FindingsOutput {
  return {
    findings: [RICH_FINDING, findingOf()],
    suppressed: [ACCEPTED_FINDING],
    files: 4,
    skipped: [
      { file: '/w/huge.js', reason: 'too large' },
      { file: '', reason: 'a rule failed' },
    ],
    version: '1.2.3',
    relativeTo: '/w',
    lineOf: SAMPLE_LINES,
    ...change,
  };
}
