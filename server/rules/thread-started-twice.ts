// One thread or process object is started a second time, which raises RuntimeError: such an object runs once.
import { methodOf } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { printPlace } from '../model/place';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, fileOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, loopAround, pointsIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf, type ObjectLife } from './shared/object-life';
import { callsRepeatedly } from './shared/repeated-calls';
import { type Again, inRequest, inRestart, inStartAndStop } from './shared/second-runs';
import { isStartable, wordFor } from './shared/startables';

export const threadStartedTwice: Rule = {
  id: 'thread-started-twice',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const told = new Set<string>();
    for (const made of madeIn(file, facts, isStartable)) {
      if (made.fn.calls.get(made.point)?.api?.kind === 'function') continue;
      const life = lifeOf(facts, made.fn.key, made.point);
      const starts = life.uses.filter((use) => use.name === 'start' && fileOfKey(use.site.function) === file).map((use) => use.site);
      const again = secondStart(made, life, starts, facts);
      const id = again && `${again.site.function} ${again.site.point}`;
      if (!again || told.has(id!)) continue;
      told.add(id!);
      yield findingOf(made, again);
    }
  },
};

function secondStart(made: MadeObject, life: ObjectLife, starts: readonly Site[], facts: Facts): Again | undefined {
  for (const site of starts) {
    const fn = facts.program.functions.get(site.function);
    const operation = fn && modelOf(fn).operations[site.point];
    if (!fn || operation?.kind !== 'call') continue;
    const found = isStart(operation)
      ? (inLoop(made, fn, site) ??
        afterAnother(made, life, fn, site, starts, facts) ??
        inRestart(life, site, facts) ??
        inStartAndStop(made, life, site, facts) ??
        inHandler(made, fn, site, facts))
      : handedToRepeat(fn, site, operation, facts);
    if (found) return found;
  }
  return inRequest(made, life, facts);
}

/** The object is made before a loop, and each round of the loop starts it. */
function inLoop(made: MadeObject, fn: ResolvedFunction, site: Site): Again | undefined {
  const model = modelOf(fn);
  const loop = fn.key === made.fn.key ? loopAround(model, site.point) : undefined;
  if (!loop || loopAround(model, made.point) || !speaksOf(model.operations[site.point] as Call, made.point)) return undefined;
  const around = enclosing(model).get(site.point) ?? [];
  for (const outer of around) {
    if (outer.kind === 'loop') break;
    // Started only where it is not alive: once it has ended, that is no thread to be started any more.
    if (outer.kind === 'branch' && !outer.step.test.some((test) => asksAlive(model.operations[test], made.point))) return undefined;
    if (outer.kind === 'try' && outer.part !== 'body') return undefined;
  }
  const leaves = pointsIn(model, loop.body).some(
    (point) => point > site.point && /^(?:break|return)$/.test(model.operations[point]?.kind ?? '') && enclosing(model).get(point)?.[0] === around[0],
  );
  if (leaves) return undefined;
  return { site, why: 'a loop starts the same object in each round', steps: [{ site, message: 'Each round of the loop comes here with the same object' }] };
}

/** A start that has another one of the same object before it: in the same function, or in the constructor. */
function afterAnother(made: MadeObject, life: ObjectLife, fn: ResolvedFunction, site: Site, starts: readonly Site[], facts: Facts): Again | undefined {
  const model = modelOf(fn);
  for (const first of starts) {
    const firstFn = facts.program.functions.get(first.function);
    const operation = firstFn && modelOf(firstFn).operations[first.point];
    if (!firstFn || operation?.kind !== 'call' || !isStart(operation) || (first.function === site.function && first.point >= site.point)) continue;
    const steps = [
      { site: first, message: 'It is started here first' },
      { site, message: 'It is started again here' },
    ];
    const why = 'it has been started before it comes to this start';
    if (first.function === site.function) {
      const same = printed(operation) === printed(model.operations[site.point] as Call);
      const certain = (enclosing(model).get(first.point) ?? []).every((outer) =>
        (enclosing(model).get(site.point) ?? []).some((other) => other.step === outer.step && sameArm(outer, other)),
      );
      const between = [...fn.cells].some(
        ([number, cell]) =>
          number > first.point && number < site.point && model.operations[number].kind === 'write' && life.cells.some(({ key }) => key === cell.key),
      );
      const made2 = loopAround(model, made.point) !== undefined || (made.fn.key === fn.key && made.point > first.point);
      if (same && certain && !between && !made2) return { site, why, steps };
    } else if (
      modelOf(firstFn).kind === 'constructor' &&
      firstFn.key === made.fn.key &&
      (enclosing(modelOf(firstFn)).get(first.point) ?? []).length === 0 &&
      isMadeOnce(life, made, facts)
    )
      return { site, why, steps };
  }
  return undefined;
}

