// A coroutine waits for a lock that a thread holds while it waits for something slow.
import type { Facts } from '../summary/facts';
import { callOfKey, type LockKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Rule } from './rule';
import { type BlockedAt, blockedAt } from './shared/blocking-chain';
import { first, second } from './shared/interleavings';
import { threadBeside } from './shared/loop-side';

export const slowLockInCoroutine: Rule = {
  id: 'slow-lock-in-coroutine',
  family: 'blocking-in-async',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'python') return;
    const functions = facts.functionsIn(file);
    if (!functions.some((fn) => modelOf(fn).isAsync)) return;
    const slow = slowHolders(functions, facts);
    if (slow.size === 0) return;
    for (const fn of functions) {
      if (!modelOf(fn).isAsync) continue;
      for (const [lock, { point, through }] of waitsOf(fn, facts)) {
        const holder = slow.get(lock);
        if (!holder) continue;
        const { fn: owner, blocked } = holder;
        const name = nameOfKey(lock);
        yield {
          rule: slowLockInCoroutine.id,
          family: slowLockInCoroutine.family,
          severity: slowLockInCoroutine.severity,
          confidence: 0.75,
          site: { function: fn.key, point },
          message: `Waiting for ${name} stops the event loop: ${callOfKey(fn.key)} is a coroutine, and ${callOfKey(owner.key)} holds ${name} on another thread while it waits for ${blocked.api}(); until that comes back no task of the loop goes on. Do the slow part outside the lock, or take the lock in a thread: await asyncio.to_thread(…).`,
          related: [
            {
              site: { function: fn.key, point },
              message: through ? `The loop’s thread waits for ${name} in ${callOfKey(through)}` : `The loop’s thread waits for ${name} here`,
            },
            { site: { function: owner.key, point: holder.taken }, message: `${callOfKey(owner.key)}, on another thread, takes ${name} here` },
            { site: { function: owner.key, point: blocked.point }, message: `and waits for ${blocked.api}() with ${name} held` },
          ],
          interleaving: {
            sides: [`thread running ${callOfKey(owner.key)}`, `event loop running ${callOfKey(fn.key)}`],
            steps: [
              first({ function: owner.key, point: holder.taken }, `takes ${name}`),
              first({ function: owner.key, point: blocked.point }, `waits for ${blocked.api}() with ${name} held`),
              second({ function: fn.key, point }, `waits for ${name}, which the other holds${through ? `, in ${callOfKey(through)}` : ''}`),
            ],
            harm: 'stuck',
            outcome: `Until ${blocked.api}() comes back no task of the loop goes on.`,
          },
          fixes: [],
        };
      }
    }
  },
};

interface Holder {
  readonly fn: ResolvedFunction;
  readonly taken: Point;
  readonly blocked: BlockedAt;
}

/** Long enough to be noticed: disks are mostly quick. */
const SLOW = new Set(['sleep', 'io', 'process', 'lock', 'queue']);

/** For each lock a thread's function that waits for something slow inside its with statement. */
function slowHolders(functions: readonly ResolvedFunction[], facts: Facts): Map<LockKey, Holder> {
  const found = new Map<LockKey, Holder>();
  for (const fn of functions) {
    if (modelOf(fn).isAsync || threadBeside(fn, new Set(), facts) === undefined) continue;
    for (const blocked of blockedAt(fn, facts)) {
      if (!SLOW.has(blocked.kind) || blocked.chain.length > 2) continue;
      for (const around of enclosing(modelOf(fn)).get(blocked.point) ?? []) {
        const lock = around.kind === 'with' ? fn.withs[~around.point]?.lock : undefined;
        if (around.kind !== 'with' || lock?.kind?.domain !== 'thread' || lock.dynamic || lock.perCall || found.has(lock.key)) continue;
        // Waiting on a condition gives its lock back meanwhile.
        if (/\.Condition\./.test(blocked.api)) continue;
        found.set(lock.key, { fn, taken: around.point, blocked });
      }
    }
  }
  return found;
}

/** The locks that a coroutine waits for, itself or through the plain functions that it calls. */
function waitsOf(fn: ResolvedFunction, facts: Facts): Map<LockKey, { point: Point; through?: string }> {
  const found = new Map<LockKey, { point: Point; through?: string }>();
  const summary = facts.summaryOf(fn.key);
  for (const { lock, point, attempt } of summary?.acquisitions ?? []) if (!attempt && !found.has(lock.key)) found.set(lock.key, { point });
  for (const { target, point } of summary?.calls ?? []) {
    const callee = facts.summaryOf(target);
    if (callee && !callee.isAsync) for (const lock of callee.mayAcquire.keys()) if (!found.has(lock)) found.set(lock, { point, through: target });
  }
  return found;
}
