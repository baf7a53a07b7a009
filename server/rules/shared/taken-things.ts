// Taken things: what a function of TypeScript takes and gives back by hand: locks, permits, connections out of a pool, transactions.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, lastName, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import { receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { isNameless, nameOfKey } from '../../summary/keys';
import type { LockAction } from '../../summary/lock-actions';
import { BEFORE } from '../../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { type Handing, handingOf, innerFunctions, settledBy } from './inner-functions';
import { placeName } from './place-names';

/** What a function takes and gives back. */
export interface Takings {
  /** What calls take and give back, by their points. A call that is handed what will give something back counts as giving it back. */
  readonly actions: ReadonlyMap<Point, readonly LockAction[]>;
  /** Where inner functions give back what the function has taken. */
  readonly inner: readonly InnerGive[];
  /** What the function is called with, having been handed to what takes it: `pool.getConnection((error, connection) => …)`. */
  readonly entered: readonly { readonly lock: string; readonly name: string }[];
}

export interface InnerGive {
  readonly lock: string;
  readonly name: string;
  /** Where it was taken; `BEFORE` for what the function is called with. */
  readonly taken: Point;
  readonly fn: ResolvedFunction;
  readonly point: Point;
}

/** Verbs that take something which others then have to wait for, and those that give it back. */
const PAIRS: readonly (readonly [takes: RegExp, gives: RegExp])[] = [
  [
    /^(?:acquire|obtain|reserve|borrow|checkOut|checkout|claim|take|get)([A-Z_]\w*)?$/,
    /^(?:release|free|return|giveBack|putBack|checkIn|checkin|unreserve)([A-Z_]\w*)?$/,
  ],
  [/^(?:lock|acquire)([A-Z_]\w*)?$/, /^(?:unlock|release|free)([A-Z_]\w*)?$/],
  [/^(?:enter|take)([A-Z_]\w*)?$/, /^(?:leave|exit)([A-Z_]\w*)?$/],
  [/^(?:begin|start)(Transaction|Work)$/, /^(?:commit|rollback|rollBack|abort|end)(Transaction|Work)?$/],
  [/^begin$/, /^(?:commit|rollback)$/],
];
/** Gives back what it is called on. */
const GIVES = /^(?:release|unlock|releaseLock|endSession|releaseConnection)$/;
/** Ends what it is called on for good, which is as good. */
const ENDS = /^(?:end|close|destroy|terminate|dispose|endSession|disconnect)$/;
/** Gives back what it is handed. */
const TAKES_BACK = /^(?:release|unlock|free|giveBack|putBack|checkIn|checkin|return|recycle|destroy)(?:[A-Z]\w*)?$/;
/** Gives a function that gives back, or something to be given back. */
const LENDS = /(?:acquire|lock|mutex|semaphore|permit|slot|take|enter|reserve|claim|hold|obtain|checkout|ticket|turn)/i;
/** What is given back by a method of its own. */
const LENDS_GIVER =
  /acquire|lock|mutex|semaphore|permit|slot|connect|client|session|runner|reader|writer|lease|pool|checkout|borrow|reserve|claim|take|obtain|request|wake/i;
const LENDS_OBJECT = /^(?:acquire|checkout|checkOut|take|borrow|obtain|lease|claim|reserve|connect|getConnection|getClient|createQueryRunner)/;
/** What a callback is handed to give back with. */
const GIVES_BY_NAME = /^(?:release|unlock|free|leave|done)(?:[A-Z]\w*)?$/;
const TRANSACTION = /^(?:transaction|beginTransaction|startTransaction|begin|startUnmanagedTransaction|transactionProvider)$/;
const SQL_BEGINS = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i;
const SQL_ENDS = /^\s*(?:COMMIT|END|ABORT|ROLLBACK(?!\s+TO\b))\b/i;

/** What a function takes and gives back itself; a thing that is only taken, or only given back, is left out. */
export function takingsOf(fn: ResolvedFunction, facts: Facts): Takings {
  return facts.once(takingsOf, fn.key, () => new Collection(fn, facts).paired());
}

/** A call in an inner function that may give something back. */
interface InnerCall {
  readonly fn: ResolvedFunction;
  readonly point: Point;
  readonly call: Call;
}

