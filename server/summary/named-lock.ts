// Named locks: which lock an annotation means by the name that it gives.
import type { Place } from '../model/place';
import type { Value } from '../model/value';
import { cellOf, lockOf, soundsLikeLock } from './cells';
import type { ClassKey, LockKey } from './keys';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/** What an annotation's name leads to. */
export interface NamedLock {
  /** The key that taking it goes by; undefined for what nobody could take, or what is one of many. */
  readonly key?: LockKey;
  /** It is known to be a lock, or called one. */
  readonly isLock: boolean;
  /** Something of that name is there, or may be inherited from what the workspace does not hold. */
  readonly isThere: boolean;
}

const RECEIVERS: ReadonlySet<string> = new Set(['self', 'cls', 'this']);

/**
 * The lock that `written` names where a class (its index) or the module itself is spoken of: a field of the class first, as
 * in `_lock` and `self._lock`, then what the module knows by the name.
 */
export function namedLock(resolver: TypeResolver, module: ModuleInterface, owner: number | undefined, written: string): NamedLock {
  const found = placeNamed(resolver, module, owner, written.split('.'));
  if (!found) return { isLock: false, isThere: false };
  const { place, isThere } = found;
  const lock = lockOf(resolver, module, 0, { kind: 'place', place });
  if (lock) return { ...(lock.dynamic || lock.perCall ? {} : { key: lock.key }), isLock: true, isThere };
  const key = cellOf(resolver, module, 0, place)?.key;
  return { ...(key === undefined ? {} : { key }), isLock: false, isThere };
}

/** The locks that a function's comments say its callers hold, as far as the names lead to locks. */
export function requiredLocks(resolver: TypeResolver, module: ModuleInterface, index: number): LockKey[] {
  const fn = module.module.functions[index];
  return (fn.requires ?? []).flatMap((written) => {
    const { key, isLock, isThere } = namedLock(resolver, module, fn.class, written);
    return key !== undefined && isLock && isThere ? [key] : [];
  });
}

/** `requires: numpy` is about something else. */
export function soundsRequired(written: string): boolean {
  return soundsLikeLock(written.slice(written.lastIndexOf('.') + 1));
}

interface NamedPlace {
  readonly place: Place;
  readonly isThere: boolean;
}

function placeNamed(resolver: TypeResolver, module: ModuleInterface, owner: number | undefined, [first, ...rest]: readonly string[]): NamedPlace | undefined {
  if (owner !== undefined && !(RECEIVERS.has(first) && rest.length === 0)) {
    const path = RECEIVERS.has(first) ? rest : [first, ...rest];
    const key = module.classKeys[owner];
    const isThere = isMember(resolver, key, path[0]);
    const place: Place = { root: { kind: 'receiver', class: owner }, path };
    if (isThere || RECEIVERS.has(first)) return { place, isThere: isThere || mayInherit(resolver, key) };
    return inModule(module, first, rest) ?? { place, isThere: mayInherit(resolver, key) };
  }
  return inModule(module, first, rest);
}

function inModule({ bindings }: ModuleInterface, first: string, rest: readonly string[]): NamedPlace | undefined {
  const binding = Object.hasOwn(bindings, first) ? bindings[first] : undefined;
  if (!binding || binding.kind === 'function') return undefined;
  if (binding.kind === 'class') return rest.length === 0 ? undefined : { place: { root: { kind: 'class', class: binding.class }, path: rest }, isThere: true };
  if (binding.kind === 'variable') return { place: { root: { kind: 'module', name: first }, path: rest }, isThere: true };
  const { specifier, name } = binding;
  return { place: { root: { kind: 'import', specifier, ...(name === undefined ? {} : { name }) }, path: rest }, isThere: true };
}

function isMember(resolver: TypeResolver, key: ClassKey, name: string): boolean {
  return resolver.lineage(key).some((ancestor) => resolver.classAt(ancestor)?.fields.has(name)) || resolver.method(key, name) !== undefined;
}

/** Whether some base of a class is not of the workspace, so that its fields are not known. */
function mayInherit(resolver: TypeResolver, key: ClassKey): boolean {
  return resolver.lineage(key).some((ancestor) => {
    const module = resolver.moduleOfClass(ancestor);
    return resolver.classAt(ancestor)?.bases.some((base) => !isObject(base) && (!module || resolver.typeOf(module, 0, base)?.kind !== 'class'));
  });
}

function isObject(base: Value): boolean {
  return base.kind === 'place' && base.place.root.kind === 'global' && base.place.root.name === 'object';
}
