// Keys: stable names for functions, classes, places and locks of a whole program. They survive edits elsewhere in a file.
import type { Module } from '../model/module';

/** `file#Class.method`; a second function of the same name in a file ends in `~2`. */
export type FunctionKey = string;
/** `file#Class`, numbered like functions. */
export type ClassKey = string;
/**
 * A place as the whole program knows it, of all instances alike: `file#Class.field`, `file#Class.field.part` where the
 * type of `field` is not known, `file:variable` for a module's variable, `file#function/variable` for a captured one.
 */
export type CellKey = string;
/** The key of the place that holds the lock; locks that live in no place have a key of their own. */
export type LockKey = string;

/** Held by everything whose name says that the caller holds the lock (`_flush_locked`): guards whatever it touches. */
export const ASSUMED_LOCK: LockKey = '(held by the caller)';

/** The key of a claim: a flag that was found down and put up keeps other tasks out, like a lock that nobody waits for. */
export function claimOf(cell: CellKey): LockKey {
  return `claim ${cell}`;
}

export function isClaim(lock: LockKey): boolean {
  return lock.startsWith('claim ');
}

/** The key of a lock that lives in no known place of its own: made per call, handed in, or one of several. */
export function nameless(fn: FunctionKey, what: string): LockKey {
  return `${fn}/(${what})`;
}

/** Whether it is such a lock, so that it may be any. */
export function isNameless(lock: LockKey): boolean {
  // Only behind the function: folders may be called `(group)` as well.
  const hash = lock.lastIndexOf('#');
  return hash >= 0 && lock.includes('/(', hash);
}

/** Whether it is a lock that a person would know by its name: no claim, and not one of many. */
export function isNamed(lock: LockKey): boolean {
  return !isClaim(lock) && !isNameless(lock);
}

/** What a thread can wait for: something that lives in a cell (a thread, a pool, an event, a queue), or whatever runs a function. */
export type WaitKey = string;

export function waitOnCell(cell: CellKey): WaitKey {
  return `cell ${cell}`;
}

export function waitOnFunction(fn: FunctionKey): WaitKey {
  return `run ${fn}`;
}

/** Waiting until a full queue takes something again. */
export function waitForRoom(cell: CellKey): WaitKey {
  return `room ${cell}`;
}

/** The cell or the function of such a key. */
export function waitedFor(key: WaitKey): { readonly cell: CellKey; readonly room?: true } | { readonly function: FunctionKey } {
  if (key.startsWith('room ')) return { cell: key.slice(5), room: true };
  return key.startsWith('cell ') ? { cell: key.slice(5) } : { function: key.slice(4) };
}

/** The keys of a module's functions, by index. */
export function functionKeys(module: Module): FunctionKey[] {
  return numbered(module.file, module.functions);
}

/** The keys of a module's classes, by index. */
export function classKeys(module: Module): ClassKey[] {
  return numbered(module.file, module.classes);
}

/** What stands before each step of a key but the first: `a.py#C.raw` and `a.py#C` for `a.py#C.raw.open`. */
export function prefixesOf(key: CellKey): CellKey[] {
  const start = Math.max(hashOf(key), key.lastIndexOf(':'));
  return [...key.slice(start + 1).matchAll(/\.|\[\*\]/g)].map(({ index }) => key.slice(0, start + 1 + index));
}

/** Where the name begins behind the file, -1 for none: folders may have a `#` as well, and names of private members begin with one. */
function hashOf(key: string): number {
  let hash = key.lastIndexOf('#');
  while (hash > 0 && key[hash - 1] === '.') hash = key.lastIndexOf('#', hash - 1);
  return hash;
}

/** The file in a key of any kind. */
export function fileOfKey(key: string): string {
  const hash = hashOf(key);
  return hash < 0 ? key.slice(0, key.lastIndexOf(':')) : key.slice(0, hash);
}

/** What a person calls it: the key without its file. */
export function nameOfKey(key: string): string {
  const hash = hashOf(key);
  return (hash < 0 ? key.slice(key.lastIndexOf(':') + 1) : key.slice(hash + 1)).replace(/~\d+/g, '').replace(/^.*\//, '');
}

/** A function as a person calls it: `Class.method()`, `a callback in start()`. */
export function callOfKey(key: FunctionKey): string {
  const name = nameOfKey(key);
  const lambda = /^(?:(.*)\.)?lambda-\d+$/.exec(name);
  if (!lambda) return name === 'module' ? "the module's body" : `${name}()`;
  return lambda[1] === undefined ? 'a callback' : `a callback in ${callOfKey(`#${lambda[1]}`)}`;
}

function numbered(file: string, things: readonly { readonly qualifiedName: string }[]): string[] {
  const seen = new Map<string, number>();
  return things.map(({ qualifiedName }) => {
    const count = (seen.get(qualifiedName) ?? 0) + 1;
    seen.set(qualifiedName, count);
    return count === 1 ? `${file}#${qualifiedName}` : `${file}#${qualifiedName}~${count}`;
  });
}

/** The class part of a method's key. */
export function classOfMethod(key: FunctionKey): string {
  return key.slice(0, key.lastIndexOf('.'));
}