class Collection {
  private readonly found = new Map<Point, LockAction[]>();
  private readonly operations: readonly Operation[];
  private readonly inner: InnerGive[] = [];
  private readonly gone = new Set<string>();
  private readonly entered = new Map<string, string>();
  private readonly handing: Handing | undefined;

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly facts: Facts,
  ) {
    this.operations = modelOf(fn).operations;
    const handing = handingOf(fn, facts);
    this.handing = handing && isTaker(handing) ? handing : undefined;
    this.operations.forEach((operation, point) => {
      if (operation.kind !== 'call') return;
      this.known(operation, point);
      this.sql(operation, point);
      this.onOutcome(operation, point);
      this.handedBack(operation, point);
      this.handedOn(operation, point);
    });
    const inner = this.innerCalls();
    for (const each of inner) this.onOutcome(each.call, each.point, each.fn);
    this.onSameObject(inner);
    this.handOver();
  }

  private innerCalls(): InnerCall[] {
    return innerFunctions(this.fn, this.facts).flatMap((fn) =>
      modelOf(fn).operations.flatMap((call, point) => (call.kind === 'call' && call.callee.kind === 'place' ? [{ fn, point, call }] : [])),
    );
  }

  /** An inner function that gives something back is handed to somebody: that is theirs to do from there on. */
  private handOver(): void {
    for (const give of this.inner) {
      const within = (index: number): boolean => {
        for (let at: number | undefined = give.fn.index; at !== undefined && at !== this.fn.index; at = this.fn.module.module.functions[at].parent)
          if (at === index) return true;
        return false;
      };
      let handed = false;
      this.operations.forEach((operation, point) => {
        if (operation.kind !== 'call') return;
        const values = [operation.callee, ...operation.arguments.map(({ value }) => value)];
        if (!values.some((value) => functionsIn(value).some(within))) return;
        handed = true;
        this.add(point, 'release', give.lock, give.name);
      });
      // Kept under a name, or in an object: nobody can say when.
      if (!handed) this.gone.add(give.lock);
    }
    this.operations.forEach((operation, point) => {
      if (operation.kind === 'call')
        for (const { value } of operation.arguments) for (const lock of this.lentBy(value, true)) this.add(point, 'release', lock, 'it');
      else if (operation.kind === 'write' || operation.kind === 'return' || operation.kind === 'yield')
        for (const lock of this.lentBy(operation.value, false)) this.escape(operation, lock);
    });
  }

  /** A variable that inner functions see is no way out; a field, and whoever called, are. */
  private escape(operation: Operation, lock: string): void {
    if (
      operation.kind === 'write' &&
      operation.place.root.kind === 'variable' &&
      operation.place.root.function === this.fn.index &&
      operation.place.path.length === 0
    )
      return;
    this.gone.add(lock);
  }

  /** What is taken and stands in a value. `asFunction`: only what gives back when it is called. */
  private lentBy(value: Value, asFunction: boolean): string[] {
    if (value.kind === 'collection') return value.items.flatMap((item) => this.lentBy(item, asFunction));
    if (value.kind !== 'place') return [];
    const { root, path } = value.place;
    const bare = path.every((step) => step === ELEMENT);
    const method = path.length === 1 && GIVES.test(path[0]);
    if (!bare && !method) return [];
    const taken = this.madeBy(root, []);
    if (taken === undefined) return [];
    if (taken < 0) return asFunction && !method && !GIVES_BY_NAME.test(modelOf(this.fn).parameters[-1 - taken].name) ? [] : [`parameter ${-1 - taken}`];
    const lock = `outcome ${taken}`;
    const locks = [...new Set((this.found.get(taken) ?? []).filter((action) => action.kind === 'acquire').map((action) => action.lock))];
    if (asFunction && !method && !this.isCalled(taken)) return [];
    return locks.length > 0 ? locks : [lock];
  }

  /** Whether what a call gives is itself a function that gives back. */
  private isCalled(taken: Point): boolean {
    return this.operations.some((operation) => {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.path.some((step) => step !== ELEMENT)) return false;
      return this.madeBy(operation.callee.place.root, []) === taken && operation.callee.place.root.kind !== 'global';
    });
  }

  paired(): Takings {
    const kinds = new Map<string, Set<LockAction['kind']>>();
    for (const actions of this.found.values())
      for (const { lock, kind } of actions) {
        if (!kinds.has(lock)) kinds.set(lock, new Set());
        kinds.get(lock)!.add(kind);
      }
    const result = new Map<Point, readonly LockAction[]>();
    for (const [point, actions] of this.found) {
      const kept = actions.filter(({ lock }) => (kinds.get(lock)!.size === 2 || this.entered.has(lock)) && !this.gone.has(lock));
      if (kept.length > 0) result.set(point, kept);
    }
    const entered = [...this.entered].flatMap(([lock, name]) => (this.gone.has(lock) ? [] : [{ lock, name }]));
    return result.size > 0 ? { actions: result, inner: this.inner.filter(({ lock }) => !this.gone.has(lock)), entered } : NOTHING;
  }

  private add(point: Point, kind: LockAction['kind'], lock: string, name: string, attempt = false, by: LockAction['by'] = 'name'): void {
    const known = this.found.get(point);
    if (known?.some((action) => action.kind === kind && action.lock === lock)) return;
    const action: LockAction = { kind, lock, name, attempt, by };
    if (known) known.push(action);
    else this.found.set(point, [action]);
  }

  /** Locks that a library or the function that is called is known to take or give back. */
  private known(call: Call, point: Point): void {
    const resolved = this.fn.calls.get(point);
    for (const { kind, lock } of resolved?.locks ?? [])
      this.add(
        point,
        kind === 'release' ? 'release' : 'acquire',
        lock.key,
        isNameless(lock.key) ? this.nameOf(call) : nameOfKey(lock.key),
        kind === 'try-acquire',
        'lock',
      );
    for (const target of resolved?.targets ?? []) {
      const summary = this.facts.summaryOf(target);
      for (const { key } of summary?.leavesHeld ?? []) this.add(point, 'acquire', key, nameOfKey(key), false, 'call');
      for (const key of summary?.releases ?? []) this.add(point, 'release', key, nameOfKey(key), false, 'call');
    }
  }

  private sql(call: Call, point: Point): void {
    const [text] = call.arguments;
    const receiver = receiverOf(call.callee);
    if (text?.value.kind !== 'constant' || typeof text.value.value !== 'string' || receiver?.kind !== 'place') return;
    const begins = SQL_BEGINS.test(text.value.value);
    if (!begins && !SQL_ENDS.test(text.value.value)) return;
    this.add(point, begins ? 'acquire' : 'release', `transaction ${this.keyOf(receiver.place)}`, 'the transaction');
  }

  /** `release()`, `client.release()`, `lock.unlock()`, `transaction.commit()`. */
  private onOutcome(call: Call, point: Point, inside?: ResolvedFunction): void {
    if (call.callee.kind !== 'place') return;
    const { root, path } = call.callee.place;
    // Of an inner function only what it has from outside is known here.
    if (inside && root.kind !== 'variable') return;
    const taken = this.madeBy(root, inside ? [] : call.depends);
    if (taken === undefined) return;
    if (taken < 0) {
      this.onParameter(-1 - taken, call.callee.place, point, inside);
      return;
    }
    const made = this.operations[taken] as Call;
    if (made.form === 'new' || made.arguments.some(({ value }) => value.kind === 'function')) return;
    const steps = path.filter((step) => step !== ELEMENT);
    const method = steps.at(-1);
    const name = lastName(made.callee.kind === 'place' ? made.callee.place : { root: { kind: 'unknown' }, path: [] }) ?? '';
    const gives =
      method === undefined
        ? LENDS.test(name)
        : steps.length === 1 &&
          ((GIVES.test(method) && LENDS_GIVER.test(name)) ||
            (TRANSACTION.test(name) ? /^(?:commit|rollback)$/.test(method) : ENDS.test(method) && LENDS_OBJECT.test(name)));
    if (!gives) return;
    const what = method === undefined ? this.nameOf(made) : `what ${name}() gives`;
    // What a library is known to take keeps its name.
    const known = this.found.get(taken)?.find((action) => action.kind === 'acquire' && action.by === 'lock');
    const lock = known?.lock ?? `outcome ${taken}`;
    this.add(taken, 'acquire', lock, known?.name ?? what, /^try/.test(name));
    if (inside) this.inner.push({ lock, name: known?.name ?? what, taken, fn: inside, point });
    else this.add(point, 'release', lock, known?.name ?? what);
  }

  /** A parameter of a callback that is called with what was taken: `release()`, `connection.release()`. */
  private onParameter(index: number, { path }: Place, point: Point, inside: ResolvedFunction | undefined): void {
    const steps = path.filter((step) => step !== ELEMENT);
    const own = modelOf(this.fn).parameters[index].name;
    if (steps.length === 0 ? !GIVES_BY_NAME.test(own) : steps.length > 1 || !GIVES.test(steps[0])) return;
    const lock = `parameter ${index}`;
    const name = steps.length === 0 ? this.nameOf(this.handing!.call, this.handing!.fn) : own;
    this.entered.set(lock, name);
    if (inside) this.inner.push({ lock, name, taken: BEFORE, fn: inside, point });
    else this.add(point, 'release', lock, name);
  }

  /** `pool.release(client)`. */
  private handedBack(call: Call, point: Point): void {
    if (!TAKES_BACK.test(calledName(call))) return;
    for (const { value, depends } of call.arguments) {
      if (value.kind !== 'place' || value.place.path.some((step) => step !== ELEMENT)) continue;
      const taken = this.madeBy(value.place.root, depends);
      const made = taken === undefined || taken < 0 ? undefined : (this.operations[taken] as Call);
      if (taken === undefined || made?.callee.kind !== 'place' || made.form === 'new' || !LENDS_OBJECT.test(calledName(made))) continue;
      const what = `what ${lastName(made.callee.place)}() gives`;
      this.add(taken, 'acquire', `outcome ${taken}`, what);
      this.add(point, 'release', `outcome ${taken}`, what);
    }
  }

  /** `await this.work(job, lock)`, which gives it back itself: up to there it is still this function's to give back. */
  private handedOn(call: Call, point: Point): void {
    const targets = this.fn.calls.get(point)?.targets ?? [];
    if (targets.length !== 1 || call.arguments.some(({ spread }) => spread)) return;
    const target = this.facts.program.functions.get(targets[0]);
    if (target?.module.file !== this.fn.module.file) return;
    for (const [index, { value, depends, name }] of call.arguments.entries()) {
      if (name !== undefined || value.kind !== 'place' || value.place.path.length > 0) continue;
      const taken = this.madeBy(value.place.root, depends);
      const made = taken === undefined || taken < 0 ? undefined : (this.operations[taken] as Call);
      const maker = made?.callee.kind === 'place' ? calledName(made) : '';
      if (taken === undefined || !made || made.form === 'new' || !LENDS_OBJECT.test(maker) || !givesParameter(target, index)) continue;
      this.add(taken, 'acquire', `outcome ${taken}`, `what ${maker}() gives`);
      this.add(point, 'release', `outcome ${taken}`, `what ${maker}() gives`);
    }
  }

  /** `await this.acquire(key)` … `this.release(key)`: two methods of one object, or two functions of one module. */
  private onSameObject(inner: readonly InnerCall[]): void {
    const named = (operation: Operation, point: Point, inside?: ResolvedFunction) => {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || (!inside && this.found.has(point))) return [];
      const { place } = operation.callee;
      const name = lastName(place);
      const runs = operation.arguments.some(({ value }) => value.kind === 'function');
      if (name === undefined || runs || place.path.at(-1) === ELEMENT) return [];
      // Parameters and outcomes of an inner function are its own.
      if (inside && place.path.length > 0 && (place.root.kind === 'parameter' || place.root.kind === 'result' || place.root.kind === 'unknown')) return [];
      return [{ operation, point, name, on: this.keyOf(ownerOf(place)), inside }];
    };
    const calls = this.operations.flatMap((operation, point) => named(operation, point));
    const givers = [...calls, ...inner.flatMap(({ fn, point, call }) => named(call, point, fn))];
    for (const [takes, gives] of PAIRS) {
      for (const give of givers) {
        const given = gives.exec(give.name);
        if (!given) continue;
        for (const take of calls) {
          const taken = takes.exec(take.name.replace(/^(?:try|_)+_?(\w)/, (_, first: string) => first.toLowerCase()));
          if (
            !taken ||
            take.on !== give.on ||
            (!give.inside && take.point >= give.point) ||
            !isSame(taken[1], given[1]) ||
            (/^get/.test(take.name) && !given[1])
          )
            continue;
          const key = `${take.on} ${(taken[1] ?? '').toLowerCase()}`;
          const what = taken[1] ? taken[1].replace(/^_/, '').toLowerCase() : '';
          const name = what === 'transaction' || /^begin$/.test(take.name) ? 'the transaction' : what !== '' ? `the ${what}` : this.nameOf(take.operation);
          this.add(take.point, 'acquire', key, name, /^_*try/.test(take.name));
          if (give.inside) this.inner.push({ lock: key, name, taken: take.point, fn: give.inside, point: give.point });
          else this.add(give.point, 'release', key, name);
        }
      }
    }
  }

  /** The call that made what stands at a root, an await of it passed over. */
  private madeBy(root: Place['root'], depends: readonly number[], before: readonly Operation[] = []): Point | undefined {
    if (root.kind === 'result') return this.callBehind(root.operation);
    if (this.handing && (root.kind === 'parameter' || (root.kind === 'variable' && root.function === this.fn.index))) {
      const index = root.kind === 'parameter' ? root.index : modelOf(this.fn).parameters.findIndex(({ name }) => name === root.name);
      if (index >= 0) return -1 - index;
    }
    if (root.kind === 'variable' && root.function === this.fn.index) {
      const writes = this.operations.filter(
        (operation) => operation.kind === 'write' && operation.place.path.length === 0 && isRoot(operation.place.root, root) && !isNull(operation.value),
      );
      const [write] = writes;
      // `names = names[0]`, or two variables that are set to each other: no call made that.
      if (write && before.includes(write)) return undefined;
      return writes.length === 1 && write.kind === 'write' && write.value.kind === 'place' && write.value.place.path.every((step) => step === ELEMENT)
        ? this.madeBy(write.value.place.root, [], [...before, write])
        : undefined;
    }
    if (root.kind !== 'unknown') return undefined;
    const calls = [...new Set(depends.flatMap((each) => this.callBehind(each) ?? []))].filter((each) => {
      const { callee } = this.operations[each] as Call;
      return callee.kind === 'place' && (LENDS_OBJECT.test(lastName(callee.place) ?? '') || LENDS.test(lastName(callee.place) ?? ''));
    });
    return calls.length === 1 ? calls[0] : undefined;
  }

  private callBehind(number: Point): Point | undefined {
    const operation = this.operations[number];
    if (operation?.kind === 'call') return number;
    if (operation?.kind !== 'await' && operation?.kind !== 'read') return undefined;
    const value: Value = operation.kind === 'await' ? operation.value : { kind: 'place', place: operation.place };
    return value.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation < number
      ? this.callBehind(value.place.root.operation)
      : undefined;
  }

  private keyOf(place: Place): string {
    // A variable that an inner function captures stands for what it was given once.
    const taken = place.path.length === 0 ? this.madeBy(place.root, []) : undefined;
    return taken === undefined || taken < 0 ? printPlace(place) : `result(${taken})`;
  }

  private nameOf(call: Call, fn = this.fn): string {
    const receiver = receiverOf(call.callee);
    return receiver?.kind === 'place' ? (placeName(modelOf(fn), receiver.place) ?? 'the lock') : 'the lock';
  }
}

