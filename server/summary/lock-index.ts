// Lock index: which functions have to do with which lock, kept up to date so that rules can be asked about one lock at a time.
import type { LockKind } from '../model/library';
import type { CellKey, FunctionKey, LockKey } from './keys';
import { waitedFor } from './keys';
import type { SummaryOf } from './summary';

export class LockIndex {
  private readonly functions = new Map<LockKey, Set<FunctionKey>>();
  private readonly locks = new Map<FunctionKey, readonly LockKey[]>();
  private readonly conditions = new Map<CellKey, LockKey>();
  private readonly kinds = new Map<LockKey, LockKind>();
  /** Functions that wait, or call what waits, while they hold a lock; with the cells that are waited on. */
  private readonly waiting = new Map<FunctionKey, ReadonlySet<CellKey>>();

  /** Sorts in functions that have changed, or are gone; gives the locks that the change may concern. */
  update(changed: Iterable<FunctionKey>, touchedCells: ReadonlySet<CellKey>, summaryOf: SummaryOf): Set<LockKey> {
    const touched = new Set<LockKey>();
    for (const key of changed) {
      for (const lock of this.locks.get(key) ?? []) {
        touched.add(lock);
        this.functions.get(lock)?.delete(key);
      }
      const summary = summaryOf(key);
      const locks = new Set<LockKey>(summary?.mayAcquire.keys());
      for (const { lock } of summary?.acquisitions ?? []) {
        locks.add(lock.key);
        if (lock.kind) this.kinds.set(lock.key, lock.kind);
      }
      for (const lock of locks) {
        touched.add(lock);
        if (!this.functions.has(lock)) this.functions.set(lock, new Set());
        this.functions.get(lock)!.add(key);
      }
      if (locks.size > 0) this.locks.set(key, [...locks]);
      else this.locks.delete(key);
      this.noteWaiting(key, summaryOf);
    }
    for (const [key, cells] of this.waiting) {
      if ([...cells].some((cell) => touchedCells.has(cell))) for (const lock of this.locks.get(key) ?? []) touched.add(lock);
    }
    return touched;
  }

  /** All locks that something is known to take. */
  keys(): LockKey[] {
    return [...this.functions.keys()];
  }

  /** The functions that take a lock, themselves or through what they call, in the order of their keys. */
  functionsOf(lock: LockKey): readonly FunctionKey[] {
    return [...(this.functions.get(lock) ?? [])].sort();
  }

  /** What sort of lock it is; undefined for what only sounds like one. */
  kindOf(lock: LockKey): LockKind | undefined {
    return this.kinds.get(lock);
  }

  /** The lock that waiting on a condition gives back. */
  lockOfCondition(cell: CellKey): LockKey | undefined {
    return this.conditions.get(cell);
  }

  private noteWaiting(key: FunctionKey, summaryOf: SummaryOf): void {
    const summary = summaryOf(key);
    for (const { on, releases } of summary?.waits ?? []) {
      for (const target of releases === undefined ? [] : on.map(waitedFor)) if ('cell' in target) this.conditions.set(target.cell, releases!);
    }
    const keys = [
      ...(summary?.waits ?? []).filter((wait) => wait.held.length > 0).flatMap((wait) => wait.on),
      ...(summary?.calls ?? []).filter((call) => call.held.length > 0).flatMap((call) => [...(summaryOf(call.target)?.mayWait.keys() ?? [])]),
    ];
    const cells = keys.map(waitedFor).flatMap((on) => ('cell' in on ? [on.cell] : []));
    if (cells.length > 0) this.waiting.set(key, new Set(cells));
    else this.waiting.delete(key);
  }
}
