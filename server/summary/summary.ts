// Summaries: what one function does that matters to others, with the locks held at each point.

import type { BlockKind } from '../model/library';
import type { Cell, LockReference } from './cells';
import type { CellKey, FunctionKey, LockKey, WaitKey } from './keys';
import type { ResolvedSpawn } from './resolved';

/**
 * A point of a function: the number of an operation, or `~n` for the function's n-th with step in source order.
 * Points do not move when text elsewhere changes.
 */
export type Point = number;

/** A lock that is held at some point. */
export interface HeldLock {
  readonly lock: LockKey;
  /** Where it was taken; in the function itself. */
  readonly taken: Point;
  /** How many awaits the function had passed when it was taken. */
  readonly epoch: number;
  readonly reference: LockReference;
}

export interface Access {
  readonly point: Point;
  readonly cell: Cell;
  readonly write: boolean;
  /** The written value depends on what stood there before: a read-modify-write. */
  readonly update: boolean;
  /** The write happens because of what a test found in the same place: check-then-act. */
  readonly checked: boolean;
  /** One step that no other thread can come between. */
  readonly atomic: boolean;
  /** Earlier reads of the same place that decided that it comes to this, or that flow into what is written. */
  readonly restsOn: readonly Point[];
  /** Earlier calls whose outcome decided that it comes to this. */
  readonly decidedBy: readonly Point[];
  readonly held: readonly HeldLock[];
  /** In a constructor, on the object that is being made. */
  readonly owned: boolean;
  /** Reached through the receiver itself (`self.x`), so that whoever owns the receiver owns it. */
  readonly onReceiver: boolean;
  /** The function has started something that works on the receiver, so that it is not its owner's alone any more. */
  readonly shown?: true;
  /** A constant is written: a flag set, a field cleared. */
  readonly constant: boolean;
  /** The name of what was called for the value of a checked write, if it is known. */
  readonly called?: string;
  /** A new lock is written. */
  readonly makesLock?: true;
}

export interface Acquisition {
  readonly point: Point;
  readonly lock: LockReference;
  readonly held: readonly HeldLock[];
  /** It gives up instead of waiting for ever, so that it cannot deadlock. */
  readonly attempt: boolean;
}

export interface CallSite {
  readonly point: Point;
  readonly target: FunctionKey;
  readonly held: readonly HeldLock[];
  /** Earlier calls whose outcome decided that it comes to this one, or is part of its arguments. */
  readonly restsOn: readonly Point[];
  /** A method of an object that nobody else has: one being constructed, or made in this function and handed to nobody. */
  readonly owned: boolean;
  /** A method of an object that the caller has made, and that nobody has but it and threads that it has started on it. */
  readonly made: boolean;
  /** Of those, the ones from a constructor, where no lock is needed yet. */
  readonly constructing: boolean;
  /** A method that a subclass has in the place of the one that is called. */
  readonly overriding: boolean;
  /** A method of the caller's own receiver: who owns the one owns the other. */
  readonly onReceiver: boolean;
  /** The caller has started something that works on its receiver before. */
  readonly shown?: true;
  /** A for loop calls it again and again on one and the same object. */
  readonly again?: true;
  /** It is called only where its outcome is missing, which is kept then: once, not each time. */
  readonly kept?: true;
  /** A method of an object that was handed in or fetched, so that callers who share the receiver may have one each. */
  readonly onLent: boolean;
  /** The target was found by the method's name alone. */
  readonly guessed?: true;
  /** JavaScript only: nobody waits for the promise that it gives, so that its own waits keep nobody. */
  readonly left?: true;
  /** A decorator's wrapper calls what it wraps: whoever calls that by its name goes through here. */
  readonly wraps: boolean;
  /** The caller is a coroutine, runs an event loop in its thread, or asks where it runs: what it calls is at home there. */
  readonly onLoop: boolean;
}

