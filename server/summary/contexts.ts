// Contexts: which thread roots reach a function, and which locks are held whenever it is entered.
import type { EntryMethod, Serves } from '../model/library';
import type { Language, ModelFunction } from '../model/module';
import { groupBy } from './grouping';
import { ASSUMED_LOCK, callOfKey, classOfMethod, type FunctionKey, fileOfKey, type LockKey } from './keys';
import { assumedLocks } from './summarise';
import type { CallSite, SpawnSite } from './summary';

/**
 * A thread root: `main` (the program's own thread), `caller` (whoever uses the code from outside), or what started:
 * kind, `*` where several run at a time, `^` where others wait for the same event loop and `-` where nobody does, `!` where each run has an object of its own (`!!`: made for it by the library), `:` and the function's key, `~~` and the name of the one thread that runs it after other work.
 */
export type RootId = string;

export interface Context {
  /** Sorted. */
  readonly roots: readonly RootId[];
  /** Those of the roots that have made the receiver (`self`) and shown it to nobody. Sorted. */
  readonly owned: readonly RootId[];
  /** Those of which no two runs have the same receiver, though others may have it. Sorted. */
  readonly distinct: readonly RootId[];
  /** Those of which each run has made the receiver, which nobody has but it and threads that it has started on it. Sorted. */
  readonly made: readonly RootId[];
  /** It is called again and again on one and the same object, by a loop near by. */
  readonly again: boolean;
  /**
   * Callers from outside who are expected to come on several threads, and who share the receiver: `DOCUMENTED` where
   * the documentation says so, `LOCKING` where a lock does. Sorted.
   */
  readonly company: readonly RootId[];
  /** Those of the roots that reach it through plain functions alone: no event loop of their own runs around it. Sorted. */
  readonly offLoop: readonly RootId[];
  /** Those of the roots that come here once, to make something that is kept, and not each time they run. Sorted. */
  readonly seldom: readonly RootId[];
  /** Only constructors come here, on the object that they make: what it does to that object says nothing of locks. */
  readonly constructing: boolean;
  /** Locks held at every entry; undefined as long as nothing is known to enter it, or only constructors are. */
  readonly entry: readonly LockKey[] | undefined;
}

export interface RootParts {
  readonly kind: string;
  readonly many: boolean;
  readonly ownInstance: boolean;
  /** The library makes that object for the run, so that nobody else has it to begin with. */
  readonly fresh?: boolean;
  /** Who else waits for the event loop that it runs on, as far as that is known. */
  readonly serves?: Serves;
  readonly function?: FunctionKey;
  /** Names the one thread that runs all roots with this name, one after the other. */
  readonly line?: string;
}

export const MAIN: RootId = 'main';
export const CALLER: RootId = 'caller';
/** Callers of what is documented as shared between threads. */
export const DOCUMENTED: RootId = 'documented*';
/** Callers of what keeps a lock. */
export const LOCKING: RootId = 'locking*';

export function rootId(parts: RootParts): RootId {
  return `${parts.kind}${parts.many ? '*' : ''}${parts.serves === undefined ? '' : parts.serves === 'others' ? '^' : '-'}${parts.fresh ? '!!' : parts.ownInstance ? '!' : ''}:${parts.function ?? ''}${parts.line === undefined ? '' : `~~${parts.line}`}`;
}

/** Roots are taken apart far more often than there are different ones. */
const KNOWN_PARTS = new Map<RootId, RootParts>();
const MOST_KNOWN = 20_000;

export function rootParts(id: RootId): RootParts {
  let parts = KNOWN_PARTS.get(id);
  if (!parts) {
    if (KNOWN_PARTS.size >= MOST_KNOWN) KNOWN_PARTS.clear();
    KNOWN_PARTS.set(id, (parts = partsOf(id)));
  }
  return parts;
}

function partsOf(id: RootId): RootParts {
  const match = /^([a-z]+)(\*?)([\^-]?)(!{0,2})(?::(.*?)(?:~~(.*))?)?$/s.exec(id)!;
  const [, kind, many, serves, own, key, line] = match;
  return {
    kind,
    many: many === '*',
    ownInstance: own !== '',
    fresh: own === '!!',
    ...(serves === '' ? {} : { serves: serves === '^' ? ('others' as const) : ('nobody' as const) }),
    function: key,
    line,
  };
}

/** Whether one thread runs both, one after the other: callbacks of one client, jobs of a pool with one worker. */
export function onOneLine(a: RootId, b: RootId): boolean {
  const { line } = rootParts(a);
  return line !== undefined && line === rootParts(b).line;
}

