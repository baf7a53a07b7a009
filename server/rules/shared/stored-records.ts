// Stored records: what a function loads from a store outside the program (a database, a cache, a file) and saves back, changed.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { lastName, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** A record that is loaded, changed and saved. */
export interface Resaved {
  readonly load: Point;
  /** Where others can come in between. */
  readonly awaited: Point;
  readonly save: Point;
  readonly store: 'file' | 'keyed' | 'row';
  /** What a person calls what is saved. */
  readonly name: string;
}

/** One access of a store, by a function's call. */
interface StoreCall {
  readonly kind: 'load' | 'save';
  readonly store: Resaved['store'];
  /** The store, as text. */
  readonly of: string;
  readonly key: readonly Value[];
  /** The part of the key that is the same for every caller, as text. */
  readonly fixed?: string;
  /** Of a save: what is saved. */
  readonly saved: readonly Value[];
}

const LOADS =
  /^(?:get|getItem|hget|hGet|hgetall|hGetAll|read|load|fetch|getJSON|getDoc|getObject|readJson|readJSON|readFile|findOne|findById|findUnique|findUniqueOrThrow|findFirst|findByPk|findOneBy|findOneOrFail|findOneByOrFail|find|retrieve|match)$/;
const SAVES =
  /^(?:set|setItem|setex|setEx|hset|hSet|hmset|put|putObject|write|save|store|setJSON|setDoc|writeJson|writeJSON|writeFile|update|updateOne|updateById|replaceOne|findByIdAndUpdate|findOneAndUpdate|updateDoc|upsert|persist)$/;
const ROWS = /^(?:find\w*|getDoc|retrieve|update\w*|replaceOne|upsert|persist|save)$/;
/** Calls that make the store itself look, or let in one at a time. */
const ATOMIC =
  /^(?:watch|multi|transaction|\$transaction|runTransaction|withTransaction|startTransaction|beginTransaction|runExclusive|acquire|lock|withLock|acquireLock|compareAndSet|cas|eval|evalsha|defineCommand|withSession)$/;
const ATOMIC_ARGUMENT =
  /^(?:nx|ifMatch|onlyIf\w*|etag|version|cas|transaction|lock|session|expected\w*|optimistic\w*|trx|tx|\$inc|\$push|\$addToSet|increment|decrement)$/i;