/** Something that is started at a point. `sharedReceiver` is about all that is started here, in a loop too. */
export interface SpawnSite extends ResolvedSpawn {
  readonly point: Point;
  /** Earlier reads of shared places that decided that it comes to this. */
  readonly restsOn: readonly Point[];
  readonly held: readonly HeldLock[];
  /** Inside the main guard, or inside a test for the main thread or process. */
  readonly guarded: boolean;
  /** Started only where a stored promise or task was looked for and not found (`this.p ??= f()`): one at a time. */
  readonly single: boolean;
  /** The module's variable that is the only one to hold what is started, so that the next start takes its place. */
  readonly keptIn?: CellKey;
}

/** A write whose value, or whose condition, rests on a read from before an await. */
export interface StaleWrite {
  readonly cell: Cell;
  readonly read: Point;
  readonly awaited: Point;
  readonly write: Point;
  /** Whether the read decided that the write happens, or flows into what is written. */
  readonly by: 'test' | 'value';
  readonly constant: boolean;
  /** The name of what was called for the value, if it is known: `connect`. */
  readonly called?: string;
}

/** One link of a chain of calls: where in the function, and which function it leads to (none where the thing itself happens). */
export interface Witness {
  readonly point: Point;
  readonly next?: FunctionKey;
}

/** A method of a library called on an object that lives in a cell, or such an object entered by a with step. */
export interface CellUse {
  readonly point: Point;
  readonly cell: Cell;
  /** Canonical name of the method: `threading.Event.clear`; `threading.Lock.__enter__` for a with step. */
  readonly api: string;
  readonly held: readonly HeldLock[];
}

/** Where a thread waits, without a limit, for what others have to do. */
export interface WaitSite {
  readonly point: Point;
  readonly held: readonly HeldLock[];
  readonly on: readonly WaitKey[];
  /** The condition's own lock, which is given back meanwhile. */
  readonly releases?: LockKey;
}

/** Where other tasks of the thread may run. */
export interface AwaitSite {
  readonly point: Point;
  readonly held: readonly HeldLock[];
}

/** How a function calls one of its parameters: with these locks held at every such call. */
export interface ParameterCall {
  readonly held: readonly HeldLock[];
  readonly awaited: boolean;
}

/** How a function comes to wait for a lock. */
export interface LockWitness extends Witness {
  /** The lock belongs to the function's own receiver, so that it is that of whoever calls it on itself. */
  readonly own: boolean;
  /** On the way a function was found by its name alone. */
  readonly guessed: boolean;
}