/** Everything that the context of one function is computed from. */
export interface ContextInput {
  readonly key: FunctionKey;
  readonly model: ModelFunction;
  readonly language: Language;
  readonly callers: ReadonlyMap<FunctionKey, readonly CallSite[]>;
  readonly spawners: ReadonlyMap<FunctionKey, readonly SpawnSite[]>;
  readonly entryMethod?: EntryMethod;
  /** The function around it gives it back. */
  readonly handedOut?: boolean;
  /** Locks that a comment says its callers hold. */
  readonly requires: readonly LockKey[];
  /** `DOCUMENTED` or `LOCKING` where the function's class or module says that it expects several threads. */
  readonly expects?: RootId;
}

/** Computes a function's context out of its callers' contexts, and of the roots that begin at it. */
export function contextOf(
  input: ContextInput,
  contextAt: (key: FunctionKey) => Context | undefined,
  own: readonly RootId[] = ownRoots(input, contextAt),
): Context {
  const { model } = input;
  const roots = new Set<RootId>(own);
  const shared = new Set<RootId>([...roots].filter((root) => !rootParts(root).ownInstance));
  const known = new Set<RootId>(roots);
  const others = new Set<RootId>(roots);
  const company = new Set<RootId>();
  const offLoop = new Set<RootId>(model.isAsync ? [] : [...roots].filter((root) => rootParts(root).kind !== 'task'));
  const often = new Set<RootId>(roots);
  const always = new Set<LockKey>();
  // What has callers in the workspace is taken to be called by them alone, though it be public: no alarm on a guess.
  let entry: Set<LockKey> | undefined = roots.size > 0 ? new Set() : undefined;
  let constructing = false;
  let otherwise = roots.size > 0;
  for (const [caller, sites] of input.callers) {
    const context = contextAt(caller);
    // A wrapper is on the way of every call by name; it brings its locks, not callers of its own.
    if (sites.some((site) => site.wraps)) for (const { lock } of sites[0].held) always.add(lock);
    if (!context || sites.some((site) => site.wraps)) continue;
    if (model.kind !== 'constructor' && sites.some((site) => bringsCompany(site, context, fileOfKey(caller) === fileOfKey(input.key))))
      for (const root of context.company) company.add(root);
    // A subclass may never be made by whoever runs this root: only what is close by is taken to meet it.
    const overriding = sites.every((site) => site.overriding) && fileOfKey(caller) !== fileOfKey(input.key);
    for (const root of context.roots) {
      if (overriding && rootParts(root).function !== undefined) continue;
      // A plain Python function that no loop runs around can make a coroutine and hand it on; it runs where it is awaited.
      if (input.language === 'python' && model.isAsync && context.offLoop.includes(root) && sites.every((site) => !site.onLoop)) continue;
      roots.add(root);
      if (!context.seldom.includes(root) && sites.some((site) => !site.kept)) often.add(root);
      if (!model.isAsync && context.offLoop.includes(root) && sites.some((site) => !site.onLoop)) offLoop.add(root);
      const made = sites.every((site) => site.made || (site.onReceiver && context.made.includes(root)));
      if (!made) others.add(root);
      if (sites.every((site) => site.owned || (site.onReceiver && !site.shown && context.owned.includes(root)))) continue;
      known.add(root);
      if (!made && !sites.every((site) => site.onReceiver && context.distinct.includes(root))) shared.add(root);
    }
    const making = (site: CallSite) => site.constructing || (site.onReceiver && context.constructing);
    if (sites.some(making)) constructing = true;
    if (!sites.every(making)) otherwise = true;
    const around = context.entry ?? (context.constructing ? [] : undefined);
    if (!around) continue;
    for (const site of sites) {
      if (making(site)) continue;
      const held = new Set([...around, ...site.held.map((lock) => lock.lock)]);
      entry = entry ? new Set([...entry].filter((lock) => held.has(lock))) : held;
    }
  }
  if (input.expects !== undefined && model.kind !== 'constructor' && known.has(CALLER)) company.add(input.expects);
  for (const { lock } of assumedLocks(model.name)) always.add(lock);
  if (model.calledUnderLock) always.add(ASSUMED_LOCK);
  for (const lock of input.requires) always.add(lock);
  if (always.size > 0) entry = new Set([...(entry ?? []), ...always]);
  return {
    roots: [...roots].sort(),
    owned: [...roots].filter((root) => !known.has(root)).sort(),
    distinct: [...known].filter((root) => !shared.has(root)).sort(),
    again: [...input.callers].some(([caller, sites]) => sites.some((site) => site.again || (site.onReceiver && contextAt(caller)?.again))),
    made: [...roots].filter((root) => !others.has(root)).sort(),
    company: [...company].sort(),
    offLoop: [...offLoop].sort(),
    seldom: [...roots].filter((root) => !often.has(root)).sort(),
    constructing: constructing && !otherwise,
    entry: entry && [...entry].sort(),
  };
}

/** Whether a call brings its caller's company along: on something that they share, with nobody kept out meanwhile. */
function bringsCompany(site: CallSite, context: Context, sameFile: boolean): boolean {
  return !site.owned && !site.onLent && !site.guessed && (sameFile || site.onReceiver) && site.held.length === 0 && (context.entry ?? []).length === 0;
}