const NOTHING: Takings = { actions: new Map(), inner: [], entered: [] };

/** Whether a function gives back what it is handed. */
function givesParameter(fn: ResolvedFunction, index: number): boolean {
  return modelOf(fn).operations.some((operation) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.path.length !== 1) return false;
    const { root, path } = operation.callee.place;
    return root.kind === 'parameter' && root.index === index && GIVES.test(path[0]);
  });
}

/** Whether a callback is run once something has been taken for it: `lock((release) => …)`, `acquire().then((release) => …)`. */
function isTaker(handing: Handing): boolean {
  const { fn, call, name, position } = handing;
  if (settledBy(handing) === 'success') {
    const on = call.callee.kind === 'place' && call.callee.place.root.kind === 'result' ? modelOf(fn).operations[call.callee.place.root.operation] : undefined;
    return on?.kind === 'call' && on.callee.kind === 'place' && isLender(calledName(on));
  }
  return position >= 0 && (isLender(name) || name === '');
}

function isLender(name: string): boolean {
  return (LENDS.test(name) || LENDS_OBJECT.test(name)) && !/exclusive|^with|critical|^(?:run|using|use)/i.test(name);
}

function functionsIn(value: Value): number[] {
  if (value.kind === 'function') return [value.function];
  return value.kind === 'collection' ? value.items.flatMap(functionsIn) : [];
}

function ownerOf({ root, path }: Place): Place {
  if (path.length > 0) return { root, path: path.slice(0, -1) };
  return { root: root.kind === 'import' ? { kind: 'import', specifier: root.specifier } : { kind: 'global', name: 'here' }, path: [] };
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  const bare = (text: string | undefined) => (text ?? '').replace(/^_|Lock$|_lock$/g, '').toLowerCase();
  return bare(a) === bare(b) || b === undefined;
}

function isRoot(a: Place['root'], b: Place['root']): boolean {
  return a.kind === 'variable' && b.kind === 'variable' && a.function === b.function && a.name === b.name;
}

function isNull(value: Value): boolean {
  return value.kind === 'constant' && value.value === null;
}
