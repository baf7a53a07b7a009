// Resolving a function: which functions its calls run, which threads they start, which locks they take, which cells it touches.
import type { ApiEntry, Effect, EntryMethod, SpawnKind, Target } from '../model/library';
import type { ModelFunction } from '../model/module';
import type { Argument, Block, Call, Operation, With } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import type { Value } from '../model/value';
import { type Cell, cellOf, type LockReference, lockOf, receiverOf } from './cells';
import type { ClassKey, FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';
import type { Type } from './types';

/** Something that a call starts to run beside its caller. */
export interface ResolvedSpawn {
  readonly as: SpawnKind;
  /** What runs; undefined where that is not known or is not a function of the workspace. */
  readonly function?: FunctionKey;
  readonly many: boolean;
  /** Whether all runs from this call share the object that the function is bound to, if they begin outside a loop. */
  readonly sharedReceiver: boolean;
  /** The operation of this function that made that object, where it is a local one: in a loop, it may be made anew. */
  readonly receiverMadeAt?: number;
  /** A process or worker that loads this program's main module, or this very file, again. */
  readonly reloads: boolean;
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
  /** The targets are what a decorator was given to wrap. */
  readonly wraps: boolean;
}

/** What a with step enters: a lock, a context manager of the workspace, or something whose exit waits for other work. */
export interface EnteredValue {
  readonly lock?: LockReference;
  readonly opener?: FunctionKey;
  readonly joins: boolean;
}

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
  /** Calls that make a new instance of a workspace class. */
  readonly fresh: ReadonlySet<number>;
}

/** The model of a resolved function. */
export function modelOf(fn: ResolvedFunction): ModelFunction {
  return fn.module.module.functions[fn.index];
}

/** Resolves all operations of a function. */
export function resolveFunction(resolver: TypeResolver, module: ModuleInterface, index: number): ResolvedFunction {
  const fn = module.module.functions[index];
  const calls = new Map<number, ResolvedCall>();
  const cells = new Map<number, Cell>();
  const mainTests = new Set<number>();
  const fresh = new Set<number>();
  const awaitedLater = awaitedResults(fn);
  fn.operations.forEach((operation, number) => {
    if (operation.kind === 'call') {
      const call = resolveCall(resolver, module, index, operation, awaitedLater.has(number));
      if (call) calls.set(number, call);
      if (isMainTest(call?.api)) mainTests.add(number);
      if (resolver.typeOf(module, index, operation.callee)?.kind === 'class') fresh.add(number);
    } else if (operation.kind === 'read' || operation.kind === 'write') {
      const cell = cellOf(resolver, module, index, operation.place);
      if (cell) cells.set(number, cell);
      if (operation.kind === 'read') {
        const type = resolver.typeOfPlace(module, index, operation.place);
        if (type?.kind === 'api' && isMainTest(resolver.api(module.language, type.name))) mainTests.add(number);
      }
    }
  });
  const withs: EnteredValue[] = [];
  forEachWith(fn.body, (step) => withs.push(resolveWith(resolver, module, index, step)));
  return { key: module.functionKeys[index], module, index, calls, cells, withs, mainTests, fresh };
}

function isMainTest(entry: ApiEntry | undefined): boolean {
  return entry?.effects?.some((effect) => effect.kind === 'main-test') ?? false;
}

/** Calls `visit` for each with step, outer ones first. */
export function forEachWith(block: Block, visit: (step: With) => void): void {
  for (const step of block) {
    if (typeof step === 'number') continue;
    if (step.kind === 'with') {
      visit(step);
      forEachWith(step.body, visit);
    } else if (step.kind === 'branch') for (const arm of step.arms) forEachWith(arm, visit);
    else if (step.kind === 'loop') {
      forEachWith(step.body, visit);
      forEachWith(step.otherwise, visit);
    } else for (const part of [step.body, ...step.handlers, step.otherwise, step.final]) forEachWith(part, visit);
  }
}

/** Numbers of the calls whose outcome is awaited somewhere in the function, also as `call().catch(…)`. */
function awaitedResults(fn: ModelFunction): Set<number> {
  const awaited = new Set<number>();
  for (const operation of fn.operations) {
    if (operation.kind === 'await' || operation.kind === 'return') for (const number of operation.depends) awaited.add(number);
  }
  for (const number of awaited) {
    const operation = fn.operations[number];
    const root = operation.kind === 'call' && operation.callee.kind === 'place' ? operation.callee.place.root : undefined;
    if (root?.kind === 'result') awaited.add(root.operation);
  }
  return awaited;
}

