// SARIF 2.1.0: findings for code scanning services and for viewers in editors.
import type { Log, Notification, Result, Run } from 'sarif';
import type { FindingsOutput } from './findings-output';
import { fingerprintsOf } from './fingerprints';
import type { ReportedFinding, SuppressedFinding } from './reported-finding';
import { artifactOf, plainMessage, SOURCE_ROOT } from './sarif-places';
import { type ResultContext, resultOf } from './sarif-result';
import { descriptorOf } from './sarif-rules';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What notifications are about: a file that was not analysed, or only in part. */
const SKIPPED = 'skipped';

/** The log of one run, ending with a line end. It holds no path of this machine, unless a file lies outside the folder. */
export function renderSarif(output: FindingsOutput): string {
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [runOf(output)] };
  return `${JSON.stringify(log)}\n`;
}

function runOf(output: FindingsOutput): Run {
  const { findings, suppressed, known = [], skipped, version, relativeTo } = output;
  const rules = [...new Set([...findings, ...known, ...suppressed].map(({ rule }) => rule))].sort();
  return {
    tool: {
      driver: {
        name: 'Lockset',
        version,
        ...(/^\d+\.\d+\.\d+/.test(version) && { semanticVersion: version }),
        language: 'en',
        rules: rules.map(descriptorOf),
        notifications: [{ id: SKIPPED, shortDescription: { text: 'A file was not analysed, or only in part' } }],
      },
    },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: skipped.map((each) => notificationOf(each, relativeTo)) }],
    originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: 'The top of the repository; outside of one, the folder that Lockset was run in.' } } },
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    results: resultsOf(output, rules),
  };
}

function resultsOf({ findings, suppressed, known, lineOf, relativeTo }: FindingsOutput, rules: readonly string[]): Result[] {
  const fingerprints = fingerprintsOf([...findings, ...(known ?? []), ...suppressed], lineOf, relativeTo);
  const result = (finding: ReportedFinding, more: Pick<ResultContext, 'baselineState' | 'justification'>) =>
    resultOf(finding, { ruleIndex: rules.indexOf(finding.rule), fingerprint: fingerprints.get(finding) ?? '', relativeTo, ...more });
  return [
    ...findings.map((finding) => result(finding, { ...(known && { baselineState: 'new' }) })),
    ...(known ?? []).map((finding) => result(finding, { baselineState: 'unchanged' })),
    ...suppressed.map((finding: SuppressedFinding) => result(finding, { justification: finding.justification })),
  ];
}

/** Faults inside are of no file. */
function notificationOf({ file, reason }: FindingsOutput['skipped'][number], folder: string | undefined): Notification {
  return {
    descriptor: { id: SKIPPED },
    level: file ? 'warning' : 'error',
    message: { text: plainMessage(reason) },
    ...(file && { locations: [{ physicalLocation: { artifactLocation: artifactOf(file, folder) } }] }),
  };
}
