// Kept takings: where a function of TypeScript keeps what it has taken by hand, because a way out skips giving it back.
import { calledName, placeOf } from '../../model/calls';
import type { Operation } from '../../model/operation';
import { printPlace } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { BEFORE, type LockFault, lockFaults } from '../../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, structuresIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { throwingAt } from '../../summary/throwing';
import { chainFrom, handingOf, settledBy } from './inner-functions';
import { takingsOf } from './taken-things';
import type { InnerGive, Takings } from './takings';

/** Something that stays taken on one way. */
export interface Kept {
  /**
   * `exception`: something throws or rejects before it is given back; `exit`: left by return, throw or continue; `branch`:
   * given back on some ways only; `success`: given back only where a promise is fulfilled; `callback`: left early by the callback that gives it back; `cleanup`: what stands before it in a finally
   * block may fail.
   */
  readonly kind: 'exception' | 'exit' | 'branch' | 'success' | 'callback' | 'cleanup';
  readonly name: string;
  readonly taken: Site;
  readonly at: Site;
  readonly given: Site;
  /** All places where it is given back; absent where an inner function may do so, too. */
  readonly gives?: readonly Site[];
}

const TAKES = /^_*(?:try)?(?:acquire|lock|enter|begin|start|open|reserve|checkout|claim|take|get|obtain|connect|hold)/i;

/** All that a function keeps, at most one for each thing and place where it was taken. */
export function* keptIn(fn: ResolvedFunction, facts: Facts): Iterable<Kept> {
  const takings = takingsOf(fn, facts);
  if (takings.actions.size === 0) return;
  const site = (point: Point): Site => ({ function: fn.key, point });
  const told = new Set<string>();
  const once = (lock: string, taken: Point) => !told.has(`${lock} ${taken}`) && told.add(`${lock} ${taken}`);
  const summaryOf = (key: string) => facts.summaryOf(key);
  for (const fault of lockFaults(fn, summaryOf, [], (point) => takings.actions.get(point) ?? [])) {
    // What is taken round by round, one key after the other, is given back elsewhere.
    if (!fault.paired || fault.kind === 'attempt' || fault.kind === 'twice' || fault.kind === 'round') continue;
    if (!isMeantHere(fn, takings, fault.lock) || isHandedOut(fn, fault) || (fault.kind === 'branch' && isConditional(fn, takings, fault)) || asksFor(fn, fault))
      continue;
    const given = givesOf(takings, fault.lock).find((point) => point > fault.taken);
    if (given === undefined || !once(fault.lock, fault.taken)) continue;
    yield {
      kind: fault.kind,
      name: nameIn(takings, fault.lock),
      taken: site(fault.taken),
      at: site(fault.at),
      given: site(given),
      ...allGives(fn, takings, fault),
    };
  }
  yield* keptByCallback(fn, takings, once, facts);
  for (const { taken, at, given, lock } of keptByCleanup(fn, takings, facts))
    if (once(lock, taken)) yield { kind: 'cleanup', name: nameIn(takings, lock), taken: site(taken), at: site(at), given: site(given), gives: [site(given)] };
  for (const give of takings.inner) {
    const taken = give.taken === BEFORE ? takenFor(fn, facts) : site(give.taken);
    if (!taken) continue;
    const inner = { function: give.fn.key, point: give.point };
    if (isGivenOnSuccessOnly(fn, give, takings, facts)) {
      if (once(give.lock, give.taken)) yield { kind: 'success', name: give.name, taken, at: inner, given: inner };
      continue;
    }
    const left = leftEarly(give, takings.inner, facts);
    if (left !== undefined && once(give.lock, give.taken))
      yield { kind: 'callback', name: give.name, taken, at: { function: give.fn.key, point: left }, given: inner };
  }
}

/** Where what a callback is called with is taken. */
function takenFor(fn: ResolvedFunction, facts: Facts): Site | undefined {
  const handing = handingOf(fn, facts);
  return handing && { function: handing.fn.key, point: handing.point };
}