const CHANGES = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|assign|append|remove|merge)$/;
const FORMATS = /^(?:stringify|serialize|encode|from|toString|toJSON|toObject|format|dump|pack)$/;

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
      const derived = this.derivedFrom(load);
      if (this.isKept(load, derived)) continue;
      const save = this.saveOf(load, loaded, derived);
      const awaited = save === undefined ? undefined : this.operations.findIndex((each, i) => each.kind === 'await' && i > load && i < save);
      if (save === undefined || awaited === undefined || awaited < 0) continue;
      found.push({ load, awaited, save, store: loaded.store, name: loaded.of });
    }
    return found;
  }

  /** Operations whose outcome comes from a load, also by way of an argument's field. */
  private derivedFrom(load: Point): ReadonlySet<Point> {
    const derived = new Set([load]);
    const fields = new Set<string>();
    // `lines.push(line)` for each line of it, and `lines.join()` in the end: the list itself has no name here.
    let collected = false;
    for (const [i, operation] of this.operations.entries()) {
      if (i <= load) continue;
      const fromField = operation.kind === 'read' && fields.has(printPlace(operation.place));
      const fromList = collected && isOfNamelessList(operation, 'join');
      if (!fromField && !fromList && !operation.depends.some((each) => derived.has(each))) continue;
      // What is done beside it is not it: `report(record)`.
      derived.add(i);
      collected ||= isOfNamelessList(operation, 'push');
      if (operation.kind === 'write' && operation.place.root.kind !== 'result') fields.add(printPlace(operation.place));
    }
    return derived;
  }

  /** Put where others find it before anything is waited for: they work on the same copy. */
  private isKept(load: Point, derived: ReadonlySet<Point>): boolean {
    const isShared = ({ root }: Place) => root.kind === 'module' || root.kind === 'receiver' || (root.kind === 'variable' && root.function !== this.fn.index);
    for (let i = load + 1; i < this.operations.length && this.operations[i].kind !== 'await'; i++) {
      const operation = this.operations[i];
      if (!operation.depends.some((each) => derived.has(each))) continue;
      if (operation.kind === 'write' && isShared(operation.place)) return true;
      if (operation.kind === 'call' && calledName(operation) === 'set' && operation.callee.kind === 'place' && isShared(operation.callee.place)) return true;
    }
    return false;
  }

  private saveOf(load: Point, loaded: StoreCall, derived: ReadonlySet<Point>): Point | undefined {
    for (const [i, operation] of this.operations.entries()) {
      if (i <= load || operation.kind !== 'call') continue;
      if (operation.arguments.some((argument) => argument.name !== undefined && ATOMIC_ARGUMENT.test(argument.name))) continue;
      if (operation.arguments.some(({ value }) => value.kind === 'constant' && (value.value === 'NX' || value.value === 'wx'))) continue;
      // `record.save()`
      if (calledName(operation) === 'save' && operation.arguments.length === 0 && this.isRecord(operation.callee, load) && this.countsOn(load, i)) return i;
      const saved = storeCall(operation, this.fn, this.facts);
      if (saved?.kind !== 'save' || saved.of !== loaded.of || !sameFixed(loaded, saved) || !this.sameKey(loaded.key, saved.key)) continue;
      const depends = operation.arguments
        .filter((argument) => saved.saved.includes(argument.value) || argument.name === 'data')
        .flatMap((each) => each.depends);
      if (!depends.some((each) => derived.has(each))) continue;
      // Which record it is depends on what it holds: the store looks itself.
      const filter = operation.arguments.find((argument) => saved.key.includes(argument.value));
      if (saved.store === 'row' && filter?.depends.some((each) => derived.has(each)) && saved.saved.length > 0 && !this.isWhole(saved, load)) continue;
      const counts = this.isWhole(saved, load) ? this.countsOn(load, i) : this.setsOwnFields(saved, depends, derived);
      if (saved.store === 'row' ? counts : this.isChanged(load, i, saved, derived)) return i;
    }
    return undefined;
  }

  /** A field is set to what is worked out of the same field of the record: `{ stock: product.stock - 1 }`. */
  private setsOwnFields(saved: StoreCall, depends: readonly Point[], derived: ReadonlySet<Point>): boolean {
    const worked = new Set(saved.saved.flatMap((value) => this.fieldsWorkedOut(value)));
    return depends.some((each) => this.readsOwn(each, worked, derived));
  }

  private readsOwn(number: Point, fields: ReadonlySet<string>, derived: ReadonlySet<Point>): boolean {
    const operation = this.operations[number];
    if (operation.kind === 'read' && derived.has(number) && fields.has(operation.place.path.at(-1) ?? '')) return true;
    return operation.depends.some((each) => this.readsOwn(each, fields, derived));
  }

  private fieldsWorkedOut(value: Value): readonly string[] {
    if (value.kind !== 'collection') return [];
    return value.items.flatMap((item, i) => {
      const name = value.names?.[i] ?? '';
      if (item.kind === 'collection') return [name, ...this.fieldsWorkedOut(item)];
      const made = item.kind === 'place' && item.place.root.kind === 'result' ? this.operations[item.place.root.operation] : undefined;
      return item.kind === 'unknown' || made?.kind === 'call' ? [name] : [];
    });
  }

  /** The record itself is what is saved. */
  private isWhole(saved: StoreCall, load: Point): boolean {
    return saved.saved.some((value) => this.isRecord(value, load, false));
  }

  private isRecord(value: Value, load: Point, isCallee = true): boolean {
    if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length !== (isCallee ? 1 : 0)) return false;
    const made = this.operations[value.place.root.operation];
    return value.place.root.operation === load || (made?.kind === 'await' && made.depends.includes(load));
  }

  /** A field of the record is given a value worked out of the record: of two such saves one is lost, whatever else is merged. */
  private countsOn(load: Point, save: Point): boolean {
    const derived = this.derivedFrom(load);
    return this.operations.some((operation, i) => {
      if (i <= load || i >= save || operation.kind !== 'write' || operation.place.root.kind !== 'result' || operation.place.path.length === 0) return false;
      if (!derived.has(operation.place.root.operation)) return false;
      const reads = operation.depends.filter((each) => this.operations[each].kind === 'read' && derived.has(each));
      return operation.mode === 'update' || (operation.value.kind === 'unknown' && reads.length > 0);
    });
  }

  /** What is saved is not just what was loaded. */
  private isChanged(load: Point, save: Point, saved: StoreCall, derived: ReadonlySet<Point>): boolean {
    if (saved.saved.some((value) => this.isWorkedOut(value, derived))) return true;
    return this.operations.some((operation, i) => {
      if (i <= load || i >= save) return false;
      if (operation.kind === 'write')
        return operation.place.root.kind === 'result' && derived.has(operation.place.root.operation) && operation.place.path.length > 0;
      if (operation.kind !== 'call') return false;
      const onRecord = operation.callee.kind === 'place' && operation.depends.some((each) => derived.has(each));
      if (onRecord && CHANGES.test(calledName(operation))) return true;
      // Handlers further in have it in their hands: `ctx.session = await load(); await next(); await save(ctx.session)`.
      return (
        calledName(operation) === 'next' ||
        (operation.callee.kind === 'place' && operation.callee.place.root.kind === 'parameter' && operation.callee.place.path.length === 0)
      );
    });
  }

  /** Made out of the record, and more than the record in another form. */
  private isWorkedOut(value: Value, derived: ReadonlySet<Point>): boolean {
    if (value.kind === 'unknown') return true;
    // `[...items, item]`, `{ ...record, name }`, and what is wrapped: `{ key: record }`.
    if (value.kind === 'collection' && value.type === 'array' && value.items.length > 1) return true;
    if (value.kind === 'collection') return (value.spreads?.length ?? 0) > 0 || value.items.some((item) => this.isWorkedOut(item, derived));
    if (value.kind !== 'place' || value.place.root.kind !== 'result') return false;
    const made = this.operations[value.place.root.operation];
    if (made?.kind !== 'call' || !derived.has(value.place.root.operation)) return false;
    const name = calledName(made);
    if (FORMATS.test(name) || name === 'String') return made.arguments.slice(0, 1).some((argument) => this.isWorkedOut(argument.value, derived));
    return !LOADS.test(name) && name !== 'parse';
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

function isOfNamelessList(operation: Operation, method: 'push' | 'join'): boolean {
  return operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'unknown' && calledName(operation) === method;
}

function sameFixed(one: StoreCall, other: StoreCall): boolean {
  return !one.fixed || !other.fixed || one.fixed === other.fixed;
}

/** What a call does to a store, itself or in the function of this file that it calls. */
function storeCall(call: Call, fn: ResolvedFunction, facts: Facts): StoreCall | undefined {
  if (call.callee.kind !== 'place') return undefined;
  const direct = directCall(call, call.callee.place, fn);
  if (direct) return direct;
  const targets = [...fn.calls.entries()].find(([number]) => modelOf(fn).operations[number] === call)?.[1].targets ?? [];
  const target = targets.length === 1 && targets[0] !== fn.key ? facts.program.functions.get(targets[0]) : undefined;
  if (!target || target.module !== fn.module) return undefined;
  const wrapped = wrapperOf(target, facts);
  if (!wrapped) return undefined;
  const given = call.arguments.map((argument) => argument.value);
  if (wrapped.kind === 'load') return { kind: 'load', store: wrapped.store, of: wrapped.of, fixed: wrapped.fixed, key: given, saved: [] };
  return {
    kind: 'save',
    store: wrapped.store,
    of: wrapped.of,
    fixed: wrapped.fixed,
    key: given.filter((_, i) => i !== wrapped.parameter),
    saved: given.filter((_, i) => i === wrapped.parameter),
  };
}

function directCall(call: Call, place: Place, fn: ResolvedFunction): StoreCall | undefined {
  const name = lastName(place) ?? '';
  const kind = LOADS.test(name) ? 'load' : SAVES.test(name) ? 'save' : undefined;
  if (!kind || call.form !== 'call') return undefined;
  const positional = call.arguments.filter((argument) => argument.name === undefined);
  const isFile = /^(?:read|write)(?:File|Json|JSON)$/.test(name);
  const root = place.path.length > 0 || isFile ? printPlace({ root: place.root, path: place.path.slice(0, -1) }) : undefined;
  // Methods of unknown objects, and of what a call has just given, are no stores.
  if (root === undefined || (!isFile && (place.root.kind === 'result' || place.root.kind === 'unknown'))) return undefined;
  const given = place.root.kind === 'parameter' ? modelOf(fn).parameters[place.root.index]?.name : undefined;
  const holder = place.path.at(-2) ?? given ?? ('name' in place.root ? (place.root.name ?? '') : '');
  const isRow = ROWS.test(name);
  if (!isFile && !isRow && !isStore(place, holder)) return undefined;
  const where = call.arguments.find((argument) => argument.name === 'where');
  const data = call.arguments.find((argument) => argument.name === 'data');
  const store = isFile ? 'file' : isRow ? 'row' : 'keyed';
  const of = isFile && place.root.kind === 'import' ? 'a file' : root;
  if (where && data) return { kind, store, of, key: [where.value], saved: [data.value] };
  if (where) return { kind, store, of, key: [where.value], saved: [] };
  const values = positional.map((argument) => argument.value);
  // `area.set({ key: value })`, `repository.save(record)`
  if (kind === 'save' && values.length === 1) return { kind, store, of, key: [], saved: values };
  const inHash = /^h(?:get|set|mset|Get|Set)/.test(name) ? 2 : 1;
  return { kind, store, of, key: values.slice(0, kind === 'load' ? Math.max(inHash, 1) : inHash), saved: kind === 'save' ? values.slice(inHash) : [] };
}

const STORE =
  /store|storage|cache|redis|kv|db|database|session|persist|disk|repo|model|collection|table|bucket|state|memory|prefs|preferences|config|settings|client|env/i;

/** Whether something with `get` and `set` is outside the program: maps in memory answer at once and are cells. */
function isStore(place: Place, holder: string): boolean {
  if (place.root.kind === 'global') return /^(?:localStorage|sessionStorage|chrome|browser|caches|AsyncStorage)$/.test(place.root.name);
  return STORE.test(holder) || place.root.kind === 'import';
}

interface Wrapper {
  readonly kind: 'load' | 'save';
  readonly store: Resaved['store'];
  readonly of: string;
  readonly fixed: string;
  /** Of a save: which parameter is what is saved. */
  readonly parameter?: number;
}

/** A function that does nothing else with a store than load from it and give that back, or save an argument. */
function wrapperOf(fn: ResolvedFunction, facts: Facts): Wrapper | undefined {
  return facts.once(wrapperOf, fn.key, () => {
    const model = modelOf(fn);
    const calls = model.operations.flatMap((operation, i) => {
      const found = operation.kind === 'call' && operation.callee.kind === 'place' ? directCall(operation, operation.callee.place, fn) : undefined;
      return found ? [{ point: i, found, call: operation as Call }] : [];
    });
    if (calls.length !== 1) return undefined;
    const [{ point, found, call }] = calls;
    const { of } = found;
    const fixed = found.key.map(keyText).join(' ').trim();
    if (found.kind === 'load') {
      const given = model.operations.some((operation) => operation.kind === 'return' && restsOn(model.operations, operation.depends, point));
      return given ? { kind: 'load', store: found.store, of, fixed } : undefined;
    }
    const parameter = model.parameters.findIndex((each, i) => {
      const mentioned = (value: Value): boolean =>
        (value.kind === 'place' &&
          ((value.place.root.kind === 'parameter' && value.place.root.index === i) ||
            (value.place.root.kind === 'variable' && value.place.root.name === each.name))) ||
        (value.kind === 'collection' && value.items.some(mentioned));
      const depends = call.arguments.filter((argument) => found.saved.includes(argument.value)).flatMap((argument) => argument.depends);
      return (
        found.saved.some(mentioned) ||
        depends.some((number) => {
          const step = model.operations[number];
          return step.kind === 'call' && step.arguments.some((argument) => mentioned(argument.value));
        })
      );
    });
    return parameter < 0 ? undefined : { kind: 'save', store: found.store, of, fixed, parameter };
  });
}

/** A key as text where it is the same for every caller. */
function keyText(value: Value): string {
  if (value.kind === 'constant') return String(value.value);
  if (value.kind === 'place' && value.place.root.kind !== 'parameter' && value.place.root.kind !== 'result' && value.place.root.kind !== 'variable')
    return printPlace(value.place);
  return '';
}

function restsOn(operations: readonly Operation[], numbers: readonly number[], wanted: Point): boolean {
  return numbers.some((number) => number === wanted || (number > wanted && restsOn(operations, operations[number].depends, wanted)));
}
