// Fixtures: bugs, their fixes and safe code that tempts, with what should be found written beside them.
import { describe, expect, it } from 'vitest';
import { validateModule } from '../../server/model/validator';
import { RULES } from '../../server/rules/registry';
import { languageOf } from '../../server/workspace/languages';
import type { Snapshot } from '../../server/workspace/snapshot';
import { analyse } from '../support/analyse';
import { compareFindings, readExpectations } from '../support/expectations';
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

/** What could not be parsed, and broken invariants of the model: fixtures are correct programs. */
function problemsOf(snapshot: Snapshot): string[] {
  return snapshot.files.flatMap((file) => {
    const module = snapshot.module(file);
    if (!module) return [`${file}: not analysed`];
    const problems = module.problems.map((problem) => `${file}: ${problem.message} at ${problem.span.start}`);
    return [...problems, ...validateModule(module, snapshot.text(file)?.length ?? 0).map((sentence) => `${file}: ${sentence}`)];
  });
}