/** `lock((release) => { if (…) return; …; release(); })` */
function* keptByCallback(fn: ResolvedFunction, takings: Takings, once: (lock: string, taken: Point) => unknown, facts: Facts): Iterable<Kept> {
  const taken = takings.entered.length > 0 ? takenFor(fn, facts) : undefined;
  if (!taken) return;
  const { operations, isAsync } = modelOf(fn);
  const locks = takings.entered.map(({ lock }) => lock);
  for (const fault of lockFaults(
    fn,
    (key) => facts.summaryOf(key),
    locks,
    (point) => takings.actions.get(point) ?? [],
  )) {
    if (!fault.paired || (fault.kind !== 'exit' && !(fault.kind === 'exception' && isAsync)) || isCallersError(fn, fault.at)) continue;
    if (fault.kind === 'exit' && operations[fault.at]?.kind !== 'return') continue;
    const given = givesOf(takings, fault.lock).find((point) => point > fault.at);
    if (given === undefined || !once(fault.lock, BEFORE)) continue;
    const name = takings.entered.find(({ lock }) => lock === fault.lock)!.name;
    const site = (point: Point): Site => ({ function: fn.key, point });
    yield { kind: fault.kind === 'exit' ? 'callback' : 'exception', name, taken, at: site(fault.at), given: site(given) };
  }
}

/** `if (error) return callback(error)` at the very start: nothing was taken. */
function isCallersError(fn: ResolvedFunction, at: Point): boolean {
  const { body, operations, parameters } = modelOf(fn);
  const first = body.find((step) => typeof step !== 'number' || operations[step].kind !== 'read');
  if (typeof first !== 'object' || first.kind !== 'branch' || !first.arms.some((arm) => arm.includes(at))) return false;
  return first.test.every((test) => {
    const asked = operations[test];
    if (asked.kind !== 'read' || asked.place.path.length > 0) return false;
    const { root } = asked.place;
    return root.kind === 'parameter' || (root.kind === 'variable' && root.function === fn.index && parameters.some(({ name }) => name === root.name));
  });
}

function nameIn({ actions }: Takings, lock: string): string {
  for (const all of actions.values()) for (const action of all) if (action.lock === lock && action.kind === 'acquire') return action.name;
  return 'it';
}

/** Where what is taken at one place is given back, if it is taken at just that one and no inner function gives it back. */
function allGives(fn: ResolvedFunction, takings: Takings, { lock, taken }: LockFault): Pick<Kept, 'gives'> {
  const again = [...takings.actions].some(([point, all]) => point !== taken && all.some((action) => action.lock === lock && action.kind !== 'release'));
  if (again || takings.inner.some((give) => give.lock === lock)) return {};
  return { gives: givesOf(takings, lock).map((point) => ({ function: fn.key, point })) };
}

function givesOf({ actions }: Takings, lock: string): Point[] {
  return [...actions].flatMap(([point, all]) => (all.some((action) => action.lock === lock && action.kind === 'release') ? [point] : [])).sort((a, b) => a - b);
}

/** Whether the function itself means to give it back, and not only when something went wrong. */
function isMeantHere(fn: ResolvedFunction, takings: Takings, lock: string): boolean {
  const around = enclosing(modelOf(fn));
  return givesOf(takings, lock).some((point) => !around.get(point)?.some((outer) => outer.kind === 'try' && outer.part === 'handler'));
}

/** Given back under a condition, or when something went wrong under a condition: the condition may know whether that is needed. */
function isConditional(fn: ResolvedFunction, takings: Takings, { lock, taken }: LockFault): boolean {
  const around = enclosing(modelOf(fn));
  const outside = new Set((around.get(taken) ?? []).flatMap((outer) => (outer.kind === 'branch' ? [outer.step] : [])));
  return givesOf(takings, lock).some((point) => around.get(point)?.some((outer) => outer.kind === 'branch' && !outside.has(outer.step)));
}

/** `if (this.state.isDone) return` behind `this.startTransaction()`: the object knows whether it is still taken. */
function asksFor(fn: ResolvedFunction, { taken, at, kind }: LockFault): boolean {
  const { operations } = modelOf(fn);
  const call = operations[taken];
  if (kind !== 'exit' || call?.kind !== 'call' || call.callee.kind !== 'place') return false;
  const owner = printPlace({ root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) });
  const branch = enclosing(modelOf(fn))
    .get(at)
    ?.find((outer) => outer.kind === 'branch');
  return (
    branch?.kind === 'branch' &&
    branch.step.test.some((test) => {
      const asked = operations[test];
      const place = asked.kind === 'write' ? undefined : placeOf(asked);
      return place !== undefined && test > taken && printPlace(place).startsWith(`${owner}.`);
    })
  );
}

/** `acquire()` that gives back when it fails keeps what it has taken for its caller. */
function isHandedOut(fn: ResolvedFunction, fault: LockFault): boolean {
  if (fault.kind !== 'exit') return false;
  const operation: Operation = modelOf(fn).operations[fault.at];
  if (operation.kind === 'raise' || operation.kind === 'continue') return false;
  if (operation.kind !== 'return') return true;
  return TAKES.test(modelOf(fn).name) || (operation.value.kind === 'constant' && operation.value.value === true);
}

