// All fixtures in the formats that other programs read: valid, complete, and no two findings of one name.
import { beforeAll, describe, expect, it } from 'vitest';
import type { FindingsOutput } from '../../server/report/findings-output';
import { fingerprintsOf } from '../../server/report/fingerprints';
import { renderGithub } from '../../server/report/render-github';
import { renderJunit } from '../../server/report/render-junit';
import { renderFindingsMarkdown } from '../../server/report/render-markdown';
import { renderReportMarkdown } from '../../server/report/render-markdown-report';
import { renderSarif } from '../../server/report/render-sarif';
import type { ReportedFinding, SuppressedFinding } from '../../server/report/reported-finding';
import type { Snapshot } from '../../server/workspace/snapshot';
import { analyse } from '../support/analyse';
import { type Fixture, readFixtures } from '../support/fixtures';
import { rendered, tablesOf } from '../support/read-markdown';
import { readXml } from '../support/read-xml';
import { sarifProblems } from '../support/sarif-schema';

describe('all fixtures', () => {
  const findings: ReportedFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const texts = new Map<string, readonly string[]>();
  const lineOf: FindingsOutput['lineOf'] = (file, line) => texts.get(file)?.[line];
  const output = (): FindingsOutput => ({ findings, suppressed, files: texts.size, skipped: [], version: '1.2.3', relativeTo: '/w', lineOf });

  /** Takes findings in as if the fixture were one folder of many. */
  function take({ name, files }: Fixture, snapshot: Snapshot) {
    const there = <Finding>(finding: Finding): Finding => JSON.parse(JSON.stringify(finding), (key, value) => (key === 'file' ? `/w/${name}/${value}` : value));
    findings.push(...snapshot.findings().map(there));
    suppressed.push(...snapshot.suppressed().map(there));
    for (const [file, text] of Object.entries(files)) texts.set(`/w/${name}/${file}`, text.split(/\r\n|\r|\n/));
  }

  beforeAll(async () => {
    for (const fixture of readFixtures()) {
      const snapshot = await analyse(fixture.files);
      take(fixture, snapshot);
      const report = snapshot.report();
      const tables = tablesOf(renderReportMarkdown(report, { lineOf: () => undefined }));
      const rowsOf = (title: string) => tables.get(title)?.[0].rows.length ?? 0;
      expect(['What runs where', 'Shared places', 'Locks', 'Order of locks'].map(rowsOf), fixture.name).toEqual(
        [report.roots, report.shared, report.locks, report.order].map(({ length }) => length),
      );
    }
  });

  it('have fingerprints of their own', () => {
    const all = [...findings, ...suppressed];
    expect(all.length).toBeGreaterThan(1000);
    expect(new Set(fingerprintsOf(all, lineOf, '/w').values()).size).toBe(all.length);
  });

  it('are valid SARIF', () => {
    const log = JSON.parse(renderSarif(output()));
    expect(sarifProblems(log)).toEqual([]);
    expect(log.runs[0].results).toHaveLength(findings.length + suppressed.length);
  });

  it('are well-formed XML', () => {
    expect(readXml(renderJunit(output())).attributes).toMatchObject({ tests: String(findings.length), failures: String(findings.length) });
  });

  it('are commands for GitHub', () => {
    const commands = renderGithub(output()).trimEnd().split('\n');
    expect(commands).toHaveLength(findings.length + 1);
    const annotations = commands.filter((line) => /^::\w+ file=[^,:]+,line=\d+,endLine=\d+,(?:col=\d+,endColumn=\d+,)?title=[^,:]+::./.test(line));
    expect(annotations).toHaveLength(findings.length);
  });

  it('open one by one in a comment', () => {
    for (let from = 0; from < findings.length; from += 10) {
      const markup = rendered(renderFindingsMarkdown({ ...output(), findings: findings.slice(from, from + 10) }));
      expect(markup.match(/<summary>/g)).toHaveLength(findings.slice(from, from + 10).length);
      expect(markup.match(/<\/details>/g)).toHaveLength(findings.slice(from, from + 10).length);
    }
  });
});
