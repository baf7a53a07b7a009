// The same lock of two objects is taken in the order in which the caller names them, so that two calls can cross.

import type { ModelFunction } from '../model/module';
import type { Loop } from '../model/operation';
import { ELEMENT, printPlace } from '../model/place';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, loopsIn, pointsIn } from '../summary/structure';
import type { Acquisition, HeldLock, Point } from '../summary/summary';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { givenOrder, isAboutItem, isPairOfRoles, nameOfGiven } from './shared/callers-order';
import { givenLock } from './shared/given-locks';
import { parameterAt } from './shared/given-parameters';
import { first, second } from './shared/interleavings';
import { freesLock, keyOfRun, takesLock } from './shared/keyed-locks';
import { type RowsInOrder, rowsInCallersOrder } from './shared/rows-in-order';

export const locksInCallersOrder: Rule = {
  id: 'locks-in-callers-order',
  family: 'lock-order',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const inTypeScript = facts.languageOf(file) === 'typescript';
    for (const fn of facts.functionsIn(file)) {
      // What a library calls is not always known in JavaScript.
      if (!inTypeScript && facts.contextOf(fn.key).roots.length === 0) continue;
      const finding =
        twoObjects(fn.key, facts) ??
        (inTypeScript ? (otherInside(fn, facts) ?? manyKeys(fn, facts) ?? listOfKeys(fn, facts) ?? oneInside(fn, facts)) : undefined);
      if (finding) yield finding;
      else if (inTypeScript) {
        const rows = rowsInCallersOrder(fn, facts);
        if (rows) yield findingOfRows(fn, rows);
      }
    }
  },
};

/** The lock of one object while that of another is held. */
function twoObjects(key: FunctionKey, facts: Facts): Finding | undefined {
  for (const acquisition of facts.summaryOf(key)?.acquisitions ?? []) {
    const held = acquisition.held.find((other) => crosses(other, acquisition));
    // Where a test decides, it is most often the one that puts the two in order.
    if (held && !isDecided(key, acquisition, facts)) return findingOf(key, held, acquisition);
  }
  return undefined;
}

/** `this.mutex.runExclusive(() => target.mutex.runExclusive(…))`: that of this object, or of one parameter, around that of another. */
function otherInside(fn: ResolvedFunction, facts: Facts): Finding | undefined {
  const { parameters } = modelOf(fn);
  for (const call of facts.summaryOf(fn.key)?.calls ?? []) {
    if (!call.target.startsWith(`${fn.key}.`)) continue;
    for (const held of call.held) {
      if (held.taken !== call.point || held.reference.kind?.type === 'semaphore') continue;
      const given = givenLock(fn.key, call.target, held.lock, facts);
      const own = held.reference.place ?? '';
      const first = held.reference.onReceiver ? 'this' : parameters.find((_, index) => own.startsWith(`parameter(${index}).`))?.name;
      if (!given || first === undefined || first === given.name || isDecided(fn.key, call, facts) || isDecided(call.target, given.acquisition, facts)) continue;
      return findingOf(call.target, held, given.acquisition, fn.key);
    }
  }
  return undefined;
}

/** `for (const key of keys) await this.acquire(key)`: each one is kept while the next one is waited for. */
function manyKeys(fn: ResolvedFunction, facts: Facts): Finding | undefined {
  const model = modelOf(fn);
  for (const loop of loopsIn(model.body)) {
    const points = pointsIn(model, loop.body).filter((point) => point >= 0);
    const inside = new Set(points);
    const taken = points.find((point) => takesLock(fn, point, facts) && isAboutItem(fn, point, inside));
    if (taken === undefined || points.some((point) => freesLock(fn, point)) || endsAfterOne(model, loop)) continue;
    const over = loop.over ?? itemsOf(model, points);
    const parameter = over && givenOrder(fn, over, facts);
    if (parameter === undefined) continue;
    const name = model.parameters[parameter].name;
    return findingOfKeys(
      fn.key,
      taken,
      [
        { site: { function: fn.key, point: taken }, message: `Call (a, b): takes the lock of a in the first round and keeps it; call (b, a) takes that of b` },
        { site: { function: fn.key, point: taken }, message: `Call (a, b): waits for the lock of b in the second round; call (b, a) waits for that of a` },
      ],
      `takes the locks of several keys one after the other, in the order of ${name}, and keeps each while it waits for the next`,
    );
  }
  return undefined;
}

/** The way on after the first one that was got: not all of them are taken. */
function endsAfterOne(model: ModelFunction, loop: Loop): boolean {
  return loop.body.some((step) => typeof step === 'number' && /^(?:return|break)$/.test(model.operations[step].kind));
}

