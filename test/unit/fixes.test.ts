// Fixes: each one that any fixture is offered clears its finding and brings about nothing; each kind does exactly what its examples show.
import { describe, expect, it } from 'vitest';
import { FIX_KINDS, type FixKind } from '../../server/rules/fix-intent';
import { RULES } from '../../server/rules/registry';
import { faultOf, repair } from '../../server/workspace/proven-fixes';
import { newWorkspace } from '../support/analyse';
import { readFixExamples } from '../support/fix-examples';
import { readFixtures } from '../support/fixtures';

const fixtures = readFixtures();
const examples = readFixExamples();
const offered = new Map<string, Set<FixKind>>();

async function open(files: Readonly<Record<string, string>>) {
  const workspace = await newWorkspace();
  workspace.change(Object.entries(files).map(([file, text]) => ({ file, text })));
  return { workspace, now: workspace.analyse() };
}

describe('fixes', () => {
  it.each([...fixtures, ...examples].map((fixture) => [fixture.name, fixture] as const))(
    'of %s clear their findings and break nothing',
    async (_, { files }) => {
      const { workspace, now } = await open(files);
      const told = JSON.stringify(now.findings());
      const faults = now.findings().flatMap((finding) => {
        for (const { kind } of finding.fixes) offered.set(finding.rule, (offered.get(finding.rule) ?? new Set()).add(kind));
        return finding.fixes.flatMap((fix) => {
          const fault = faultOf(fix, finding, now, workspace);
          return fault === undefined ? [] : [`${finding.file}:${finding.range.start.line + 1}: ${finding.rule}: “${fix.title}”: ${fault}`];
        });
      });
      expect(faults).toEqual([]);
      expect(JSON.stringify(workspace.analyse().findings()), 'supposing leaves no trace').toBe(told);
    },
  );

  it.each([...fixtures, ...examples].map((fixture) => [fixture.name, fixture] as const))('of %s go together, and leave nothing to do', async (_, { files }) => {
    const { workspace, now } = await open(files);
    const wants = (_finding: unknown, { safety }: { safety: string }) => safety !== 'unsafe';
    const { texts, applied } = repair(workspace, now, wants);
    if (applied.length === 0) return;
    const fixed = await open({ ...files, ...Object.fromEntries(texts) });
    expect(fixed.now.files.flatMap((file) => fixed.now.module(file)?.problems ?? [])).toEqual([]);
    expect(repair(fixed.workspace, fixed.now, wants).applied.map(({ fix }) => fix.title)).toEqual([]);
  });

  it('are offered by each rule that says so, of each kind that it names', () => {
    const claimed = RULES.filter(({ fixes }) => fixes.length > 0).map(({ id, fixes }) => [id, [...fixes].sort()]);
    expect([...offered].map(([rule, kinds]) => [rule, [...kinds].sort()]).sort()).toEqual(claimed.sort());
  });
});

describe('examples of fixes', () => {
  it('are there for each kind', () => {
    expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(Object.keys(FIX_KINDS).sort());
  });

  it.each(examples.map((example) => [example.name, example] as const))('%s', async (_, { kind, files, fixed }) => {
    const { workspace, now } = await open(files);
    const { texts, refused } = repair(workspace, now, (_finding, fix) => fix.kind === kind);
    expect(refused).toEqual([]);
    expect(Object.fromEntries(Object.keys(files).map((file) => [file, texts.get(file) ?? files[file]]))).toEqual(fixed);
  });
});
