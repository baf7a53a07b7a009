// The report's model: every number recounted another way, over one program made of all fixtures.
import { beforeAll, describe, expect, it } from 'vitest';
import { withFindings } from '../../server/report/build-report';
import { checksOf, lockPairs } from '../../server/report/report-checks';
import { isSequential, summaryOf } from '../../server/report/report-summary';
import type { ReportLocation, WorkspaceReport } from '../../server/report/workspace-report';
import { FAMILIES } from '../../server/rules/finding';
import { describeRoot, rootId } from '../../server/summary/contexts';
import type { Snapshot } from '../../server/workspace/snapshot';
import { analyse } from '../support/analyse';
import { readFixtures } from '../support/fixtures';
import { EMPTY_REPORT } from './sample-report';

let snapshot: Snapshot;
let report: WorkspaceReport;

beforeAll(async () => {
  const files = readFixtures().flatMap(({ name, files: own }) => Object.entries(own).map(([file, text]) => [`/w/${name.replace(/\.\w+$/, '')}/${file}`, text]));
  snapshot = await analyse(Object.fromEntries(files));
  report = snapshot.report();
}, 120_000);

/** The text at a place. */
function textAt({ file, range: { start, end } }: ReportLocation): string {
  const lines = (snapshot.text(file) ?? '').split(/\r\n|\r|\n/).slice(start.line, end.line + 1);
  if (lines.length === 1) return lines[0].slice(start.column, end.column);
  return [lines[0].slice(start.column), ...lines.slice(1, -1), lines[lines.length - 1].slice(0, end.column)].join('\n');
}

function sum(numbers: readonly { readonly count: number }[]): number {
  return numbers.reduce((total, { count }) => total + count, 0);
}

const ids = (things: readonly { readonly id: string }[]) => things.map(({ id }) => id);

