// Taken things: what a function of TypeScript takes and gives back by hand: locks, permits, connections out of a pool, transactions.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import { receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { isNameless, nameOfKey } from '../../summary/keys';
import { BEFORE } from '../../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { type Handing, handingOf, innerFunctions, settledBy } from './inner-functions';
import { type InnerCall, lockNameOf, pairCalls } from './paired-calls';
import { TakenOrigins } from './taken-origins';
import { ENDS, GIVES, GIVES_BY_NAME, isLender, LENDS, LENDS_GIVER, LENDS_OBJECT, TAKES_BACK, TRANSACTION } from './taking-words';
import { FoundTakings, type Takings } from './takings';
import { noteHandedOn } from './takings-handed-on';

const SQL_BEGINS = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i;
const SQL_ENDS = /^\s*(?:COMMIT|END|ABORT|ROLLBACK(?!\s+TO\b))\b/i;

/** What a function takes and gives back itself; a thing that is only taken, or only given back, is left out. */
export function takingsOf(fn: ResolvedFunction, facts: Facts): Takings {
  return facts.once(takingsOf, fn.key, () => new Collection(fn, facts).found.paired());
}

class Collection {
  readonly found = new FoundTakings();
  private readonly operations: readonly Operation[];
  private readonly origins: TakenOrigins;
  private readonly handing: Handing | undefined;

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly facts: Facts,
  ) {
    this.operations = modelOf(fn).operations;
    const handing = handingOf(fn, facts);
    this.handing = handing && isTaker(handing) ? handing : undefined;
    this.origins = new TakenOrigins(fn, this.handing !== undefined);
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
    pairCalls(fn, inner, this.origins, this.found);
    noteHandedOn(fn, this.origins, this.found);
  }

  private innerCalls(): InnerCall[] {
    return innerFunctions(this.fn, this.facts).flatMap((fn) =>
      modelOf(fn).operations.flatMap((call, point) => (call.kind === 'call' && call.callee.kind === 'place' ? [{ fn, point, call }] : [])),
    );
  }

  /** Locks that a library or the function that is called is known to take or give back. */
  private known(call: Call, point: Point): void {
    const resolved = this.fn.calls.get(point);
    for (const { kind, lock } of resolved?.locks ?? [])
      this.found.add(
        point,
        kind === 'release' ? 'release' : 'acquire',
        lock.key,
        isNameless(lock.key) ? lockNameOf(call, this.fn) : nameOfKey(lock.key),
        kind === 'try-acquire',
        'lock',
      );
    for (const target of resolved?.targets ?? []) {
      const summary = this.facts.summaryOf(target);
      for (const { key } of summary?.leavesHeld ?? []) this.found.add(point, 'acquire', key, nameOfKey(key), false, 'call');
      for (const key of summary?.releases ?? []) this.found.add(point, 'release', key, nameOfKey(key), false, 'call');
    }
  }

  private sql(call: Call, point: Point): void {
    const [text] = call.arguments;
    const receiver = receiverOf(call.callee);
    if (text?.value.kind !== 'constant' || typeof text.value.value !== 'string' || receiver?.kind !== 'place') return;
    const begins = SQL_BEGINS.test(text.value.value);
    if (!begins && !SQL_ENDS.test(text.value.value)) return;
    this.found.add(point, begins ? 'acquire' : 'release', `transaction ${this.origins.keyOf(receiver.place)}`, 'the transaction');
  }

  /** `release()`, `client.release()`, `lock.unlock()`, `transaction.commit()`. */
  private onOutcome(call: Call, point: Point, inside?: ResolvedFunction): void {
    if (call.callee.kind !== 'place') return;
    const { root, path } = call.callee.place;
    // Of an inner function only what it has from outside is known here.
    if (inside && root.kind !== 'variable') return;
    const taken = this.origins.madeBy(root, inside ? [] : call.depends);
    if (taken === undefined) return;
    if (taken < 0) {
      this.onParameter(-1 - taken, call.callee.place, point, inside);
      return;
    }
    const made = this.operations[taken] as Call;
    if (made.form === 'new' || made.arguments.some(({ value }) => value.kind === 'function')) return;
    const steps = path.filter((step) => step !== ELEMENT);
    const method = steps.at(-1);
    const name = calledName(made);
    const gives =
      method === undefined
        ? LENDS.test(name)
        : steps.length === 1 &&
          ((GIVES.test(method) && LENDS_GIVER.test(name)) ||
            (TRANSACTION.test(name) ? /^(?:commit|rollback)$/.test(method) : ENDS.test(method) && LENDS_OBJECT.test(name)));
    if (!gives) return;
    const what = method === undefined ? lockNameOf(made, this.fn) : `what ${name}() gives`;
    // What a library is known to take keeps its name.
    const known = this.found.at(taken).find((action) => action.kind === 'acquire' && action.by === 'lock');
    const lock = known?.lock ?? `outcome ${taken}`;
    this.found.add(taken, 'acquire', lock, known?.name ?? what, /^try/.test(name));
    this.found.give(lock, known?.name ?? what, taken, point, inside);
  }

  /** A parameter of a callback that is called with what was taken: `release()`, `connection.release()`. */
  private onParameter(index: number, { path }: Place, point: Point, inside: ResolvedFunction | undefined): void {
    const steps = path.filter((step) => step !== ELEMENT);
    const own = modelOf(this.fn).parameters[index].name;
    if (steps.length === 0 ? !GIVES_BY_NAME.test(own) : steps.length > 1 || !GIVES.test(steps[0])) return;
    const lock = `parameter ${index}`;
    const name = steps.length === 0 ? lockNameOf(this.handing!.call, this.handing!.fn) : own;
    this.found.enter(lock, name);
    this.found.give(lock, name, BEFORE, point, inside);
  }

  /** `pool.release(client)`. */
  private handedBack(call: Call, point: Point): void {
    if (!TAKES_BACK.test(calledName(call))) return;
    for (const { value, depends } of call.arguments) {
      if (value.kind !== 'place' || value.place.path.some((step) => step !== ELEMENT)) continue;
      const taken = this.origins.madeBy(value.place.root, depends);
      const made = taken === undefined || taken < 0 ? undefined : (this.operations[taken] as Call);
      if (taken === undefined || !made || made.form === 'new' || !LENDS_OBJECT.test(calledName(made))) continue;
      const what = `what ${calledName(made)}() gives`;
      this.found.add(taken, 'acquire', `outcome ${taken}`, what);
      this.found.add(point, 'release', `outcome ${taken}`, what);
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
      const taken = this.origins.madeBy(value.place.root, depends);
      const made = taken === undefined || taken < 0 ? undefined : (this.operations[taken] as Call);
      if (taken === undefined || !made || made.form === 'new' || !LENDS_OBJECT.test(calledName(made)) || !givesParameter(target, index)) continue;
      const what = `what ${calledName(made)}() gives`;
      this.found.add(taken, 'acquire', `outcome ${taken}`, what);
      this.found.add(point, 'release', `outcome ${taken}`, what);
    }
  }
}

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
    return on?.kind === 'call' && isLender(calledName(on));
  }
  return position >= 0 && (isLender(name) || name === '');
}
