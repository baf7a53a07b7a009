// An end joins a thread that only another method starts, on a way on which nobody may have called that method.
import type { Facts } from '../summary/facts';
import { type CellKey, type ClassKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, loopAround } from '../summary/structure';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { first, oneRun } from './shared/interleavings';
import { type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf, type ObjectLife } from './shared/object-life';
import { isStartable, wordFor } from './shared/startables';

export const joinedBeforeStarted: Rule = {
  id: 'joined-before-started',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['join-if-alive'],
  *check(file, facts) {
    const told = new Set<FunctionKey>();
    for (const made of madeIn(file, facts, isStartable)) {
      const life = modelOf(made.fn).kind === 'constructor' ? lifeOf(facts, made.fn.key, made.point) : undefined;
      const found = life && unstarted(made, life, facts);
      if (!found || told.has(found.join.function)) continue;
      told.add(found.join.function);
      yield findingOf(made, found);
    }
  },
};

interface Unstarted {
  readonly join: Site;
  readonly start: Site;
  readonly why: string;
  readonly at: Site;
}

function unstarted(made: MadeObject, life: ObjectLife, facts: Facts): Unstarted | undefined {
  const owner = life.cells.find((cell) => cell.owner !== undefined)?.owner;
  if (owner === undefined || life.escapes || fileOfKey(owner) !== made.fn.module.file) return undefined;
  const starts = life.uses.filter((use) => use.name === 'start').map((use) => use.site);
  if (starts.length === 0 || starts.some((start) => start.function === made.fn.key)) return undefined;
  const reaches = (key: FunctionKey) => starts.some((start) => calledBy(facts, key).has(start.function));
  // A constructor that comes to the start leaves no such way.
  if (reaches(made.fn.key)) return undefined;
  for (const join of life.uses) {
    if (join.name !== 'join' || starts.some((start) => start.function === join.site.function) || !isUnguarded(join.site, life, facts)) continue;
    const way = atExit(owner, join.site, reaches, facts) ?? forAll(join.site, starts, facts);
    if (way) return { join: join.site, start: starts[0], ...way };
  }
  return undefined;
}

/** Nothing stands before the join that may ask whether it runs. */
function isUnguarded(join: Site, life: ObjectLife, facts: Facts): boolean {
  const fn = facts.program.functions.get(join.function);
  if (!fn || modelOf(fn).kind === 'constructor') return false;
  const model = modelOf(fn);
  const aloneInLoops = (enclosing(model).get(join.point) ?? []).every(
    (outer) => outer.kind === 'loop' || outer.kind === 'with' || (outer.kind === 'try' && outer.part === 'final'),
  );
  const leaves = model.operations.slice(0, join.point).some((operation) => /^(?:return|raise|continue|break)$/.test(operation.kind));
  const asks = life.uses.some((use) => /^(?:is_alive|isAlive)$/.test(use.name) && use.site.function === fn.key);
  return aloneInLoops && !leaves && !asks && !life.attributes.some((each) => each.name === 'ident' && each.site.function === fn.key);
}

/** `__exit__` and `__del__` come to the join for every object, while `__enter__` and the constructor start nothing. */
function atExit(owner: ClassKey, join: Site, reaches: (key: FunctionKey) => boolean, facts: Facts): Pick<Unstarted, 'why' | 'at'> | undefined {
  const { resolver } = facts.program;
  const enter = resolver.method(owner, '__enter__') ?? resolver.method(owner, '__aenter__');
  for (const name of ['__exit__', '__aexit__', '__del__']) {
    const end = resolver.method(owner, name);
    if (
      end === undefined ||
      fileOfKey(end) !== fileOfKey(join.function) ||
      !calledBy(facts, end).has(join.function) ||
      (name !== '__del__' && (enter === undefined || reaches(enter)))
    )
      continue;
    const fn = facts.program.functions.get(end);
    const call = facts.summaryOf(end)?.calls.find(({ target }) => calledBy(facts, target).has(join.function));
    if (!fn || (call && !isPlain(fn, call.point))) continue;
    return { why: `${callOfKey(end)} comes to it for every object, started or not`, at: { function: end, point: call?.point ?? join.point } };
  }
  return undefined;
}

/** A loop ends all objects of a container, of which single ones are started. */
function forAll(join: Site, starts: readonly Site[], facts: Facts): Pick<Unstarted, 'why' | 'at'> | undefined {
  for (const [caller, sites] of facts.program.callers.get(join.function) ?? []) {
    const fn = fileOfKey(caller) === fileOfKey(join.function) ? facts.program.functions.get(caller) : undefined;
    const site = sites.find(({ point }) => fn && loopAround(modelOf(fn), point)?.over !== undefined);
    if (!fn || !site || !isPlain(fn, site.point)) continue;
    const container = elementOf(fn, site.point);
    if (container === undefined) continue;
    const started = starts.flatMap((start) => [...(facts.program.callers.get(start.function) ?? [])]);
    const single =
      started.length > 0 &&
      started.every(([key, calls]) => {
        const starter = facts.program.functions.get(key);
        return (
          starter !== undefined && key !== caller && calls.every(({ point }) => !loopAround(modelOf(starter), point) && elementOf(starter, point) === container)
        );
      });
    if (single)
      return {
        why: `${callOfKey(caller)} ends all that are in ${nameOfKey(container)}, and only those that somebody has asked for are started`,
        at: { function: caller, point: site.point },
      };
  }
  return undefined;
}

/** The place whose element a method is called on, also out of `values()` and the like. */
function elementOf(fn: ResolvedFunction, point: number, depth = 3): CellKey | undefined {
  const { operations } = modelOf(fn);
  const operation = operations[point];
  if (operation?.kind === 'read') return fn.cells.get(point)?.key;
  if (operation?.kind !== 'call' || depth === 0) return undefined;
  for (const before of operation.depends) {
    const found = elementOf(fn, before, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlain(fn: ResolvedFunction, point: number): boolean {
  const around = enclosing(modelOf(fn)).get(point) ?? [];
  return around.every((outer) => outer.kind !== 'branch' && !(outer.kind === 'try' && outer.step.handlers.length > 0));
}

function findingOf(made: MadeObject, { join, start, why, at }: Unstarted): Finding {
  const word = wordFor(made.api);
  const related: Related[] = [
    { site: { function: made.fn.key, point: made.point }, message: `${callOfKey(made.fn.key)} makes the ${word}, and does not start it` },
    { site: start, message: `Only ${callOfKey(start.function)} starts it` },
    { site: at, message: 'Comes to the join without asking whether that has been called' },
    { site: join, message: 'Joins it here' },
  ];
  return {
    rule: joinedBeforeStarted.id,
    family: joinedBeforeStarted.family,
    severity: joinedBeforeStarted.severity,
    confidence: 0.75,
    site: join,
    message: `This may join a ${word} that was never started: ${why}, but only ${callOfKey(start.function)} starts it. join() before start() raises RuntimeError, and the rest of the closing is skipped. Join it only where it has been started: make it in ${callOfKey(start.function)}, or ask is_alive().`,
    related,
    interleaving: {
      sides: [oneRun(undefined, at.function)],
      steps: [
        first({ function: made.fn.key, point: made.point }, `makes the ${word}, and does not start it`),
        ...(at.function === join.function && at.point === join.point ? [] : [first(at, `comes to the end before ${callOfKey(start.function)} was called`)]),
        first(join, `joins the ${word}, which was never started`),
      ],
      harm: 'fails',
      outcome: 'The join raises RuntimeError, and the rest of the closing is skipped.',
    },
    fixes: [{ kind: 'join-if-alive', site: join }],
  };
}