function resolveCall(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, awaitedLater: boolean): ResolvedCall | undefined {
  const callee = resolver.typeOf(module, index, call.callee);
  const targets: FunctionKey[] = [];
  if (!callee || callee.kind === 'function') targets.push(...methodsOf(resolver, module, index, call, callee?.function));
  else if (callee?.kind === 'class') {
    const constructor = resolver.method(callee.class, module.language === 'python' ? '__init__' : 'constructor');
    if (constructor) targets.push(constructor);
  }
  const overriding = new Set(callee?.kind === 'function' ? targets.filter((key) => key !== callee.function) : []);
  const wrapped = callee ? [] : decoratedTargets(resolver, module, call);
  targets.push(...wrapped);
  const api = apiOf(resolver, module, callee);
  // What is called may be an object itself, such as the function that a mutex gives to release it.
  const receiver = callee?.kind === 'library' ? acquiredBy(module, index, call.callee) : receiverOf(call.callee);
  // Nobody waits for it here: in Python it does not even run before it is handed to the event loop, in JavaScript it
  // goes on beside what follows.
  const deferred = !awaitedLater && call.outcome !== 'awaited' && call.outcome !== 'returned';
  const running = targets.filter((key) => !(deferred && isCoroutine(resolver, key)));
  const resolved = {
    targets: running,
    overriding,
    callbacks: [] as { function: FunctionKey; holding?: LockReference }[],
    spawns: [] as ResolvedSpawn[],
    locks: [] as ResolvedCall['locks'][number][],
    touches: [] as ResolvedCall['touches'][number][],
    joins: false,
    awaits: false,
    wraps: wrapped.length > 0,
  };
  for (const effect of api?.effects ?? []) applyEffect(effect);
  if (module.language === 'typescript' && deferred) {
    for (const key of targets)
      if (isCoroutine(resolver, key)) resolved.spawns.push({ as: 'task', function: key, many: false, sharedReceiver: true, reloads: false });
  }
  if (callee?.kind === 'class') resolved.spawns.push(...startedBy(resolver, module, callee.class));
  const unknownLock = !api && receiver ? lockMethod(resolver, module, index, call, receiver) : undefined;
  if (unknownLock) resolved.locks.push(unknownLock);
  if (!callee && soundsLikeJoin(call)) resolved.joins = true;
  if (!api && !resolved.joins && resolved.targets.length === 0 && resolved.spawns.length === 0 && resolved.locks.length === 0) return undefined;
  return { ...resolved, api };

  function applyEffect(effect: Effect): void {
    switch (effect.kind) {
      case 'acquire':
      case 'try-acquire':
      case 'release': {
        const value = targetValue(effect.target, call, receiver);
        const lock = value && lockOf(resolver, module, index, value);
        if (lock) resolved.locks.push({ kind: effect.kind === 'acquire' && isAttempt(call) ? 'try-acquire' : effect.kind, lock });
        break;
      }
      case 'spawn': {
        const values = effect.runs === undefined ? [] : runValues(effect.runs, call, receiver);
        const copies = effect.as === 'process' || effect.as === 'worker';
        const reloads =
          copies &&
          (effect.runs === undefined ||
            (module.language === 'python' && effect.as === 'process') ||
            values.some((value) => meansThisFile(resolver, module, index, value)));
        const base = { as: effect.as, many: effect.many ?? false, reloads };
        const found = values.flatMap((value) =>
          functionsOf(resolver, module, index, value).map((key) => ({ ...base, function: key, ...sharing(calleeOf(module, index, value)) })),
        );
        // `gather(*(work(x) for x in xs))`: the coroutines that flow in, however many.
        for (const spread of effect.runs === undefined ? [] : spreadCoroutines(effect.runs)) found.push({ ...base, many: true, ...spread });
        resolved.spawns.push(...(found.length > 0 ? found : [{ ...base, sharedReceiver: false }]));
        break;
      }
      case 'call': {
        const holding = effect.holding && holdingLock(effect.holding);
        for (const value of runValues(effect.runs, call, receiver)) {
          for (const key of functionsOf(resolver, module, index, value)) {
            resolved.callbacks.push({ function: key, ...(holding ? { holding } : {}) });
            if (effect.many && isCoroutine(resolver, key)) resolved.spawns.push({ as: 'task', function: key, many: true, reloads: false, ...sharing(value) });
          }
        }
        break;
      }
      case 'read':
      case 'write': {
        const value = targetValue(effect.target, call, receiver);
        const cell = value?.kind === 'place' && !guardsItself(resolver, module, api!) ? cellOf(resolver, module, index, value.place) : undefined;
        if (cell) resolved.touches.push({ cell: { ...cell, element: true }, write: effect.kind === 'write', atomic: effect.atomic ?? false });
        break;
      }
      case 'join':
        resolved.joins = true;
        break;
      case 'await':
        resolved.awaits = true;
    }
  }

  function spreadCoroutines(target: Target) {
    if (typeof target !== 'object') return [];
    const spread = call.arguments.slice(target.argument).filter((argument) => argument.spread);
    return spread
      .flatMap((argument) => argument.depends)
      .flatMap((number) => {
        const operation = module.module.functions[index].operations[number];
        const made = operation.kind === 'call' ? resolver.typeOf(module, index, operation.callee) : undefined;
        return operation.kind === 'call' && made?.kind === 'function' && isCoroutine(resolver, made.function)
          ? [{ function: made.function, ...sharing(operation.callee) }]
          : [];
      });
  }

  function holdingLock(target: Target): LockReference | undefined {
    const value = targetValue(target, call, receiver);
    if (value?.kind === 'constant') return { key: `${api!.name}(${String(value.value)})`, type: api!.name };
    return value && lockOf(resolver, module, index, value);
  }
}

