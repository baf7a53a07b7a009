// A thread that keeps the program alive runs a loop that nothing ends, so that the program hangs when it should exit.
import { CALLER } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import type { Finding, Interleaving, InterleavingStep } from './finding';
import type { Rule } from './rule';
import { closingMethods } from './shared/closing-methods';
import { type EndlessLoop, endlessLoopOf } from './shared/endless-loops';
import { first, oneRun, second } from './shared/interleavings';
import { ownerOf, type StartedWork, startedIn } from './shared/started-work';

export const threadNeverEnds: Rule = {
  id: 'thread-never-ends',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['make-daemon'],
  *check(file, facts) {
    const told = new Set<string>();
    for (const work of startedIn(file, facts)) {
      const at = `${work.fn.key} ${work.point}`;
      const finding = told.has(at) ? undefined : hangs(work, facts);
      if (!finding) continue;
      told.add(at);
      yield finding;
    }
  },
};

function hangs(work: StartedWork, facts: Facts): Finding | undefined {
  if ((work.kind !== 'thread' && work.kind !== 'process') || fileOfKey(work.target) !== work.fn.module.file) return undefined;
  // A program may well consist of such threads; an object or a function that others use has no right to keep them.
  if (work.fn.index === 0 || !facts.contextOf(work.fn.key).roots.includes(CALLER)) return undefined;
  if (work.life.uses.some((use) => /^(?:terminate|kill|stop|shutdown|close|cancel|set)$/.test(use.name)) || work.life.escapes) return undefined;
  const loop = endlessLoopOf(facts, work.target);
  if (!loop) return undefined;
  const owner = ownerOf(work, facts) ?? work.subclass;
  // What has an end is the matter of the rule on threads that outlive it.
  if (owner !== undefined && closingMethods(owner, facts).length > 0) return undefined;
  const dead = [
    ...(loop.flags.length > 0 ? [`nobody ever changes ${loop.flags.map(nameOfKey).join(' or ')}`] : []),
    ...(loop.queues.length > 0 ? [`nobody ever puts what would end it into ${loop.queues.map(nameOfKey).join(' or ')}`] : []),
  ];
  const who = callOfKey(work.target);
  const join = joinedInVain(work, loop);
  if (!join && work.daemon !== false) return undefined;
  if (join) {
    return {
      rule: threadNeverEnds.id,
      family: threadNeverEnds.family,
      severity: 'warning',
      confidence: 0.7,
      site: join,
      message: `This join waits for ever: ${who} never ends${dead.length > 0 ? `, as ${dead.join(' and ')}` : ', since its loop has no way out'}. Put a sentinel into the queue for each thread, let the loop end when it gets one, and join then.`,
      related: [
        { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the ${work.kind}` },
        { site: loop.site, message: `${callOfKey(loop.function)} goes round here for ever` },
      ],
      interleaving: endless(work, loop, [first(join, `waits for the ${work.kind} to end`)], 'The join waits for ever.'),
      fixes: [],
    };
  }
  return {
    rule: threadNeverEnds.id,
    family: threadNeverEnds.family,
    severity: loop.flags.length > 0 ? 'warning' : 'information',
    confidence: loop.flags.length > 0 ? 0.75 : 0.5,
    site: { function: work.fn.key, point: work.point },
    message: `The program cannot end while this ${work.kind} runs, and it never ends: ${who} goes round for ever${dead.length > 0 ? `, as ${dead.join(' and ')}` : ' and has no way out'}. At exit Python waits for every ${work.kind} that is not a daemon. Give the loop an event to wait on and a method that sets it and joins, or make the ${work.kind} a daemon.`,
    related: [
      { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the ${work.kind}, which is no daemon` },
      { site: loop.site, message: `${callOfKey(loop.function)} goes round here for ever` },
    ],
    interleaving: endless(work, loop, [], `At exit Python waits for the ${work.kind}, and the program does not end.`),
    fixes: [{ kind: 'make-daemon', site: { function: work.fn.key, point: work.point } }],
  };
}

function endless(work: StartedWork, loop: EndlessLoop, waits: readonly InterleavingStep[], outcome: string): Interleaving {
  return {
    sides: [oneRun(undefined, work.fn.key), `${work.kind} running ${callOfKey(work.target)}`],
    steps: [first({ function: work.fn.key, point: work.point }, `makes the ${work.kind}`), ...waits, second(loop.site, 'goes round for ever, with no way out')],
    harm: 'stuck',
    outcome,
  };
}

/** The function that made the thread waits for its end and means to go on after that: it gives a result, or does more. */
function joinedInVain(work: StartedWork, loop: EndlessLoop): Site | undefined {
  const join = work.life.uses.find((use) => use.name === 'join' && !use.given && use.site.function === work.fn.key);
  if (!join) return undefined;
  const model = modelOf(work.fn);
  const goesOn = model.operations.some(
    (operation, point) => point > join.site.point && (operation.kind === 'call' || (operation.kind === 'return' && operation.value.kind !== 'constant')),
  );
  return goesOn || loop.queues.length > 0 ? join.site : undefined;
}
