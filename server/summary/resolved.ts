// Resolved functions: a function's operations with everything in them that points elsewhere resolved.
import type { ApiEntry, BlockKind, Serves, SpawnKind } from '../model/library';
import type { ModelFunction } from '../model/module';
import type { Cell, LockReference } from './cells';
import type { FunctionKey, LockKey } from './keys';
import type { ModuleInterface } from './module-interface';

/** Something that a call starts to run beside its caller. */
export interface ResolvedSpawn {
  readonly as: SpawnKind;
  /** What runs; undefined where that is not known or is not a function of the workspace. */
  readonly function?: FunctionKey;
  readonly many: boolean;
  /** Whether all runs from this call share the object that the function is bound to, if they begin outside a loop. */
  readonly sharedReceiver: boolean;
  /** That object is the receiver of the function that starts it: `create_task(self.run())`. */
  readonly onReceiver?: true;
  /** The operation of this function that made that object, where it is a local one: in a loop, it may be made anew. */
  readonly receiverMadeAt?: number;
  /** A process or worker that loads this program's main module, or this very file, again. */
  readonly reloads: boolean;
  /** Names the one thread that runs all that has this name, one after the other. */
  readonly line?: string;
  /** The library makes an object for each run. */
  readonly fresh?: boolean;
  /** Who else waits for the event loop that it runs on, where the library says so. */
  readonly serves?: Serves;
  /** One of several that may be meant: a loop over them starts each once. */
  readonly once?: boolean;
}

/** A function, or a parameter of the caller, that a call hands to a parameter of its target. */
export interface GivenFunction {
  readonly target: FunctionKey;
  readonly parameter: number;
  readonly functions: readonly FunctionKey[];
  readonly own?: number;
}

/** What a call operation does. */
export interface ResolvedCall {
  readonly api?: ApiEntry;
  /** Functions that run before the call returns, or, when it is awaited, before the await ends. */
  readonly targets: readonly FunctionKey[];
  /** Those of the targets that a subclass has in the place of the method that is called. */
  readonly overriding: ReadonlySet<FunctionKey>;
  /** Functions that the call's target runs before returning, with a lock held around them. */
  readonly callbacks: readonly { readonly function: FunctionKey; readonly holding?: LockReference }[];
  readonly spawns: readonly ResolvedSpawn[];
  readonly locks: readonly { readonly kind: 'acquire' | 'try-acquire' | 'release'; readonly lock: LockReference }[];
  /** Contents that a library call reads or writes. */
  readonly touches: readonly { readonly cell: Cell; readonly write: boolean; readonly atomic: boolean }[];
  readonly joins: boolean;
  readonly awaits: boolean;
  /** An event loop runs in this thread meanwhile, or is going to. */
  readonly runsLoop: boolean;
  /** It says on which thread it is called. */
  readonly tellsThread: boolean;
  /** The cell of the object whose library method is called: `self._pool` of `self._pool.submit(…)`. */
  readonly receiver?: Cell;
  /**
   * Waits without a limit for what others have to do: runs of these functions, or something done to the receiver, whose
   * lock it gives back meanwhile. `room`: until the receiver, a queue, takes something again.
   */
  readonly waits?: { readonly functions: readonly FunctionKey[]; readonly releases?: LockKey; readonly room?: true };
  /** What it may keep its thread waiting for. */
  readonly blocks: readonly BlockKind[];
  /** The index of the function's own parameter that is called. */
  readonly parameter?: number;
  /** Functions that the call hands to its targets, or its caller's own parameters handed on, which those may call. */
  readonly given: readonly GivenFunction[];
  /** The target was found by the method's name alone: nothing is known of the object. */
  readonly guessed?: true;
  /** The targets are what a decorator was given to wrap. */
  readonly wraps: boolean;
}

/** What a with step enters: a lock, a context manager of the workspace, or something whose exit waits for other work. */
export interface EnteredValue {
  readonly lock?: LockReference;
  readonly opener?: FunctionKey;
  /** What an object of the workspace runs when it is entered and left, and whether it is the function's own receiver. */
  readonly enter?: FunctionKey;
  readonly exit?: FunctionKey;
  readonly onReceiver?: boolean;
  /** Where an object of the library is entered: its class, and the cell it lives in. */
  readonly type?: string;
  readonly cell?: Cell;
  readonly joins: boolean;
}

/** What an operation does to a lock that is made by hand. */
export interface OwnLock {
  readonly kind: 'acquire' | 'release';
  readonly lock: LockReference;
}

export type OwnLocks = ReadonlyMap<number, OwnLock>;

/** A function with everything in it that points elsewhere resolved. */
export interface ResolvedFunction {
  readonly key: FunctionKey;
  readonly module: ModuleInterface;
  readonly index: number;
  readonly calls: ReadonlyMap<number, ResolvedCall>;
  /** Cells of read and write operations, by operation number. */
  readonly cells: ReadonlyMap<number, Cell>;
  /** What the function's with steps enter, in source order. */
  readonly withs: readonly EnteredValue[];
  /** Reads and calls that tell whether this is the main thread, process or module: numbers of the operations. */
  readonly mainTests: ReadonlySet<number>;
  /** Locks that decorators hold around the function. */
  readonly around: readonly LockReference[];
  /** Locks that a comment says its callers hold. */
  readonly requires: readonly LockKey[];
  /** Awaits of tasks: the functions that those run, by operation number. */
  readonly awaitedTasks: ReadonlyMap<number, readonly FunctionKey[]>;
  /** Calls that make a new instance of a workspace class. */
  readonly fresh: ReadonlySet<number>;
  /** Reads, writes and calls that go through a field of the receiver to an object which it has made for itself. */
  readonly ownParts: ReadonlySet<number>;
  /** Operations that take or give back a lock which the code makes by hand. */
  readonly ownLocks: OwnLocks;
  /** Calls of what another call has given, by number: `release()` of `const release = await lock()`. */
  readonly releasers: ReadonlyMap<number, number>;
}

/** The model of a resolved function. */
export function modelOf(fn: ResolvedFunction): ModelFunction {
  return fn.module.module.functions[fn.index];
}
