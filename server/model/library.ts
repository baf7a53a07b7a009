// Library knowledge as the analysis sees it: what an API does to locks, threads, tasks and places.
import type { Language } from './module';

/** All that is known of library APIs, by `libraryKey`. */
export type Library = ReadonlyMap<string, ApiEntry>;

/** The key of an API: its language and its canonical name, such as `python:threading.Lock.acquire`. */
export function libraryKey(language: Language, name: string): string {
  return `${language}:${name}`;
}

/**
 * One API. Canonical names: module, then class, then member, joined by dots: `threading.Lock.acquire`,
 * `worker_threads.Worker`, `async-mutex.Mutex.runExclusive`; built-ins and globals have no module: `dict.get`,
 * `navigator.locks.request`. In TypeScript `node:` is left out.
 */
export interface ApiEntry {
  readonly name: string;
  readonly language: Language;
  readonly kind: 'class' | 'function' | 'method' | 'constant';
  /** The same API under other names, such as `multiprocessing.Pool` for `multiprocessing.pool.Pool`. */
  readonly aliases?: readonly string[];
  /** Canonical name of the class that a call returns, or that a constant is an instance of; classes return themselves. */
  readonly returns?: string;
  /** Canonical name of the class that awaiting the call's outcome gives. */
  readonly awaited?: string;
  /** Canonical name of the class of what the call's outcome holds: what unpacking it, indexing it and a loop over it give. */
  readonly items?: string;
  /** Classes whose members this class has too, nearest first. */
  readonly bases?: readonly string[];
  /** Instances of this class are locks, or guard like one. */
  readonly lock?: LockKind;
  readonly effects?: readonly Effect[];
  /** Methods that the library runs on subclasses: `run` of a Thread, `do_*` of a request handler. */
  readonly entryMethods?: readonly EntryMethod[];
  readonly semantics: Semantics;
}

/** What sort of lock an instance is. Only `mutex` and `rlock` exclude; a semaphore does when it is made with one permit. */
export interface LockKind {
  readonly type: 'mutex' | 'rlock' | 'condition' | 'semaphore' | 'read-write';
  /** Between whom it excludes: threads, processes, tasks of one event loop, or browser contexts. */
  readonly domain: 'thread' | 'process' | 'task' | 'context';
  /** The argument that is the underlying lock (`Condition(lock)`), by position and name. */
  readonly wraps?: Target;
  /** What makes two of them the same lock, though each was made anew: `FileLock(path)`, `locks.write_lock()`. */
  readonly named?: Target;
}

/**
 * Which value an effect is about: the object a method is called on, an argument, or the call's outcome. `rest`: every
 * positional argument from that one on, each on its own (`gather(a(), b())`); a spread one stands for any number. A name
 * that ends in `*` stands for all named arguments that begin so.
 */
export type Target = 'receiver' | 'result' | { readonly argument: number; readonly name?: string; readonly rest?: boolean };

/**
 * How code that an API starts runs beside the code that started it. `signal`: between any two steps of the main thread;
 * `finalizer`: wherever an object happens to be collected, or at exit; `callback`: later, on the event loop's thread.
 */
export type SpawnKind = 'thread' | 'process' | 'task' | 'worker' | 'timer' | 'callback' | 'signal' | 'finalizer';

/**
 * What a thread may be kept waiting for. `io`: others, over a network, a device, a terminal; `file`: a disk, for one
 * file; `files`: a disk, for as many files or bytes as there are.
 */
export type BlockKind = 'sleep' | 'io' | 'file' | 'files' | 'lock' | 'queue' | 'process' | 'compute';

/**
 * Who else waits for the event loop that a function runs on: `others`, where each of its runs answers one of many (requests,
 * messages, jobs, windows); `nobody`, where it has the loop to itself (in a worker) or all is over (at exit).
 */
export type Serves = 'others' | 'nobody';

/** A condition on a call: an argument that is one of these constants. */
export interface Where {
  readonly argument: number;
  readonly name?: string;
  readonly is: readonly (string | number | boolean)[];
}