/** A decorator's wrapper calls the function that it was given: any of those that are decorated with it. */
function decoratedTargets(resolver: TypeResolver, module: ModuleInterface, call: Call): readonly FunctionKey[] {
  if (call.callee.kind !== 'place' || call.callee.place.path.length > 0 || call.callee.place.root.kind !== 'variable') return [];
  const { root } = call.callee.place;
  if (module.module.functions[root.function].parameters[0]?.name !== root.name) return [];
  return resolver.decoratedWith(module.functionKeys[root.function]);
}

/** More subclasses than this say nothing any more about which one is meant. */
const MAX_OVERRIDES = 12;

/**
 * A method called through `self` or a typed object may be a subclass's, also one that the class itself does not have.
 * `super().method()` and `Class.method()` mean just one.
 */
function methodsOf(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, target: FunctionKey | undefined): FunctionKey[] {
  const own = target === undefined ? [] : [target];
  if (call.callee.kind !== 'place' || call.callee.place.path.length === 0) return own;
  const holder = resolver.typeOfPlace(module, index, call.callee.place, call.callee.place.path.length - 1);
  if (!holder && target === undefined) return methodByName(resolver, module, call.callee.place);
  if (holder?.kind !== 'instance' || holder.exact) return own;
  const found = resolver.overrides(holder.class, call.callee.place.path.at(-1)!).filter((key) => key !== target);
  return found.length <= MAX_OVERRIDES ? [...own, ...found] : own;
}

/** A queue or an event has a lock of its own; what threads do to it through its methods needs no other. */
function guardsItself(resolver: TypeResolver, module: ModuleInterface, method: ApiEntry): boolean {
  const owner = resolver.api(module.language, method.name.slice(0, method.name.lastIndexOf('.')));
  return owner?.semantics.threadSafe === true;
}

/** Where people do not write types, a method's name often says whose it is. `self.name()` that no class has is left alone. */
function methodByName(resolver: TypeResolver, module: ModuleInterface, place: Place): FunctionKey[] {
  const name = place.path.at(-1)!;
  if (place.root.kind === 'global' || place.root.kind === 'import' || name.startsWith('__') || name === ELEMENT) return [];
  const only = resolver.onlyMethodNamed(module, name);
  return only === undefined ? [] : [only];
}

/** The library's entry of what is called: a function or class, an object that can be called, or the constructor of a base class. */
function apiOf(resolver: TypeResolver, module: ModuleInterface, callee: Type | undefined): ApiEntry | undefined {
  if (callee?.kind === 'api') return resolver.api(module.language, callee.name);
  if (callee?.kind === 'library') return resolver.api(module.language, `${callee.name}.__call__`);
  return constructorOfBase(resolver, module, callee);
}