/** What a loop by number goes through. */
function itemsOf(model: ModelFunction, points: readonly Point[]): Value | undefined {
  for (const point of points) {
    const operation = model.operations[point];
    if (operation?.kind !== 'read' || operation.place.path.at(-1) !== ELEMENT) continue;
    return { kind: 'place', place: { root: operation.place.root, path: operation.place.path.slice(0, -1) } };
  }
  return undefined;
}

/** `lock.acquire([from, to], …)` of a library that takes the keys one after the other. */
function listOfKeys(fn: ResolvedFunction, facts: Facts): Finding | undefined {
  for (const [point, call] of fn.calls) {
    const operation = modelOf(fn).operations[point];
    if (operation.kind !== 'call' || call.api?.name !== 'async-lock.acquire') continue;
    const keys = operation.arguments[0]?.value;
    const isSeveral = keys?.kind === 'collection' ? keys.items.length > 1 : keys !== undefined && isList(fn, keys);
    if (!keys || !isSeveral || givenOrder(fn, keys, facts) === undefined) continue;
    return findingOfKeys(
      fn.key,
      point,
      [{ site: { function: fn.key, point }, message: 'Call (a, b): holds a and waits for b in here; call (b, a) holds b and waits for a' }],
      'has several keys locked one after the other, in the order in which its caller names them',
    );
  }
  return undefined;
}

function isList(fn: ResolvedFunction, value: Value): boolean {
  if (value.kind !== 'place') return false;
  const index = parameterAt(fn, value.place);
  const annotation = index === undefined ? undefined : modelOf(fn).parameters[index].annotation;
  return annotation?.place.root.kind === 'global' && annotation.place.root.name === 'Array';
}

/** `withLock(from, () => withLock(to, …))`. */
function oneInside(fn: ResolvedFunction, facts: Facts): Finding | undefined {
  for (const outer of runsIn(fn, fn, facts)) {
    const inner = facts.program.functions.get(outer.work);
    for (const within of inner ? runsIn(inner, fn, facts) : []) {
      if (within.by !== outer.by || within.name === outer.name || !isPairOfRoles(outer.name, within.name)) continue;
      if (
        [...(enclosing(modelOf(fn)).get(outer.point) ?? []), ...(enclosing(modelOf(inner!)).get(within.point) ?? [])].some((around) => around.kind === 'branch')
      )
        continue;
      return findingOfKeys(
        inner!.key,
        within.point,
        [
          { site: { function: fn.key, point: outer.point }, message: `Call (a, b): holds the lock of ${outer.name}, a, in here; call (b, a) holds that of b` },
          {
            site: { function: inner!.key, point: within.point },
            message: `Call (a, b): waits for the lock of ${within.name}, b; call (b, a) waits for that of a`,
          },
        ],
        `takes the lock of ${outer.name} and, holding it, that of ${within.name}`,
        fn.key,
      );
    }
  }
  return undefined;
}

/** The work that a function runs while it holds a key that is a parameter of `owner`. */
function runsIn(fn: ResolvedFunction, owner: ResolvedFunction, facts: Facts) {
  return [...modelOf(fn).operations.keys()].flatMap((point) => {
    const operation = modelOf(fn).operations[point];
    const run = operation.kind === 'call' ? (keyOfRun(fn, point, facts) ?? mutexRun(fn, point)) : undefined;
    if (operation.kind !== 'call' || !run) return [];
    const work = operation.arguments[run.work]?.value;
    const keyed = 'place' in run ? run.place : operation.arguments[run.key].value;
    const name = nameOfGiven(fn, owner, keyed);
    return name === undefined || work?.kind !== 'function' ? [] : [{ point, by: run.by, name, work: fn.module.functionKeys[work.function] }];
  });
}

/** `mutexOf(key).runExclusive(…)`, `this.locks.get(key).lock(…)`: a lock that is fetched by its key. */
function mutexRun(fn: ResolvedFunction, point: Point): { readonly work: number; readonly by: string; readonly place: Value } | undefined {
  const { operations } = modelOf(fn);
  const operation = operations[point];
  if (
    operation.kind !== 'call' ||
    operation.callee.kind !== 'place' ||
    operation.callee.place.root.kind !== 'result' ||
    operation.callee.place.path.length !== 1
  )
    return undefined;
  const fetched = operations[operation.callee.place.root.operation];
  const holds =
    fn.calls.get(point)?.api?.effects?.some((effect) => effect.kind === 'call' && effect.holding !== undefined) ||
    operation.callee.place.path[0] === 'runExclusive';
  if (!holds || fetched?.kind !== 'call' || fetched.callee.kind !== 'place' || fetched.arguments.length !== 1) return undefined;
  return { work: 0, by: printPlace(fetched.callee.place), place: fetched.arguments[0].value };
}

