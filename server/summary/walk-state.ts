// Walk state: what holds at one point while a function is walked: locks held, awaits passed, tests that led here.
import type { HeldLock } from './summary';

/** A condition that decides whether the current point is reached. */
export interface ActiveTest {
  /** Numbers of the read operations that it rests on. */
  readonly reads: readonly number[];
  /** Numbers of the calls that it rests on. */
  readonly calls: readonly number[];
}

export interface WalkState {
  readonly held: readonly HeldLock[];
  /** How many awaits lie behind. */
  readonly epoch: number;
  /** The last await's operation number; -1 before the first. */
  readonly lastAwait: number;
  readonly tests: readonly ActiveTest[];
  /** Conditions of the while loops around. They do not stop at an await or a lock: the next round asks again. */
  readonly rounds: readonly ActiveTest[];
  /** Behind a test for the main thread or process. */
  readonly guarded: boolean;
  /** Behind a test for the main module. A forked child of Node loads the same main module, so that does not stop it. */
  readonly mainModule: boolean;
  /** A thread that works on the receiver has been started. */
  readonly shown: boolean;
}

export const START: WalkState = { held: [], epoch: 0, lastAwait: -1, tests: [], rounds: [], guarded: false, mainModule: false, shown: false };

/** What holds where two paths meet; undefined stands for a path that does not get there. */
export function mergeStates(a: WalkState | undefined, b: WalkState | undefined): WalkState | undefined {
  if (!a || !b || a === b) return a ?? b;
  const later = a.epoch >= b.epoch ? a : b;
  return {
    held: a.held.filter((lock) => b.held.some((other) => other.lock === lock.lock)),
    epoch: later.epoch,
    lastAwait: later.lastAwait,
    tests: a.tests.filter((test) => b.tests.includes(test)),
    rounds: a.rounds.filter((test) => b.rounds.includes(test)),
    guarded: a.guarded && b.guarded,
    mainModule: a.mainModule && b.mainModule,
    shown: a.shown || b.shown,
  };
}
