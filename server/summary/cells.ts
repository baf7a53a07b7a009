// Cells and locks: which shared place, and which lock, an access path of one function means for the whole program.
import type { LockKind, Target } from '../model/library';
import type { Call } from '../model/operation';
import { ELEMENT, lastName, type Place, printPlace } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { calledOnMetaclass } from './class-makers';
import { typeByUse } from './duck-types';
import { type CellKey, type ClassKey, isNameless, type LockKey, nameless } from './keys';
import type { FieldInterface, ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';
import type { Type } from './types';

/** A shared place that an access path leads to. */
export interface Cell {
  readonly key: CellKey;
  /** The contents of the place, not the place itself. */
  readonly element: boolean;
  /** The class whose field it is. */
  readonly owner?: ClassKey;
}

/** A lock that an expression means. */
export interface LockReference {
  readonly key: LockKey;
  /** Canonical class name; undefined for something that is only named like a lock. */
  readonly type?: string;
  readonly kind?: LockKind;
  /** One of many under one name: an element of a collection, a parameter, the outcome of a call. */
  readonly dynamic?: boolean;
  /** The access path that it was named by, where that is one of the function's own. */
  readonly place?: string;
  /** It is an attribute of the function's own receiver. */
  readonly onReceiver?: boolean;
  /** Made by this very call of the function, so that it excludes nobody. */
  readonly perCall?: boolean;
}

const LOCK_NAME = /(?:^|_)(?:r?w?lock|mutex|mtx|cond(?:ition)?|cv)$|(?:[a-z\d]|^)(?:Lock|Mutex)$/;

/** Whether a name says that what it names is a lock. */
export function soundsLikeLock(name: string): boolean {
  return LOCK_NAME.test(name);
}

/** The cell of an access path; undefined for what belongs to the function alone or is not known. */
export function cellOf(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place): Cell | undefined {
  let cell = rootCell(resolver, module, place);
  let type = resolver.typeOfPlace(module, index, place, 0);
  if (place.root.kind === 'result' && isFresh(resolver, module, index, place.root.operation)) return undefined;
  for (const [steps, step] of place.path.entries()) {
    if (isConfined(resolver, module, type)) return undefined;
    if (!type && step !== ELEMENT && steps > 0) type = typeByUse(resolver, module, index, place, steps);
    // The element of an element belongs to the inner container, which is a place of its own.
    if (step === ELEMENT) cell = cell && { ...cell, key: cell.element ? `${cell.key}${ELEMENT}` : cell.key, element: true };
    else cell = memberCell(resolver, cell, type, step);
    type = type && resolver.member(module.language, type, step);
  }
  return cell;
}

/** The lock that an expression means; undefined for what is none. */
export function lockOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): LockReference | undefined {
  if (value.kind !== 'place') return undefined;
  const { place } = value;
  const type = resolver.typeOf(module, index, value);
  const entry = type?.kind === 'library' ? resolver.api(module.language, type.name) : undefined;
  const name = lastName(place);
  // What nobody has described may be a lock if it is called one; what the library knows and calls no lock is none.
  if (!entry?.lock && (entry !== undefined || name === undefined || !soundsLikeLock(name))) return undefined;
  if (entry?.lock && isPermissive(resolver, module, index, place, entry.lock)) return undefined;
  const known = entry?.lock ? { type: entry.name, kind: entry.lock } : {};
  const madeAt = resultOf(value);
  const named = entry?.lock?.named && madeAt !== undefined && namedLock(resolver, module, index, place, entry.name, entry.lock.named);
  if (named) return { ...named, ...known };
  if (madeAt !== undefined) {
    const operation = module.module.functions[index].operations[madeAt];
    const made = operation?.kind === 'call' ? resolver.typeOf(module, index, operation.callee) : undefined;
    // `locks.setdefault(name, Lock())` gives a lock that may be an old one.
    const fresh = made?.kind === 'api' && resolver.api(module.language, made.name)?.kind === 'class';
    return {
      key: nameless(module.functionKeys[index], `${fresh ? 'lock' : 'call'} ${madeAt}`),
      ...(fresh ? { perCall: true } : { dynamic: true }),
      ...known,
    };
  }
  if (entry?.lock && type?.kind === 'library' && type.origin !== undefined)
    return { key: type.origin, ...known, ...(isNameless(type.origin) ? { dynamic: true } : {}) };
  const cell = cellOf(resolver, module, index, place);
  if (!cell) return { key: nameless(module.functionKeys[index], name ?? 'lock'), dynamic: true, ...known };
  const wrapped = entry?.lock?.wraps && wrappedLock(resolver, module, index, place, entry.lock);
  if (wrapped) return wrapped;
  const onReceiver = place.root.kind === 'receiver' && place.path.length === 1;
  return {
    key: cell.key,
    place: printPlace(place),
    ...(onReceiver ? { onReceiver } : {}),
    ...(cell.element || place.root.kind === 'parameter' ? { dynamic: true } : {}),
    ...known,
  };
}

