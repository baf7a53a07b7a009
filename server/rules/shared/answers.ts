// Answers: what a function stores of what it has waited for, where nothing after the wait asks whether the answer is still wanted.
import type { Block, Branch, Call, Operation, Write } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { asksForFreshness, isGivenUp } from './freshness';
import { forEachPlace, type Request, type StoredAnswer } from './stored-answers';
import { variesWith } from './varying-requests';
import { sinkOf } from './view-sinks';
import { calledAs, functionOf, viewVariable } from './view-state';

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
    return { stored: walk.claimed || isGivenUp(fn) ? [] : walk.stored, followed: walk.followed };
  });
}

interface State {
  readonly guarded: boolean;
  /** The last wait; undefined before the first. */
  readonly waited?: Site;
}

interface Frame {
  readonly fn: ResolvedFunction;
  readonly given: ReadonlyMap<number, Request>;
  /** Where the function of the walk stands when it comes here; undefined where it is that function, or one written inside it. */
  readonly at?: Site;
  readonly origins: Map<number, Request | undefined>;
  /** The last await of this very function so far. */
  last: number;
}

const DELAY = /^(?:sleep|delay|wait|timeout|tick|nextTick|nextFrame|pause|requestAnimationFrame|yield\w*|setTimeout|flush\w*|act|waitFor\w*)$/i;
/** Calls whose outcome is what they are given, in another form. */
const PASSES_ON =
  /^(?:all|allSettled|race|any|resolve|then|catch|finally|unwrap|parse|json|text|blob|arrayBuffer|pipe|toPromise|firstValueFrom|lastValueFrom)$/;
const AT_ONCE = /^(?:runInAction|startTransition|batch|unstable_batchedUpdates|flushSync|untrack|transaction|produce|forEach)$/;
const DEEPEST = 4;

