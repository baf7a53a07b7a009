// A lock that is not re-entrant is asked for again by whoever holds it, so that it waits for itself for ever.
import { lastName, printPlace } from '../model/place';
import { receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, fileOfKey, type LockKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Acquisition, CallSite, HeldLock } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { givenLock } from './shared/given-locks';
import { isForOne } from './shared/limits';
import { excludesItself, functionsAlong, isOneObject, lockChain } from './shared/lock-chain';
import { makeReentrant } from './shared/re-entry';
import { takenOnOneWay } from './shared/taken-on-one-way';
import { waitsForItself, wayToLock } from './shared/wait-interleavings';

export const lockTakenTwice: Rule = {
  id: 'lock-taken-twice',
  family: 'self-deadlock',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'lock',
  fixes: ['after-lock', 'make-reentrant'],
  *check(lock, facts) {
    if (!excludesItself(lock, facts)) return;
    for (const key of facts.locks.functionsOf(lock)) {
      const finding = again(key, lock, facts) ?? throughCalls(key, lock, facts) ?? onOneWay(key, lock, facts);
      if (finding) yield finding;
    }
  },
};

/** Taken while it is held, in one function. */
function again(key: FunctionKey, lock: LockKey, facts: Facts): Finding | undefined {
  for (const acquisition of facts.summaryOf(key)?.acquisitions ?? []) {
    const held = acquisition.held.find((other) => other.lock === lock);
    if (acquisition.lock.key !== lock || acquisition.attempt || acquisition.lock.dynamic || !held || held.reference.dynamic) continue;
    if (asksForOutcome(key, acquisition.point, held.taken, facts)) continue;
    if (!isOneObject(lock, facts) && !(acquisition.lock.onReceiver && held.reference.onReceiver) && !isOnePlace(key, acquisition, held, facts)) continue;
    return {
      rule: lockTakenTwice.id,
      family: lockTakenTwice.family,
      severity: lockTakenTwice.severity,
      confidence: 0.9,
      site: { function: key, point: acquisition.point },
      message: `Self-deadlock: ${callOfKey(key)} takes ${nameOfKey(lock)} while it holds it. The lock is not re-entrant, so this waits for itself for ever, and everybody else waits as well. Take it once, or make it a re-entrant lock.`,
      related: [
        { site: { function: key, point: held.taken }, message: `${callOfKey(key)} takes ${nameOfKey(lock)} here …` },
        { site: { function: key, point: acquisition.point }, message: '… and, still holding it, waits for it here' },
      ],
      fixes: makeReentrant(lock, facts),
      interleaving: waitsForItself({ function: key, point: held.taken }, lock, { calls: [], end: { function: key, point: acquisition.point } }),
    };
  }
  return undefined;
}

/** `this.account.lock` both times, with nothing in between that puts another account there. */
function isOnePlace(key: FunctionKey, { lock }: Acquisition, held: HeldLock, facts: Facts): boolean {
  const { place } = lock;
  const fn = facts.program.functions.get(key);
  if (!fn || place === undefined || place !== held.reference.place || !/^receiver\(\d+\)\./.test(place)) return false;
  return !modelOf(fn).operations.some((operation) => operation.kind === 'write' && place.startsWith(`${printPlace(operation.place)}.`));
}

/** `release ??= await lock.acquire()`: only where the first taking has given nothing. */
function asksForOutcome(key: FunctionKey, point: number, taken: number, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const model = fn && modelOf(fn);
  if (model?.operations[taken]?.kind !== 'call') return false;
  const outcomes = new Set([
    taken,
    ...model.operations.flatMap((operation, at) => (operation.kind === 'await' && operation.depends.includes(taken) ? [at] : [])),
  ]);
  return (enclosing(model).get(point) ?? []).some((around) => around.kind === 'branch' && around.step.test.some((test) => outcomes.has(test)));
}

