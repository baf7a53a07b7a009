// A process is ended by force while it shares a queue or a lock with others, which it may leave locked or half written.
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { first, oneRun, second } from './shared/interleavings';
import { argumentOf } from './shared/made-objects';
import { type StartedWork, startedIn } from './shared/started-work';

/** What a process that is ended in the middle can leave broken. */
const SHARED = /^multiprocessing\.(?:(?:Simple|Joinable)?Queue|R?Lock|(?:Bounded)?Semaphore|Condition)$/;

export const terminatedWhileSharing: Rule = {
  id: 'terminated-while-sharing',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'information',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const work of startedIn(file, facts)) {
      const finding = work.kind === 'process' ? broken(work, facts) : undefined;
      if (finding) yield finding;
    }
  },
};

function broken(work: StartedWork, facts: Facts): Finding | undefined {
  const end = work.life.uses.find((use) => use.name === 'terminate' || use.name === 'kill');
  if (!end || work.life.escapes) return undefined;
  // It was asked to end, and given time to.
  if (work.life.uses.some((use) => use.name === 'join' && use.given && use.site.function === end.site.function && use.site.point < end.site.point))
    return undefined;
  const shared = sharedWith(work, facts);
  // Nobody is harmed who does not use it afterwards.
  const other =
    shared &&
    facts.usesOf(shared).find((use) => !/\.(?:close|join_thread|cancel_join_thread)$/.test(use.api) && !calledBy(facts, work.target).has(use.function));
  if (!shared || !other) return undefined;
  // Whoever closes it together with the process has no further use for it.
  if (facts.usesOf(shared).some((use) => /\.close$/.test(use.api) && use.function === end.site.function)) return undefined;
  const [name, who] = [nameOfKey(shared), callOfKey(end.site.function)];
  return {
    rule: terminatedWhileSharing.id,
    family: terminatedWhileSharing.family,
    severity: 'information',
    confidence: 0.5,
    site: end.site,
    message: `${end.name}() can break ${name} for everybody: ${who} ends the process running ${callOfKey(work.target)} in the middle of whatever it does, and it shares ${name} with ${callOfKey(other.function)}. If it holds its lock, or is half through writing to it, at that moment, whoever uses ${name} next waits for ever or reads rubbish. Ask it to end, with a sentinel or an Event, and join it; use ${end.name}() only when that has failed.`,
    related: [
      { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the process and gives it ${name}` },
      { site: end.site, message: `${who} ends it by force` },
      { site: { function: other.function, point: other.point }, message: `${callOfKey(other.function)} uses ${name} as well` },
    ],
    interleaving: {
      sides: [oneRun(undefined, end.site.function), `process running ${callOfKey(work.target)}`],
      steps: [
        first({ function: work.fn.key, point: work.point }, `makes the process, and shares ${name} with it`),
        second({ function: work.target, point: NAME }, `is in the middle of using ${name}, and holds its lock`),
        first(end.site, `ends the process by force, with ${end.name}()`),
        first(other, `waits for ${name}, in ${callOfKey(other.function)}, whose lock nobody gives back`),
      ],
      harm: 'stuck',
      outcome: `Whoever uses ${name} next waits for ever, or reads half of what was written.`,
    },
    fixes: [],
  };
}

/** A queue or lock that the process has: among its arguments, or in a place that what it runs uses. */
function sharedWith(work: StartedWork, facts: Facts): CellKey | undefined {
  const { resolver } = facts.program;
  const given = argumentOf(work.call, 'args', 3);
  const items = given?.kind === 'collection' ? given.items : [];
  for (const item of items) {
    const type = resolver.typeOf(work.fn.module, work.fn.index, item);
    if (type?.kind !== 'library' || !SHARED.test(type.name) || item.kind !== 'place') continue;
    for (const [number, cell] of work.fn.cells) if (number < work.point && argumentDepends(work, number)) return cell.key;
  }
  for (const key of calledBy(facts, work.target)) {
    for (const use of facts.summaryOf(key)?.uses ?? [])
      if (SHARED.test(use.api.slice(0, use.api.lastIndexOf('.'))) && fileOfKey(use.cell.key) === fileOfKey(key)) return use.cell.key;
  }
  return undefined;
}

function argumentDepends(work: StartedWork, number: number): boolean {
  return work.call.arguments.some((argument) => argument.name === 'args' && argument.depends.includes(number));
}
