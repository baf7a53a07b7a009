// JUnit XML: findings as failed tests, for servers that show the tests of a build.
import XMLBuilder from 'fast-xml-builder';
import type { FindingsOutput } from './findings-output';
import { displayPath, displayPlace, harmless } from './plain-text';
import type { ReportedFinding } from './reported-finding';

/**
 * A suite for each file with findings, a failed test for each of them. Files without any have no test: how many there are would say
 * nothing. If nothing at all is found, one test passes, as servers take a report without tests for a broken one. Files that were
 * skipped are skipped tests.
 */
export function renderJunit({ findings, skipped, relativeTo }: FindingsOutput): string {
  const suites = new Map<string, object[]>();
  const add = (suite: string, test: object) => suites.set(suite, [...(suites.get(suite) ?? []), test]);
  const names = new Map<string, number>();
  for (const finding of findings) {
    const file = displayPath(finding.file, relativeTo);
    const name = finding.symbol ? `${finding.rule} in ${finding.symbol}` : finding.rule;
    const number = (names.get(`${file}\n${name}`) ?? 0) + 1;
    names.set(`${file}\n${name}`, number);
    add(file, testOf(finding, number > 1 ? `${name} (${number})` : name, relativeTo));
  }
  for (const { file, reason } of skipped) {
    const path = displayPath(file, relativeTo) || 'Lockset';
    add(path, { ...attributes({ name: 'analysis', classname: classOf(path) }), skipped: attributes({ message: reason }) });
  }
  if (findings.length === 0) add('Lockset', attributes({ name: 'no findings', classname: 'Lockset' }));
  return print([...suites]);
}

/** The name has no line in it, so that a server knows the test again after an edit. */
function testOf(finding: ReportedFinding, name: string, folder: string | undefined): object {
  const file = displayPath(finding.file, folder);
  const text = [finding, ...finding.related].flatMap((step) => [displayPlace(step, folder), ...step.message.split(/\r?\n/).map((line) => `  ${line}`)]);
  if (finding.interleaving) {
    const { sides, steps, outcome } = finding.interleaving;
    text.push('', ...steps.map(({ side, does }, index) => `${index + 1}. ${sides[side]} ${does}`), outcome);
  }
  return {
    ...attributes({ name, classname: classOf(file), file, line: finding.range.start.line + 1 }),
    failure: { ...attributes({ message: finding.message, type: finding.severity }), '#text': `\n${text.map(allowed).join('\n')}\n` },
  };
}

/** Servers show what is before the last dot as a package. */
function classOf(path: string): string {
  return path
    .replace(/^\/+/, '')
    .replace(/\.[^./]+$/, '')
    .replaceAll('/', '.');
}

function print(suites: readonly (readonly [string, readonly object[]])[]): string {
  const count = (tests: readonly object[], outcome?: string) => tests.filter((test) => outcome === undefined || outcome in test).length;
  const counts = (tests: readonly object[]) => ({ tests: count(tests), failures: count(tests, 'failure'), errors: 0, skipped: count(tests, 'skipped') });
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
    format: true,
  });
  return builder.build({
    '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
    testsuites: {
      ...attributes({ name: 'Lockset', ...counts(suites.flatMap(([, tests]) => tests)) }),
      testsuite: suites.map(([name, tests]) => ({ ...attributes({ name, ...counts(tests) }), testcase: tests })),
    },
  });
}

function attributes(values: Readonly<Record<string, string | number>>): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`@${name}`, allowed(String(value).replace(/\s*\n\s*/g, ' '))]));
}

/** What XML can hold: no control characters, no halves of characters. */
function allowed(text: string): string {
  return harmless(text).replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd');
}