/** The object whose method gave the value that is called: `m` of `const release = await m.acquire(); release()`. */
function acquiredBy(module: ModuleInterface, index: number, value: Value): Value | undefined {
  const { operations } = module.module.functions[index];
  for (let at: Value | undefined = value; at?.kind === 'place' && at.place.root.kind === 'result' && at.place.path.length === 0; ) {
    const operation: Operation | undefined = operations[at.place.root.operation];
    if (operation?.kind === 'call') return receiverOf(operation.callee);
    at = operation?.kind === 'await' ? operation.value : undefined;
  }
  return undefined;
}

/** Constructing an instance of `class Worker(Thread)` stands for starting it. */
function startedBy(resolver: TypeResolver, module: ModuleInterface, key: ClassKey): ResolvedSpawn[] {
  return resolver.libraryBases(key).flatMap((base) =>
    (resolver.api(module.language, base)?.entryMethods ?? []).flatMap(({ method, as, many }) => {
      const run = many || method.endsWith('*') ? undefined : resolver.method(key, method);
      return run === undefined ? [] : [{ as, function: run, many: false, sharedReceiver: false, reloads: false }];
    }),
  );
}

/** `super().__init__(target=…)` and `class W(Thread)` constructed: the library's constructor is what runs. */
function constructorOfBase(resolver: TypeResolver, module: ModuleInterface, callee: Type | undefined): ApiEntry | undefined {
  if (callee?.kind !== 'class') return undefined;
  for (const base of resolver.libraryBases(callee.class)) {
    const entry = resolver.api(module.language, base);
    if (entry?.effects) return { ...entry, effects: entry.effects.filter((effect) => effect.kind !== 'spawn') };
  }
  return undefined;
}

/** acquire and release called on something that only sounds like a lock. */
function lockMethod(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, receiver: Value): ResolvedCall['locks'][number] | undefined {
  const name = call.callee.kind === 'place' ? call.callee.place.path.at(-1) : undefined;
  if (name !== 'acquire' && name !== 'release') return undefined;
  const lock = lockOf(resolver, module, index, receiver);
  return lock && { kind: name === 'acquire' && isAttempt(call) ? 'try-acquire' : name, lock };
}

/** `worker.join()` on something out of a list: joining strings or paths takes an argument, joining threads takes none but a timeout. */
function soundsLikeJoin(call: Call): boolean {
  return call.callee.kind === 'place' && call.callee.place.path.at(-1) === 'join' && call.arguments.every((argument) => argument.name === 'timeout');
}

/** `acquire(False)`, `acquire(blocking=False)`, `acquire(timeout=…)`: it may come back without the lock. */
function isAttempt(call: Call): boolean {
  return call.arguments.some(
    (argument, position) =>
      argument.name === 'timeout' ||
      ((argument.name === 'blocking' || argument.name === 'block' || (argument.name === undefined && position === 0)) &&
        argument.value.kind === 'constant' &&
        argument.value.value === false) ||
      (argument.name === undefined && position === 1),
  );
}

function targetValue(target: Target, call: Call, receiver: Value | undefined): Value | undefined {
  if (target === 'receiver') return receiver ?? call.callee;
  if (target === 'result') return undefined;
  return argumentAt(target, call)?.value;
}

function argumentAt(target: { readonly argument: number; readonly name?: string }, call: Call): Argument | undefined {
  const named = target.name === undefined ? undefined : call.arguments.find((argument) => argument.name === target.name);
  const positional = call.arguments[target.argument];
  return named ?? (positional?.name === undefined ? positional : undefined);
}

/** The values that a spawn or a callback runs: an argument, its items where it is a list. */
function runValues(target: Target, call: Call, receiver: Value | undefined): readonly Value[] {
  if (typeof target === 'object' && target.rest)
    return call.arguments.slice(target.argument).flatMap((argument) => (argument.spread || argument.name !== undefined ? [] : [argument.value]));
  const value = targetValue(target, call, receiver);
  if (value?.kind === 'collection') return value.items;
  if (typeof target === 'object' && argumentAt(target, call)?.spread) return [];
  return value ? [value] : [];
}

/** The workspace functions that a value runs: a function itself, or the coroutine that calling one has made. */
function functionsOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): FunctionKey[] {
  if (value.kind === 'place' && value.place.root.kind === 'result' && value.place.path.length === 0) {
    const call = module.module.functions[index].operations[value.place.root.operation];
    if (call?.kind === 'call') {
      const callee = resolver.typeOf(module, index, call.callee);
      if (callee?.kind === 'function' && isCoroutine(resolver, callee.function)) return [callee.function];
    }
  }
  const type = resolver.typeOf(module, index, value);
  return type?.kind === 'function' ? [type.function] : [];
}

