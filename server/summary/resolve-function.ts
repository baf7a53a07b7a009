// Resolving a function: which functions its calls run, which threads they start, which locks they take, which cells it touches.
import { placeOf } from '../model/calls';
import type { ApiEntry } from '../model/library';
import type { ModelFunction } from '../model/module';
import type { With } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import { type Cell, cellOf, lockOf } from './cells';
import { calledOnMetaclass } from './class-makers';
import { locksOfDecorators } from './decorator-locks';
import { functionsRunBy } from './joined-functions';
import type { ClassKey, FunctionKey } from './keys';
import type { ModuleInterface } from './module-interface';
import { requiredLocks } from './named-lock';
import { ownLocksOf, releasersIn } from './own-locks';
import { throughOwnPart } from './own-parts';
import { resolveProperty } from './properties';
import { resolveAssignment, resolveCall } from './resolve-call';
import type { EnteredValue, ResolvedCall, ResolvedFunction } from './resolved';
import { withPoints } from './structure';
import type { TypeResolver } from './type-resolver';

/** Resolves all operations of a function. */
export function resolveFunction(resolver: TypeResolver, module: ModuleInterface, index: number): ResolvedFunction {
  const fn = module.module.functions[index];
  const calls = new Map<number, ResolvedCall>();
  const cells = new Map<number, Cell>();
  const mainTests = new Set<number>();
  const fresh = new Set<number>();
  const ownParts = new Set<number>();
  const awaitedLater = awaitedResults(fn);
  fn.operations.forEach((operation, number) => {
    const place = placeOf(operation);
    if (place && throughOwnPart(resolver, module, place)) ownParts.add(number);
    if (operation.kind === 'call') {
      const call = resolveCall(resolver, module, index, operation, awaitedLater.has(number));
      if (call) calls.set(number, call);
      if (isMainTest(call?.api)) mainTests.add(number);
      const callee = resolver.typeOf(module, index, operation.callee);
      if (callee?.kind === 'class' && calledOnMetaclass(resolver, callee.class) === undefined) fresh.add(number);
    } else if (operation.kind === 'read' || operation.kind === 'write') {
      const cell = cellOf(resolver, module, index, operation.place);
      if (cell) cells.set(number, cell);
      const assigned =
        (operation.kind === 'write' ? resolveAssignment(resolver, module, index, operation) : undefined) ?? resolveProperty(resolver, module, index, operation);
      if (assigned) calls.set(number, assigned);
      if (operation.kind === 'read') {
        // `current_process().name`
        if (operation.place.root.kind === 'result' && mainTests.has(operation.place.root.operation)) mainTests.add(number);
        const type = resolver.typeOfPlace(module, index, operation.place);
        if (type?.kind === 'api' && isMainTest(resolver.api(module.language, type.name))) mainTests.add(number);
      }
    }
  });
  const awaitedTasks = new Map<number, readonly FunctionKey[]>();
  fn.operations.forEach((operation, number) => {
    const functions = operation.kind === 'await' ? functionsRunBy(resolver, module, index, operation.value) : [];
    if (functions.length > 0) awaitedTasks.set(number, functions);
  });
  const withs: EnteredValue[] = [...withPoints(fn).keys()].map((step) => resolveWith(resolver, module, index, step));
  const around = locksOfDecorators(resolver, module, index);
  return {
    key: module.functionKeys[index],
    module,
    index,
    calls,
    cells,
    withs,
    mainTests,
    around,
    requires: requiredLocks(resolver, module, index),
    awaitedTasks,
    fresh,
    ownParts,
    ownLocks: ownLocksOf(resolver, module, index),
    releasers: releasersIn(module, index),
  };
}

function isMainTest(entry: ApiEntry | undefined): boolean {
  return entry?.effects?.some((effect) => effect.kind === 'main-test') ?? false;
}

/** Numbers of the calls whose outcome is awaited somewhere in the function, also as `call().catch(…)`. */
function awaitedResults(fn: ModelFunction): Set<number> {
  const awaited = new Set<number>();
  for (const operation of fn.operations) {
    if (operation.kind === 'await' || operation.kind === 'return') for (const number of operation.depends) awaited.add(number);
  }
  for (const number of awaited) {
    const operation = fn.operations[number];
    const root = operation.kind === 'call' ? placeOf(operation)?.root : undefined;
    if (root?.kind === 'result') awaited.add(root.operation);
  }
  return awaited;
}

function resolveWith(resolver: TypeResolver, module: ModuleInterface, index: number, step: With): EnteredValue {
  const lock = lockOf(resolver, module, index, step.value);
  const cell = step.value.kind === 'place' ? cellOf(resolver, module, index, step.value.place) : undefined;
  const outcome = resultOf(step.value) !== undefined;
  const type = resolver.typeOf(module, index, step.value);
  const entered = type?.kind === 'instance' ? managerOf(resolver, step, type.class) : {};
  if (lock && !(lock.type === undefined && outcome))
    return { lock, joins: false, ...entered, ...(lock.type ? { type: lock.type } : {}), ...(cell ? { cell } : {}) };
  const exit =
    type?.kind === 'library' ? (resolver.api(module.language, `${type.name}.__exit__`) ?? resolver.api(module.language, `${type.name}.__aexit__`)) : undefined;
  const joins = exit?.effects?.some((effect) => effect.kind === 'join') ?? false;
  const opener = openerOf(resolver, module, index, step.value);
  return { joins, ...entered, ...(opener ? { opener } : {}), ...(type?.kind === 'library' ? { type: type.name } : {}), ...(cell ? { cell } : {}) };
}

/** What an object of the workspace does when a with step enters and leaves it. */
function managerOf(resolver: TypeResolver, step: With, key: ClassKey): Partial<EnteredValue> {
  const enter = resolver.method(key, step.isAsync ? '__aenter__' : '__enter__');
  const exit = resolver.method(key, step.isAsync ? '__aexit__' : '__exit__');
  const onReceiver = step.value.kind === 'place' && step.value.place.root.kind === 'receiver' && step.value.place.path.length === 0;
  return { ...(enter === undefined ? {} : { enter }), ...(exit === undefined ? {} : { exit }), ...(onReceiver ? { onReceiver } : {}) };
}

/** The generator function behind `with self._locked():`. */
function openerOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): FunctionKey | undefined {
  const made = resultOf(value);
  const call = made === undefined ? undefined : module.module.functions[index].operations[made];
  const callee = call?.kind === 'call' ? resolver.typeOf(module, index, call.callee) : undefined;
  if (callee?.kind !== 'function') return undefined;
  const place = resolver.functionAt(callee.function);
  return place?.module.module.functions[place.index].isGenerator ? callee.function : undefined;
}
