// Interleavings: whatever depends on who comes when shows, step by step, a schedule that really can be and that ends in the harm.
import { describe, expect, it } from 'vitest';
import type { ReportedFinding, ReportedInterleaving } from '../../server/report/reported-finding';
import { RULES } from '../../server/rules/registry';
import { analyse } from '../support/analyse';
import { readFixtures } from '../support/fixtures';

/** Rules without schedules, and why there is nothing to tell step by step. */
const NONE: Readonly<Record<string, string>> = {
  'guard-annotation-unknown': 'a comment names a lock that is not there',
  'condition-used-without-lock': 'it raises whoever comes when',
  'lost-nested-change': 'one process alone changes a copy and drops it',
  'proxy-outlives-manager': 'the manager is always gone by then',
  'unpickling-from-strangers': 'whoever sends, and when, it is unpickled',
  'many-tiny-items': 'it costs time, and ends well',
  'cpu-bound-threads': 'it costs time, and ends well',
  'busy-wait': 'it costs time: nobody comes at the wrong moment',
  'event-never-cleared': 'the wait always comes back at once',
  'item-requeued-in-a-spin': 'it costs time: nobody comes at the wrong moment',
  'retry-without-pause': 'it costs time: nobody comes at the wrong moment',
  'exception-does-not-unpickle': 'a value that cannot be sent never can',
  'unpicklable-argument': 'a value that cannot be sent never can',
  'unpicklable-process-field': 'a value that cannot be sent never can',
  'unpicklable-result': 'a value that cannot be sent never can',
  'coroutine-never-awaited': 'the work never begins',
  'promise-taken-for-truth': 'the test is wrong whoever comes when',
  'no-event-loop-in-thread': 'it raises whoever comes when',
  'event-loop-run-inside-another': 'it raises whoever comes when',
  'concurrent-future-awaited': 'it raises whoever comes when',
  'rejection-copied': 'one promise is made of another, and dropped at once',
  'child-never-reaped': 'what has ended is left, whoever comes when',
  'closable-never-closed': 'what nobody ends is left, whoever comes when',
  'listener-left-by-call': 'each call leaves one more, whoever comes when',
  'pool-never-shut-down': 'what nobody ends is left, whoever comes when',
  'removal-of-another-listener': 'it takes nothing off, whoever comes when',
  'session-never-closed': 'what nobody ends is left, whoever comes when',
  'shared-memory-never-unlinked': 'what nobody ends is left, whoever comes when',
  'timeout-left-running': 'the timer is left by every call',
  'daemon-set-after-start': 'it raises whoever comes when',
  'join-in-start-loop': 'nothing runs beside anything else',
  'thread-never-started': 'the work never begins',
  'run-instead-of-start': 'nothing runs beside anything else',
  'thread-started-twice': 'it raises whoever comes when',
  'target-called-not-passed': 'nothing runs beside anything else',
  'wrong-thread-arguments': 'the call is wrong',
  'unbounded-fan-out': 'it is a matter of how many, not of who comes first',
  'unbounded-queue': 'it is a matter of how many, not of who comes first',
  'unbounded-starts': 'it is a matter of how many, not of who comes first',
  'buffer-used-after-transfer': 'the buffer is gone, whoever comes when',
  'message-lost-as-json': 'what is sent is wrong',
  'methods-lost-in-message': 'what is sent is wrong',
  'uncloneable-message': 'what is sent is wrong',
};

/** Rules of whose findings some have none, and which. */
const SOME: Readonly<Record<string, string>> = {
  'atomics-wait-on-event-loop': 'on the main thread of a page it throws at once',
  'guard-annotation-broken': 'where nobody else is known to touch the place, or to come in between',
  'required-lock-not-held': 'where nobody in the file takes the lock',
};

const fixtures = readFixtures();

/** How often each rule was found, and how often with a schedule. */
const seen = new Map<string, { findings: number; told: number }>();