class AnswerWalk {
  readonly stored: StoredAnswer[] = [];
  readonly followed = new Set<number>();
  claimed = false;
  private readonly tested = new Set<string>();
  private readonly variables = new Map<string, Request>();
  private depth = 0;

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly facts: Facts,
  ) {}

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
        const thrown: State = { ...state, ...((body ?? this.stateAfter(frame, state)) as State), guarded: state.guarded };
        const handled = step.handlers.map((handler) => this.block(handler, frame, thrown));
        this.block(step.final, frame, { ...thrown, guarded: state.guarded });
        state = body ?? handled.find((each) => each !== undefined);
      }
    }
    return state;
  }

  private stateAfter(frame: Frame, state: State): State {
    return frame.last < 0 ? state : { ...state, waited: { function: frame.fn.key, point: frame.last } };
  }

  private branch(step: Branch, frame: Frame, state: State): State | undefined {
    const asks =
      state.waited !== undefined && asksForFreshness(step.test, frame.fn, frame.last, (number) => this.origin(number, frame) !== undefined, this.facts);
    const inside = asks ? { ...state, guarded: true } : state;
    const after = step.arms.map((arm) => this.block(arm, frame, inside));
    const live = after.filter((each) => each !== undefined);
    if (live.length < step.arms.length && state.waited === undefined) for (const place of this.placesIn(step.test, frame)) this.tested.add(place);
    if (live.length === 0) return undefined;
    const waited = live.find((each) => each.waited !== undefined)?.waited ?? state.waited;
    return { guarded: state.guarded || (asks && live.length < step.arms.length) || live.every((each) => each.guarded && !asks), ...(waited ? { waited } : {}) };
  }

  /** What is read for a condition, as text; state goes by the call that has made it. */
  private placesIn(tests: readonly number[], frame: Frame): string[] {
    return tests.flatMap((number) => {
      const operation = modelOf(frame.fn).operations[number];
      return operation.kind === 'read' ? [this.placeKey(operation.place, frame)] : [];
    });
  }

  private placeKey(place: Place, frame: Frame): string {
    return sinkOf.keyOf(place, frame.fn, this.facts) ?? printPlace(place);
  }

  private operation(number: number, frame: Frame, state: State): State | undefined {
    const operation = modelOf(frame.fn).operations[number];
    switch (operation.kind) {
      case 'await':
        frame.last = number;
        return { guarded: false, waited: { function: frame.fn.key, point: number } };
      case 'write':
        if (state.waited === undefined && this.tested.has(this.placeKey(operation.place, frame))) this.claimed = true;
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
    const request = this.originOf(operation.depends, [operation.value], frame);
    if (!request) return;
    const { root, path } = operation.place;
    if (root.kind === 'variable' && path.length === 0) this.variables.set(`${root.function}:${root.name}`, request);
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
    const key = state.waited === undefined ? sinkOf.settingKey(operation, frame.fn, this.facts) : undefined;
    if (key !== undefined && this.tested.has(key)) this.claimed = true;
    if (name === 'then' && first) return this.continued(number, operation, frame, state);
    const inner = (AT_ONCE.test(name) || operation.callee.kind === 'function') && first?.value.kind === 'function' ? first.value.function : undefined;
    if (inner !== undefined) this.inside(inner, frame, state, new Map());
    const sink = sinkOf.call(operation, frame.fn, this.facts);
    if (sink && first) {
      const made = first.value.kind === 'function' ? this.replaced(first.value.function, frame, state) : this.originOf(first.depends, [first.value], frame);
      if (made && !this.isTold(first.value, operation, frame)) this.store(sink, number, made, frame, state);
      return;
    }
    const target = functionOf(operation.callee, frame.fn, this.facts) ?? this.targetOf(number, frame);
    if (target === undefined || target === this.fn.index) return;
    const given = new Map<number, Request>();
    for (const [i, argument] of operation.arguments.entries()) {
      const request = this.originOf(argument.depends, [argument.value], frame);
      if (request) given.set(i, request);
    }
    if (this.isInside(target, frame)) this.inside(target, frame, given.size > 0 ? state : { guarded: state.guarded }, given);
    else if (given.size > 0 && state.waited !== undefined) {
      const fn = this.functionAt(target, frame);
      if (fn && !modelOf(fn).isAsync) this.enter(fn, given, state, frame.at ?? { function: frame.fn.key, point: number });
    }
  }

  /** Whether a reducer is told what was asked for, so that it can tell old answers from new ones. */
  private isTold(action: Value, operation: Call, frame: Frame): boolean {
    if (operation.callee.kind !== 'place' || viewVariable(operation.callee.place, frame.fn, this.facts)?.role !== 'dispatcher') return false;
    let told = false;
    forEachPlace(action, (place) => {
      const role = viewVariable(place, frame.fn, this.facts)?.role;
      const asked = place.root.kind === 'parameter' || role === 'input' || role === 'state' || role === 'reference';
      told ||= asked && !this.originOf([], [{ kind: 'place', place }], frame);
    });
    return told;
  }

  /** `request.then(answer => …)`. */
  private continued(number: number, operation: Call, frame: Frame, state: State): void {
    const request = this.origin(number, frame);
    const [{ value }] = operation.arguments;
    if (!request) return;
    const here: Site = { function: frame.fn.key, point: number };
    const target = functionOf(value, frame.fn, this.facts);
    if (target !== undefined) {
      const given = new Map([[0, request]]);
      if (value.kind === 'function') this.inside(target, frame, { guarded: state.guarded && state.waited !== undefined, waited: here }, given);
      else {
        const fn = this.functionAt(target, frame);
        if (fn) this.enter(fn, given, { guarded: false, waited: here }, frame.at ?? here);
      }
      return;
    }
    const sink = value.kind === 'place' ? sinkOf.callee(value.place, frame.fn, this.facts) : undefined;
    if (sink) this.stored.push({ ...sink, site: frame.at ?? here, request });
  }

  /** `setItems(items => …)`: undefined where what stands there goes into it. */
  private replaced(index: number, frame: Frame, state: State): Request | undefined {
    const fn = this.functionAt(index, frame);
    if (!fn || state.waited === undefined) return undefined;
    const model = modelOf(fn);
    const usesOld =
      model.parameters.length > 0 &&
      model.operations.some((operation) => mentions(operation, (place) => isOwnParameter(place, index, model.parameters[0].name)));
    if (usesOld) return undefined;
    const inner: Frame = { fn, given: new Map(), origins: new Map(), last: -1 };
    return model.operations.map((operation, i) => (operation.kind === 'return' ? this.origin(i, inner) : undefined)).find((each) => each !== undefined);
  }

  private inside(index: number, frame: Frame, state: State, given: ReadonlyMap<number, Request>): void {
    const fn = this.functionAt(index, frame);
    if (fn) this.enter(fn, given, modelOf(fn).isAsync ? { guarded: state.guarded, ...(state.waited ? { waited: state.waited } : {}) } : state, frame.at);
  }

  private functionAt(index: number, frame: Frame): ResolvedFunction | undefined {
    return this.facts.program.functions.get(frame.fn.module.functionKeys[index]);
  }

  private targetOf(number: number, frame: Frame): number | undefined {
    const targets = frame.fn.calls.get(number)?.targets ?? [];
    const index = targets.length === 1 ? frame.fn.module.functionKeys.indexOf(targets[0]) : -1;
    return index < 0 ? undefined : index;
  }

  /** Whether a function is written inside the one that the walk is about. */
  private isInside(index: number, frame: Frame): boolean {
    for (let at: number | undefined = index; at !== undefined; at = frame.fn.module.module.functions[at].parent) if (at === this.fn.index) return true;
    return false;
  }

  /** The request whose answer an operation's outcome comes from. */
  private origin(number: number, frame: Frame): Request | undefined {
    if (frame.origins.has(number)) return frame.origins.get(number);
    frame.origins.set(number, undefined);
    const operation = modelOf(frame.fn).operations[number];
    const isWait = operation.kind === 'await' || (operation.kind === 'call' && calledAs(operation) === 'then');
    const known = this.originOf(operation.depends, placesOf(operation), frame);
    const found = isWait ? this.requested(number, operation, known, frame) : known;
    frame.origins.set(number, found);
    return found;
  }

  private originOf(depends: readonly number[], values: readonly Value[], frame: Frame): Request | undefined {
    for (const number of depends) {
      const found = this.origin(number, frame);
      if (found) return found;
    }
    let found: Request | undefined;
    for (const value of values) {
      forEachPlace(value, ({ root }) => {
        if (root.kind === 'parameter') found ??= frame.given.get(root.index);
        if (root.kind === 'result') found ??= this.origin(root.operation, frame);
        if (root.kind === 'variable') found ??= this.variables.get(`${root.function}:${root.name}`) ?? this.capturedParameter(root.function, root.name, frame);
      });
    }
    return found;
  }

  private capturedParameter(index: number, name: string, frame: Frame): Request | undefined {
    if (index !== frame.fn.index) return undefined;
    const at = modelOf(frame.fn).parameters.findIndex((parameter) => parameter.name === name);
    return at < 0 ? undefined : frame.given.get(at);
  }

  /** What an await, or a `then`, waits for. */
  private requested(number: number, operation: Operation, known: Request | undefined, frame: Frame): Request | undefined {
    const awaited: Site = { function: frame.fn.key, point: number };
    if (known) return { ...known, awaited };
    const { operations } = modelOf(frame.fn);
    const seen = new Set<number>();
    const pending = [...operation.depends];
    let first: number | undefined;
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const step = operations[next];
      if (step.kind !== 'call') continue;
      if (first === undefined || PASSES_ON.test(calledAs(operations[first] as Call))) first = next;
      if (PASSES_ON.test(calledAs(step))) pending.push(...step.depends);
    }
    if (first === undefined) return undefined;
    const name = calledAs(operations[first] as Call);
    if (DELAY.test(name)) return undefined;
    const { varies, byArgument } = variesWith([...seen], frame.fn, this.fn, this.facts);
    return { site: { function: frame.fn.key, point: first }, name, varies, byArgument, awaited };
  }
}

function isOwnParameter({ root }: Place, index: number, name: string): boolean {
  return (root.kind === 'parameter' && root.index === 0) || (root.kind === 'variable' && root.function === index && root.name === name);
}

/** Whether an operation speaks of a place. */
export function mentions(operation: Operation, test: (place: Place) => boolean): boolean {
  let found = operation.kind === 'read' && test(operation.place);
  for (const value of placesOf(operation)) forEachPlace(value, (place) => (found ||= test(place)));
  return found;
}

/** The values that an operation speaks of. */
function placesOf(operation: Operation): readonly Value[] {
  switch (operation.kind) {
    case 'read':
      return [{ kind: 'place', place: operation.place }];
    case 'call':
      return [operation.callee, ...operation.arguments.map((argument) => argument.value)];
    case 'write':
    case 'await':
    case 'return':
    case 'yield':
    case 'raise':
      return [operation.value];
    default:
      return [];
  }
}
