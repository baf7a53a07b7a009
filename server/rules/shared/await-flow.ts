// Await flow: what an async function does to shared places, step by step, with the awaits between; calls within the file are followed.
import type { Block, Call, Operation, Step, With, Write } from '../../model/operation';
import { ELEMENT, lastName, type Place } from '../../model/place';
import type { Value } from '../../model/value';
import { type Cell, cellOf, receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type CellKey, claimOf, type FunctionKey, fileOfKey, type LockKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import type { ModuleInterface } from '../../summary/module-interface';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { withPoints } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** One step of a flow. */
export interface FlowStep {
  readonly kind: 'read' | 'write' | 'touch' | 'use';
  readonly cell: Cell;
  /** Of a read of `a.b.c`: the places on the way, `a.b`. */
  readonly through?: readonly CellKey[];
  /** Where it stands; in a function that was called, perhaps. */
  readonly site: Site;
  /** The point of the flow's own function that leads to it. */
  readonly point: Point;
  /** How many awaits lie behind. */
  readonly epoch: number;
  /** The last of them. */
  readonly awaited?: Site;
  /** Reads that decide whether it comes to this. */
  readonly tests: readonly FlowStep[];
  /** Those of them that found nothing: `if not self.x:`, `if key not in self.x`, after `if self.x: return`. */
  readonly missing: readonly FlowStep[];
  /** Reads whose outcome is written here. */
  readonly from: readonly FlowStep[];
  /** Locks held, flags raised by this call among them, and since which epoch. */
  readonly held: ReadonlyMap<LockKey, number>;
  /** In a finally block or a handler. */
  readonly cleanup: boolean;
  readonly write?: Write;
  /** Of a write: it puts there what a call or an await has just given, in this function or in the one that hands it over. */
  readonly made?: true;
  /** Of a `use`: the name of the method that is called on what stands there. */
  readonly method?: string;
}

export interface Flow {
  readonly fn: ResolvedFunction;
  /** In the order of the text. */
  readonly steps: readonly FlowStep[];
  /** Whether it ever waits. */
  readonly awaits: boolean;
}

/** How many calls deep. */
const DEEPEST = 3;
const MOST_STEPS = 600;

interface State {
  epoch: number;
  awaited?: Site;
  held: ReadonlyMap<LockKey, number>;
  tests: readonly FlowStep[];
  missing: readonly FlowStep[];
  cleanup: boolean;
}

/** What a function that was followed gives back: the reads that its outcome rests on. */
interface Outcome {
  readonly state: State | undefined;
  readonly reads: readonly FlowStep[];
}

const KNOWN = new WeakMap<ModuleInterface, { readonly functions: readonly (ResolvedFunction | undefined)[]; readonly flows: Map<FunctionKey, Flow> }>();

/** The flow of a function; the same as long as no function of its file has changed. */
export function flowIn(fn: ResolvedFunction, facts: Facts): Flow {
  return facts.once(flowIn, fn.key, () => rememberedFlow(fn, facts));
}

function rememberedFlow(fn: ResolvedFunction, facts: Facts): Flow {
  const functions = fn.module.functionKeys.map((key) => facts.program.functions.get(key));
  let known = KNOWN.get(fn.module);
  if (!known || known.functions.some((each, i) => each !== functions[i])) KNOWN.set(fn.module, (known = { functions, flows: new Map() }));
  let flow = known.flows.get(fn.key);
  if (!flow) known.flows.set(fn.key, (flow = flowOf(fn, facts)));
  return flow;
}

/** Whether a cell is a variable that an inner function captures: one call's own, as far as other calls of the outer one go. */
export function isCaptured(cell: CellKey): boolean {
  // A module's variable has no '#'; its file's name may have a '/'.
  return cell.includes('#') && cell.slice(cell.lastIndexOf('#') + 1).includes('/');
}

/**
 * Whether a cell is a variable that no other call of the function shares. In TypeScript the variables around the closures
 * that a factory gives back are as good as fields.
 */
export function isOfOneCall(cell: CellKey, fn: ResolvedFunction): boolean {
  if (!isCaptured(cell)) return false;
  const owner = cell.slice(0, cell.lastIndexOf('/'));
  return fn.module.language === 'python' || !fn.key.startsWith(`${owner}.`);
}

/** Whether a step stands in a function itself, or in a closure of it that runs meanwhile. */
export function isWithin(step: FlowStep, fn: ResolvedFunction): boolean {
  return step.site.function === fn.key || (fn.module.language === 'typescript' && step.site.function.startsWith(`${fn.key}.`));
}

/** The functions of a file that wait for something. */
export function asyncFunctions(file: string, facts: Facts): readonly ResolvedFunction[] {
  return facts.once(asyncFunctions, file, () =>
    (facts.program.modules.get(file)?.functionKeys ?? []).flatMap((key) => {
      const fn = facts.program.functions.get(key);
      return fn && modelOf(fn).isAsync ? [fn] : [];
    }),
  );
}

/** Whether something has kept others out from an epoch on to a step: a lock, a flag, a check of a version. */
export function isKeptOut(step: FlowStep, since: number): boolean {
  if ([...step.held.values()].some((epoch) => epoch <= since)) return true;
  // `if version == self._version`, read again after the await.
  return step.tests.some((test) => test.epoch === step.epoch && step.tests.some((old) => old.cell.key === test.cell.key && old.epoch < test.epoch));
}

function flowOf(fn: ResolvedFunction, facts: Facts): Flow {
  const walk = new FlowWalk(facts, fileOfKey(fn.key));
  walk.follow(fn, { epoch: 0, held: new Map(), tests: [], missing: [], cleanup: false }, undefined);
  return { fn, steps: walk.steps, awaits: walk.epochs > 0 };
}

class FlowWalk {
  readonly steps: FlowStep[] = [];
  epochs = 0;
  private readonly stack: FunctionKey[] = [];

  constructor(
    readonly facts: Facts,
    private readonly file: string,
  ) {}

  follow(fn: ResolvedFunction, start: State, at: Point | undefined, given: readonly Given[] = []): Outcome {
    this.stack.push(fn.key);
    const frame = new Frame(this, fn, at, given);
    const ended = frame.block(modelOf(fn).body, start);
    const state = ended && frame.goOn(ended);
    this.stack.pop();
    return { state: merge(state, frame.left), reads: frame.returned };
  }

  /** The function of this file that a call runs at once, if it is one that can be followed. */
  target(keys: readonly FunctionKey[]): ResolvedFunction | undefined {
    if (keys.length !== 1 || this.stack.length > DEEPEST || this.stack.includes(keys[0]) || fileOfKey(keys[0]) !== this.file) return undefined;
    return this.steps.length < MOST_STEPS ? this.facts.program.functions.get(keys[0]) : undefined;
  }

  /** `self.connected`, where that is a property. */
  property(cell: CellKey): ResolvedFunction | undefined {
    const fn = this.target([cell]);
    return fn && modelOf(fn).kind === 'property' ? fn : undefined;
  }
}

/** What a function that is followed is called with, and by whom. */
interface Given {
  readonly value: Value;
  readonly by: Frame;
}

/** Helpers by these names see to it that what they are given runs once at a time. */
const KEEPS_OUT = /lock|mutex|exclusive|serial|queue|single|once|dedup|coalesce|critical|synchroni|throttle|debounce|memo|atomic|transaction/i;

/** One function on the way. */
class Frame {
  returned: FlowStep[] = [];
  /** The state where it returns. */
  left: State | undefined;
  private readonly outcomes = new Map<number, readonly FlowStep[]>();
  private readonly points: ReadonlyMap<With, Point>;
  /** Calls that were followed; waiting for their outcome is no await by itself. */
  private readonly followed = new Set<number>();
  /** Calls of which it is known what their outcome rests on. */
  private readonly answered = new Set<number>();
  /** Async functions of TypeScript that were called and not waited for yet: they go on when this one waits, or has ended. */
  private readonly begun: { readonly number: number; readonly operation: Operation & { kind: 'call' }; readonly target: ResolvedFunction; state: State }[] = [];

  constructor(
    private readonly walk: FlowWalk,
    private readonly fn: ResolvedFunction,
    private readonly at: Point | undefined,
    private readonly given: readonly Given[],
  ) {
    this.points = withPoints(modelOf(fn));
  }

  block(block: Block, start: State | undefined): State | undefined {
    let state = start;
    for (const step of block) {
      if (!state) return undefined;
      state = typeof step === 'number' ? this.operation(step, state) : this.structure(step, state);
    }
    return state;
  }

  private structure(step: Exclude<Step, number>, state: State): State | undefined {
    switch (step.kind) {
      case 'branch': {
        const asked = this.asked(step.test);
        const tests = [...state.tests, ...asked];
        const absent = step.negated ? 0 : 1;
        const after = step.arms.map((arm, i) => {
          const before = this.begun.length;
          const left = this.block(arm, { ...state, tests, missing: i === absent ? [...state.missing, ...asked] : state.missing });
          // What is claimed in the arm that began something stays claimed for that.
          for (const each of this.begun.slice(before)) each.state = { ...each.state, held: new Map([...each.state.held, ...(left?.held ?? [])]) };
          return left;
        });
        const live = after.filter((each) => each !== undefined);
        const met = live.reduce<State | undefined>(merge, undefined);
        return met && (live.length === 1 ? met : { ...met, tests: state.tests, missing: state.missing });
      }
      case 'loop': {
        const inside = this.block(step.body, step.test ? { ...state, tests: [...state.tests, ...this.asked(step.test)] } : state);
        const after = this.block(step.otherwise, step.endless ? (inside ?? state) : merge(state, inside));
        if (!after) return undefined;
        // A while loop is left when its condition has been looked at again.
        const asked = step.test && !step.endless ? this.asked(step.test).map((read) => ({ ...read, epoch: after.epoch })) : [];
        return { ...after, tests: [...state.tests, ...asked], missing: state.missing };
      }
      case 'try': {
        const body = this.block(step.body, state);
        let after = this.block(step.otherwise, body);
        const thrown = { ...(body ?? state), epoch: this.walk.epochs > state.epoch ? (body?.epoch ?? this.walk.epochs) : state.epoch, held: state.held };
        for (const handler of step.handlers) {
          const left = this.block(handler, { ...thrown, tests: state.tests, missing: state.missing, cleanup: true });
          after = merge(after, left && { ...left, tests: state.tests, missing: state.missing, cleanup: state.cleanup });
        }
        if (step.final.length === 0) return after;
        const final = this.block(step.final, { ...(after ?? thrown), tests: state.tests, missing: state.missing, cleanup: true });
        return after && final && { ...final, tests: after.tests, missing: after.missing, cleanup: state.cleanup };
      }
      case 'with': {
        const point = this.points.get(step)!;
        const lock = this.fn.withs[~point]?.lock;
        const held = lock && !lock.perCall ? new Map(state.held).set(lock.key, state.held.get(lock.key) ?? state.epoch) : state.held;
        const after = this.block(step.body, { ...state, held });
        return after && { ...after, held: new Map([...after.held].filter(([key]) => key !== lock?.key)) };
      }
    }
  }

  private operation(number: number, state: State): State | undefined {
    const operation = modelOf(this.fn).operations[number];
    switch (operation.kind) {
      case 'read': {
        const cell = this.fn.cells.get(number);
        if (!cell) return state;
        const property = this.walk.property(cell.key) ?? this.walk.target(this.fn.calls.get(number)?.targets ?? []);
        if (property) {
          const { state: after, reads } = this.walk.follow(property, state, this.at ?? number);
          this.outcomes.set(number, reads);
          return after && { ...after, tests: state.tests, missing: state.missing };
        }
        this.outcomes.set(number, [this.add('read', cell, number, state, [], this.onTheWay(operation.place))]);
        return state;
      }
      case 'write': {
        const cell = this.fn.cells.get(number);
        if (!cell) return state;
        const made = operation.mode === 'assign' && this.isMade(operation.value) ? { made: true as const } : {};
        this.add('write', cell, number, state, this.behind(operation.depends), { write: operation, ...made });
        return operation.mode === 'update' ? state : this.claimed(cell.key, state);
      }
      case 'call':
        return this.call(number, operation, state);
      case 'await':
        state = this.goOn(state);
        return operation.depends.some((each) => this.followed.has(each)) ? state : this.suspended(number, state);
      case 'yield':
        return modelOf(this.fn).isAsync ? this.suspended(number, state) : state;
      case 'return':
        state = this.goOn(state);
        this.returned.push(...this.behind(operation.depends), ...state.tests);
        this.left = merge(this.left, state);
        return undefined;
      default:
        return undefined;
    }
  }

  private call(number: number, operation: Operation & { kind: 'call' }, state: State): State | undefined {
    const call = this.fn.calls.get(number);
    let after: State | undefined = state;
    const receiver = receiverOf(operation.callee);
    const used = receiver?.kind === 'place' ? cellOf(this.walk.facts.program.resolver, this.fn.module, this.fn.index, receiver.place) : undefined;
    if (used && operation.callee.kind === 'place')
      this.add('use', used, number, after, this.behind(operation.depends), { method: operation.callee.place.path.at(-1) });
    for (const touch of call?.touches ?? []) {
      this.add(touch.write ? 'touch' : 'read', touch.cell, number, after, this.behind(operation.depends));
      if (touch.write) after = this.claimed(touch.cell.key, after);
    }
    // An event that was found down and is set now keeps others out like a flag.
    if (call?.receiver && /\.(?:set|clear)$/.test(call.api?.name ?? '')) after = this.claimed(call.receiver.key, after);
    // A method that was found by its name alone may be another one.
    const known = this.walk.facts.program.resolver.typeOf(this.fn.module, this.fn.index, operation.callee) !== undefined;
    const target = known ? this.walk.target(call?.targets ?? []) : undefined;
    const isWaitedFor = operation.outcome === 'awaited' || operation.outcome === 'returned';
    if (target && modelOf(target).isAsync && !isWaitedFor && this.fn.module.language === 'typescript') {
      this.begun.push({ number, operation, target, state: after });
    } else if (target) {
      const given = operation.arguments.map(({ value }): Given => ({ value, by: this }));
      const { state: left, reads } = this.walk.follow(target, after, this.at ?? number, given);
      this.answered.add(number);
      this.outcomes.set(number, [...reads, ...operation.arguments.flatMap((argument) => this.behind(argument.depends))]);
      if (modelOf(target).isAsync) this.followed.add(number);
      if (!left) return undefined;
      after = { ...left, tests: state.tests, missing: state.missing, cleanup: state.cleanup };
    } else if (this.fn.module.language === 'typescript') {
      const left = this.callbacks(number, operation, after);
      if (!left) return undefined;
      after = left;
    }
    for (const { kind, lock } of call?.locks ?? []) {
      const held: Map<LockKey, number> = new Map(after.held);
      if (kind === 'release') held.delete(lock.key);
      else if (!lock.perCall) held.set(lock.key, held.get(lock.key) ?? after.epoch);
      after = { ...after, held };
    }
    return call?.awaits ? this.suspended(number, after) : after;
  }

  /** What was begun goes on, with what has been claimed since: a promise that is stored before anything waits. */
  goOn(state: State): State {
    let after = state;
    for (const { number, operation, target, state: begun } of this.begun.splice(0)) {
      const { state: left, reads } = this.walk.follow(
        target,
        { ...after, held: new Map([...begun.held, ...after.held]), tests: begun.tests, missing: begun.missing, cleanup: begun.cleanup },
        this.at ?? number,
        operation.arguments.map(({ value }) => ({ value, by: this })),
      );
      this.answered.add(number);
      this.followed.add(number);
      this.outcomes.set(number, [...reads, ...operation.arguments.flatMap((argument) => this.behind(argument.depends))]);
      if (left) after = { ...left, tests: state.tests, missing: state.missing, cleanup: state.cleanup };
    }
    return after;
  }

  /** What a call runs of what it was given: its own caller's function, or what it hands to a helper that it waits for. */
  private callbacks(number: number, operation: Call, state: State): State | undefined {
    const call = this.fn.calls.get(number);
    const own = call?.parameter === undefined ? undefined : this.handedOver(operation.callee);
    if (own?.kind === 'function') return this.inline(number, own.function, state);
    const waited = operation.outcome === 'awaited' || operation.outcome === 'returned';
    const held = call?.callbacks.find((each) => each.holding)?.holding?.key ?? (KEEPS_OUT.test(lastNameOf(operation)) ? `helper ${number}` : undefined);
    const isUnknown = !call?.api && (call?.targets ?? []).length === 0 && (call?.spawns ?? []).length === 0;
    if (!call?.callbacks.length && !(isUnknown && waited)) return state;
    let after = isUnknown ? this.suspended(number, state) : state;
    if (held !== undefined) after = { ...after, held: new Map(after.held).set(held, after.epoch) };
    for (const { value } of operation.arguments) {
      const left: State | undefined = value.kind === 'function' ? this.inline(number, value.function, after) : after;
      // It may not run at all.
      after = { ...(merge(after, left) ?? after), held: after.held };
    }
    return { ...after, held: state.held };
  }

  private inline(number: number, index: number, state: State): State | undefined {
    const target = this.walk.target([this.fn.module.functionKeys[index]]);
    if (!target) return state;
    const { state: left, reads } = this.walk.follow(target, state, this.at ?? number);
    if (modelOf(target).isAsync) this.followed.add(number);
    this.outcomes.set(number, reads);
    return left && { ...left, tests: state.tests, missing: state.missing, cleanup: state.cleanup };
  }

  /** What a value is where it was handed over. */
  private handedOver(value: Value): Value {
    if (value.kind !== 'place' || value.place.root.kind !== 'parameter' || value.place.path.length > 0) return value;
    const given = this.given[value.place.root.index];
    return given ? given.by.handedOver(given.value) : value;
  }

  private isMade(value: Value): boolean {
    if (value.kind !== 'place' || value.place.path.length > 0) return false;
    const { root } = value.place;
    if (root.kind === 'parameter') {
      const given = this.given[root.index];
      return given?.by.isMade(given.value) ?? false;
    }
    const made = root.kind === 'result' ? modelOf(this.fn).operations[root.operation] : undefined;
    return made?.kind === 'await' || made?.kind === 'call';
  }

  private suspended(point: Point, state: State): State {
    return { ...state, epoch: ++this.walk.epochs, awaited: { function: this.fn.key, point } };
  }

  /** A place that was looked at and is now written, with no await between, keeps later calls out. */
  private claimed(cell: CellKey, state: State): State {
    const found = state.tests.some((test) => test.cell.key === cell && test.epoch === state.epoch);
    return found && !state.held.has(claimOf(cell)) ? { ...state, held: new Map(state.held).set(claimOf(cell), state.epoch) } : state;
  }

  private add(
    kind: FlowStep['kind'],
    cell: Cell,
    point: Point,
    state: State,
    from: readonly FlowStep[],
    more?: Pick<FlowStep, 'write' | 'made' | 'method' | 'through'>,
  ): FlowStep {
    const { epoch, awaited, tests, missing, held, cleanup } = state;
    const step: FlowStep = {
      kind,
      cell,
      site: { function: this.fn.key, point },
      point: this.at ?? point,
      epoch,
      tests,
      missing,
      from,
      held,
      cleanup,
      ...(awaited ? { awaited } : {}),
      ...more,
    };
    this.walk.steps.push(step);
    return step;
  }

  /** The field of the receiver, or the variable, that a longer path leads through: `this.socket.readyState`, `socket.readyState`. */
  private onTheWay({ root, path }: Place): Pick<FlowStep, 'through'> {
    const isVariable = this.fn.module.language === 'typescript' && (root.kind === 'variable' || root.kind === 'module');
    const own = root.kind === 'receiver' ? 1 : isVariable ? 0 : undefined;
    if (own === undefined || path.length <= own || path[own] === ELEMENT) return {};
    const cell = cellOf(this.walk.facts.program.resolver, this.fn.module, this.fn.index, { root, path: path.slice(0, own) });
    return cell ? { through: [cell.key] } : {};
  }

  /** The reads that a test is about; not those that only led to what was waited for: `data = await self.stream.read()`. */
  private asked(numbers: readonly number[]): readonly FlowStep[] {
    const found = new Set<FlowStep>();
    const seen = new Set<number>();
    const pending = [...numbers];
    for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
      if (seen.has(number)) continue;
      seen.add(number);
      const operation = modelOf(this.fn).operations[number];
      const isSource = operation.kind === 'read' || this.followed.has(number) || (operation.kind === 'call' && this.answered.has(number));
      if (isSource) for (const read of this.outcomes.get(number) ?? []) found.add(read);
      else if (operation.kind !== 'await' || operation.depends.some((each) => this.followed.has(each))) pending.push(...operation.depends);
    }
    return [...found].sort((a, b) => this.walk.steps.indexOf(a) - this.walk.steps.indexOf(b));
  }

  /** The reads that operations rest on, also through calls and awaits. */
  private behind(numbers: readonly number[]): readonly FlowStep[] {
    return [...new Set(numbers.flatMap((number) => this.origin(number)))];
  }

  private origin(number: number): readonly FlowStep[] {
    const known = this.outcomes.get(number);
    if (known) return known;
    this.outcomes.set(number, []);
    const found = this.behind(modelOf(this.fn).operations[number].depends);
    this.outcomes.set(number, found);
    return found;
  }
}

function lastNameOf({ callee }: Call): string {
  return (callee.kind === 'place' && lastName(callee.place)) || '';
}

function merge(a: State | undefined, b: State | undefined): State | undefined {
  if (!a || !b) return a ?? b;
  const later = a.epoch >= b.epoch ? a : b;
  const held = new Map([...a.held].filter(([key]) => b.held.has(key)).map(([key, epoch]) => [key, Math.max(epoch, b.held.get(key)!)]));
  return {
    ...later,
    held,
    tests: a.tests.filter((test) => b.tests.includes(test)),
    missing: a.missing.filter((test) => b.missing.includes(test)),
    cleanup: a.cleanup && b.cleanup,
  };
}
