// Resolving a call: what it runs, starts, locks and touches.
import { methodOf } from '../model/calls';
import type { ApiEntry, BlockKind, Effect, Target, Where } from '../model/library';
import type { Language } from '../model/module';
import type { Call, Write } from '../model/operation';
import { ELEMENT } from '../model/place';
import type { Value } from '../model/value';
import { isBounded } from './bounded-queues';
import { apiByName } from './by-name';
import { argumentsFor, parameterOf } from './call-arguments';
import { acquiredBy, apiOf, decoratedTargets, guardsItself, methodsOf, startedBy } from './call-targets';
import { calleeOf, functionsOf, isCoroutine, meansThisFile, runValues, sharing, targetValue } from './call-values';
import { type Cell, cellOf, type LockReference, lockOf, receiverOf } from './cells';
import { madeBy } from './class-makers';
import { functionsThatFlow, handedWork } from './handed-work';
import { functionsRunBy } from './joined-functions';
import { type FunctionKey, isNameless } from './keys';
import { lockNamedBy, namingArgument, narrowedByKey } from './lock-by-argument';
import type { ModuleInterface } from './module-interface';
import { handsToProcesses, startsNow, workersOf } from './process-starts';
import { methodOfBuiltIn } from './properties';
import type { GivenFunction, ResolvedCall, ResolvedSpawn } from './resolved';
import { entryMethodsOf, lineOf, servedBy, threadsFor } from './serial-runs';
import type { TypeResolver } from './type-resolver';
import { functionsOfType } from './types';