describe('the report of all fixtures', () => {
  it('has something of everything', () => {
    for (const list of [report.roots, report.shared, report.locks, report.order, report.cycles, report.findings]) expect(list.length).toBeGreaterThan(10);
    expect(new Set(report.roots.map(({ style }) => style))).toEqual(new Set(['threads', 'processes', 'tasks', 'workers', 'events']));
    expect(report.locks.some(({ slow }) => slow.length > 0)).toBe(true);
    expect(isSequential(report)).toBe(false);
  });

  it('names each thing once', () => {
    for (const things of [report.roots, report.shared, report.locks]) expect(new Set(ids(things)).size).toBe(things.length);
    const edges = report.order.map(({ first, second }) => `${first.id} ${second.id}`);
    expect(new Set(edges).size).toBe(edges.length);
  });

  it('counts the files, functions and asynchronous functions of the models', () => {
    const functions = snapshot.files.flatMap((file) => snapshot.module(file)!.functions.slice(1));
    expect(report.counts).toMatchObject({
      files: snapshot.files.length,
      functions: functions.length,
      classes: snapshot.files.flatMap((file) => snapshot.module(file)!.classes).length,
      asyncFunctions: functions.filter(({ isAsync }) => isAsync).length,
    });
    expect(report.counts.acquisitions.scoped).toBeLessThanOrEqual(report.counts.acquisitions.all);
  });

  it('shows roots where their functions are, and starts that name them or hand them over', () => {
    for (const root of report.roots) {
      expect(root.id).toContain(root.location.file);
      expect(root.reaches > 0).toBe(root.runs === 'function');
      expect(root.why !== undefined).toBe(root.many);
      for (const start of root.starts) expect(textAt(start).length).toBeGreaterThan(0);
      const name = root.name.slice(root.name.lastIndexOf('.') + 1);
      // Functions without a name of their own are called after what they are given to.
      const at = textAt(root.location);
      if (root.runs === 'function' && name !== 'callback') expect(at.startsWith(name) || /^(?:async|function|\(|[\w$]+ =>)/.test(at), root.id).toBe(true);
    }
  });

  it('counts guarded accesses and those that break the guard', () => {
    for (const { counts, accesses, guard, isStated, name } of report.shared) {
      expect(counts.accesses, name).toBeGreaterThanOrEqual(accesses.length);
      if (counts.accesses === accesses.length) {
        const breaking = accesses.filter((access) => access.breaks).length;
        expect(guard ? counts.accesses - counts.guarded : 0, name).toBe(breaking);
        expect(accesses.filter((access) => access.write).length, name).toBe(counts.writes);
      }
      if (!guard) expect([counts.guarded, isStated], name).toEqual([0, undefined]);
      for (const access of accesses) if (guard && !access.breaks) expect(access.locks, name).toContain(guard.name);
    }
  });

  it('shows accesses that name the place', () => {
    const named = report.shared.flatMap(({ name, accesses }) => accesses.map((access) => ({ name, text: textAt(access) })));
    const isNamed = ({ name, text }: { name: string; text: string }) => text.includes(/([\w$]+)(?:\[\*\]|\*)*$/.exec(name)?.[1] ?? name);
    // What lies in a container, or came through a parameter, has other names there.
    expect(named.filter(isNamed).length / named.length).toBeGreaterThan(0.85);
  });

  it('lists with each lock what it guards, and with each place its lock', () => {
    const guarded = report.locks.flatMap((lock) => lock.guards.map((place) => `${lock.id} ${place.id}`));
    const guards = report.shared.flatMap((place) => (place.guard && ids(report.locks).includes(place.guard.id) ? [`${place.guard.id} ${place.id}`] : []));
    expect(guarded.sort()).toEqual(guards.sort());
    for (const { acquisitions, location } of report.locks) {
      expect(acquisitions.map(({ file, range }) => ({ file, range }))).toContainEqual(location);
    }
  });

  it('links roots of places to the roots it lists', () => {
    const known = new Set([...ids(report.roots), 'main', 'caller', 'documented', 'locking']);
    for (const place of report.shared) for (const root of place.roots) expect(known).toContain(root.id);
  });

  it('marks pairs of locks in both orders and in circles, and tells each chain from the first lock to the second', () => {
    const pairs = new Set(report.order.map(({ first, second }) => `${first.id} ${second.id}`));
    const circled = new Set(report.cycles.flatMap(({ locks }) => locks.map((lock, index) => `${lock.id} ${locks[(index + 1) % locks.length].id}`)));
    for (const { first, second, inverted, inCycle, chains } of report.order) {
      expect(inverted).toBe(pairs.has(`${second.id} ${first.id}`));
      if (circled.has(`${first.id} ${second.id}`)) expect(inCycle).toBe(true);
      expect(chains.length).toBeGreaterThan(0);
      for (const chain of chains) {
        expect(chain[0].message).toContain(`takes ${first.name}`);
        expect(chain[chain.length - 1].message).toContain(second.name);
      }
    }
    expect(lockPairs(report.order)).toHaveLength(new Set(report.order.map(({ first, second }) => [first.id, second.id].sort().join(' '))).size);
  });

  it('sums up to what there is', () => {
    const summary = summaryOf(report, '/w');
    for (const list of [summary.bySeverity, summary.byFamily, summary.byRule, summary.byFolder]) expect(sum(list)).toBe(report.findings.length);
    expect(sum(summary.styles)).toBe(report.roots.length);
    expect(summary.byFolder.map(({ name }) => name)).toContain('lock-order/through-calls');
    expect(summary.guarded.places).toBe(report.shared.length);
    expect(summary.guarded.alwaysKept).toBe(report.shared.filter(({ guard, accesses }) => guard && !accesses.some(({ breaks }) => breaks)).length);
    expect(summary.coverage).toEqual({ analysed: snapshot.files.length, leftOut: 0, skipped: 0 });
  });

  it('names with places the rules that speak of them, and forgets them with the findings', () => {
    expect(report.shared.filter(({ rules }) => rules.length > 0).length).toBeGreaterThan(10);
    const without = withFindings(report, { findings: [] });
    expect(without.shared.every(({ rules }) => rules.length === 0)).toBe(true);
    expect(ids(without.shared).sort()).toEqual(ids(report.shared).sort());
  });
});

describe('the checklist', () => {
  it('asks of each family of rules once, and counts every finding', () => {
    const checks = checksOf(report);
    expect(checks.flatMap(({ families }) => families).sort()).toEqual([...FAMILIES].sort());
    expect(checks.reduce((total, { findings }) => total + findings, 0)).toBe(report.findings.length);
    for (const { state, detail } of checks) expect(`${state}: ${detail}`).toMatch(/^(?:bad|hint): \d+ findings?(?:;|$)/);
  });

  it('tells what is in order from what is not there', () => {
    expect(new Set(checksOf(withFindings(report, { findings: [] })).map(({ state }) => state))).toEqual(new Set(['good']));
    expect(new Set(checksOf(EMPTY_REPORT).map(({ state, detail }) => `${state}: ${detail}`))).toEqual(new Set(['idle: nothing of the kind here']));
    const hints = report.findings.filter(({ severity }) => severity === 'hint');
    expect(checksOf(withFindings(report, { findings: hints })).map(({ state }) => state)).not.toContain('bad');
  });
});

describe('the report of nothing', () => {
  it('is sequential', async () => {
    expect(isSequential(EMPTY_REPORT)).toBe(true);
    expect(isSequential((await analyse({ 'a.py': 'def add(a, b):\n    return a + b\n' })).report())).toBe(true);
  });
});

describe('a root in words', () => {
  it.each(['thread', 'process', 'task'])('of which there are several has the plural of %s', (kind) => {
    const words = describeRoot(rootId({ kind, many: true, ownInstance: false, function: 'a.py#work' }));
    expect(words).toBe(`${{ thread: 'threads', process: 'processes', task: 'tasks' }[kind]} running work()`);
  });
});