export function sameContext(a: Context | undefined, b: Context): boolean {
  return (
    a !== undefined &&
    a.roots.join() === b.roots.join() &&
    a.owned.join() === b.owned.join() &&
    a.distinct.join() === b.distinct.join() &&
    a.made.join() === b.made.join() &&
    a.again === b.again &&
    a.company.join() === b.company.join() &&
    a.offLoop.join() === b.offLoop.join() &&
    a.seldom.join() === b.seldom.join() &&
    a.constructing === b.constructing &&
    a.entry?.join() === b.entry?.join()
  );
}

/** The roots that begin at a function itself. */
export function ownRoots(
  { key, model, callers, spawners, entryMethod, handedOut }: ContextInput,
  contextAt: (key: FunctionKey) => Context | undefined,
): RootId[] {
  if (model.kind === 'module') return [MAIN];
  const roots: RootId[] = [];
  // Where the workspace shows how they are run, that is how; otherwise as the library mostly does.
  if (entryMethod && spawners.size === 0) {
    const line = entryMethod.serial ? classOfMethod(key) : undefined;
    const { many, ownInstance = false, serves } = entryMethod;
    roots.push(rootId({ kind: entryMethod.as, many, ownInstance, fresh: many && ownInstance, serves, function: key, line }));
  }
  const spawns = [...spawners].flatMap(([spawner, sites]) => sites.map((site) => repeated(site, contextAt(spawner))));
  for (const sites of groupBy(spawns, (spawn) => `${spawn.as} ${spawn.line}`).values()) {
    const many = sites.some((site) => site.many) || new Set(sites.flatMap((site, index) => (site.single ? [] : [site.keptIn ?? index]))).size > 1;
    const fresh = sites.every((site) => site.fresh);
    roots.push(rootId({ kind: sites[0].as, many, ownInstance: !shareReceiver(sites), fresh, serves: servedBy(sites), function: key, line: sites[0].line }));
  }
  // What nobody in the workspace calls is there for whoever uses the code; a closure is not, it needs someone to hand it out.
  const nested = model.kind === 'lambda' || (model.parent !== undefined && model.parent !== 0);
  // That it calls itself says nothing of who calls it first.
  const called = [...callers].some(([caller, sites]) => caller !== key && sites.some((site) => !site.wraps));
  if (roots.length === 0 && !called && !model.isPrivate && !nested) roots.push(CALLER);
  if (handedOut) roots.push(CALLER);
  return roots;
}

/** A start in code that itself runs several times at a time happens several times; what it makes there is made anew each time. */
function repeated(site: SpawnSite, context: Context | undefined): SpawnSite {
  if (site.single || !(context?.again || context?.roots.some((root) => rootParts(root).many))) return { ...site, serves: inherited(site, context) };
  // What each object starts once for itself does not make two runs share it.
  const own =
    !context.again && site.onReceiver === true && !site.many && context.roots.every((root) => !rootParts(root).many || context.distinct.includes(root));
  return { ...site, many: true, serves: inherited(site, context), sharedReceiver: site.sharedReceiver && site.receiverMadeAt === undefined && !own };
}

/** What a handler starts is waited for like the handler itself; what a worker starts runs in the worker. */
function inherited(site: SpawnSite, context: Context | undefined): Serves | undefined {
  // What is started where it is missing, and kept, is started once.
  if (site.single) return site.serves;
  const around = context?.roots.flatMap((root) => (context.seldom.includes(root) ? [] : [rootParts(root).serves])) ?? [];
  if (site.serves === 'nobody' || (around.length > 0 && around.every((serves) => serves === 'nobody'))) return 'nobody';
  return site.serves ?? (around.includes('others') ? 'others' : undefined);
}

function servedBy(sites: readonly SpawnSite[]): Serves | undefined {
  if (sites.some((site) => site.serves === 'others')) return 'others';
  return sites.every((site) => site.serves === 'nobody') ? 'nobody' : undefined;
}

/** Whether two runs can work on the same object: several from one start, or two starts with one object. */
function shareReceiver(sites: readonly SpawnSite[]): boolean {
  const shared = sites.filter((site) => site.sharedReceiver);
  return shared.some((site) => site.many) || new Set(shared.map((site) => site.receiverMadeAt)).size < shared.length;
}

/** What a person calls a root. */
export function describeRoot(id: RootId): string {
  const { kind, many, function: key } = rootParts(id);
  if (id === MAIN) return 'the main program';
  if (id === CALLER) return 'any caller';
  if (id === DOCUMENTED || id === LOCKING) return 'callers on several threads';
  return `${many ? severalOf(kind) : `the ${kind}`} running ${callOfKey(key ?? '')}`;
}

/** `threads`, `processes`. */
export function severalOf(kind: string): string {
  return kind === 'process' ? 'processes' : `${kind}s`;
}