/** What a call does; undefined for one that means nothing here. `awaitedLater`: its outcome is awaited in the same function. */
export function resolveCall(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, awaitedLater: boolean): ResolvedCall | undefined {
  const callee = resolver.typeOf(module, index, call.callee);
  const targets: FunctionKey[] = [];
  // Who calls a parameter runs what its own caller has given: that is followed call by call.
  const parameter = ownParameter(call.callee);
  if (parameter === undefined && (!callee || (callee.kind === 'function' && !resolver.isBind(module, index, call))))
    targets.push(...methodsOf(resolver, module, index, call, callee?.function), ...functionsOfType(callee).slice(1));
  else if (callee?.kind === 'class') {
    const constructor = resolver.method(callee.class, module.language === 'python' ? '__init__' : 'constructor');
    if (constructor) targets.push(constructor);
    if (module.language === 'python') targets.push(...madeBy(resolver, callee.class));
  }
  const builtIn = methodOfBuiltIn(resolver, module, index, call);
  if (builtIn !== undefined) targets.push(builtIn);
  const overriding = new Set(callee?.kind === 'function' ? targets.filter((key) => key !== callee.function) : []);
  const wrapped = callee ? [] : decoratedTargets(resolver, module, call);
  targets.push(...wrapped);
  const api =
    apiOf(resolver, module, callee) ?? (targets.length === 0 && parameter === undefined ? apiByName(resolver, module, index, call, callee) : undefined);
  // What is called may be an object itself, such as the function that a mutex gives to release it.
  const acquiring = callee?.kind === 'library' ? acquiredBy(module, index, call.callee) : undefined;
  const receiver = callee?.kind === 'library' ? acquiring && receiverOf(acquiring.callee) : receiverOf(call.callee);
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
    runsLoop: false,
    tellsThread: false,
    blocks: [] as BlockKind[],
    waits: undefined as ResolvedCall['waits'],
    given: running.flatMap((target) => givenTo(resolver, module, index, call, target)),
    ...(parameter === undefined ? {} : { parameter }),
    wraps: wrapped.length > 0,
    ...(!callee && wrapped.length === 0 && targets.length > 0 ? { guessed: true as const } : {}),
  };
  for (const effect of api?.effects ?? []) if (isMeant(effect)) applyEffect(effect);
  for (const key of completes(api) ? resolver.doneCallbacks(module) : []) resolved.callbacks.push({ function: key });
  resolved.spawns.push(...handlerThreads());
  if (module.language === 'typescript' && deferred) {
    for (const key of targets)
      if (isCoroutine(resolver, key)) resolved.spawns.push({ as: 'task', function: key, many: false, sharedReceiver: true, reloads: false });
  }
  if (callee?.kind === 'class') resolved.spawns.push(...startedBy(resolver, module, callee.class), ...workersOf(resolver, module, index, call, callee.class));
  const unknownLock = !api && receiver ? lockMethod(resolver, module, index, call, receiver) : undefined;
  if (unknownLock) resolved.locks.push(unknownLock);
  if (!callee && receiver) resolved.touches.push(...touchedByName(resolver, module, index, call, receiver));
  if (!callee && soundsLikeJoin(call)) resolved.joins = true;
  if (!callee && soundsLikeLoop(call)) resolved.runsLoop = true;
  if (
    !api &&
    parameter === undefined &&
    !resolved.joins &&
    !resolved.runsLoop &&
    resolved.targets.length === 0 &&
    resolved.spawns.length === 0 &&
    resolved.locks.length === 0 &&
    resolved.touches.length === 0
  )
    return undefined;
  const object = api?.kind === 'method' && receiver ? objectCell(resolver, module, index, receiver) : undefined;
  return { ...resolved, api, ...(object ? { receiver: object } : {}) };

  function applyEffect(effect: Effect): void {
    switch (effect.kind) {
      case 'acquire':
      case 'try-acquire':
      case 'release': {
        const lock = lockMeant(effect.target);
        // Waiting on a condition gives its lock back and takes it again, so that nothing changes for its holder.
        const waits = api!.effects!.some((other) => other.kind === 'wait');
        if (lock && !waits) resolved.locks.push({ kind: effect.kind === 'acquire' && isAttempt(call, module.language) ? 'try-acquire' : effect.kind, lock });
        break;
      }
      case 'spawn': {
        if (effect.classes || isOff(effect.unless, effect.only)) break;
        const values = effect.runs === undefined ? [] : runValues(effect.runs, call, receiver);
        // Which executor `run_in_executor` is given decides where the function runs.
        const as = effect.as === 'thread' && handsToProcesses(resolver, module, index, call) ? 'process' : effect.as;
        const reloads =
          module.language === 'python'
            ? as === 'process' && startsNow(resolver, module, index, call, api!)
            : (as === 'process' || as === 'worker') && (effect.runs === undefined || values.some((value) => meansThisFile(resolver, module, index, value)));
        const line = lineOf(resolver, module, index, effect, call, api!);
        const base = {
          as,
          many: (effect.many ?? false) && line === undefined,
          reloads,
          ...(line === undefined ? {} : { line }),
          ...(effect.serves ? { serves: effect.serves } : {}),
        };
        const found: ResolvedSpawn[] = values.flatMap((value) =>
          functionsOf(resolver, module, index, value).map((key) => ({
            ...base,
            ...(effect.async && isCoroutine(resolver, key) ? { as: effect.async } : {}),
            function: key,
            ...sharing(calleeOf(module, index, value)),
            ...(isItem(value) ? { once: true as const } : {}),
          })),
        );
        for (const { function: key, value } of effect.runs ? functionsThatFlow(resolver, module, index, call, effect.runs) : [])
          found.push({ ...base, function: key, ...sharing(value), once: true });
        for (const value of values) {
          for (const work of handedWork(resolver, module, index, call, effect.runs!, value))
            found.push({ ...base, ...(work.as ? { as: work.as } : {}), function: work.function, ...sharing(calleeOf(module, index, work.value)) });
        }
        // `Thread(target=server.serve_forever)`: the server's handlers run there.
        for (const value of values) for (const key of servedFrom(value)) found.push({ ...base, function: key, sharedReceiver: false, fresh: true });
        // `gather(*(work(x) for x in xs))`: the coroutines that flow in, however many.
        for (const spread of effect.runs === undefined ? [] : spreadCoroutines(effect.runs)) found.push({ ...base, many: true, ...spread });
        resolved.spawns.push(...(found.length > 0 ? found : [{ ...base, sharedReceiver: false }]));
        break;
      }
      case 'serve':
        for (const key of receiver ? servedBy(resolver, module, index, receiver, effect.runs) : []) {
          resolved.callbacks.push({ function: key });
          resolved.spawns.push({ as: 'callback', function: key, many: false, sharedReceiver: false, reloads: false, fresh: true });
        }
        break;
      case 'call': {
        // Callbacks that one thread makes come later, from there.
        if (api!.effects!.some((other) => other.kind === 'spawn' && other.follows && lineOf(resolver, module, index, other, call, api!) !== undefined)) break;
        // A condition's predicate is asked under the lock that the caller holds anyway.
        const holding = effect.holding && !api!.effects!.some((other) => other.kind === 'wait') ? holdingLock(effect.holding) : undefined;
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
        if (cell) resolved.touches.push({ cell: contentsOf(cell), write: effect.kind === 'write', atomic: effect.atomic ?? false });
        break;
      }
      case 'join':
        resolved.joins = true;
        if (!isLimited(call)) resolved.waits = { functions: receiver ? functionsRunBy(resolver, module, index, receiver) : [] };
        break;
      case 'wait':
        if (!isLimited(call)) {
          const released = receiver && lockOf(resolver, module, index, receiver);
          resolved.waits ??= { functions: [], ...(released ? { releases: released.key } : {}) };
        }
        break;
      case 'block':
        if ((module.language === 'python' && comesBackAtOnce(call)) || api!.effects!.some((other) => other.kind === 'acquire') || findsRoom(effect.on)) break;
        resolved.blocks.push(effect.on);
        // What is put in says nothing of how long that may take.
        if (effect.on === 'queue' && putsIn() && !isLimited({ ...call, arguments: call.arguments.slice(1) })) resolved.waits ??= { functions: [], room: true };
        break;
      case 'tell-thread':
        resolved.tellsThread = true;
        break;
      case 'run-loop':
        resolved.runsLoop = true;
        break;
      case 'await':
        resolved.awaits = true;
    }
  }

  /** Whether an effect that depends on an argument is what this call does, or no other that does is. */
  function isMeant(effect: Effect): boolean {
    if (effect.kind !== 'spawn' && effect.kind !== 'block') return true;
    if (effect.where) return holds(effect.where);
    return !api!.effects!.some((other) => other.kind === effect.kind && other.where && sameTarget(other, effect) && holds(other.where));
  }

  function holds(where: Where): boolean {
    const value = targetValue(where, call, receiver);
    return value?.kind === 'constant' && value.value !== null && where.is.includes(value.value);
  }

  /** Whether the arguments of this call say that nothing is started. */
  function isOff(unless: Target | undefined, only: Target | undefined): boolean {
    const given = (target: Target) => {
      const value = targetValue(target, call, receiver);
      return value?.kind === 'constant' ? value.value : value && true;
    };
    if (unless !== undefined && (given(unless) ?? null) !== null) return true;
    if (only === undefined) return false;
    const value = given(only) ?? false;
    return value === false || value === 0 || value === 1;
  }

  /** The handlers of a server that is made here and has a thread for each request. */
  function handlerThreads(): ResolvedSpawn[] {
    const effect = threadsFor(resolver, module, index, call);
    const value = effect?.runs && targetValue(effect.runs, call, undefined);
    const type = value && resolver.typeOf(module, index, value);
    if (!effect || type?.kind !== 'class') return [];
    return entryMethodsOf(resolver, type.class).map((key) => ({
      as: effect.as,
      function: key,
      many: true,
      sharedReceiver: false,
      reloads: false,
      fresh: true,
    }));
  }

  /** What a method that serves, handed over as a value, runs. */
  function servedFrom(value: Value): FunctionKey[] {
    const type = resolver.typeOf(module, index, value);
    const serve = type?.kind === 'api' ? resolver.api(module.language, type.name)?.effects?.find((effect) => effect.kind === 'serve') : undefined;
    const server = serve && receiverOf(value);
    return serve && server ? servedBy(resolver, module, index, server, serve.runs) : [];
  }

  function spreadCoroutines(target: Target) {
    if (typeof target !== 'object') return [];
    const spread = call.arguments.slice(target.argument).filter((argument) => argument.spread);
    return spread
      .flatMap((argument) => argument.depends)
      .flatMap((number) => {
        const operation = module.module.functions[index].operations[number];
        if (operation.kind !== 'call') return [];
        const made = resolver.typeOf(module, index, operation.callee);
        const found = made?.kind === 'function' ? [made.function] : made ? [] : methodsOf(resolver, module, index, operation, undefined);
        return found.filter((key) => isCoroutine(resolver, key)).map((key) => ({ function: key, ...sharing(operation.callee) }));
      });
  }

  /** Putting something into a queue without a limit does not wait. */
  function findsRoom(on: BlockKind): boolean {
    return on === 'queue' && putsIn() && !(receiver && isBounded(resolver, module, index, receiver));
  }

  function putsIn(): boolean {
    return api!.effects!.some((other) => other.kind === 'escape');
  }

  function holdingLock(target: Target): LockReference | undefined {
    const value = targetValue(target, call, receiver);
    if (value?.kind === 'constant') return { key: `${api!.name}(${String(value.value)})`, type: api!.name, kind: { type: 'mutex', domain: 'context' } };
    const lock = value && lockOf(resolver, module, index, value);
    if (lock) return narrowedByKey(lock, api!, call);
    return value && typeof target === 'object' ? lockNamedBy(resolver, module, index, value, api!.name) : undefined;
  }

  /** The lock that is taken or given back: an object, or one that an argument names, of this call or of the one that took it. */
  function lockMeant(target: Target): LockReference | undefined {
    const value = targetValue(target, call, receiver);
    const lock = value && lockOf(resolver, module, index, value);
    if (lock || (typeof target !== 'object' && !acquiring)) return lock;
    const taking = acquiring ? apiOf(resolver, module, resolver.typeOf(module, index, acquiring.callee)) : api;
    const name = typeof target === 'object' ? value : acquiring && namingArgument(taking, acquiring);
    return name && taking ? lockNamedBy(resolver, module, index, name, taking.name) : undefined;
  }
}