export interface Summary {
  readonly key: FunctionKey;
  readonly isAsync: boolean;
  readonly accesses: readonly Access[];
  readonly acquisitions: readonly Acquisition[];
  readonly calls: readonly CallSite[];
  readonly spawns: readonly SpawnSite[];
  readonly joins: readonly Point[];
  readonly staleWrites: readonly StaleWrite[];
  readonly uses: readonly CellUse[];
  readonly waits: readonly WaitSite[];
  readonly awaits: readonly AwaitSite[];
  /** Points of calls that are not behind a main guard; only for the module's body. */
  readonly unguardedCalls: ReadonlySet<Point>;
  // What callers see:
  /** Locks that it, or what it calls, may wait for. */
  readonly mayAcquire: ReadonlyMap<LockKey, LockWitness>;
  /** What it, or what it calls, may wait for without a limit until others have done it. */
  readonly mayWait: ReadonlyMap<WaitKey, Witness>;
  /** What it, or what it calls without an await, may keep its thread waiting for. */
  readonly blocks: ReadonlyMap<BlockKind, Witness>;
  /** Where an exception may leave it, if it raises in practice: see raising.ts. */
  readonly mayRaise?: Witness;
  /** TypeScript only: an exception, or a rejection of its promise, may come out of it: see escaping-errors.ts. */
  readonly rejects: boolean;
  /** The parameters that it calls, itself or through whom it hands them to, with the locks held then. */
  readonly callsParameters: ReadonlyMap<number, ParameterCall>;
  /** It, or what it calls, runs an event loop in its thread. */
  readonly runsLoop: boolean;
  /** It finds out on which thread it runs, itself. */
  readonly tellsThread: boolean;
  /** It, or one of the functions that it calls, does that. */
  readonly asksThread: boolean;
  /** It does nothing but look: see polling.ts. */
  readonly onlyLooks: boolean;
  /** It always ends with an exception: `def _give_up(self): raise PoolExhausted(…)`. */
  readonly neverReturns: boolean;
  /** How it starts a process, or a worker with this very file, if it does. */
  readonly startsProcess?: Witness;
  /** Locks held where it yields: what `with` holds when it is a context manager. */
  readonly heldAtYield: readonly LockReference[];
  /** Locks that it takes and leaves taken, on every way out: `def _acquire(self): self._lock.acquire()`. */
  readonly leavesHeld: readonly LockReference[];
  /** Locks that it releases without having taken them. */
  readonly releases: readonly LockKey[];
  /** Locks that a comment says its callers hold. */
  readonly requires: readonly LockKey[];
  /** It lets others see its receiver: starts something that works on it, or, while it is being made, passes it on. */
  readonly leaksReceiver: boolean;
  /** What it returns is an object that it has made and that nobody else has. */
  readonly returnsFresh: boolean;
}

/** Gives the summary of a function; undefined while it is not known yet. */
export type SummaryOf = (key: FunctionKey) => Summary | undefined;

/** Whether callers would see a difference between two summaries of a function. */
export function sameOutside(a: Summary | undefined, b: Summary): boolean {
  if (!a || a.mayAcquire.size !== b.mayAcquire.size) return false;
  if (!sameWitness(a.startsProcess, b.startsProcess) || !sameWitness(a.mayRaise, b.mayRaise)) return false;
  if (!sameParameters(a.callsParameters, b.callsParameters)) return false;
  if (!sameKeys(a.mayWait, b.mayWait) || !sameKeys(a.blocks, b.blocks)) return false;
  for (const [lock, { own, guessed }] of a.mayAcquire) if (b.mayAcquire.get(lock)?.own !== own || b.mayAcquire.get(lock)?.guessed !== guessed) return false;
  return (
    sameLocks(a.heldAtYield, b.heldAtYield) &&
    sameLocks(a.leavesHeld, b.leavesHeld) &&
    a.releases.join('\n') === b.releases.join('\n') &&
    a.requires.join('\n') === b.requires.join('\n') &&
    a.runsLoop === b.runsLoop &&
    a.tellsThread === b.tellsThread &&
    a.leaksReceiver === b.leaksReceiver &&
    a.returnsFresh === b.returnsFresh &&
    a.rejects === b.rejects &&
    a.onlyLooks === b.onlyLooks &&
    a.neverReturns === b.neverReturns
  );
}

function sameParameters(a: ReadonlyMap<number, ParameterCall>, b: ReadonlyMap<number, ParameterCall>): boolean {
  const print = (map: ReadonlyMap<number, ParameterCall>) =>
    [...map].map(([index, { held, awaited }]) => `${index} ${awaited} ${held.map((lock) => lock.lock).join()}`).join('\n');
  return a.size === b.size && print(a) === print(b);
}

function sameKeys<K>(a: ReadonlyMap<K, Witness>, b: ReadonlyMap<K, Witness>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

function sameLocks(a: readonly LockReference[], b: readonly LockReference[]): boolean {
  return a.length === b.length && a.every((lock, i) => lock.key === b[i].key);
}

/** A caller keeps only that there is a witness and whose it is; where in the callee it stands is the callee's matter. */
function sameWitness(a: Witness | undefined, b: Witness | undefined): boolean {
  return (a === undefined) === (b === undefined);
}
