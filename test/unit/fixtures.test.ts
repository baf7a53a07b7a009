// Fixtures: bugs, their fixes and safe code that tempts, with what should be found written beside them; and every fix offered there.
import { describe, expect, it } from 'vitest';
import { validateModule } from '../../server/model/validator';
import type { ReportedFinding, ReportedFix } from '../../server/report/reported-finding';
import { RULES } from '../../server/rules/registry';
import { applyEdits } from '../../server/text/edit';
import { LineMap } from '../../server/text/line-map';
import { languageOf } from '../../server/workspace/languages';
import type { Snapshot } from '../../server/workspace/snapshot';
import { analyse } from '../support/analyse';
import { compareFindings, printFinding, readExpectations } from '../support/expectations';
import { readFixtures } from '../support/fixtures';

const fixtures = readFixtures();
const expectations = new Map(fixtures.map((fixture) => [fixture.name, Object.entries(fixture.files).flatMap(([file, text]) => readExpectations(file, text))]));

describe('fixtures', () => {
  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (name, { files }) => {
    const snapshot = await analyse(files);
    expect(problemsOf(snapshot)).toEqual([]);
    const differences = compareFindings(expectations.get(name) ?? [], snapshot.findings());
    if (differences.length > 0) throw new Error(`\n  ${differences.join('\n  ')}`);
  });

  it.each(RULES.flatMap(({ id, family, languages }) => languages.map((language) => [id, language, family] as const)))(
    'show bugs and safe code for %s in %s',
    (rule, language, family) => {
      const inLanguage = fixtures.filter((fixture) => fixture.family === family && Object.keys(fixture.files).some((file) => languageOf(file) === language));
      const bugs = inLanguage.filter((fixture) => expectations.get(fixture.name)?.some((each) => each.kind === 'expect' && each.rule === rule));
      const safe = inLanguage.filter((fixture) => expectations.get(fixture.name)?.length === 0);
      expect(bugs.map((fixture) => fixture.name)).not.toEqual([]);
      expect(safe.map((fixture) => fixture.name)).not.toEqual([]);
    },
  );
});

describe('fixes', () => {
  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('of %s clear their finding and break nothing', async (_, { files }) => {
    const before = await analyse(files);
    for (const finding of before.findings()) {
      for (const fix of finding.fixes) {
        const after = await analyse(applyFix(files, fix));
        const where = `${finding.file}:${finding.range.start.line + 1}: “${fix.title}”`;
        expect(problemsOf(after), `${where} leaves a text that does not parse`).toEqual([]);
        // Of a place that is accessed without its lock in two functions the other one may be told now.
        const wanted = identity(before, finding);
        expect(
          timesTold(after, wanted),
          `${where} does not clear its finding:
${printFinding(finding)}`,
        ).toBe(timesTold(before, wanted) - 1);
        for (const [rule, count] of Object.entries(countByRule(after)))
          expect(count, `${where} brings about ${rule}`).toBeLessThanOrEqual(countByRule(before)[rule] ?? 0);
      }
    }
  });

  it('are offered for each rule that says so', async () => {
    const offered = new Set<string>();
    for (const { files } of fixtures) for (const finding of (await analyse(files)).findings()) if (finding.fixes.length > 0) offered.add(finding.rule);
    expect([...offered].sort()).toEqual(RULES.flatMap((rule) => (rule.repaired ? [rule.id] : [])).sort());
  });
});

/** What could not be parsed, and broken invariants of the model: fixtures are correct programs. */
function problemsOf(snapshot: Snapshot): string[] {
  return snapshot.files.flatMap((file) => {
    const module = snapshot.module(file);
    if (!module) return [`${file}: not analysed`];
    const problems = module.problems.map((problem) => `${file}: ${problem.message} at ${problem.span.start}`);
    return [...problems, ...validateModule(module, snapshot.text(file)?.length ?? 0).map((sentence) => `${file}: ${sentence}`)];
  });
}

/** What is told and about which text, wherever that stands. */
function identity(snapshot: Snapshot, finding: ReportedFinding): string {
  const line = snapshot.text(finding.file)?.split('\n')[finding.range.start.line] ?? '';
  return [finding.rule, finding.message, line.trim()].join('\n');
}

function timesTold(snapshot: Snapshot, wanted: string): number {
  return snapshot.findings().filter((finding) => identity(snapshot, finding) === wanted).length;
}

function countByRule(snapshot: Snapshot): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const finding of snapshot.findings()) counts[finding.rule] = (counts[finding.rule] ?? 0) + 1;
  return counts;
}

function applyFix(files: Readonly<Record<string, string>>, fix: ReportedFix): Record<string, string> {
  const result = { ...files };
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const lines = new LineMap(files[file]);
    const edits = fix.edits.filter((edit) => edit.file === file);
    result[file] = applyEdits(
      files[file],
      edits.map(({ range, newText }) => ({ span: { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) }, newText })),
    );
  }
  return result;
}