/** `client.on_message = show`: the library calls what is put there, as if a method had been given it. */
export function resolveAssignment(resolver: TypeResolver, module: ModuleInterface, index: number, write: Write): ResolvedCall | undefined {
  const { place, value, span, statement, depends } = write;
  if (place.path.length === 0 || value.kind === 'constant') return undefined;
  const type = resolver.typeOfPlace(module, index, place);
  const entry = type?.kind === 'api' ? resolver.api(module.language, type.name) : undefined;
  if (entry?.kind !== 'constant' || !entry.effects) return undefined;
  const callee: Value = { kind: 'place', place };
  return resolveCall(
    resolver,
    module,
    index,
    { kind: 'call', callee, arguments: [{ value, depends }], form: 'call', outcome: 'dropped', span, statement, depends },
    false,
  );
}

/** Whether two effects are about the same thing that is run. */
function sameTarget(a: Effect, b: Effect): boolean {
  return a.kind !== 'spawn' || b.kind !== 'spawn' || JSON.stringify(a.runs) === JSON.stringify(b.runs);
}

/** What a loop over several, or an index, takes out of them. */
function isItem(value: Value): boolean {
  return value.kind === 'place' && value.place.path.at(-1) === ELEMENT;
}

/** Whether a call finishes a future of threads, whose callbacks then run in this very thread, before it returns. */
function completes(api: ApiEntry | undefined): boolean {
  return api !== undefined && /^concurrent\.futures\.Future\.(?:set_result|set_exception|cancel)$/.test(api.name);
}

