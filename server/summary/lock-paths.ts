// Lock paths: follows each lock that a function takes by hand along every way out, exceptions included.

import { calledName, methodOf } from '../model/calls';
import type { Block, Branch, Loop, Try, With } from '../model/operation';
import { type LockAction, lockActionsAt } from './lock-actions';
import { type LockState, type LockStatus, meet } from './lock-status';
import { raisingAt } from './raising';
import { modelOf, type ResolvedFunction } from './resolved';
import { testsIn, withPoints } from './structure';
import type { Point, SummaryOf } from './summary';

/** What goes wrong with a lock on one way through a function. */
export interface LockFault {
  /**
   * `exception`: something raises while it is held; `exit`: left by return, raise, break or continue; `branch`: given back
   * on some ways only; `round`: taken in each round of a loop; `attempt`: given back though taking it may have failed;
   * `twice`: given back again.
   */
  readonly kind: 'exception' | 'exit' | 'branch' | 'round' | 'attempt' | 'twice';
  readonly lock: string;
  /** Where it was taken; -1 for one that was taken before the function was entered. */
  readonly taken: Point;
  readonly at: Point;
  /** The function gives it back somewhere after taking it: otherwise others do, or it is a signal between threads. */
  readonly paired: boolean;
}

/** Taken before the function was entered. */
export const BEFORE: Point = -1;

/**
 * The faults of a function, in the order of the walk. `entered`: locks that others have taken for it. `actionsAt`: what
 * counts as taking and giving back; locks, if nothing else is said.
 */
export function lockFaults(
  fn: ResolvedFunction,
  summaryOf: SummaryOf,
  entered: readonly string[] = [],
  actionsAt?: (number: Point) => readonly LockAction[],
): readonly LockFault[] {
  const locks = (number: Point) => lockActionsAt(fn, number, summaryOf);
  return new Walk(fn, summaryOf, actionsAt ?? locks, actionsAt === undefined).run(new Map(entered.map((lock) => [lock, { kind: 'held', by: BEFORE }])));
}

type Frame =
  | { readonly kind: 'try'; readonly step: Try; readonly catching: boolean; readonly raised: LockState[]; readonly final: boolean }
  | { readonly kind: 'loop'; readonly entry: LockState; readonly breaks: LockState[]; readonly continues: LockState[] }
  | { readonly kind: 'with'; readonly locks: readonly string[]; readonly point: Point }
  | { readonly kind: 'swallow' };

class Walk {
  private readonly faults: Omit<LockFault, 'paired'>[] = [];
  /** Locks that are given back somewhere after they were taken: others are signals between threads. */
  private readonly givenBack = new Set<string>();
  private readonly frames: Frame[] = [];
  private readonly withs: ReadonlyMap<With, Point>;

