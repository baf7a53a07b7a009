// Shared places: which places several thread roots reach, and which lock guards them; for the report and for hovers.
import type { Language } from '../model/module';
import { declaringFunction, sharesVariable } from '../rules/shared/shared-access';
import { type RootId, rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, fileOfKey, isNamed, type LockKey } from '../summary/keys';

/** A place that is written after construction, and that a lock guards or several thread roots reach. */
export interface SharedPlace {
  readonly cell: CellKey;
  readonly language: Language;
  /** Without construction and the module's own body. */
  readonly accesses: readonly CellAccess[];
  /** The roots that reach it. Sorted. */
  readonly roots: readonly RootId[];
  /** The lock that its annotation names, or that is held at most of the accesses. */
  readonly guard?: LockKey;
  /** The annotation says so. */
  readonly isStated?: true;
}

/** What is shared in a cell; undefined where it is not shared, as far as the analysis knows. */
export function sharedPlace(cell: CellKey, facts: Facts): SharedPlace | undefined {
  const own = facts.accessesOf(cell).filter((access) => counts(access, facts));
  const stated = facts.stated.of(cell);
  const isStated = stated?.cell === cell;
  if (!(isStated || isWritten(cell, own)) || facts.locks.functionsOf(cell).length > 0) return undefined;
  const accesses = [...own, ...readsThrough(cell, facts)];
  if (accesses.length === 0) return undefined;
  // A variable of a call is shared with what that call starts.
  const reaches = (access: CellAccess, root: RootId) => sharesVariable(cell, facts, root) && !hasItsOwn(access, root, facts);
  const roots = [...new Set(accesses.flatMap((access) => facts.rootsOf(access).filter((root) => reaches(access, root))))].sort();
  const guard = isStated ? stated.lock : guardOf(accesses, facts);
  const language = facts.languageOf(fileOfKey(accesses[0].function));
  if (language === undefined || (guard === undefined && !canMeet(roots, accesses, facts))) return undefined;
  return { cell, language, accesses, roots, ...(guard === undefined ? {} : { guard }), ...(isStated ? { isStated } : {}) };
}

/** Leaves out construction, with what only constructors call, and the module's own body. */
function counts(access: CellAccess, facts: Facts): boolean {
  if (access.owned || access.function.endsWith('#module')) return false;
  return !(access.onReceiver && (facts.contextOf(access.function).constructing || MAKES.test(access.function)));
}

/** What makes an object besides its constructor. */
const MAKES = /\.__(?:setstate|post_init)__$/;

/** Whether it is written after it was made; the one write of a variable of a function may be its declaration. */
function isWritten(cell: CellKey, accesses: readonly CellAccess[]): boolean {
  const writes = accesses.filter((access) => access.write);
  return writes.length > 1 || (writes.length === 1 && (writes[0].update || writes[0].cell.element || declaringFunction(cell) === undefined));
}

/** `this.raw.open` reads `this.raw`, whatever it does to what is in there. */
function readsThrough(cell: CellKey, facts: Facts): CellAccess[] {
  return facts.cellsBelow(cell).flatMap((below) =>
    facts
      .accessesOf(below)
      .filter((access) => counts(access, facts))
      .map((access) => ({ ...access, write: false, update: false })),
  );
}

/** Whether each run of a root has an object of its own there, which nobody else has: a request handler's. */
function hasItsOwn(access: CellAccess, root: RootId, facts: Facts): boolean {
  return rootParts(root).fresh === true && !facts.sharesRuns(access, root);
}

/** Whether something is started that shares memory with others, or with another run of itself. */
function canMeet(roots: readonly RootId[], accesses: readonly CellAccess[], facts: Facts): boolean {
  const here = roots.filter((root) => !HAS_COPIES.has(rootParts(root).kind));
  const started = here.filter((root) => rootParts(root).function !== undefined);
  if (started.length === 0) return false;
  return here.length > 1 || (rootParts(started[0]).many && accesses.some((access) => facts.sharesRuns(access, started[0])));
}

/** Each process and each worker has a copy of all variables. */
const HAS_COPIES = new Set(['process', 'worker']);

/**
 * The lock under which most accesses are made; of equals the one in the same class or module. At least one write is under
 * it, and it is of that class or module, or held at half of the accesses: any lock is held somewhere when a thing is touched.
 * Once of several times is no guard.
 */
export function guardOf(accesses: readonly CellAccess[], facts: Facts): LockKey | undefined {
  const counts = new Map<LockKey, { all: number; writes: number }>();
  for (const access of accesses) {
    for (const lock of facts.guardsOf(access)) {
      if (!isNamed(lock)) continue;
      const { all, writes } = counts.get(lock) ?? { all: 0, writes: 0 };
      counts.set(lock, { all: all + 1, writes: writes + Number(access.write) });
    }
  }
  const isNear = (lock: LockKey) => accesses.some(({ cell }) => lock.slice(0, lock.lastIndexOf('.')) === cell.key.slice(0, cell.key.lastIndexOf('.')));
  const ranked = [...counts]
    .filter(([lock, { all, writes }]) => writes > 0 && (all * 2 >= accesses.length || isNear(lock)) && (all > 1 || accesses.length === 1))
    .sort((a, b) => b[1].all - a[1].all || Number(isNear(b[0])) - Number(isNear(a[0])) || (a[0] < b[0] ? -1 : 1));
  return ranked[0]?.[0];
}
