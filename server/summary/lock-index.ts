// Lock index: which functions have to do with which lock, kept up to date so that rules can be asked about one lock at a time.
import type { LockKind } from '../model/library';
import { innerMap } from './grouping';
import type { CellKey, FunctionKey, LockKey } from './keys';
import { waitedFor } from './keys';
import type { SummaryOf } from './summary';

/** What functions show of subjects; where they differ, the first function in the order of their keys is believed. */
class Shown<Subject, Value> {
  private readonly byFunction = new Map<Subject, Map<FunctionKey, Value>>();
  private readonly subjects = new Map<FunctionKey, Set<Subject>>();

  note(subject: Subject, key: FunctionKey, value: Value): void {
    const known = innerMap(this.byFunction, subject);
    if (!known.has(key)) known.set(key, value);
    this.subjects.set(key, (this.subjects.get(key) ?? new Set()).add(subject));
  }

  forget(key: FunctionKey): void {
    for (const subject of this.subjects.get(key) ?? []) {
      const known = this.byFunction.get(subject);
      known?.delete(key);
      if (known?.size === 0) this.byFunction.delete(subject);
    }
    this.subjects.delete(key);
  }

  get(subject: Subject): Value | undefined {
    const known = this.byFunction.get(subject);
    if (!known) return undefined;
    let first: FunctionKey | undefined;
    for (const key of known.keys()) if (first === undefined || key < first) first = key;
    return known.get(first!);
  }
}

export class LockIndex {
  private readonly functions = new Map<LockKey, Set<FunctionKey>>();
  private readonly locks = new Map<FunctionKey, readonly LockKey[]>();
  /** What each function shows of a condition's lock, and of a lock's kind: it goes with the function. */
  private readonly conditions = new Shown<CellKey, LockKey>();
  private readonly kinds = new Shown<LockKey, LockKind>();
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
      this.conditions.forget(key);
      this.kinds.forget(key);
      const summary = summaryOf(key);
      const locks = new Set<LockKey>(summary?.mayAcquire.keys());
      for (const { lock } of summary?.acquisitions ?? []) {
        locks.add(lock.key);
        if (lock.kind) this.kinds.note(lock.key, key, lock.kind);
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
      for (const target of releases === undefined ? [] : on.map(waitedFor)) if ('cell' in target) this.conditions.note(target.cell, key, releases!);
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
