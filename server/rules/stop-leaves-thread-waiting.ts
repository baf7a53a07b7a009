// An end lowers a flag and joins the thread, which does not see the flag as long as it waits for something else.
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import type { Finding, Interleaving, InterleavingStep } from './finding';
import type { Rule } from './rule';
import { calledBy, cellsChanged, cellsTouched, leavesToBase } from './shared/call-tree';
import { closingMethods } from './shared/closing-methods';
import { canBeWoken, isSocket, takesSentinels, testsOfLoops, type Wait, waitIn } from './shared/endless-waits';
import { first, oneRun, second } from './shared/interleavings';
import { ownerOf, type StartedWork, startedIn } from './shared/started-work';

export const stopLeavesThreadWaiting: Rule = {
  id: 'stop-leaves-thread-waiting',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const told = new Set<string>();
    for (const work of startedIn(file, facts)) {
      const finding = work.kind === 'thread' || work.kind === 'process' ? (leftWaiting(work, facts) ?? leftBehind(work, file, facts)) : undefined;
      const at = finding && `${finding.site.function} ${finding.site.point}`;
      if (at === undefined || told.has(at)) continue;
      told.add(at);
      yield finding!;
    }
  },
};

function leftWaiting(work: StartedWork, facts: Facts): Finding | undefined {
  const owner = ownerOf(work, facts);
  if (owner === undefined || fileOfKey(work.target) !== fileOfKey(owner)) return undefined;
  const closing = closingMethods(owner, facts);
  const ends = new Set(closing.flatMap((key) => [...calledBy(facts, key)]));
  // A wait with a limit gives up, and a daemon that nobody joins does no harm.
  const join = work.life.uses.find((use) => use.name === 'join' && !use.given && (ends.has(use.site.function) || closing.includes(use.site.function)));
  if (!join || work.life.escapes || leavesToBase(facts, ends) || work.life.uses.some((use) => /^(?:terminate|kill)$/.test(use.name))) return undefined;
  const tree = calledBy(facts, work.target);
  const wait = waitIn(tree, facts);
  const changed = cellsChanged(facts, ends);
  if (!wait || changed.has(wait.on) || canBeWoken(wait.on, tree, facts)) return undefined;
  // Without a flag that the end lowers it is the matter of the rule on threads that outlive it.
  const looked = cellsTouched(facts, tree);
  const flag = [...changed].find((cell) => looked.has(cell));
  if (flag === undefined) return undefined;
  const { id, family, severity } = stopLeavesThreadWaiting;
  const end = callOfKey(join.site.function);
  const told = changeOf(flag, ends, facts);
  return {
    rule: id,
    family,
    severity,
    confidence: 0.75,
    site: join.site,
    message: `${end} may wait for ever: it changes ${nameOfKey(flag)} and joins the ${work.kind} running ${callOfKey(work.target)}, which looks at that only between two waits for ${nameOfKey(wait.on)}, and nothing here ends such a wait. ${
      !isSocket(wait, facts)
        ? 'Put a sentinel into it before the join, or wait with a timeout.'
        : 'Close or shut down the socket before the join, or give it a timeout.'
    }`,
    related: [
      { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the ${work.kind}` },
      { site: wait.site, message: `${callOfKey(wait.site.function)} waits here, with no limit` },
      { site: join.site, message: `${end} waits here for the ${work.kind} to end` },
    ],
    interleaving: waitingOn(work, wait, flag, join.site.function, [
      ...(told ? [first(told, `changes ${nameOfKey(flag)}, which is to end it`)] : []),
      first(join.site, `waits for the ${work.kind} to end`),
    ]),
    fixes: [],
  };
}

/** The thread waits for something else when it is told to end, and does not come to look. */
function waitingOn(work: StartedWork, wait: Wait, flag: CellKey, end: FunctionKey, ends: readonly InterleavingStep[]): Interleaving {
  return {
    sides: [oneRun(undefined, end), `${work.kind} running ${callOfKey(work.target)}`],
    steps: [
      first({ function: work.fn.key, point: work.point }, `makes the ${work.kind}`),
      second(wait.site, `waits for ${nameOfKey(wait.on)}, with no limit`),
      ...ends,
      second(wait.site, `waits on, and does not look at ${nameOfKey(flag)}`),
    ],
    harm: 'stuck',
    outcome: `The ${work.kind} never learns that it should end, and whoever waits for that waits for ever.`,
  };
}

/** Nobody joins it, but the interpreter does at exit: the end sets a flag that the thread does not come to look at. */
function leftBehind(work: StartedWork, file: string, facts: Facts): Finding | undefined {
  if (work.daemon !== false || work.life.escapes || fileOfKey(work.target) !== file) return undefined;
  if (work.life.uses.some((use) => /^(?:join|terminate|kill|cancel)$/.test(use.name))) return undefined;
  const tree = calledBy(facts, work.target);
  const wait = waitIn(tree, facts);
  if (!wait || canBeWoken(wait.on, tree, facts) || takesSentinels(wait.on, facts)) return undefined;
  const looked = testsOfLoops(tree, facts);
  const module = facts.program.modules.get(file);
  for (const { index } of module?.classKeys.flatMap((key) => facts.program.resolver.classAt(key) ?? []) ?? []) {
    for (const end of closingMethods(module!.classKeys[index], facts)) {
      const ends = calledBy(facts, end);
      const changed = cellsChanged(facts, ends);
      const flag = [...changed].find((cell) => looked.has(cell));
      if (flag === undefined || changed.has(wait.on) || leavesToBase(facts, ends)) continue;
      const at = changeOf(flag, ends, facts);
      if (!at) continue;
      const { id, family, severity } = stopLeavesThreadWaiting;
      return {
        rule: id,
        family,
        severity,
        confidence: 0.7,
        site: at,
        message: `The program may not end: ${callOfKey(end)} only changes ${nameOfKey(flag)}, and the ${work.kind} running ${callOfKey(work.target)} looks at that only between two waits for ${nameOfKey(wait.on)}, and nothing here ends such a wait. At exit Python waits for every ${work.kind} that is not a daemon. ${
          isSocket(wait, facts) ? 'Close or shut down the socket as well, or give it a timeout.' : 'Put a sentinel into it as well, or wait with a timeout.'
        }`,
        related: [
          { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the ${work.kind}, which is no daemon` },
          { site: wait.site, message: `${callOfKey(wait.site.function)} waits here, with no limit` },
          { site: at, message: `${callOfKey(at.function)} tells it to end here, which it does not see while it waits` },
        ],
        interleaving: waitingOn(work, wait, flag, at.function, [first(at, `changes ${nameOfKey(flag)}, and leaves the rest to the ${work.kind}`)]),
        fixes: [],
      };
    }
  }
  return undefined;
}

/** Where the end changes the flag. */
function changeOf(flag: CellKey, ends: ReadonlySet<FunctionKey>, facts: Facts): Site | undefined {
  for (const key of ends) {
    const use = facts.summaryOf(key)?.uses.find((each) => each.cell.key === flag && /\.(?:set|clear)$/.test(each.api));
    const write = facts.accessesOf(flag).find((access) => access.write && access.function === key);
    const point = use?.point ?? write?.point;
    if (point !== undefined) return { function: key, point };
  }
  return undefined;
}
