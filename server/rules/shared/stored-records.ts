// Stored records: what a function loads from a store outside the program (a database, a cache, a file) and saves back, changed.
import { calledName } from '../../model/calls';
import type { Operation } from '../../model/operation';
import { type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { LoadedRecord } from './loaded-record';
import { type StoreCall, type StoreKind, storeCall } from './store-calls';

/** A record that is loaded, changed and saved. */
export interface Resaved {
  readonly load: Point;
  /** Where others can come in between. */
  readonly awaited: Point;
  readonly save: Point;
  readonly store: StoreKind;
  /** What a person calls what is saved. */
  readonly name: string;
}

/** Calls that make the store itself look, or let in one at a time. */
const ATOMIC =
  /^(?:watch|multi|transaction|\$transaction|runTransaction|withTransaction|startTransaction|beginTransaction|runExclusive|acquire|lock|withLock|acquireLock|compareAndSet|cas|eval|evalsha|defineCommand|withSession)$/;
const ATOMIC_ARGUMENT =
  /^(?:nx|ifMatch|onlyIf\w*|etag|version|cas|transaction|lock|session|expected\w*|optimistic\w*|trx|tx|\$inc|\$push|\$addToSet|increment|decrement)$/i;
/** What the program itself keeps is one object for everybody, not a copy of a record. */
const IN_MEMORY = /^(?:Map|WeakMap|Set|URLSearchParams|Headers|FormData|Reflect)\./;

/** The records that a function loads, changes after that, and saves. */
export function resavedIn(fn: ResolvedFunction, facts: Facts): readonly Resaved[] {
  return facts.once(resavedIn, fn.key, () => new RecordSearch(fn, facts).find());
}

class RecordSearch {
  private readonly operations: readonly Operation[];

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly facts: Facts,
  ) {
    this.operations = modelOf(fn).operations;
  }

  find(): Resaved[] {
    if (this.operations.some((operation) => operation.kind === 'call' && ATOMIC.test(calledName(operation)))) return [];
    const found: Resaved[] = [];
    for (const [load, operation] of this.operations.entries()) {
      const loaded = operation.kind === 'call' ? storeCall(operation, this.fn, this.facts) : undefined;
      if (loaded?.kind !== 'load' || IN_MEMORY.test(this.fn.calls.get(load)?.api?.name ?? '')) continue;
      const record = new LoadedRecord(this.operations, load);
      if (this.isKept(record)) continue;
      const save = this.saveOf(record, loaded);
      const awaited = save === undefined ? undefined : this.operations.findIndex((each, i) => each.kind === 'await' && i > load && i < save);
      if (save === undefined || awaited === undefined || awaited < 0) continue;
      found.push({ load, awaited, save, store: loaded.store, name: loaded.of });
    }
    return found;
  }

  /** Put where others find it before anything is waited for: they work on the same copy. */
  private isKept({ load, derived }: LoadedRecord): boolean {
    const isShared = ({ root }: Place) => root.kind === 'module' || root.kind === 'receiver' || (root.kind === 'variable' && root.function !== this.fn.index);
    for (let i = load + 1; i < this.operations.length && this.operations[i].kind !== 'await'; i++) {
      const operation = this.operations[i];
      if (!operation.depends.some((each) => derived.has(each))) continue;
      if (operation.kind === 'write' && isShared(operation.place)) return true;
      if (operation.kind === 'call' && calledName(operation) === 'set' && operation.callee.kind === 'place' && isShared(operation.callee.place)) return true;
    }
    return false;
  }

  private saveOf(record: LoadedRecord, loaded: StoreCall): Point | undefined {
    const { load, derived } = record;
    for (const [i, operation] of this.operations.entries()) {
      if (i <= load || operation.kind !== 'call') continue;
      if (operation.arguments.some((argument) => argument.name !== undefined && ATOMIC_ARGUMENT.test(argument.name))) continue;
      if (operation.arguments.some(({ value }) => value.kind === 'constant' && (value.value === 'NX' || value.value === 'wx'))) continue;
      // `record.save()`
      if (calledName(operation) === 'save' && operation.arguments.length === 0 && record.is(operation.callee, 1) && record.countsOn(i)) return i;
      const saved = storeCall(operation, this.fn, this.facts);
      if (saved?.kind !== 'save' || saved.of !== loaded.of || !sameFixed(loaded, saved) || !this.sameKey(loaded.key, saved.key)) continue;
      const depends = operation.arguments
        .filter((argument) => saved.saved.includes(argument.value) || argument.name === 'data')
        .flatMap((each) => each.depends);
      if (!depends.some((each) => derived.has(each))) continue;
      // Which record it is depends on what it holds: the store looks itself.
      const filter = operation.arguments.find((argument) => saved.key.includes(argument.value));
      if (saved.store === 'row' && filter?.depends.some((each) => derived.has(each)) && saved.saved.length > 0 && !record.isWhole(saved)) continue;
      const counts = record.isWhole(saved) ? record.countsOn(i) : record.setsOwnFields(saved, depends);
      if (saved.store === 'row' ? counts : record.isChanged(i, saved)) return i;
    }
    return undefined;
  }

  private sameKey(one: readonly Value[], other: readonly Value[]): boolean {
    return one.slice(0, other.length).every((value, i) => this.same(value, other[i], 0)) || other.length === 0;
  }

  /** Whether two values are put together alike. */
  private same(a: Value, b: Value | undefined, depth: number): boolean {
    if (!b || depth > 4) return false;
    if (a.kind !== b.kind) return false;
    if (a.kind === 'unknown') return true;
    if (a.kind === 'constant') return b.kind === 'constant' && a.value === b.value;
    if (a.kind === 'collection') return b.kind === 'collection' && a.items.length > 0 && a.items.every((item, i) => this.same(item, b.items[i], depth + 1));
    if (a.kind !== 'place' || b.kind !== 'place') return false;
    if (printPlace(a.place) === printPlace(b.place)) return true;
    if (a.place.root.kind !== 'result' || b.place.root.kind !== 'result' || a.place.path.join() !== b.place.path.join()) return false;
    const [one, other] = [this.operations[a.place.root.operation], this.operations[b.place.root.operation]];
    if (one.kind !== 'call' || other.kind !== 'call' || !this.same(one.callee, other.callee, depth + 1)) return false;
    return one.arguments.length === other.arguments.length && one.arguments.every(({ value }, i) => this.same(value, other.arguments[i].value, depth + 1));
  }
}

function sameFixed(one: StoreCall, other: StoreCall): boolean {
  return !one.fixed || !other.fixed || one.fixed === other.fixed;
}
