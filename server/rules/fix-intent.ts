// Fix intents: what a repair should do. Rules name it and where; `server/fixes` turns it into text edits.
import type { ClassKey, LockKey } from '../summary/keys';
import type { Site } from '../summary/locate';

/**
 * How much thought a fix needs: `safe` keeps the meaning, so that it may be applied in bulk; `suggestion` is probably
 * right, and a person looks; `unsafe` changes what the program does or needs a decision, and is never applied in bulk.
 */
export type FixSafety = 'safe' | 'suggestion' | 'unsafe';

interface FixDescription {
  /** What it does, as a heading in lists; the fix itself has a title of its own that names what it works on. */
  readonly does: string;
  readonly safety: FixSafety;
}

/** Every kind of fix. */
export const FIX_KINDS = {
  'add-main-guard': { does: 'Put what the program does under its main guard', safety: 'suggestion' },
  'add-reduce': { does: 'Let an exception be made again from its arguments in another process', safety: 'suggestion' },
  'after-lock': { does: 'Do it after the lock is given back, on what was read while it was held', safety: 'suggestion' },
  'ask-futures': { does: 'Ask the futures for their results at the end of the with statement', safety: 'suggestion' },
  'await-all': { does: 'Wait for all elements, which are worked on at the same time', safety: 'suggestion' },
  'await-call': { does: 'Wait for what a call gives', safety: 'suggestion' },
  'await-each': { does: 'Work on one element after the other', safety: 'suggestion' },
  'await-in-place': { does: 'Await the coroutine instead of waiting for a loop to run it', safety: 'suggestion' },
  'await-sleep': { does: 'Sleep with asyncio, so that other tasks go on', safety: 'suggestion' },
  'bound-queue': { does: 'Limit how many items may wait in a queue', safety: 'unsafe' },
  'call-start': { does: 'Start the thread or process instead of doing its work in the calling thread', safety: 'suggestion' },
  'catch-elsewhere': { does: 'Leave the failure of a promise to where it is awaited or handed on', safety: 'suggestion' },
  'catch-in-handler': { does: 'Catch what goes wrong in a handler, and end that request or connection alone', safety: 'suggestion' },
  'catch-promise': { does: 'Catch what a promise is rejected with, where nobody can wait for it', safety: 'suggestion' },
  'check-again': { does: 'Check again once the lock is held', safety: 'suggestion' },
  'clear-event-first': { does: 'Clear the event before looking for the work that it announces', safety: 'suggestion' },
  'clear-timeout': { does: 'Clear the timeout as soon as the race is over', safety: 'suggestion' },
  'close-and-join': { does: 'Wait for the work of a pool before it goes', safety: 'suggestion' },
  'compute-once': { does: 'Look again under a lock before computing what is kept', safety: 'suggestion' },
  'cross-to-loop': { does: 'Ask the event loop’s own thread to do it', safety: 'suggestion' },
  'drop-late-answer': { does: 'Store an answer only if nothing has been asked for since', safety: 'suggestion' },
  'end-in-close': { does: 'End what an object has made in the method that closes it', safety: 'suggestion' },
  'end-with-owner': { does: 'End what was started where its owner ends', safety: 'suggestion' },
  'forget-failure': { does: 'Let go of a promise when it fails, too', safety: 'suggestion' },
  /** `name` is that of the field or variable; `lock` the one that is there. */
  /** `name` is that of the field or variable; `lock` the one that is there; `uses` all places that touch it. */
  'guard-place': { does: 'Hold one lock wherever a place is used, a new one where there is none', safety: 'suggestion' },
  'hand-out-copy': { does: 'Hand out a copy of what a lock guards', safety: 'suggestion' },
  'hoist-await': { does: 'Wait before the statement, so that it works on the value as it is then', safety: 'suggestion' },
  'hold-condition': { does: 'Hold the lock of a condition where it is notified or waited on', safety: 'suggestion' },
  'hold-lock': { does: 'Hold the lock that guards the other accesses', safety: 'suggestion' },
  'hold-value-lock': { does: 'Hold the lock of a shared value around its update', safety: 'suggestion' },
  'iterate-copy': { does: 'Go through a copy of the collection', safety: 'suggestion' },
  'join-after-loop': { does: 'Start all threads first, and join them in a second loop', safety: 'suggestion' },
  'join-after-reading': { does: 'Read what a process sends before waiting for its end', safety: 'suggestion' },
  'join-if-alive': { does: 'Join a thread only if it is alive', safety: 'suggestion' },
  'join-unless-own': { does: 'Join a thread unless this is that thread', safety: 'suggestion' },
  'keep-task': { does: 'Keep the task in a set until it is done', safety: 'suggestion' },
  'limit-concurrency': { does: 'Work on a few items at a time', safety: 'suggestion' },
  'listen-for-error': { does: 'Reject a promise where what it waits for fails', safety: 'suggestion' },
  'log-failure': { does: 'Write to the log what goes wrong in a job', safety: 'suggestion' },
  'log-gathered': { does: 'Write the exceptions among gathered results to the log', safety: 'suggestion' },
  'make-daemon': { does: 'Make the thread or process a daemon, which ends with the program', safety: 'unsafe' },
  'make-lock-early': { does: 'Make a lock with the object or module that it belongs to, not when it is first needed', safety: 'suggestion' },
  'make-reentrant': { does: 'Make the lock one that its holder can take again', safety: 'suggestion' },
  'make-tuple': { does: 'Hand over the arguments of a thread in a tuple', safety: 'suggestion' },
  'move-to-module': { does: 'Make a lambda or inner function one of the module, which other processes find', safety: 'suggestion' },
  'notify-all': { does: 'Wake all waiters, each of which tests whether it may go on', safety: 'safe' },
  'one-at-a-time': { does: 'Let one call at a time through, with a lock of asyncio', safety: 'suggestion' },
  'pass-target': { does: 'Hand over the function itself, and its arguments beside it, instead of calling it', safety: 'suggestion' },
  'pause-in-loop': { does: 'Let some time go by in each round of a loop', safety: 'suggestion' },
  'place-target': { does: 'Give the function of a thread where the library looks for it', safety: 'suggestion' },
  'read-results': { does: 'Go through the results, so that exceptions come out', safety: 'suggestion' },
  'reap-child': { does: 'Wait for a child process that is ended', safety: 'suggestion' },
  'release-in-finally': { does: 'Give back in a finally what was taken', safety: 'suggestion' },
  'release-on-error': { does: 'Give back what was taken when handing it over fails', safety: 'suggestion' },
  'return-promise': { does: 'Return the promise, so that it is waited for', safety: 'suggestion' },
  'run-exclusive': { does: 'Let one call at a time through, with the mutex that is there', safety: 'suggestion' },
  'run-in-thread': { does: 'Run what blocks in a thread, and await it', safety: 'suggestion' },
  'set-daemon-first': { does: 'Make the thread a daemon before it is started', safety: 'suggestion' },
  'set-default': { does: 'Look up and fill a key of a dictionary in one step', safety: 'suggestion' },
  'settle-future': { does: 'Hand an exception over to whoever waits for the future', safety: 'suggestion' },
  /** `site` is in the function; `checked` finds nothing there; `key` is the parameter by whose values calls differ. */
  'share-call': { does: 'Let calls that come meanwhile wait for the same promise', safety: 'suggestion' },
  'shut-pool-down': { does: 'Shut the pool down behind its last job, without waiting', safety: 'suggestion' },
  'start-thread': { does: 'Start the thread or process that is made', safety: 'suggestion' },
  'swap-locks': { does: 'Take two locks in the order of the rest of the program', safety: 'suggestion' },
  'take-listener-off': { does: 'Take listeners off in the method that ends their object', safety: 'suggestion' },
  'update-atomically': { does: 'Load, change and store a word of shared memory in one step', safety: 'suggestion' },
  'use-asyncio-lock': { does: 'Make a lock that only coroutines take one of asyncio', safety: 'suggestion' },
  'use-atomics': { does: 'Read, write or change a word of shared memory with Atomics', safety: 'suggestion' },
  'use-fresh-value': { does: 'Read a value after the await instead of before it', safety: 'suggestion' },
  'use-pool-with': { does: 'Use the pool in a with statement, which ends its workers', safety: 'suggestion' },
  'use-processes': { does: 'Compute in processes instead of threads', safety: 'unsafe' },
  'use-promise-version': { does: 'Use the promise version of a call that stops the event loop, and wait for it', safety: 'suggestion' },
  'use-with': { does: 'Hold the lock with a with statement', safety: 'safe' },
  'use-with-on-exits': { does: 'Hold the lock with a with statement, which gives it back where the function is left', safety: 'suggestion' },
  'wait-in-loop': { does: 'Test again after each wake-up what a wait waits for', safety: 'suggestion' },
  'wait-instead': { does: 'Wait for what a loop asks for again and again', safety: 'suggestion' },
  'wrap-future': { does: 'Wait for a pool’s future through one of the event loop', safety: 'suggestion' },
} as const satisfies Readonly<Record<string, FixDescription>>;