/** `FileLock('x.lock')` is the same lock wherever it is made, `locks.write_lock()` the one of `locks`. */
function namedLock(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place, type: string, by: Target): LockReference | undefined {
  for (const maker of makersOf(resolver, module, index, { kind: 'place', place })) {
    const value = by === 'receiver' ? receiverOf(maker.call.callee) : typeof by === 'object' ? maker.call.arguments[by.argument]?.value : undefined;
    if (value?.kind === 'constant') return { key: `${type}(${String(value.value)})` };
    const cell = value?.kind === 'place' ? cellOf(resolver, maker.module, maker.index, value.place) : undefined;
    if (cell) return { key: by === 'receiver' ? cell.key : `${type}(${cell.key})` };
    return { key: nameless(module.functionKeys[index], type), dynamic: true };
  }
  return undefined;
}

function rootCell(resolver: TypeResolver, module: ModuleInterface, place: Place): Cell | undefined {
  const { root } = place;
  if (root.kind === 'variable') return { key: `${module.functionKeys[root.function]}/${root.name}`, element: false };
  if (root.kind === 'module') {
    const binding = module.bindings[root.name];
    if (binding?.kind === 'variable') return { key: `${module.file}:${root.name}`, element: false };
    if (binding?.kind === 'import' && binding.name !== undefined) return importedCell(resolver, module, binding.specifier, binding.name);
  }
  if (root.kind === 'import' && root.name !== undefined) return importedCell(resolver, module, root.specifier, root.name);
  return undefined;
}

function importedCell(resolver: TypeResolver, module: ModuleInterface, specifier: string, name: string): Cell | undefined {
  const file = resolver.imports.resolve(module.file, module.language, specifier);
  const target = file === undefined ? undefined : resolver.modules.get(file);
  return target?.bindings[name]?.kind === 'variable' ? { key: `${file}:${name}`, element: false } : undefined;
}

function memberCell(resolver: TypeResolver, cell: Cell | undefined, type: Type | undefined, step: string): Cell | undefined {
  if (type?.kind === 'instance' || type?.kind === 'class') {
    const owner = resolver.fieldOwner(type.class, step);
    return { key: `${owner}.${step}`, element: false, owner };
  }
  if (type?.kind === 'module') return resolver.modules.get(type.file)?.variables.has(step) ? { key: `${type.file}:${step}`, element: false } : undefined;
  return cell && { ...cell, key: `${cell.key}.${step}`, element: false };
}

/** An object that this very function made, so that nobody else has it yet. */
function isFresh(resolver: TypeResolver, module: ModuleInterface, index: number, operation: number): boolean {
  const call = module.module.functions[index].operations[operation];
  if (call?.kind !== 'call') return false;
  if (call.form === 'new') return true;
  const callee = resolver.typeOf(module, index, call.callee);
  // A metaclass of the workspace may give an object that others have.
  if (callee?.kind === 'class') return calledOnMetaclass(resolver, callee.class) === undefined;
  return callee?.kind === 'api';
}

