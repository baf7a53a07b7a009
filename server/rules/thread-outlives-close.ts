// An object is closed, but the endless thread or task that it has started is told nothing and goes on.
import type { Facts } from '../summary/facts';
import { type ClassKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf } from '../summary/resolved';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { calledBy, cellsChanged, cellsTouched, leavesToBase } from './shared/call-tree';
import { closingMethods, isSingleton } from './shared/closing-methods';
import { type EndlessLoop, endlessLoopOf, leavesProgram } from './shared/endless-loops';
import { first, second } from './shared/interleavings';
import { ownerOf, type StartedWork, siteOf, startedIn } from './shared/started-work';

export const threadOutlivesClose: Rule = {
  id: 'thread-outlives-close',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const told = new Set<string>();
    for (const work of startedIn(file, facts)) {
      const finding = work.kind === 'timer' ? undefined : (leftByOwner(work, facts) ?? leftStanding(work, facts));
      const at = finding && `${finding.site.function} ${finding.site.point}`;
      if (finding && !told.has(at!)) yield finding;
      if (at !== undefined) told.add(at);
    }
  },
};

/** The class that starts it has a method that ends the object, which touches nothing that the work looks at. */
function leftByOwner(work: StartedWork, facts: Facts): Finding | undefined {
  const owner = ownerOf(work, facts);
  if (owner === undefined || work.life.escapes || fileOfKey(work.target) !== fileOfKey(owner) || isSingleton(owner, facts)) return undefined;
  const closing = closingMethods(owner, facts);
  const loop = endlessLoopOf(facts, work.target);
  if (closing.length === 0 || !loop || closing.includes(work.fn.key)) return undefined;
  if (work.life.uses.some((use) => /^(?:cancel|terminate|kill|stop|close|shutdown|quit|abort|interrupt|set)$/.test(use.name))) return undefined;
  const ends = new Set(closing.flatMap((key) => [...calledBy(facts, key)]));
  if (leavesToBase(facts, ends) || leavesProgram(work.fn)) return undefined;
  // Whoever joins it, wherever that is, may know how to end it.
  for (const use of work.life.uses) if (use.name === 'join') for (const key of calledBy(facts, use.site.function)) ends.add(key);
  const looked = cellsTouched(facts, calledBy(facts, work.target));
  const told = [...cellsChanged(facts, ends)].filter((cell) => looked.has(cell) && !loop.flags.includes(cell));
  if (told.length > 0) return undefined;
  const joins = work.life.uses.find((use) => use.name === 'join' && ends.has(use.site.function));
  const name = nameOfKey(owner);
  const end = callOfKey(closing[0]);
  return finding(work, loop, facts, {
    message: joins
      ? `${end} waits for ever: it joins the ${work.kind} running ${callOfKey(work.target)}, whose loop never ends, as nothing tells it to. Set an event before joining, and let the loop ask for it.`
      : `${end} does not end the ${work.kind} running ${callOfKey(work.target)}: its loop has no way out, and nothing that ${end} does reaches it, so that each closed ${name} leaves one behind${work.daemon === false ? ' and the program cannot end' : ''}. ${work.kind === 'task' ? 'Keep the task, and cancel and await it there.' : `Let the loop wait on an event, which ${end} sets before it joins the ${work.kind}.`}`,
    related: [
      ...closing.map(
        (key): Related => ({ site: { function: key, point: NAME }, message: `${callOfKey(key)} ends the ${name}, and tells the ${work.kind} nothing` }),
      ),
      ...(joins ? [{ site: joins.site, message: `${callOfKey(joins.site.function)} waits here for the ${work.kind} to end` }] : []),
    ],
    end: { function: closing[0], point: NAME },
    join: joins?.site,
  });
}

/** A thread object that could be told to stop, in a field of an object whose end forgets it. */
function leftStanding(work: StartedWork, facts: Facts): Finding | undefined {
  const { subclass, life } = work;
  const field = life.cells.find((cell) => cell.owner !== undefined);
  if (subclass === undefined || !field?.owner || life.escapes || life.offered || modelOf(work.fn).class === undefined) return undefined;
  const stops = closingMethods(subclass, facts).filter((key) => !key.endsWith('__exit__'));
  const closing = closingMethods(field.owner, facts);
  const owner: ClassKey = field.owner;
  if (stops.length === 0 || closing.length === 0 || isSingleton(owner, facts)) return undefined;
  const ends = new Set<FunctionKey>(closing.flatMap((key) => [...calledBy(facts, key)]));
  if (leavesToBase(facts, ends) || cellsTouched(facts, ends).has(field.key)) return undefined;
  const names = new Set(stops.map((key) => nameOfKey(key).split('.').at(-1)!));
  if (
    life.uses.some((use) => names.has(use.name) || /^(?:join|cancel|terminate|kill|set)$/.test(use.name)) ||
    life.attributes.some((attribute) => attribute.written && attribute.name !== 'daemon')
  )
    return undefined;
  const end = callOfKey(closing[0]);
  return finding(work, undefined, facts, {
    message: `${end} does not stop the ${work.kind} in ${nameOfKey(field.key)}: it runs until ${callOfKey(stops[0])} is called, and nobody calls that, so that each closed ${nameOfKey(owner)} leaves one behind${work.daemon === false ? ' and the program cannot end' : ''}. Call it in ${end}, and join the ${work.kind}.`,
    related: [
      { site: { function: closing[0], point: NAME }, message: `${end} ends the object, and leaves its ${work.kind} running` },
      ...(fileOfKey(stops[0]) === fileOfKey(owner) ? [{ site: { function: stops[0], point: NAME }, message: `${callOfKey(stops[0])} would stop it` }] : []),
    ],
    end: { function: closing[0], point: NAME },
  });
}

/** What is told of it, where its owner ends, and where somebody waits for it all the same. */
interface Left extends Pick<Finding, 'message' | 'related'> {
  readonly end: Site;
  readonly join?: Site;
}

function finding(work: StartedWork, loop: EndlessLoop | undefined, facts: Facts, rest: Left): Finding {
  const site = siteOf(work, facts);
  const { id, family } = threadOutlivesClose;
  const related: Related[] = [
    { site, message: `${callOfKey(site.function)} starts the ${work.kind} here` },
    ...(loop ? [{ site: loop.site, message: `${callOfKey(loop.function)} goes round here for ever` }] : []),
    ...rest.related,
  ];
  return {
    rule: id,
    family,
    severity: loop === undefined && work.daemon !== false ? 'information' : 'warning',
    confidence: 0.75,
    site,
    message: rest.message,
    related,
    interleaving: {
      sides: [`owner of the ${work.kind}`, `${work.kind} running ${callOfKey(work.target)}`],
      steps: [
        first(site, `starts the ${work.kind}`),
        second(loop?.site ?? { function: work.target, point: NAME }, loop ? 'goes round, with no way out' : 'runs until it is told to stop'),
        first(rest.end, `ends the object, and tells the ${work.kind} nothing`),
        ...(rest.join ? [first(rest.join, `waits for the ${work.kind} to end`)] : []),
        second(loop?.site ?? { function: work.target, point: NAME }, 'goes on'),
      ],
      ...(rest.join
        ? { harm: 'stuck', outcome: `The ${work.kind} never ends, and whoever waits for that waits for ever.` }
        : { harm: 'wrong', outcome: `The ${work.kind} goes on for an object that has ended.` }),
    },
    fixes: [],
  };
}
