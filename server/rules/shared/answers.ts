// Answers: what a function stores of what it has waited for, where nothing after the wait asks whether the answer is still wanted.

import type { Argument, Block, Branch, Call, Write } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { AnswerClaims } from './answer-claims';
import { type Frame, functionAt, isInside, type State, stateAfter, targetOf } from './answer-frames';
import { AnswerOrigins } from './answer-origins';
import { asksForFreshness, isGivenUp } from './freshness';
import type { Request, StoredAnswer } from './stored-answers';
import { sinkOf } from './view-sinks';
import { calledAs, functionOf } from './view-state';

export interface Answers {
  readonly stored: readonly StoredAnswer[];
  /** Functions that were followed on the way. */
  readonly followed: ReadonlySet<number>;
}

/** What a function stores of its answers; nothing where it gives up old requests, or lets in one call at a time. */
export function answersOf(fn: ResolvedFunction, facts: Facts): Answers {
  return facts.once(answersOf, fn.key, () => {
    const walk = new AnswerWalk(fn, facts);
    walk.start();
    return { stored: walk.claims.made || isGivenUp(fn) ? [] : walk.stored, followed: walk.followed };
  });
}

const AT_ONCE = /^(?:runInAction|startTransition|batch|unstable_batchedUpdates|flushSync|untrack|transaction|produce|forEach)$/;
const DEEPEST = 4;