function findingOfKeys(key: FunctionKey, point: Point, related: Finding['related'], what: string, who = key): Finding {
  return {
    rule: locksInCallersOrder.id,
    family: locksInCallersOrder.family,
    severity: locksInCallersOrder.severity,
    confidence: 0.7,
    site: { function: key, point },
    message: `Deadlock: ${callOfKey(who)} ${what}. When one call gets (a, b) and another one (b, a) at the same time, each holds what the other waits for. Sort the keys before the first one is taken, and take each just once.`,
    related,
    fixes: [],
    interleaving: crossing(who, related[0].site, related.at(-1)!.site),
  };
}

/** Two calls that are given the same two things, each in the order of its own. */
function crossing(who: FunctionKey, takes: Site, waits: Site, what = 'the lock of', taking = 'takes'): Interleaving {
  const name = callOfKey(who);
  const given = (order: string) => (name.startsWith('a ') ? `${name}, given ${order}` : name.replace(/\(\)$/, `(${order})`));
  return {
    sides: [given('a, b'), given('b, a')],
    steps: [
      first(takes, `${taking} ${what} a`),
      second(takes, `${taking} ${what} b`),
      first(waits, `waits for ${what} b, which the other holds`),
      second(waits, `waits for ${what} a, which the other holds`),
    ],
    harm: 'stuck',
    outcome: 'Each waits for ever for what the other holds.',
  };
}

function findingOfRows(fn: ResolvedFunction, { work, point, parameter }: RowsInOrder): Finding {
  const site = { function: work.key, point };
  return {
    rule: locksInCallersOrder.id,
    family: locksInCallersOrder.family,
    severity: 'information',
    confidence: 0.6,
    site,
    message: `Deadlock in the database: the transaction of ${callOfKey(fn.key)} changes rows one after the other in the order of ${parameter}, and keeps each locked until it ends. When one call gets (a, b) and another one (b, a) at the same time, each waits for the other's row, and the database ends one of them with an error. Sort ${parameter} by id first.`,
    related: [
      { site, message: 'Call (a, b): changes a in the first round; call (b, a) changes b' },
      { site, message: "Call (a, b): waits for b's row in the second round; call (b, a) waits for a's" },
    ],
    fixes: [],
    interleaving: {
      ...crossing(fn.key, site, site, 'the row of', 'changes'),
      harm: 'fails',
      outcome: 'Each waits for a row that the other keeps, until the database ends one of them with an error.',
    },
  };
}

/** The lock of one object is asked for while the same lock of another is held, and one of the two is the caller's choice. */
function crosses(held: HeldLock, { lock, attempt }: Acquisition): boolean {
  if (attempt || held.lock !== lock.key || lock.kind === undefined || lock.kind.type === 'semaphore') return false;
  const [first, second] = [held.reference, lock];
  return (first.dynamic === true || first.onReceiver === true) && (second.dynamic === true || second.onReceiver === true) && first.place !== second.place;
}

function isDecided(key: FunctionKey, { point }: { readonly point: Point }, facts: Facts): boolean {
  const fn = facts.program.functions.get(key)!;
  return (enclosing(modelOf(fn)).get(point) ?? []).some((around) => around.kind === 'branch');
}

function findingOf(key: FunctionKey, held: HeldLock, { lock, point }: Acquisition, holder = key): Finding {
  const [name, what] = [callOfKey(holder), nameOfKey(lock.key)];
  return {
    rule: locksInCallersOrder.id,
    family: locksInCallersOrder.family,
    severity: locksInCallersOrder.severity,
    confidence: 0.7,
    site: { function: key, point },
    message: `Deadlock: ${name} takes ${what} of two objects in the order in which its caller names them. When one call gets (a, b) and another one (b, a) at the same time, each holds what the other waits for. Take them in an order that both calls agree on, for instance sorted by ${holder === key ? 'id()' : 'their ids'}, or use one lock for both objects.`,
    related: [
      { site: { function: holder, point: held.taken }, message: `Call (a, b): holds ${what} of a from here on; call (b, a) holds that of b` },
      { site: { function: key, point }, message: `Call (a, b): waits for ${what} of b here; call (b, a) waits for that of a` },
    ],
    fixes: [],
    interleaving: crossing(holder, { function: holder, point: held.taken }, { function: key, point }, `${what} of`),
  };
}
