// A lock is held while its thread sleeps or waits for a file, a socket or a program, so that all others wait as well.
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { entersLocks } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';

const SLOW = { sleep: 'sleeps', io: 'waits for a connection', process: 'waits for another process' } as const;

export const lockHeldAcrossSlowWork: Rule = {
  id: 'lock-held-across-slow-work',
  family: 'advice',
  languages: ['python'],
  severity: 'hint',
  subject: 'function',
  when: entersLocks,
  fixes: ['after-lock'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const told = new Set<number>();
    for (const point of fn.calls.keys()) {
      const finding = slowUnderLock(fn, point, told, facts);
      if (finding) yield finding;
    }
  },
};

function slowUnderLock(fn: ResolvedFunction, point: number, told: Set<number>, facts: Facts): Finding | undefined {
  for (const around of enclosing(modelOf(fn)).get(point) ?? []) {
    if (around.kind !== 'with' || around.step.isAsync || told.has(around.point)) continue;
    const lock = fn.withs[~around.point]?.lock;
    if (!lock || lock.perCall || lock.kind?.type === 'condition' || lock.kind?.domain !== 'thread') continue;
    const kind = slowKind(fn, point, facts);
    if (kind === undefined) return undefined;
    told.add(around.point);
    return {
      rule: lockHeldAcrossSlowWork.id,
      family: lockHeldAcrossSlowWork.family,
      severity: 'hint',
      confidence: 0.4,
      site: { function: fn.key, point },
      message: `${nameOfKey(lock.key)} is held while this ${SLOW[kind]}: whoever wants the lock waits as long. Do the slow part before or after, and hold the lock only to read and change what it guards.`,
      related: [{ site: { function: fn.key, point: around.point }, message: `${callOfKey(fn.key)} takes ${nameOfKey(lock.key)} here` }],
      interleaving: {
        sides: twoCalls(fn.key),
        steps: [
          first({ function: fn.key, point: around.point }, `takes ${nameOfKey(lock.key)}`),
          first({ function: fn.key, point }, SLOW[kind]),
          second({ function: fn.key, point: around.point }, `waits for ${nameOfKey(lock.key)} as long`),
        ],
        harm: 'stuck',
        outcome: `Whoever needs ${nameOfKey(lock.key)} stands still until that is over.`,
      },
      // What is sent or read under a lock may have to be; nobody has to sleep under one.
      fixes: kind === 'sleep' ? [{ kind: 'after-lock', site: { function: fn.key, point }, taken: { function: fn.key, point: around.point } }] : [],
    };
  }
  return undefined;
}

function slowKind(fn: ResolvedFunction, point: number, facts: Facts): keyof typeof SLOW | undefined {
  const call = fn.calls.get(point)!;
  for (const kind of Object.keys(SLOW) as (keyof typeof SLOW)[]) {
    if (call.blocks.includes(kind) || call.targets.some((target) => facts.summaryOf(target)?.blocks.has(kind) && !facts.summaryOf(target)?.isAsync))
      return kind;
  }
  return undefined;
}
