// Answer origins: which request what a function works with is the answer to.
import type { Call, Operation } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { type Frame, functionAt } from './answer-frames';
import { forEachPlace, mentions, valuesOf } from './mentioned-places';
import type { Request } from './stored-answers';
import { variesWith } from './varying-requests';
import { calledAs, viewVariable } from './view-state';

const DELAY = /^(?:sleep|delay|wait|timeout|tick|nextTick|nextFrame|pause|requestAnimationFrame|yield\w*|setTimeout|flush\w*|act|waitFor\w*)$/i;
/** Calls whose outcome is what they are given, in another form. */
const PASSES_ON =
  /^(?:all|allSettled|race|any|resolve|then|catch|finally|unwrap|parse|json|text|blob|arrayBuffer|pipe|toPromise|firstValueFrom|lastValueFrom)$/;

/** The requests behind what one function, and those that it calls, work with. */
export class AnswerOrigins {
  private readonly variables = new Map<string, Request>();

  /** `fn` is the function that the walk is about. */
  constructor(
    private readonly fn: ResolvedFunction,
    private readonly facts: Facts,
  ) {}

  /** A variable holds the answer from here on. */
  note(place: Place, request: Request): void {
    if (place.root.kind === 'variable' && place.path.length === 0) this.variables.set(`${place.root.function}:${place.root.name}`, request);
  }

  /** The request whose answer an operation's outcome comes from. */
  of(number: number, frame: Frame): Request | undefined {
    if (frame.origins.has(number)) return frame.origins.get(number);
    frame.origins.set(number, undefined);
    const operation = modelOf(frame.fn).operations[number];
    const isWait = operation.kind === 'await' || (operation.kind === 'call' && calledAs(operation) === 'then');
    const known = this.ofValues(operation.depends, valuesOf(operation), frame);
    const found = isWait ? this.requested(number, operation, known, frame) : known;
    frame.origins.set(number, found);
    return found;
  }

  /** The request whose answer one of these operations, or a place in one of these values, comes from. */
  ofValues(depends: readonly number[], values: readonly Value[], frame: Frame): Request | undefined {
    for (const number of depends) {
      const found = this.of(number, frame);
      if (found) return found;
    }
    let found: Request | undefined;
    for (const value of values) {
      forEachPlace(value, ({ root }) => {
        if (root.kind === 'parameter') found ??= frame.given.get(root.index);
        if (root.kind === 'result') found ??= this.of(root.operation, frame);
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

  /** `setItems(items => …)`: undefined where what stands there goes into it. */
  ofReplacement(index: number, frame: Frame): Request | undefined {
    const fn = functionAt(index, frame, this.facts);
    if (!fn) return undefined;
    const model = modelOf(fn);
    const usesOld =
      model.parameters.length > 0 &&
      model.operations.some((operation) => mentions(operation, (place) => isOwnParameter(place, index, model.parameters[0].name)));
    if (usesOld) return undefined;
    const inner: Frame = { fn, given: new Map(), origins: new Map(), last: -1 };
    return model.operations.map((operation, i) => (operation.kind === 'return' ? this.of(i, inner) : undefined)).find((each) => each !== undefined);
  }

  /** Whether a reducer is told what was asked for, so that it can tell old answers from new ones. */
  isTold(action: Value, operation: Call, frame: Frame): boolean {
    if (operation.callee.kind !== 'place' || viewVariable(operation.callee.place, frame.fn, this.facts)?.role !== 'dispatcher') return false;
    let told = false;
    forEachPlace(action, (place) => {
      const role = viewVariable(place, frame.fn, this.facts)?.role;
      const asked = place.root.kind === 'parameter' || role === 'input' || role === 'state' || role === 'reference';
      told ||= asked && !this.ofValues([], [{ kind: 'place', place }], frame);
    });
    return told;
  }
}

function isOwnParameter({ root }: Place, index: number, name: string): boolean {
  return (root.kind === 'parameter' && root.index === 0) || (root.kind === 'variable' && root.function === index && root.name === name);
}