/** Taken under a condition, and again under another one that has nothing to do with it. */
function onOneWay(key: FunctionKey, lock: LockKey, facts: Facts): Finding | undefined {
  const found = takenOnOneWay(key, lock, facts);
  return (
    found && {
      rule: lockTakenTwice.id,
      family: lockTakenTwice.family,
      severity: lockTakenTwice.severity,
      confidence: 0.7,
      site: { function: key, point: found.second },
      message: `Self-deadlock: ${callOfKey(key)} takes ${nameOfKey(lock)} under one condition and, still holding it, takes it again under another one that does not depend on the first. When both hold this waits for itself for ever, and everybody else waits as well. Take it in one of the two places only.`,
      related: [
        { site: { function: key, point: found.first }, message: `${callOfKey(key)} takes ${nameOfKey(lock)} here, under one condition …` },
        { site: { function: key, point: found.second }, message: '… and, under another one, waits for it here' },
      ],
      fixes: makeReentrant(lock, facts),
      interleaving: waitsForItself({ function: key, point: found.first }, lock, { calls: [], end: { function: key, point: found.second } }),
    }
  );
}

/** Held around a call that, sooner or later, waits for it. */
function throughCalls(key: FunctionKey, lock: LockKey, facts: Facts): Finding | undefined {
  let guess: Finding | undefined;
  for (const call of facts.summaryOf(key)?.calls ?? []) {
    const held = call.left ? undefined : call.held.find((other) => other.lock === lock);
    const witness = held && !held.reference.dynamic ? facts.summaryOf(call.target)?.mayAcquire.get(lock) : undefined;
    const sure = held && witness && !call.guessed && !witness.guessed && howSure(key, call, held, witness.own, lock, facts);
    if (!held || !sure || runsInSlot(key, call, held, facts) || isAskedFirst(call.target, lock, facts)) continue;
    const inner = insideOf(key, call, lock, facts);
    const finding: Finding = {
      rule: lockTakenTwice.id,
      family: lockTakenTwice.family,
      severity: sure > 0.5 ? lockTakenTwice.severity : 'information',
      confidence: sure,
      site: inner.site,
      message: `Self-deadlock: ${callOfKey(key)} holds ${nameOfKey(lock)} while it calls ${callOfKey(inner.target)}, which waits for ${nameOfKey(lock)} again${sure > 0.8 ? '' : ', if it is the same object’s'}. The lock is not re-entrant, so the call never comes back. Make the call after the lock is released, on a copy of what it needs, or make the lock re-entrant.`,
      related: [
        { site: { function: key, point: held.taken }, message: `${callOfKey(key)} takes ${nameOfKey(lock)} here …` },
        ...lockChain(facts, { function: key, point: call.point }, call.target, lock),
      ],
      fixes: [
        ...(held.taken < 0 ? [{ kind: 'after-lock', site: { function: key, point: call.point }, taken: { function: key, point: held.taken } } as const] : []),
        ...makeReentrant(lock, facts),
      ],
      interleaving: waitsForItself({ function: key, point: held.taken }, lock, wayToLock(facts, { function: key, point: call.point }, call.target, lock)),
    };
    if (sure > 0.5) return finding;
    guess ??= finding;
  }
  return guess;
}

/** `limit(job)`, `queue.add(job)`: work in a slot has a rule of its own. */
function runsInSlot(key: FunctionKey, call: CallSite, held: HeldLock, facts: Facts): boolean {
  const inTypeScript = facts.program.functions.get(key)?.module.language === 'typescript';
  if (!inTypeScript || held.reference.kind?.type !== 'semaphore' || held.taken !== call.point) return false;
  return !isWrappedLock(key, call.point, held.lock, facts);
}

/** A method of the file takes a semaphore's only place, runs what it is given, and gives the place back: that is a lock. */
function isWrappedLock(key: FunctionKey, point: number, lock: LockKey, facts: Facts): boolean {
  return (facts.program.functions.get(key)?.calls.get(point)?.targets ?? []).some((target) => {
    const fn = facts.program.functions.get(target);
    return (facts.summaryOf(target)?.acquisitions ?? []).some((acquisition) => {
      const operation = fn && acquisition.lock.key === lock && acquisition.point >= 0 ? modelOf(fn).operations[acquisition.point] : undefined;
      const receiver = operation?.kind === 'call' ? receiverOf(operation.callee) : undefined;
      const takes = fn?.calls.get(acquisition.point)?.api?.effects?.some((effect) => effect.kind === 'acquire');
      return fn !== undefined && takes === true && receiver?.kind === 'place' && isForOne(fn, receiver.place, facts);
    });
  });
}