/** `finally { await client.query('COMMIT'); client.release(); }` */
function* keptByCleanup(fn: ResolvedFunction, takings: Takings, facts: Facts): Iterable<{ lock: string; taken: Point; at: Point; given: Point }> {
  const { operations, body } = modelOf(fn);
  for (const step of structuresIn(body)) {
    if (step.kind !== 'try') continue;
    let fails: Point | undefined;
    for (const each of step.final) {
      if (typeof each !== 'number') continue;
      for (const action of fails === undefined ? [] : (takings.actions.get(each) ?? [])) {
        const taken = [...takings.actions].find(([, all]) => all.some((other) => other.lock === action.lock && other.kind === 'acquire'))?.[0];
        if (action.kind === 'release' && taken !== undefined && taken < each) yield { lock: action.lock, taken, at: fails!, given: each };
      }
      const operation = operations[each];
      const gives = operation.kind === 'await' && operation.depends.some((call) => takings.actions.has(call) && !isCommit(operations[call]));
      if (fails === undefined && operation.kind === 'await' && !gives && throwingAt(fn, each, (key) => facts.summaryOf(key)) === 'likely') fails = each;
    }
  }
}

function isCommit(operation: Operation): boolean {
  return operation.kind === 'call' && /^(?:query|execute|exec|commit|rollback)/.test(calledName(operation));
}

/** `work().then(() => release())`, and nothing behind it that gives it back when the work fails. */
function isGivenOnSuccessOnly(fn: ResolvedFunction, give: InnerGive, takings: Takings, facts: Facts): boolean {
  const handing = handingOf(give.fn, facts);
  if (!handing || settledBy(handing) !== 'success' || handing.fn.key !== fn.key) return false;
  // What the first step of the chain waits for is the taking itself.
  const on = placeOf(handing.call)?.root;
  if (on?.kind === 'result' && on.operation === give.taken) return false;
  const around = enclosing(modelOf(fn)).get(handing.point) ?? [];
  if (around.some((outer) => outer.kind === 'try' && (outer.step.final.length > 0 || outer.step.handlers.length > 0))) return false;
  const chain = chainFrom(fn, handing.point);
  if (chain.some((point) => point !== handing.point && isHandledElsewhere(fn, point))) return false;
  if (givesOf(takings, give.lock).some((point) => point > handing.point && !chain.includes(point))) return false;
  return !takings.inner.some((other) => {
    if (other === give || other.lock !== give.lock) return false;
    const its = handingOf(other.fn, facts);
    return its !== undefined && (its.fn.key !== fn.key || settledBy(its) !== 'success' || !chain.includes(its.point));
  });
}

/** A handler behind that is not written here may do it. */
function isHandledElsewhere(fn: ResolvedFunction, point: Point): boolean {
  const call = modelOf(fn).operations[point];
  return call.kind === 'call' && call.arguments.some(({ value }) => value.kind === 'place');
}

/** Where the callback that gives something back is left before it does. */
function leftEarly(give: InnerGive, all: readonly InnerGive[], facts: Facts): Point | undefined {
  const handing = handingOf(give.fn, facts);
  if (!handing || settledBy(handing) !== undefined || handing.position < 0) return undefined;
  const gives = all.filter((other) => other.lock === give.lock);
  const here = new Set(gives.filter(({ fn }) => fn.key === give.fn.key).map(({ point }) => point));
  const inside = gives.filter(({ fn }) => fn.key !== give.fn.key);
  const { operations } = modelOf(give.fn);
  const actionsAt = (point: Point) => {
    const call = operations[point];
    const handsOn =
      call?.kind === 'call' && call.arguments.some(({ value }) => value.kind === 'function' && inside.some(({ fn }) => fn.index === value.function));
    return here.has(point) || handsOn ? [{ kind: 'release' as const, lock: give.lock, name: give.name, attempt: false, by: 'name' as const }] : [];
  };
  const faults = lockFaults(give.fn, (key) => facts.summaryOf(key), [give.lock], actionsAt);
  // Given back under a condition, it need not be given back where that does not hold.
  const around = enclosing(modelOf(give.fn));
  if (around.get(give.point)?.some((outer) => outer.kind === 'branch')) return undefined;
  return faults.find((fault) => fault.kind === 'exit' && fault.paired && operations[fault.at]?.kind === 'return')?.at;
}