  /** Calls whose outcome some condition asks for. */
  private readonly tested: ReadonlySet<Point>;

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly summaryOf: SummaryOf,
    private readonly actions: (number: Point) => readonly LockAction[],
    /** What is taken is a lock: nothing can be done with the outcome. */
    private readonly isLocks: boolean,
  ) {
    this.withs = withPoints(modelOf(fn));
    this.tested = new Set(testsIn(modelOf(fn).body));
  }

  run(start: LockState): readonly LockFault[] {
    const end = this.block(modelOf(this.fn).body, start);
    if (end) this.leave(modelOf(this.fn).operations.length - 1, end, 'end');
    return this.faults.map((fault) => ({ ...fault, paired: this.givenBack.has(fault.lock) }));
  }

  private block(block: Block, start: LockState | undefined): LockState | undefined {
    let state = start;
    for (const step of block) {
      if (!state) return undefined;
      if (typeof step === 'number') state = this.operation(step, state);
      else if (step.kind === 'branch') state = this.branch(step, state);
      else if (step.kind === 'loop') state = this.loop(step, state);
      else if (step.kind === 'try') state = this.attempt(step, state);
      else state = this.enter(step, state);
    }
    return state;
  }

  private inside(frame: Frame, block: Block, state: LockState | undefined): LockState | undefined {
    this.frames.push(frame);
    const after = this.block(block, state);
    this.frames.pop();
    return after;
  }

  private operation(number: Point, state: LockState): LockState | undefined {
    const operation = modelOf(this.fn).operations[number];
    switch (operation.kind) {
      case 'return':
      case 'raise':
        this.leave(number, state, operation.kind);
        return undefined;
      case 'break':
      case 'continue':
        this.jump(number, operation.kind, state);
        return undefined;
      case 'await':
        // Waiting for the lock itself: cancelled there, it has not been taken.
        if (!this.isTaking(number)) this.raise(number, state);
        return state;
      case 'call': {
        const actions = this.actions(number);
        if (actions.length === 0 && !this.isTaking(number)) this.raise(number, state);
        let after = this.handOver(number, state);
        for (const action of actions) after = action.kind === 'acquire' ? this.take(number, action, after) : this.give(number, action, after);
        if (actions.some((action) => action.kind === 'release')) this.raise(number, after);
        return this.givesUp(number) ? undefined : after;
      }
      default:
        this.raise(number, state);
        // A flag that is set and cleared.
        return this.actions(number).reduce(
          (after, action) => (action.kind === 'acquire' ? this.take(number, action, after) : this.give(number, action, after)),
          state,
        );
    }
  }

  /** What is called here always raises: the way ends, as with a raise of the function's own. */
  private givesUp(number: Point): boolean {
    const targets = this.fn.calls.get(number)?.targets ?? [];
    return targets.length > 0 && targets.every((target) => this.summaryOf(target)?.neverReturns);
  }

  private acquires(number: Point): boolean {
    return this.actions(number).some((action) => action.kind === 'acquire');
  }

  /** `await lock.acquire()`, `await wait_for(lock.acquire(), 5)`: failing, it has not been taken. */
  private isTaking(number: Point): boolean {
    const { operations } = modelOf(this.fn);
    const operation = operations[number];
    // `await_fallback(lock.acquire())`: what is handed on is the acquiring itself.
    const handedOn =
      operation.kind === 'call' &&
      operation.arguments.some(({ value }) => value.kind === 'place' && value.place.root.kind === 'result' && this.acquires(value.place.root.operation));
    const name = operation.kind === 'call' ? methodOf(operation) : '';
    if (operation.kind !== 'await' && !/wait|shield/.test(name)) return handedOn && this.isLocks;
    return operation.depends.some((each) => this.acquires(each) || (operations[each].kind === 'call' && this.isTaking(each)));
  }

  private take(number: Point, action: LockAction, state: LockState): LockState {
    const looked = this.tested.has(number);
    // Taken twice it has to be given back twice; how often it is held is not counted.
    const before = state.get(action.lock);
    const again = before !== undefined && !before.scoped && /^(?:held|some|unknown)$/.test(before.kind);
    return new Map(state).set(action.lock, { kind: again ? 'unknown' : looked || action.attempt ? 'attempted' : 'held', by: number });
  }

  private give(number: Point, { lock }: LockAction, state: LockState): LockState {
    const status = state.get(lock);
    if (status && /^(?:held|some|attempted)$/.test(status.kind)) this.givenBack.add(lock);
    if (status?.kind === 'attempted' || status?.kind === 'failed') this.fault('attempt', lock, status.by, number);
    if (status?.kind === 'given' && !status.scoped) this.fault('twice', lock, status.by, number);
    return status ? new Map(state).set(lock, { ...status, kind: 'given' }) : state;
  }

  /** Whoever is handed the method that gives it back, or a function that does, sees to it. */
  private handOver(number: Point, state: LockState): LockState {
    const operation = modelOf(this.fn).operations[number];
    if (operation.kind !== 'call' || state.size === 0) return state;
    let after = state;
    for (const { value } of operation.arguments) {
      const key = value.kind === 'function' ? this.fn.module.functionKeys[value.function] : undefined;
      const gives = value.kind === 'place' && /^(?:release|unlock|__exit__)$/.test(value.place.path.at(-1) ?? '');
      const released = key === undefined ? [] : (this.summaryOf(key)?.releases ?? []);
      for (const [lock, status] of state) if (gives || released.includes(lock)) after = new Map(after).set(lock, { ...status, kind: 'unknown' });
    }
    return after;
  }

  private branch(step: Branch, state: LockState): LockState | undefined {
    const asks = [...state.keys()].filter((lock) => this.asksFor(lock, step));
    const after = step.arms.map((arm, index) => this.block(arm, this.refine(step, index, state)));
    let met = after.reduce((a, b) => meet(a, b));
    // What a test of something else lies between is still not looked at.
    for (const [lock, status] of state)
      if (status.kind === 'attempted' && met?.get(lock)?.kind === 'unknown' && met.get(lock)!.by === status.by && !this.testsAttempt(step, status))
        met = new Map(met).set(lock, status);
    // `if keep: return` … `if not keep: lock.release()`: a flag of the function's own, or its caller's wish, says who gives it back.
    if (step.test.length === 0)
      for (const [lock, status] of met ?? [])
        if (status.kind === 'some' && state.get(lock)?.kind === 'held') met = new Map(met).set(lock, { ...status, kind: 'unknown' });
    // `if lock.locked(): lock.release()`: the test has seen to it.
    for (const lock of asks) if (met?.get(lock)?.kind === 'some') met = new Map(met).set(lock, { ...met.get(lock)!, kind: 'given' });
    return met;
  }

  /** What an arm knows of the attempts that its test asks for. */
  private refine(step: Branch, arm: number, state: LockState): LockState {
    let refined = state;
    for (const [lock, status] of state) {
      if (this.testsAttempt(step, status)) {
        const taken = (arm === 0) !== (step.negated ?? false);
        if (status.kind === 'held' || status.kind === 'some') {
          if (!taken) refined = without(refined, lock);
        } else refined = new Map(refined).set(lock, { ...status, kind: taken ? 'held' : 'failed' });
      } else if (status.kind === 'attempted' || (status.kind === 'given' && this.asksFor(lock, step)))
        refined = new Map(refined).set(lock, { ...status, kind: 'unknown' });
    }
    return refined;
  }

  private testsAttempt(step: Branch, status: LockStatus): boolean {
    if (status.by < 0) return false;
    const { operations } = modelOf(this.fn);
    return step.test.some((test) => test === status.by || (operations[test].kind === 'await' && operations[test].depends.includes(status.by)));
  }

  private asksFor(lock: string, step: Branch): boolean {
    const { operations } = modelOf(this.fn);
    return step.test.some((test) => {
      const operation = operations[test];
      if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
      return /lock|own|held/i.test(methodOf(operation)) && lock !== '';
    });
  }

  private loop(step: Loop, state: LockState): LockState | undefined {
    const frame = { kind: 'loop', entry: state, breaks: [] as LockState[], continues: [] as LockState[] } as const;
    const body = this.inside(frame, step.body, state);
    for (const [lock, status] of body ?? []) {
      if (status.kind === 'held' && !state.has(lock) && !status.scoped) this.fault('round', lock, status.by, status.by);
      if (status.kind === 'some' && !state.has(lock)) this.fault('branch', lock, status.by, status.by);
    }
    const round = frame.continues.reduce<LockState | undefined>((a, b) => meet(a, b), body);
    const through = this.block(step.otherwise, step.endless ? undefined : this.afterTest(step, meet(state, round, 'loop')));
    return frame.breaks.reduce<LockState | undefined>((a, b) => meet(a, b), through);
  }

  /** `while not lock.acquire(timeout=1): …` goes on once it has the lock. */
  private afterTest(step: Loop, state: LockState | undefined): LockState | undefined {
    if (!state || !step.test) return state;
    const after = new Map(state);
    for (const [lock, status] of state) if (step.test.includes(status.by)) after.set(lock, { ...status, kind: 'held' });
    return after;
  }

  private jump(number: Point, kind: 'break' | 'continue', state: LockState): void {
    let after = state;
    for (const frame of [...this.frames].reverse()) {
      if (frame.kind === 'loop') {
        for (const [lock, status] of after) {
          if (kind === 'continue' && status.kind === 'held' && !frame.entry.has(lock) && !status.scoped) this.fault('exit', lock, status.by, number);
        }
        (kind === 'break' ? frame.breaks : frame.continues).push(after);
        return;
      }
      after = this.passFinal(frame, after);
    }
  }

  private attempt(step: Try, state: LockState): LockState | undefined {
    const frame = { kind: 'try', step, catching: step.handlers.length > 0, raised: [] as LockState[], final: true } as const;
    const body = this.inside(frame, step.body, state);
    const quiet = { ...frame, catching: false };
    let after = this.inside(quiet, step.otherwise, body);
    const [first, ...others] = frame.raised;
    const raised = first && others.reduce<LockState>((a, b) => meet(a, b, 'handler')!, first);
    for (const handler of step.handlers) {
      const handled = this.inside(quiet, handler, raised ?? state);
      after = meet(after, handled, 'handler');
    }
    return this.inside({ kind: 'swallow' }, step.final, after);
  }

  private enter(step: With, state: LockState): LockState | undefined {
    const point = this.withs.get(step)!;
    const entered = this.fn.withs[~point];
    if (this.suppresses(step)) return meet(state, this.inside({ kind: 'swallow' }, step.body, state), 'handler');
    const references = entered?.lock ? [entered.lock] : entered?.opener ? (this.summaryOf(entered.opener)?.heldAtYield ?? []) : [];
    const locks = references.map((reference) => reference.key);
    const inside = new Map(state);
    for (const lock of locks) inside.set(lock, { kind: 'held', by: point, scoped: true });
    const after = this.inside({ kind: 'with', locks, point }, step.body, locks.length > 0 ? inside : state);
    return after && this.passWith(locks, point, after);
  }

  private suppresses(step: With): boolean {
    if (step.value.kind !== 'place' || step.value.place.root.kind !== 'result') return false;
    const made = modelOf(this.fn).operations[step.value.place.root.operation];
    if (made?.kind !== 'call' || made.callee.kind !== 'place') return false;
    return /suppress|ignor|raises/i.test(calledName(made));
  }

  /** The with step gives the lock back; what its body has given back by hand already is given back twice. */
  private passWith(locks: readonly string[], point: Point, state: LockState): LockState {
    const after = new Map(state);
    for (const lock of locks) {
      const status = state.get(lock);
      if (status?.kind === 'given' && status.scoped) this.fault('twice', lock, point, this.lastRelease(lock, point));
      after.delete(lock);
    }
    return after;
  }

  private lastRelease(lock: string, otherwise: Point): Point {
    const { operations } = modelOf(this.fn);
    const found = operations.findLastIndex((_, number) => this.actions(number).some((action) => action.kind === 'release' && action.lock === lock));
    return found < 0 ? otherwise : found;
  }

  /** On the way out of a try step its finally block gives back what it gives back, under whatever condition. */
  private passFinal(frame: Frame, state: LockState): LockState {
    if (frame.kind === 'with') return this.passWith(frame.locks, frame.point, state);
    if (frame.kind !== 'try' || frame.step.final.length === 0) return state;
    const after = new Map(state);
    for (const [lock, at, sure] of this.givenBackIn(frame.step.final, true)) {
      const status = state.get(lock);
      if (status?.kind === 'given' && sure && !status.scoped) this.fault('twice', lock, status.by, at);
      if ((status?.kind === 'failed' || status?.kind === 'attempted') && sure) this.fault('attempt', lock, status.by, at);
      if (status) after.set(lock, { ...status, kind: 'given' });
      this.givenBack.add(lock);
    }
    return after;
  }

  private *givenBackIn(block: Block, sure: boolean): Iterable<readonly [lock: string, at: Point, sure: boolean]> {
    for (const step of block) {
      if (typeof step === 'number') {
        for (const action of this.actions(step)) if (action.kind === 'release') yield [action.lock, step, sure];
      } else if (step.kind === 'branch') for (const arm of step.arms) yield* this.givenBackIn(arm, false);
      else if (step.kind === 'try') for (const part of [step.body, ...step.handlers, step.otherwise, step.final]) yield* this.givenBackIn(part, false);
      else yield* this.givenBackIn(step.body, false);
    }
  }

  /** An exception at a point: where it goes, and what it leaves held. */
  private raise(number: Point, state: LockState): void {
    const raising = raisingAt(this.fn, number, this.summaryOf);
    if (raising === 'no') return;
    let after = state;
    for (const frame of [...this.frames].reverse()) {
      if (frame.kind === 'swallow') return;
      if (frame.kind === 'try' && frame.catching) {
        frame.raised.push(after);
        if (!this.isCancelledPast(number, frame.step)) return;
      } else if (frame.kind === 'try' && frame.step.handlers.length > 0) return;
      after = this.withoutFinal(frame, after);
    }
    if (raising === 'likely')
      for (const [lock, status] of after) if (status.kind === 'held' && !status.scoped) this.fault('exception', lock, status.by, number);
  }

  /** Cancelling raises what `except Exception` does not catch. */
  private isCancelledPast(number: Point, step: Try): boolean {
    if (modelOf(this.fn).operations[number].kind !== 'await' || !step.catches) return false;
    return !step.catches.flat().some((name) => /^(?:\*|\?|BaseException|CancelledError)$/.test(name));
  }

  private withoutFinal(frame: Frame, state: LockState): LockState {
    if (frame.kind !== 'try') return state;
    const after = new Map(state);
    for (const [lock] of this.givenBackIn(frame.step.final, false)) after.delete(lock);
    return after;
  }

  /** The function is left for good by a return, a raise, or at its end. */
  private leave(number: Point, state: LockState, how: 'return' | 'raise' | 'end'): void {
    let after = state;
    for (const frame of [...this.frames].reverse()) {
      if (how === 'raise' && frame.kind === 'swallow') return;
      if (how === 'raise' && frame.kind === 'try' && frame.catching) {
        frame.raised.push(after);
        return;
      }
      after = this.passFinal(frame, after);
    }
    for (const [lock, status] of after) {
      if (status.scoped) continue;
      if (status.kind === 'held') this.fault('exit', lock, status.by, number);
      if (status.kind === 'some') this.fault('branch', lock, status.by, number);
    }
  }

  private fault(kind: LockFault['kind'], lock: string, taken: Point, at: Point): void {
    if (!this.faults.some((known) => known.kind === kind && known.lock === lock && known.taken === taken && known.at === at))
      this.faults.push({ kind, lock, taken, at });
  }
}

function without(state: LockState, lock: string): LockState {
  const after = new Map(state);
  after.delete(lock);
  return after;
}