/** `threading.local` and the like: each thread sees its own. */
function isConfined(resolver: TypeResolver, module: ModuleInterface, type: Type | undefined): boolean {
  const names = type?.kind === 'library' ? [type.name] : type?.kind === 'instance' ? resolver.libraryBases(type.class) : [];
  return names.some((name) => resolver.api(module.language, name)?.effects?.some((effect) => effect.kind === 'confine'));
}

/** The values that were put where a place leads, with the module and function they were written in. */
export function valuesAt(
  resolver: TypeResolver,
  module: ModuleInterface,
  index: number,
  place: Place,
): { module: ModuleInterface; field: FieldInterface } | undefined {
  const last = place.path.at(-1);
  if (last === undefined) {
    const field = place.root.kind === 'module' ? module.variables.get(place.root.name) : undefined;
    if (field) return { module, field };
    const captured = place.root.kind === 'variable' ? module.captured.get(`${place.root.function}:${place.root.name}`) : undefined;
    return captured && { module, field: captured };
  }
  const holder = resolver.typeOfPlace(module, index, place, place.path.length - 1);
  if (holder?.kind !== 'instance' && holder?.kind !== 'class') return undefined;
  for (const ancestor of resolver.lineage(holder.class)) {
    const field = resolver.classAt(ancestor)?.fields.get(last);
    if (field) return { module: resolver.moduleOfClass(ancestor)!, field };
  }
  return undefined;
}

/** A call that made something, and the function that it stands in. */
export interface Made {
  readonly call: Call;
  readonly module: ModuleInterface;
  readonly index: number;
}

/** The calls that made an object: the one whose outcome the value is, or those whose outcome was put where it leads. */
export function* makersOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): Iterable<Made> {
  if (value.kind !== 'place') return;
  const made = resultOf(value);
  const call = made === undefined ? undefined : module.module.functions[index].operations[made];
  if (call?.kind === 'call') yield { call, module, index };
  else yield* makers(resolver, module, index, value.place);
}

/** The calls that made what a place holds. */
function* makers(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place): Iterable<Made> {
  const found = valuesAt(resolver, module, index, place);
  for (const { value, function: scope } of found?.field.values ?? []) {
    const made = resultOf(value);
    const call = made === undefined ? undefined : found!.module.module.functions[scope].operations[made];
    if (call?.kind === 'call') yield { call, module: found!.module, index: scope };
  }
}

/** `Condition(self._lock)` is `self._lock` under another name. */
function wrappedLock(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place, kind: LockKind): LockReference | undefined {
  const target = kind.wraps;
  if (typeof target !== 'object') return undefined;
  for (const maker of makers(resolver, module, index, place)) {
    const argument =
      maker.call.arguments.find((candidate) => candidate.name !== undefined && candidate.name === target.name) ?? maker.call.arguments[target.argument];
    const inner = argument && argument.value.kind === 'place' ? lockOf(resolver, maker.module, maker.index, argument.value) : undefined;
    if (inner && !inner.perCall && !inner.dynamic) return inner;
  }
  return undefined;
}

/** A semaphore that lets several in excludes nobody. */
function isPermissive(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place, kind: LockKind): boolean {
  if (kind.type !== 'semaphore') return false;
  for (const { call } of makers(resolver, module, index, place)) {
    const permits = call.arguments.find(({ name }) => name === 'concurrency' || name === 'maxConcurrent')?.value ?? call.arguments[0]?.value;
    return permits !== undefined && !(permits.kind === 'constant' && permits.value === 1);
  }
  return true;
}

/** The place of a method's receiver: `self._lock` of `self._lock.acquire`. */
export function receiverOf(callee: Value): Value | undefined {
  if (callee.kind !== 'place' || callee.place.path.length === 0) return undefined;
  const place = { root: callee.place.root, path: callee.place.path.slice(0, -1) };
  return { kind: 'place', place };
}