/** The closed set of things an API can do. */
export type Effect =
  | { readonly kind: 'acquire' | 'try-acquire' | 'release'; readonly target: Target }
  /**
   * Runs `runs` concurrently. `many`: several at a time from one call or one site. `async`: what it is instead where that is
   * an async function. `unless`: not where that argument is given; `only`: just where it is, and is not None, False, 0 or 1
   * (`workers=4`). `serial`: one thread of the receiver's runs all that is started through it, one after the other; `limit`:
   * so it is where the receiver was made with that argument 1; `follows`: so it is where what the receiver stands for runs so,
   * or in a process. `classes`: `runs` is a class, and its entry methods are what runs. `serves`: who waits for the event
   * loop that it runs on. `where`: just where an argument is one of these, and then in the place of effects on `runs` without.
   */
  | {
      readonly kind: 'spawn';
      readonly as: SpawnKind;
      readonly runs?: Target;
      readonly many?: boolean;
      readonly async?: SpawnKind;
      readonly unless?: Target;
      readonly only?: Target;
      readonly serial?: boolean;
      readonly limit?: Target;
      readonly follows?: boolean;
      readonly classes?: boolean;
      readonly serves?: Serves;
      readonly where?: Where;
    }
  /** Runs, in this thread, the entry methods of the class that the receiver was made with: `HTTPServer(address, Handler)`. */
  | { readonly kind: 'serve'; readonly runs: Target }
  /** Waits until the target's work has ended. */
  | { readonly kind: 'join'; readonly target: Target }
  /**
   * Calls `runs` before returning, in the same thread; with `holding` the lock is held around it. `many`: once for each
   * element, without waiting for what it returns, so that the calls of an async function are all under way at a time.
   */
  | { readonly kind: 'call'; readonly runs: Target; readonly holding?: Target; readonly many?: boolean }
  /** Other tasks may run before it returns. */
  | { readonly kind: 'await' }
  /** Runs an event loop in the thread that calls it, or says which one that thread is going to run. */
  | { readonly kind: 'run-loop' }
  /** Says on which thread, or beside which event loop, it is called: whoever asks acts on the answer. */
  | { readonly kind: 'tell-thread' }
  | { readonly kind: 'wait' | 'notify'; readonly target: Target }
  /** Reads or changes the target's contents; `atomic` when no other thread can come between. */
  | { readonly kind: 'read' | 'write'; readonly target: Target; readonly atomic?: boolean }
  /** May keep the thread from going on: a sleep, a read from a socket, a full queue. */
  | { readonly kind: 'block'; readonly on: BlockKind; readonly where?: Where }
  /** The target becomes reachable for code elsewhere. */
  | { readonly kind: 'escape'; readonly target: Target }
  /** The outcome belongs to one thread or task alone (`threading.local`, `AsyncLocalStorage`). */
  | { readonly kind: 'confine'; readonly target: Target }
  /** True only in the main thread, process or module: what is inside its test does not run in children. */
  | { readonly kind: 'main-test' };

export interface EntryMethod {
  /** The method's name; a trailing `*` stands for any ending. */
  readonly method: string;
  readonly as: SpawnKind;
  /** With `parameters`: only in classes with a base whose name ends so. */
  readonly base?: string;
  /** Whether several run at a time. */
  readonly many: boolean;
  /** One thread runs all of these methods, one after the other. */
  readonly serial?: boolean;
  /** What it is instead where the method is an async function. */
  readonly async?: SpawnKind;
  /**
   * Any function that takes exactly these, a receiver aside, is meant, whatever its name and class: what a server calls is
   * known by its form alone (`environ, start_response`). `req|request`: one of these names.
   */
  readonly parameters?: readonly string[];
  /**
   * Any function whose first parameters are declared to be of these library classes is meant, whatever its name: a handler
   * is known by the request that it takes. `*` is any type.
   */
  readonly types?: readonly string[];
  /** A function with the method's name that a file exports which imports this package; `*`: any file. */
  readonly exportedWith?: string;
  /** Who else waits for the event loop that it runs on. */
  readonly serves?: Serves;
  /** Whether each run has an instance of its own, so that `self` is not shared between runs. */
  readonly ownInstance?: boolean;
}

/** What a person is told about an API. Absent means: not said. */
export interface Semantics {
  readonly blocks?: 'never' | 'may' | 'always';
  readonly releasesGil?: boolean | 'partly';
  /** Safe to use from several threads at once, with the GIL and without it. */
  readonly threadSafe?: boolean | 'partly';
  readonly threadSafeFreeThreaded?: boolean | 'partly';
  readonly atomic?: boolean;
  readonly awaitable?: boolean;
  readonly picklable?: boolean;
  readonly cloneable?: boolean | 'transferable';
  /** Where the work is done, if not where it is called: `libuv's thread pool`, `a child process`. */
  readonly runsOn?: string;
  /** Of what takes a callback: whether it waits for what an async callback returns. */
  readonly awaitsCallback?: boolean;
  readonly since?: string;
  /** Two sentences at most, for the hover card. */
  readonly summary: string;
  /** Ids of glossary terms. */
  readonly terms?: readonly string[];
  /** The documentation page and version it was checked against. */
  readonly source: string;
}