function isCoroutine(resolver: TypeResolver, key: FunctionKey): boolean {
  const place = resolver.functionAt(key);
  const fn = place?.module.module.functions[place.index];
  return fn !== undefined && fn.isAsync && !fn.isGenerator;
}

/** `cart.add` of the coroutine that `cart.add(item)` has made; any other value itself. */
function calleeOf(module: ModuleInterface, index: number, value: Value): Value {
  if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length > 0) return value;
  const call = module.module.functions[index].operations[value.place.root.operation];
  return call?.kind === 'call' ? call.callee : value;
}

/** `self.work`, `module_function`, a closure: all runs see the same objects. A method of something made in a loop is not. */
function sharing(value: Value): Pick<ResolvedSpawn, 'sharedReceiver' | 'receiverMadeAt'> {
  if (value.kind !== 'place') return { sharedReceiver: value.kind === 'function' };
  const { root, path } = value.place;
  if (root.kind === 'result') return { sharedReceiver: path.length === 1, receiverMadeAt: root.operation };
  return { sharedReceiver: root.kind !== 'unknown' };
}

/** `__filename`, `import.meta.url`, or a URL or path made of them that names the file itself. */
function meansThisFile(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): boolean {
  if (value.kind !== 'place') return false;
  const { root, path } = value.place;
  if (root.kind === 'global') return root.name === '__filename' || root.name === 'import.meta.url' || (root.name === 'import.meta' && path[0] === 'url');
  if (root.kind !== 'result') return false;
  const call = module.module.functions[index].operations[root.operation];
  if (call?.kind !== 'call' || call.arguments.length === 0) return false;
  const first = call.arguments[0].value;
  if (first.kind === 'constant' && typeof first.value === 'string') {
    const name = (path: string) => path.replace(/^.*\//, '').replace(/\.[cm]?[jt]sx?$/, '');
    return call.arguments.length > 1 && meansThisFile(resolver, module, index, call.arguments[1].value) && name(first.value) === name(module.file);
  }
  return meansThisFile(resolver, module, index, first);
}

function resolveWith(resolver: TypeResolver, module: ModuleInterface, index: number, step: With): EnteredValue {
  const lock = lockOf(resolver, module, index, step.value);
  const outcome = step.value.kind === 'place' && step.value.place.root.kind === 'result' && step.value.place.path.length === 0;
  if (lock && !(lock.type === undefined && outcome)) return { lock, joins: false };
  const type = resolver.typeOf(module, index, step.value);
  const exit =
    type?.kind === 'library' ? (resolver.api(module.language, `${type.name}.__exit__`) ?? resolver.api(module.language, `${type.name}.__aexit__`)) : undefined;
  const joins = exit?.effects?.some((effect) => effect.kind === 'join') ?? false;
  const opener = openerOf(resolver, module, index, step.value);
  return { joins, ...(opener ? { opener } : {}) };
}

/** The generator function behind `with self._locked():`. */
function openerOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): FunctionKey | undefined {
  if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length > 0) return undefined;
  const call = module.module.functions[index].operations[value.place.root.operation];
  const callee = call?.kind === 'call' ? resolver.typeOf(module, index, call.callee) : undefined;
  if (callee?.kind !== 'function') return undefined;
  const place = resolver.functionAt(callee.function);
  return place?.module.module.functions[place.index].isGenerator ? callee.function : undefined;
}

/** What the library runs on instances of a class: `run` of a Thread, `do_GET` of a request handler. */
export function entryMethodOf(resolver: TypeResolver, module: ModuleInterface, index: number): EntryMethod | undefined {
  const fn = module.module.functions[index];
  if (fn.class === undefined || (fn.kind !== 'method' && fn.kind !== 'class-method')) return undefined;
  for (const base of resolver.libraryBases(module.classKeys[fn.class])) {
    const entry = resolver.api(module.language, base);
    const found = entry?.entryMethods?.find(({ method }) => (method.endsWith('*') ? fn.name.startsWith(method.slice(0, -1)) : method === fn.name));
    if (found) return found;
  }
  return undefined;
}