function ownParameter(callee: Value): number | undefined {
  return callee.kind === 'place' && callee.place.root.kind === 'parameter' && callee.place.path.length === 0 ? callee.place.root.index : undefined;
}

/** The functions among the arguments of a call. */
function givenTo(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, target: FunctionKey): GivenFunction[] {
  return argumentsFor(resolver, call, target).flatMap((argument) => {
    const parameter = parameterOf(resolver, target, argument);
    const own = ownParameter(argument.value);
    const functions = own === undefined ? functionsOfType(resolver.typeOf(module, index, argument.value)) : [];
    if (parameter === undefined || (own === undefined && functions.length === 0)) return [];
    return [{ target, parameter, functions, ...(own === undefined ? {} : { own }) }];
  });
}

/** Where the object lives: the cell that it was handed on from, if it was, else the one that is named. */
function objectCell(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): Cell | undefined {
  const type = resolver.typeOf(module, index, value);
  if (type?.kind === 'library' && type.origin !== undefined && !isNameless(type.origin)) return { key: type.origin, element: false };
  return value.kind === 'place' ? cellOf(resolver, module, index, value.place) : undefined;
}

/** acquire and release called on something that only sounds like a lock. */
function lockMethod(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, receiver: Value): ResolvedCall['locks'][number] | undefined {
  const name = namedLikeLocking(call, module.language);
  if (name === undefined) return undefined;
  const lock = lockOf(resolver, module, index, receiver);
  // What is not described in JavaScript can hardly know who asks, so that it is not re-entrant.
  if (lock && module.language === 'typescript' && !lock.kind && !resolver.typeOf(module, index, receiver))
    return { kind: name, lock: { ...lock, kind: { type: 'mutex', domain: 'task' } } };
  return lock && { kind: name === 'acquire' && isAttempt(call, module.language) ? 'try-acquire' : name, lock };
}