class AnswerWalk {
  readonly stored: StoredAnswer[] = [];
  readonly followed = new Set<number>();
  readonly claims: AnswerClaims;
  private readonly origins: AnswerOrigins;
  private depth = 0;

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly facts: Facts,
  ) {
    this.claims = new AnswerClaims(facts);
    this.origins = new AnswerOrigins(fn, facts);
  }

  start(): void {
    this.enter(this.fn, new Map(), { guarded: false }, undefined);
  }

  private enter(fn: ResolvedFunction, given: ReadonlyMap<number, Request>, state: State, at: Site | undefined): void {
    if (this.depth > DEEPEST) return;
    this.depth += 1;
    this.followed.add(fn.index);
    this.block(modelOf(fn).body, { fn, given, origins: new Map(), last: -1, ...(at ? { at } : {}) }, state);
    this.depth -= 1;
  }

  private block(block: Block, frame: Frame, start: State): State | undefined {
    let state: State | undefined = start;
    for (const step of block) {
      if (!state) return undefined;
      if (typeof step === 'number') state = this.operation(step, frame, state);
      else if (step.kind === 'branch') state = this.branch(step, frame, state);
      else if (step.kind === 'loop') state = this.block(step.body, frame, state) ?? state;
      else if (step.kind === 'with') state = this.block(step.body, frame, state);
      else {
        const body = this.block(step.body, frame, state);
        const thrown: State = { ...state, ...((body ?? stateAfter(frame, state)) as State), guarded: state.guarded };
        const handled = step.handlers.map((handler) => this.block(handler, frame, thrown));
        this.block(step.final, frame, { ...thrown, guarded: state.guarded });
        state = body ?? handled.find((each) => each !== undefined);
      }
    }
    return state;
  }

  private branch(step: Branch, frame: Frame, state: State): State | undefined {
    const asks =
      state.waited !== undefined && asksForFreshness(step.test, frame.fn, frame.last, (number) => this.origins.of(number, frame) !== undefined, this.facts);
    const inside = asks ? { ...state, guarded: true } : state;
    const after = step.arms.map((arm) => this.block(arm, frame, inside));
    const live = after.filter((each) => each !== undefined);
    if (live.length < step.arms.length && state.waited === undefined) this.claims.ask(step.test, frame.fn);
    if (live.length === 0) return undefined;
    const waited = live.find((each) => each.waited !== undefined)?.waited ?? state.waited;
    return { guarded: state.guarded || (asks && live.length < step.arms.length) || live.every((each) => each.guarded && !asks), ...(waited ? { waited } : {}) };
  }

  private operation(number: number, frame: Frame, state: State): State | undefined {
    const operation = modelOf(frame.fn).operations[number];
    switch (operation.kind) {
      case 'await':
        frame.last = number;
        return { guarded: false, waited: { function: frame.fn.key, point: number } };
      case 'write':
        if (state.waited === undefined) this.claims.write(operation.place, frame.fn);
        this.write(number, operation, frame, state);
        return state;
      case 'call':
        this.call(number, operation, frame, state);
        return state;
      case 'return':
      case 'raise':
      case 'break':
      case 'continue':
        return undefined;
      default:
        return state;
    }
  }

  private write(number: number, operation: Write, frame: Frame, state: State): void {
    const request = this.origins.ofValues(operation.depends, [operation.value], frame);
    if (!request) return;
    const { root, path } = operation.place;
    this.origins.note(operation.place, request);
    if (operation.mode !== 'assign' || path.includes(ELEMENT)) return;
    const sink = sinkOf.write(operation, frame.fn, this.facts);
    if (sink && !this.followed.has(root.kind === 'variable' ? root.function : -1)) this.store(sink, number, request, frame, state);
  }

  private store(sink: Pick<StoredAnswer, 'into' | 'kind'>, point: number, request: Request, frame: Frame, state: State): void {
    if (state.guarded || (state.waited === undefined && frame.given.size === 0)) return;
    this.stored.push({ ...sink, site: frame.at ?? { function: frame.fn.key, point }, request });
  }

  private call(number: number, operation: Call, frame: Frame, state: State): void {
    const name = calledAs(operation);
    const [first] = operation.arguments;
    if (state.waited === undefined) this.claims.set(operation, frame.fn);
    if (name === 'then' && first) return this.continued(number, operation, frame, state);
    const inner = (AT_ONCE.test(name) || operation.callee.kind === 'function') && first?.value.kind === 'function' ? first.value.function : undefined;
    if (inner !== undefined) this.inside(inner, frame, state, new Map());
    const sink = sinkOf.call(operation, frame.fn, this.facts);
    if (sink && first) {
      const made = this.given(first, frame, state);
      if (made && !this.origins.isTold(first.value, operation, frame)) this.store(sink, number, made, frame, state);
      return;
    }
    const target = functionOf(operation.callee, frame.fn, this.facts) ?? targetOf(number, frame);
    if (target === undefined || target === this.fn.index) return;
    const given = new Map<number, Request>();
    for (const [i, argument] of operation.arguments.entries()) {
      const request = this.origins.ofValues(argument.depends, [argument.value], frame);
      if (request) given.set(i, request);
    }
    if (isInside(target, this.fn)) this.inside(target, frame, given.size > 0 ? state : { guarded: state.guarded }, given);
    else if (given.size > 0 && state.waited !== undefined) {
      const fn = functionAt(target, frame, this.facts);
      if (fn && !modelOf(fn).isAsync) this.enter(fn, given, state, frame.at ?? { function: frame.fn.key, point: number });
    }
  }

  /** The request whose answer state is set to; of a function that makes it, only after a wait. */
  private given({ value, depends }: Argument, frame: Frame, state: State): Request | undefined {
    if (value.kind !== 'function') return this.origins.ofValues(depends, [value], frame);
    return state.waited === undefined ? undefined : this.origins.ofReplacement(value.function, frame);
  }

  /** `request.then(answer => …)`. */
  private continued(number: number, operation: Call, frame: Frame, state: State): void {
    const request = this.origins.of(number, frame);
    const [{ value }] = operation.arguments;
    if (!request) return;
    const here: Site = { function: frame.fn.key, point: number };
    const target = functionOf(value, frame.fn, this.facts);
    if (target !== undefined) {
      const given = new Map([[0, request]]);
      if (value.kind === 'function') this.inside(target, frame, { guarded: state.guarded && state.waited !== undefined, waited: here }, given);
      else {
        const fn = functionAt(target, frame, this.facts);
        if (fn) this.enter(fn, given, { guarded: false, waited: here }, frame.at ?? here);
      }
      return;
    }
    const sink = value.kind === 'place' ? sinkOf.callee(value.place, frame.fn, this.facts) : undefined;
    if (sink) this.stored.push({ ...sink, site: frame.at ?? here, request });
  }

  private inside(index: number, frame: Frame, state: State, given: ReadonlyMap<number, Request>): void {
    const fn = functionAt(index, frame, this.facts);
    if (fn) this.enter(fn, given, modelOf(fn).isAsync ? { guarded: state.guarded, ...(state.waited ? { waited: state.waited } : {}) } : state, frame.at);
  }
}
