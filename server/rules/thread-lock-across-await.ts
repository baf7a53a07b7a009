// A lock between threads or processes is held while a coroutine waits, so that the next one to want it stops the whole event loop.

import type { LockReference } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { ASSUMED_LOCK, fileOfKey, isClaim, isNameless, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { withPoints } from '../summary/structure';
import type { HeldLock, Point } from '../summary/summary';
import type { Finding } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { first, second, twoCalls } from './shared/interleavings';

export const threadLockAcrossAwait: Rule = {
  id: 'thread-lock-across-await',
  family: 'lock-across-await',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: ['use-asyncio-lock'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const summary = facts.summaryOf(key);
    if (!fn || !summary?.isAsync) return;
    const told = new Set<string>();
    for (const { point, held } of summary.awaits) {
      for (const lock of held) {
        if (told.has(lock.lock) || !excludesThreads(fn, lock)) continue;
        told.add(lock.lock);
        const finding = findingOf(
          fn,
          lock.reference,
          lock.taken,
          { point, message: 'It is still held where the coroutine waits here', does: 'awaits' },
          'and is held at an await',
        );
        yield { ...finding, fixes: fixesOf(fn, lock, facts) };
      }
    }
    const { isGenerator, name, operations } = modelOf(fn);
    const handedOut = isGenerator ? summary.heldAtYield : name === '__aenter__' ? summary.leavesHeld : [];
    for (const reference of handedOut) {
      const taken = summary.acquisitions.find((acquisition) => acquisition.lock.key === reference.key);
      if (!taken || told.has(reference.key) || !excludesThreads(fn, { lock: reference.key, taken: taken.point, epoch: 0, reference })) continue;
      told.add(reference.key);
      const leaves = operations.findIndex((operation) => operation.kind === (isGenerator ? 'yield' : 'return'));
      const why = isGenerator
        ? 'and is held while whoever goes through it, or the body of its async with, waits'
        : 'and is held while the body of the async with waits';
      yield findingOf(
        fn,
        reference,
        taken.point,
        {
          point: leaves < 0 ? taken.point : leaves,
          message: 'The code of others runs, and waits, from here on',
          does: 'hands over to code that awaits',
        },
        why,
      );
    }
  },
};

/** A lock of threads or processes; of one that is only named so, how it is taken tells: asyncio's are awaited. */
function excludesThreads(fn: ResolvedFunction, held: HeldLock): boolean {
  const { kind, type } = held.reference;
  if (held.lock === ASSUMED_LOCK || isClaim(held.lock)) return false;
  if (kind) return kind.domain === 'thread' || kind.domain === 'process';
  if (type !== undefined) return false;
  const model = modelOf(fn);
  if (held.taken < 0) return [...withPoints(model)].some(([step, point]) => point === held.taken && !step.isAsync);
  const taking = model.operations[held.taken];
  return taking.kind === 'call' && taking.outcome !== 'awaited' && !model.operations.some((each) => each.kind === 'await' && each.depends.includes(held.taken));
}

/** Where only coroutines of this file take the lock, each in a with statement, it may as well be one for tasks. */
function fixesOf(fn: ResolvedFunction, { lock, taken, reference: { kind, type, dynamic } }: HeldLock, facts: Facts): readonly FixIntent[] {
  if (kind?.type !== 'mutex' || type !== 'threading.Lock' || dynamic || taken >= 0) return [];
  const takers = facts.locks.functionsOf(lock).flatMap((key) => facts.summaryOf(key) ?? []);
  const uses = takers.flatMap(({ key, acquisitions }) =>
    acquisitions.flatMap((each) => (each.lock.key === lock ? [{ function: key, point: each.point }] : [])),
  );
  const isFit = uses.every((use) => use.point < 0 && fileOfKey(use.function) === fn.module.file && facts.summaryOf(use.function)!.isAsync);
  return isFit ? [{ kind: 'use-asyncio-lock', site: { function: fn.key, point: taken }, uses }] : [];
}

/** Where the lock is still held, as its trace and its schedule tell. */
interface HeldAt {
  readonly point: Point;
  readonly message: string;
  readonly does: string;
}

function findingOf(fn: ResolvedFunction, lock: LockReference, taken: Point, at: HeldAt, why: string): Finding {
  const name = isNameless(lock.key) ? 'The lock' : nameOfKey(lock.key);
  const lower = name === 'The lock' ? 'the lock' : name;
  const between = lock.kind?.domain === 'process' ? 'processes' : 'threads';
  const reentrant = lock.kind?.type === 'rlock' ? ' And as an RLock lets its own thread in again, it keeps no other task of the loop out.' : '';
  return {
    rule: threadLockAcrossAwait.id,
    family: threadLockAcrossAwait.family,
    severity: threadLockAcrossAwait.severity,
    confidence: lock.kind ? 0.9 : 0.7,
    site: { function: fn.key, point: taken },
    message: `${name} is a lock between ${between} ${why}: meanwhile another task of the loop, or a callback, that wants it stops the whole thread, and with it the task that should give it back: a deadlock.${reentrant} Take what is needed under the lock and await outside it, or use asyncio.Lock with async with.`,
    related: [
      { site: { function: fn.key, point: taken }, message: `${name} is taken here` },
      { site: { function: fn.key, point: at.point }, message: at.message },
    ],
    interleaving: {
      sides: twoCalls(fn.key),
      steps: [
        first({ function: fn.key, point: taken }, `takes ${lower}`),
        first({ function: fn.key, point: at.point }, `${at.does}, with ${lower} held: others run now`),
        second(
          { function: fn.key, point: taken },
          lock.kind?.type === 'rlock' ? `is let in as well, as it is the same thread` : `waits for ${lower}, and stops the whole thread`,
        ),
      ],
      ...(lock.kind?.type === 'rlock'
        ? { harm: 'wrong', outcome: 'Both tasks are at a time where the lock was to let only one be.' }
        : { harm: 'stuck', outcome: 'The one that should give the lock back never runs again, as the loop runs on that thread.' }),
    },
    fixes: [],
  };
}