/** `if self._lock.acquire(False): self._lock.release(); self.write()`: on the way there it is asked whether the lock is free. */
function isAskedFirst(start: FunctionKey, lock: LockKey, facts: Facts): boolean {
  return functionsAlong(start, (key) => facts.summaryOf(key)?.mayAcquire.get(lock)).some((key) => {
    const summary = facts.summaryOf(key);
    const point = summary?.mayAcquire.get(lock)?.point;
    const attempts = (summary?.acquisitions ?? []).filter((each) => each.attempt && each.lock.key === lock).map((each) => each.point);
    return attempts.length > 0 && summary!.calls.some((call) => call.point === point && call.restsOn.some((each) => attempts.includes(each)));
  });
}

/** Where a callback that stands in the function itself goes on: there the fix goes. */
function insideOf(key: FunctionKey, call: CallSite, lock: LockKey, facts: Facts): { site: Site; target: FunctionKey } {
  let found = { site: { function: key, point: call.point }, target: call.target };
  // A wrapper runs what its caller has given it: that is where the fix goes as well.
  const isGiven = facts.program.functions.get(key)?.module.language === 'typescript' && call.target.includes('.lambda-');
  while (found.target.startsWith(`${key}.`) || (isGiven && found.target === call.target)) {
    const witness = facts.summaryOf(found.target)?.mayAcquire.get(lock);
    if (witness?.next === undefined) break;
    found = { site: { function: found.target, point: witness.point }, target: witness.next };
  }
  return found;
}

/** How likely it is that the lock that is asked for is the very one that is held; 0 where nothing speaks for it. */
function howSure(key: FunctionKey, call: CallSite, held: HeldLock, own: boolean, lock: LockKey, facts: Facts): number {
  if (isOneObject(lock, facts)) return 0.9;
  if (!held.reference.onReceiver) return 0;
  const inside = call.target.startsWith(`${key}.`);
  // That of another object, which the caller names.
  if (inside && givenLock(key, call.target, lock, facts)) return 0;
  if (own && (call.onReceiver || inside)) return 0.9;
  if (isCallback(key, call, facts)) return 0.7;
  // Through another object and back: to this one, if this one was handed out, or has had itself called back.
  const chain = functionsAlong(call.target, (next) => facts.summaryOf(next)?.mayAcquire.get(lock));
  const owner = lock.slice(0, lock.lastIndexOf('.'));
  const leaves = chain.some((next) => !next.startsWith(`${owner}.`));
  if (!leaves) return 0;
  if (handsOutReceiver(key, call, facts)) return 0.7;
  return fileOfKey(call.target) === fileOfKey(key) ? 0.4 : 0;
}

/** `callback(self, …)`: whoever is called gets the object whose lock is held. */
function handsOutReceiver(key: FunctionKey, call: CallSite, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const operation = fn && call.point >= 0 ? modelOf(fn).operations[call.point] : undefined;
  return (
    operation?.kind === 'call' &&
    operation.arguments.some(({ value }) => value.kind === 'place' && value.place.root.kind === 'receiver' && value.place.path.length === 0)
  );
}

/** What is called goes by another name here: it was stored, or handed over, as a callback. */
function isCallback(key: FunctionKey, call: CallSite, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const target = facts.program.functions.get(call.target);
  const operation = fn && call.point >= 0 ? modelOf(fn).operations[call.point] : undefined;
  if (!fn || !target || operation?.kind !== 'call') return false;
  if (!fn.calls.get(call.point)?.targets.includes(call.target)) return true;
  const { callee } = operation;
  const name = callee.kind === 'place' ? lastName(callee.place) : undefined;
  const { name: own, kind } = modelOf(target);
  return kind !== 'constructor' && kind !== 'property' && name !== own;
}