/** A nested function that runs again and again starts what its surroundings made once. */
function inHandler(made: MadeObject, fn: ResolvedFunction, site: Site, facts: Facts): Again | undefined {
  if (modelOf(fn).parent !== made.fn.index || fn.module.file !== made.fn.module.file) return undefined;
  const root = facts
    .contextOf(fn.key)
    .roots.map(rootParts)
    .find((each) => each.many || each.kind === 'signal');
  if (!root || (enclosing(modelOf(fn)).get(site.point) ?? []).some((outer) => outer.kind === 'branch')) return undefined;
  return {
    site,
    why: `${callOfKey(fn.key)} may run again, and the object is made only once`,
    steps: [{ site, message: 'Each run comes here with the same object' }],
  };
}

/** `every(60, thread.start)`: whoever gets the bound method calls it more than once. */
function handedToRepeat(fn: ResolvedFunction, site: Site, call: Call, facts: Facts): Again | undefined {
  const given = call.arguments.findIndex(({ value }) => value.kind === 'place' && value.place.path.at(-1) === 'start');
  if (given < 0 || !callsRepeatedly(fn, site.point, given, facts)) return undefined;
  return {
    site,
    why: 'its bound start() is handed to something that calls it again and again',
    steps: [{ site, message: 'The start() of this one object is handed over to be called repeatedly' }],
  };
}

function findingOf(made: MadeObject, again: Again): Finding {
  const word = wordFor(made.api);
  return {
    rule: threadStartedTwice.id,
    family: threadStartedTwice.family,
    severity: threadStartedTwice.severity,
    confidence: 0.85,
    site: again.site,
    message: `The same ${word} is started more than once: ${again.why}. A ${word} object runs once, and the second start() raises RuntimeError, also when the first run has ended. Make a new ${word} for each start.`,
    related: [{ site: { function: made.fn.key, point: made.point }, message: `${callOfKey(made.fn.key)} makes the ${word} here, once` }, ...again.steps],
    fixes: [],
  };
}

function isStart(call: Call): boolean {
  return methodOf(call) === 'start' && call.arguments.length === 0;
}

/** Whether a call is of a method of exactly the object that an operation made. */
function speaksOf(call: Call, made: number): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  return root.kind === 'result' && root.operation === made && path.length === 1;
}

function asksAlive(operation: Operation | undefined, made: number): boolean {
  return (
    operation?.kind === 'call' &&
    speaksOf(operation, made) &&
    /^(?:is_alive|isAlive)$/.test(operation.callee.kind === 'place' ? operation.callee.place.path[0] : '')
  );
}

function printed(call: Call): string {
  return call.callee.kind === 'place' ? printPlace(call.callee.place) : '';
}

function sameArm(
  a: { readonly kind: string; readonly arm?: number; readonly part?: string },
  b: { readonly kind: string; readonly arm?: number; readonly part?: string },
): boolean {
  return a.kind === b.kind && a.arm === b.arm && a.part === b.part;
}

function isMadeOnce(life: ObjectLife, made: MadeObject, facts: Facts): boolean {
  return life.cells.every(({ key }) => writersOf(key, facts).every((writer) => writer === made.fn.key));
}

/** Who puts an object into a place, not counting None. */
function writersOf(cell: CellKey, facts: Facts): string[] {
  return facts
    .accessesOf(cell)
    .filter((access) => access.write && !access.constant)
    .map((access) => access.function);
}