/** What the name of a method says that it does to a lock; JavaScript has more names for it. */
function namedLikeLocking(call: Call, language: Language): 'acquire' | 'release' | undefined {
  const name = methodOf(call);
  if (name === 'acquire' || name === 'release') return name;
  if (language === 'python') return undefined;
  if (name === 'lock' || name === 'lockAsync' || name === 'acquireAsync') return call.outcome === 'awaited' ? 'acquire' : undefined;
  return name === 'unlock' ? 'release' : undefined;
}

/** What is in a container; the contents of an element belong to the inner container, which is a place of its own. */
function contentsOf(cell: Cell): Cell {
  return { ...cell, key: cell.element ? `${cell.key}${ELEMENT}` : cell.key, element: true };
}

const CONTAINER_METHODS = /^(?:append|appendleft|extend|insert|pop|popleft|popitem|remove|discard|setdefault)$/;

/** What nobody has described and is used like a container is one: its methods are single steps that change what is in it. */
function touchedByName(resolver: TypeResolver, module: ModuleInterface, index: number, call: Call, receiver: Value): ResolvedCall['touches'] {
  const name = methodOf(call);
  if (module.language !== 'python' || !CONTAINER_METHODS.test(name) || receiver.kind !== 'place' || resolver.typeOf(module, index, receiver)) return [];
  const cell = cellOf(resolver, module, index, receiver.place);
  return cell ? [{ cell: contentsOf(cell), write: true, atomic: true }] : [];
}

/** `worker.join()` on something out of a list: joining strings or paths takes an argument, joining threads takes none but a timeout. */
function soundsLikeJoin(call: Call): boolean {
  return methodOf(call) === 'join' && call.arguments.every((argument) => argument.name === 'timeout');
}

/** `join(5)`, `shutdown(wait=False)`, `get(timeout=1)`: it comes back by itself. */
function isLimited(call: Call): boolean {
  return call.arguments.some(({ value, name }) => {
    const given = value.kind === 'constant' ? value.value : undefined;
    if (name === 'wait' || name === 'block' || name === 'blocking' || given === true) return given === false;
    return given !== null && (name === undefined ? value.kind === 'constant' : name === 'timeout');
  });
}

/** `loop.run_forever()` on a loop that came from somewhere. */
function soundsLikeLoop(call: Call): boolean {
  const name = methodOf(call);
  return name === 'run_forever' || name === 'run_until_complete';
}

/** `get(block=False)`, `wait(0)`, `put(item, False)`: it does not wait at all. */
function comesBackAtOnce(call: Call): boolean {
  return call.arguments.some(({ value, name }) => {
    const given = value.kind === 'constant' ? value.value : undefined;
    if (name === 'block' || name === 'blocking' || name === 'wait') return given === false;
    return (name === undefined || name === 'timeout') && (given === false || given === 0);
  });
}

/** `acquire(False)`, `acquire(blocking=False)`, `acquire(timeout=…)`: it may come back without the lock. */
function isAttempt(call: Call, language: Language): boolean {
  if (language !== 'python') return false;
  return call.arguments.some(
    (argument, position) =>
      argument.name === 'timeout' ||
      ((argument.name === 'blocking' || argument.name === 'block' || (argument.name === undefined && position === 0)) &&
        argument.value.kind === 'constant' &&
        argument.value.value === false) ||
      (argument.name === undefined && position === 1),
  );
}