describe('interleavings', () => {
  it.each(fixtures.map((fixture) => [fixture.name, fixture.files] as const))('%s', async (_, files) => {
    const snapshot = await analyse(files);
    const problems = snapshot.findings().flatMap((finding) => {
      const counts = seen.get(finding.rule) ?? { findings: 0, told: 0 };
      seen.set(finding.rule, { findings: counts.findings + 1, told: counts.told + (finding.interleaving ? 1 : 0) });
      const told = finding.interleaving ? faultsOf(finding, finding.interleaving, Object.keys(files)) : [];
      return told.map((fault) => `${finding.rule} at ${finding.file}:${finding.range.start.line + 1}: ${fault}`);
    });
    if (problems.length > 0) throw new Error(`\n  ${problems.join('\n  ')}`);
  });

  it.each(RULES.map(({ id }) => [id]))('are told by %s, or it says why not', (id) => {
    const { findings, told } = seen.get(id) ?? { findings: 0, told: 0 };
    if (id in NONE) expect(told).toBe(0);
    else if (id in SOME) expect([told > 0, told < findings]).toEqual([true, true]);
    else expect(told).toBe(findings);
  });

  it('has reasons for rules that are there', () => {
    const ids = new Set(RULES.map(({ id }) => id));
    expect([NONE, SOME].flatMap((reasons) => Object.keys(reasons)).filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('what schedules are held to', () => {
  it('keeps a side from a lock that the other one holds', () => {
    const step = (side: 0 | 1, does: string) => ({ side, does, file: 'a.py', range: { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } } });
    const fault = ['takes A.lock, which the other side holds'];
    expect(takenFromOther([step(0, 'takes A.lock'), step(1, 'takes A.lock')])).toEqual(fault);
    expect(takenFromOther([step(0, 'takes A.lock'), step(0, 'reads A.x, and lets go of A.lock'), step(1, 'takes A.lock')])).toEqual([]);
    expect(takenFromOther([step(0, 'takes A.lock'), step(1, 'takes B.lock'), step(0, 'takes B.lock')])).toEqual([fault[0].replace('A', 'B')]);
  });
});

const MOST = 100;

function faultsOf(finding: ReportedFinding, { sides, steps, outcome }: ReportedInterleaving, files: readonly string[]): string[] {
  const faults = steps.flatMap(({ file, does }) => [
    ...(files.includes(file) ? [] : [`a step in ${file}`]),
    ...(does.length <= MOST ? [] : [`a step of ${does.length} letters: ${does}`]),
    ...(/^[a-z]+s\b/.test(does) ? [] : [`a step does not begin with what is done: ${does}`]),
    ...(/[.!?]$|undefined|\[object/.test(does) ? [`a step is no bare clause: ${does}`] : []),
  ]);
  if (!/^\S.*\.$/.test(outcome) || !/^[^a-z]|^[\w$]*[._(]|^__/.test(outcome)) faults.push(`the outcome is no sentence: ${outcome}`);
  for (const [side, head] of sides.entries()) {
    if (!steps.some((step) => step.side === side)) faults.push(`${head} does nothing`);
    if (head.length > MOST || /[.!?]$|undefined/.test(head)) faults.push(`a head that is none: ${head}`);
  }
  if (new Set(sides).size < sides.length) faults.push(`both sides are called ${sides[0]}`);
  if (steps.some((step) => step.side >= sides.length)) faults.push('a step of nobody');
  const turns = steps.filter((step, at) => at > 0 && step.side !== steps[at - 1].side).length;
  if (sides.length === 2 && turns < 1) faults.push('one side after the other');
  const isHere = ({ file, range }: { file: string; range: ReportedFinding['range'] }) => file === finding.file && range.start.line === finding.range.start.line;
  if (!steps.some(isHere)) faults.push('no step on its own line');
  return [...faults, ...takenFromOther(steps)];
}

/** Steps that take a lock while the other side has it. Whose own lock it is, or of which object, is part of its name. */
function takenFromOther(steps: ReportedInterleaving['steps']): string[] {
  const holders = new Map<string, number>();
  return steps.flatMap(({ side, does }) => {
    const [, taken] = /^takes ([\w.$[\]*()#]+(?: of [\w.$]+)?)(?=$|[,:])/.exec(does) ?? [];
    const [, freed] = /\blets go of ([\w.$[\]*()#]+(?: of [\w.$]+)?)/.exec(does) ?? [];
    const holder = taken === undefined ? undefined : holders.get(taken);
    if (freed !== undefined) holders.delete(freed);
    if (taken === undefined) return [];
    if (freed !== taken) holders.set(taken, side);
    return holder === undefined || holder === side ? [] : [`takes ${taken}, which the other side holds`];
  });
}
