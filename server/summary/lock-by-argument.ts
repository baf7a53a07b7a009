// Locks by argument: locks that a call names by what it is given, such as a file, a name or a key, and not by the object it is made on.
import type { ApiEntry, LockKind, Target } from '../model/library';
import type { Call } from '../model/operation';
import { printPlace } from '../model/place';
import type { Value } from '../model/value';
import { cellOf, type LockReference } from './cells';
import { nameless } from './keys';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

const BY_NAME: LockKind = { type: 'mutex', domain: 'process' };

/** The lock that a value names; `api` is what takes it, so that a file and a lock of the same name are two things. */
export function lockNamedBy(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value, api: string): LockReference {
  if (value.kind === 'constant') return { key: `${api}(${String(value.value)})`, type: api, kind: BY_NAME };
  const cell = value.kind === 'place' ? cellOf(resolver, module, index, value.place) : undefined;
  if (value.kind !== 'place' || !cell) return { key: nameless(module.functionKeys[index], api), dynamic: true, kind: BY_NAME };
  const { root, path } = value.place;
  return {
    key: cell.key,
    place: printPlace(value.place),
    kind: BY_NAME,
    ...(root.kind === 'receiver' && path.length === 1 ? { onReceiver: true } : {}),
    ...(cell.element || root.kind === 'parameter' ? { dynamic: true } : {}),
  };
}

/** An object with a lock for every key, of which a call means one: two keys are two locks. */
export function narrowedByKey(lock: LockReference, api: ApiEntry, call: Call): LockReference {
  if (!KEYED.has(api.name)) return lock;
  const key = call.arguments[0]?.value;
  return key?.kind === 'constant' ? { ...lock, key: `${lock.key}(${String(key.value)})` } : { ...lock, dynamic: true };
}

const KEYED: ReadonlySet<string> = new Set(['async-lock.acquire']);

/** What an acquiring call names its lock by; undefined where that is the object it is called on. */
export function namingArgument(api: ApiEntry | undefined, call: Call): Value | undefined {
  const acquires = api?.effects?.find((effect) => effect.kind === 'acquire' || effect.kind === 'try-acquire');
  const target: Target | undefined = acquires && 'target' in acquires ? acquires.target : undefined;
  return typeof target === 'object' ? call.arguments[target.argument]?.value : undefined;
}