export type FixKind = keyof typeof FIX_KINDS;

/** What is gone through, as far as it is known. */
export type Collection = 'array' | 'Map' | 'Set' | 'unknown';

/** Places of one function that have to be under a lock together. */
export interface GuardedUse {
  readonly sites: readonly Site[];
  /** The lock there; where it has yet to be made, what the function calls the object that is going to have it. */
  readonly lock?: string;
  readonly receiver?: string;
  /** A plain read may as well stay as it is where a lock does not fit around it. */
  readonly needed: boolean;
}

/** By what a handler ends what it serves: the answer, its second parameter, or the connection, its first. */
export type ServedBy = 'response' | 'web-socket' | 'socket';

/** What a kind has to know beside its site. */
interface FixDetails {
  /** What is done at `site` is done behind the with statement at `taken`. */
  'after-lock': { readonly taken: Site };
  /** `site` is a call of `forEach` or `map`. */
  'await-all': { readonly collection: Collection };
  'await-each': { readonly collection: Collection };
  /** `site` registers the handler. */
  'catch-in-handler': { readonly served: ServedBy };
  /** `tried` where a catch around it is meant to see the failure; `mayBeNone` where what is given need not be a promise. */
  'catch-promise': { readonly tried: boolean; readonly mayBeNone: boolean };
  /** `site` clears the event; `work` is the first thing done that has to come after that. */
  'clear-event-first': { readonly work: Site };
  /** `site` gives work to the pool; `closed` closes it where no with statement does. */
  'close-and-join': { readonly closed?: Site };
  /** `owner` is the descriptor’s class; its `site` stores what is computed. */
  'compute-once': { readonly owner: ClassKey };
  /** What is called on another thread: the loop, a future that tells its loop, something that starts a task, or another object of a loop. */
  'cross-to-loop': { readonly on: 'loop' | 'future' | 'task-maker' | 'other' };
  /** `site` stores the answer that is `awaited`. */
  'drop-late-answer': { readonly awaited: Site };
  /** `site` makes what is kept in a field; `closing` is the method, and `ending` what is called there, in order. */
  'end-in-close': { readonly closing: Site; readonly ending: readonly string[]; readonly awaited: boolean };
  /** `end` is the function that ends the owner, an effect where there is none; `undo` the function or method that ends what was started. */
  'end-with-owner': { readonly end: Site | undefined; readonly undo: string; readonly isPromised?: boolean };
  /** `site` keeps the promise, `given` lets go of it when it succeeds. */
  'forget-failure': { readonly given: Site };
  /** `name` is that of the field or variable; `lock` the one that is there; `uses` all places that touch it. */
  'guard-place': { readonly name: string; readonly owner?: ClassKey; readonly lock?: LockKey; readonly uses: readonly GuardedUse[] };
  /** `type` is that of the container. */
  'hand-out-copy': { readonly type: string };
  /** `site` is the statement; `awaited` what it waits for. */
  'hoist-await': { readonly awaited: Site };
  /** `task`: a condition between the tasks of an event loop. */
  'hold-condition': { readonly task: boolean };
  /** `lock` is an expression in the file's language, such as `self._lock`. */
  'hold-lock': {
    readonly lock: string;
    /** What the analysis calls the lock, where it knows it as one. */
    readonly key?: LockKey;
    /** What has to happen in one go with the access: earlier reads that it rests on. */
    readonly along?: readonly Site[];
  };
  /** `lock` is the one that those hold who change it. */
  'iterate-copy': { readonly lock?: string };
  'join-after-loop': { readonly process: boolean };
  'join-after-reading': { readonly reading: Site };
  /** `site` is a call of `Promise.all`; `most` is how many may be under way at a time. */
  'limit-concurrency': { readonly most: number };
  /** `site` listens for the good end; `pipe` is where another source is piped into it, whose errors nobody hears. */
  'listen-for-error': { readonly pipe?: Site };
  /** `made` is where the lock is made; `name` is that of the field or variable. */
  'make-lock-early': { readonly made: readonly Site[]; readonly name: string; readonly owner?: ClassKey };
  /** `site` is where the lock is made; `lock` what a person calls it. */
  'make-reentrant': { readonly lock: string };
  /** The position of what should be a tuple. */
  'make-tuple': { readonly position: number };
  /** `others` are calls of the same condition that have to wake all as well. */
  'notify-all': { readonly others: readonly Site[] };
  /** What one call at a time may come past: `site` and `along`. `name` is that of the field or variable that they are about. */
  'one-at-a-time': { readonly along: readonly Site[]; readonly name: string; readonly owner?: ClassKey };
  /** `site` gets what `called` gives; `takes` says how it takes the function's arguments. */
  'pass-target': { readonly called: Site; readonly takes: 'tuple' | 'rest' };
  'place-target': { readonly timer: boolean };
  /** `ends` are the calls that end it. */
  'reap-child': { readonly ends: readonly Site[]; readonly wait: 'wait' | 'join' };
  /** `site` is the release; nothing is `taken` in the function where it was entered with it. */
  'release-in-finally': { readonly taken?: Site; readonly releases: readonly Site[] };
  /** `site` takes the lock for somebody else, whom it does not reach when what is at `raising` raises. */
  'release-on-error': { readonly raising: Site };
  /** One call at a time may come past `site` and `along`; `mutex` is an expression such as `this.mutex`. */
  'run-exclusive': { readonly along: readonly Site[]; readonly mutex: string };
  'set-daemon-first': { readonly start: Site };
  'share-call': { readonly checked: Site; readonly key?: string };
  /** The expressions of two with statements, one inside the other, or two calls that take a lock. */
  'swap-locks': { readonly second: Site };
  /** `site` and `also` put listeners on what lives on; `end` is the method that ends their object. */
  'take-listener-off': { readonly also: readonly Site[]; readonly end: Site };
  /** `site` stores; `release` gives back what is taken there, where the word is a lock. */
  'update-atomically': { readonly release?: Site };
  /** All with statements that take the lock of `site`, that one included. */
  'use-asyncio-lock': { readonly uses: readonly Site[] };
  /** `site` writes what is made of the value from `read`. */
  'use-fresh-value': { readonly read: Site };
  /** An executor waits for its jobs at the end of a with statement; a `Pool` ends them. */
  'use-pool-with': { readonly executor: boolean };
  /** `site` takes the lock; `releases` are those that belong to it. */
  'use-with': { readonly releases: readonly Site[] };
  'use-with-on-exits': { readonly releases: readonly Site[] };
}

/** What a repair should do. Its sites are in the file that holds the finding, where nothing else is said. */
export type FixIntent = { readonly [K in FixKind]: FixIntentOf<K> }[FixKind];
export type FixIntentOf<K extends FixKind> = { readonly kind: K; readonly site: Site } & (K extends keyof FixDetails ? FixDetails[K] : unknown);
