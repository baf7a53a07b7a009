// Summarising a function: one walk over its body with a lockset, using the summaries of what it calls.

import type { BlockKind } from '../model/library';
import type { Block, Branch, Loop, Operation, Try, With } from '../model/operation';
import { ELEMENT, printPlace } from '../model/place';
import { resultOf } from '../model/value';
import { firstPoint, lastPoint } from './block-points';
import type { LockReference } from './cells';
import { escapingErrorAt } from './escaping-errors';
import { keepsAnswer } from './kept-answers';
import { ASSUMED_LOCK, type CellKey, claimOf, type FunctionKey, isClaim, type LockKey, type WaitKey, waitForRoom, waitOnCell, waitOnFunction } from './keys';
import { callsBehind } from './origins';
import { callsAgain, isUnderConstruction, leaksReceiver, type OwnershipInput, ownershipAt, returnsFresh, startsOnReceiver } from './ownership';
import { NAME } from './points';
import { onlyLooks } from './polling';
import { neverReturns, raisingWitness } from './raising';
import { modelOf, type ResolvedCall, type ResolvedFunction } from './resolved';
import { loopAround, pointsIn, withPoints } from './structure';
import type {
  Access,
  Acquisition,
  AwaitSite,
  CallSite,
  CellUse,
  HeldLock,
  LockWitness,
  ParameterCall,
  Point,
  SpawnSite,
  StaleWrite,
  Summary,
  SummaryOf,
  WaitSite,
  Witness,
} from './summary';
import { type ActiveTest, mergeStates, START, type WalkState } from './walk-state';
import { awaitsShared, calledFor, isAddition, isConstant, isDerived, isNewLock, isOutcome, isOwnVariable, isSettled, isSum } from './written-values';

/** Summarises a function. The lockset at a point holds what is held on every path to it (must-hold). */
export function summarise(fn: ResolvedFunction, summaryOf: SummaryOf): Summary {
  return new Summariser(fn, summaryOf).run();
}

interface ReadMoment {
  readonly epoch: number;
  readonly cell: CellKey;
  /** The contents were read, not the place itself. */
  readonly element: boolean;
}

class Summariser {
  private readonly accesses: Access[] = [];
  private readonly acquisitions: Acquisition[] = [];
  private readonly calls: CallSite[] = [];
  private readonly spawns: SpawnSite[] = [];
  private readonly joins: Point[] = [];
  private readonly staleWrites: StaleWrite[] = [];
  private readonly unguardedCalls = new Set<Point>();
  private readonly mayAcquire = new Map<LockKey, LockWitness>();
  private readonly uses: CellUse[] = [];
  private readonly waits: WaitSite[] = [];
  private readonly awaits: AwaitSite[] = [];
  private readonly mayWait = new Map<WaitKey, Witness>();
  private readonly blocks = new Map<BlockKind, Witness>();
  private readonly callsParameters = new Map<number, ParameterCall>();
  private runsLoop = false;
  /** On some way, a thread that works on the receiver is started. */
  private showsReceiver = false;
  private tellsThread = false;
  private asksThread = false;
  private startsProcess?: Witness;
  private heldAtYield: readonly LockReference[] | undefined;
  private heldAtExit: readonly HeldLock[] | undefined;
  private readonly released = new Set<LockKey>();
  /** finally blocks around the current point: what they release is released on the way out. */
  private readonly pendingFinals: Block[] = [];
  private readonly reads = new Map<number, ReadMoment>();
  private readonly points: ReadonlyMap<With, Point>;
  private readonly origins = new Map<number, readonly number[]>();
  /** The first operation of each loop around the current point, outermost first. */
  private readonly loopStarts: number[] = [];

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly summaryOf: SummaryOf,
  ) {
    this.points = withPoints(this.model);
  }

  private get model() {
    return modelOf(this.fn);
  }

  private get ownership(): OwnershipInput {
    return { fn: this.fn, summaryOf: this.summaryOf, loopStart: this.loopStarts.at(-1) ?? -1 };
  }

  run(): Summary {
    let start = START;
    for (const lock of this.fn.around) start = this.take(NAME, lock, start, false);
    const end = this.block(this.model.body, start);
    if (end) this.exit(end);
    return {
      key: this.fn.key,
      isAsync: this.model.isAsync,
      accesses: this.accesses,
      acquisitions: this.acquisitions,
      calls: this.model.isAsync || this.runsLoop || this.asksThread || this.tellsThread ? this.calls.map((call) => ({ ...call, onLoop: true })) : this.calls,
      spawns: this.spawns,
      joins: this.joins,
      staleWrites: this.staleWrites,
      uses: this.uses,
      waits: this.waits,
      awaits: this.awaits,
      unguardedCalls: this.unguardedCalls,
      mayAcquire: this.mayAcquire,
      mayWait: this.mayWait,
      blocks: this.blocks,
      onlyLooks: onlyLooks(this.fn, this.summaryOf),
      neverReturns: neverReturns(this.model),
      mayRaise: raisingWitness(this.fn, this.summaryOf),
      rejects: escapingErrorAt(this.fn, this.summaryOf) !== undefined,
      callsParameters: this.callsParameters,
      runsLoop: this.runsLoop,
      tellsThread: this.tellsThread,
      asksThread: this.asksThread || this.tellsThread,
      startsProcess: this.startsProcess,
      heldAtYield: this.heldAtYield ?? [],
      leavesHeld: (this.heldAtExit ?? []).map((held) => held.reference),
      releases: [...this.released].sort(),
      requires: this.fn.requires,
      leaksReceiver: this.showsReceiver || leaksReceiver(this.fn, this.spawns),
      returnsFresh: returnsFresh(this.ownership),
    };
  }

  private block(block: Block, start: WalkState | undefined): WalkState | undefined {
    let state = start;
    for (const step of block) {
      if (!state) break;
      if (typeof step === 'number') state = this.operation(step, state);
      else if (step.kind === 'branch') state = this.branch(step, state);
      else if (step.kind === 'loop') {
        this.loopStarts.push(firstPoint(step.body));
        const round = step.test && this.testOn(step.test);
        const after = this.block(step.body, round ? { ...state, rounds: [...state.rounds, round] } : state);
        this.loopStarts.pop();
        const left = mergeStates(state, after);
        state = this.block(step.otherwise, left && round && !step.endless && this.model.isAsync ? this.askedAgain(round, left) : left);
      } else if (step.kind === 'try') state = this.attempt(step, state);
      else state = this.enter(step, state);
    }
    return state;
  }

  /** A while loop is left when its condition has been looked at once more, with no await since. */
  private askedAgain(round: ActiveTest, state: WalkState): WalkState {
    for (const read of round.reads) {
      const moment = this.reads.get(read);
      if (moment) this.reads.set(read, { ...moment, epoch: state.epoch });
    }
    return { ...state, tests: [...state.tests, round] };
  }

  private branch(step: Branch, state: WalkState): WalkState | undefined {
    const test = this.testOn(step.test);
    const { reads } = test;
    const aboutMain = [...step.test, ...reads].some((number) => this.fn.mainTests.has(number));
    let after: WalkState | undefined;
    let live = 0;
    // `if self._lock: self._lock.acquire()`: where there is no lock, there is nobody to guard against.
    const optional: HeldLock[] = [];
    step.arms.forEach((arm) => {
      const entered = {
        ...state,
        tests: reads.length > 0 || test.calls.length > 0 ? [...state.tests, test] : state.tests,
        guarded: state.guarded || aboutMain,
        mainModule: state.mainModule || step.guard !== undefined,
      };
      const left = this.block(arm, entered);
      if (left) live++;
      for (const lock of left?.held ?? []) if (reads.some((read) => this.reads.get(read)?.cell === lock.lock)) optional.push(lock);
      after = mergeStates(after, left);
    });
    if (!after) return undefined;
    const met = after;
    after = { ...met, held: [...met.held, ...optional.filter((lock) => !met.held.some((held) => held.lock === lock.lock))] };
    // Where only one arm goes on, its condition holds for the rest: `if (this.busy) return;`.
    return live === 1 ? after : { ...after, tests: state.tests, guarded: state.guarded, mainModule: state.mainModule };
  }

  private attempt(step: Try, state: WalkState): WalkState | undefined {
    this.pendingFinals.push(step.final);
    const after = this.attemptBody(step, state);
    this.pendingFinals.pop();
    if (step.final.length === 0) return after;
    const final = this.block(step.final, after ?? state);
    return after && final;
  }

  private attemptBody(step: Try, state: WalkState): WalkState | undefined {
    const body = this.block(step.body, state);
    // `try: return cache[key]  except KeyError: cache[key] = …` is a check as well.
    const reads = this.readsIn(step.body);
    const tests = reads.length > 0 ? [...state.tests, { reads, calls: [] }] : state.tests;
    let after = this.block(step.otherwise, body);
    for (const handler of step.handlers) {
      const entered = body ? { ...body, held: state.held.filter((lock) => body.held.includes(lock)), tests } : { ...state, tests };
      const left = this.block(handler, entered);
      after = mergeStates(after, left && { ...left, tests: state.tests });
    }
    return after;
  }

  private enter(step: With, state: WalkState): WalkState | undefined {
    const point = this.points.get(step)!;
    const resolved = this.fn.withs[~point];
    const locks = resolved?.lock ? [resolved.lock] : resolved?.opener ? (this.summaryOf(resolved.opener)?.heldAtYield ?? []) : [];
    let inside = state;
    if (resolved?.opener) this.call(point, resolved.opener, state);
    if (resolved?.type && resolved.cell) this.uses.push({ point, cell: resolved.cell, api: `${resolved.type}.__enter__`, held: state.held });
    if (resolved?.enter) inside = this.call(point, resolved.enter, inside, resolved.onReceiver);
    for (const lock of locks) if (!inside.held.some((held) => held.taken === point && held.lock === lock.key)) inside = this.take(point, lock, inside, false);
    let after = this.block(step.body, inside);
    if (resolved?.joins) {
      this.joins.push(lastPoint(step.body));
      this.waitForStarted(step, point, state);
    }
    if (resolved?.exit) after = after && this.call(point, resolved.exit, after, resolved.onReceiver);
    return after && { ...after, held: after.held.filter((held) => held.taken !== point) };
  }

  private operation(number: number, state: WalkState): WalkState | undefined {
    const after = this.plainOperation(number, state);
    const own = after && this.fn.ownLocks.get(number);
    const opened = after && this.fn.releasers.get(number);
    if (after && opened !== undefined && !this.fn.calls.get(number)?.locks.length)
      return { ...after, held: after.held.filter((held) => held.taken !== opened) };
    if (!own) return after;
    if (own.kind === 'release') return this.release(own.lock.key, after);
    return after.held.some((held) => held.lock === own.lock.key) ? after : this.take(number, own.lock, after, false);
  }

  /** What is left taken by a call whose outcome is what gives it back. */
  private *taken(point: Point): Iterable<LockKey> {
    for (const target of this.fn.calls.get(point)?.targets ?? []) for (const { key } of this.summaryOf(target)?.leavesHeld ?? []) yield key;
  }

  private plainOperation(number: number, state: WalkState): WalkState | undefined {
    const operation = this.model.operations[number];
    switch (operation.kind) {
      case 'read': {
        const cell = this.fn.cells.get(number);
        if (cell) {
          this.reads.set(number, { epoch: state.epoch, cell: cell.key, element: cell.element });
          this.access(number, state, { write: false, update: false, checked: false, atomic: true, constant: false });
        }
        return this.resolvedCall(number, this.fn.calls.get(number), state);
      }
      case 'write':
        return this.resolvedCall(number, this.fn.calls.get(number), this.write(number, operation, state));
      case 'call':
        return this.resolvedCall(number, this.fn.calls.get(number), state);
      case 'await':
        this.awaits.push({ point: number, held: state.held });
        if (this.fn.awaitedTasks.has(number)) this.noteWait(number, this.fn.awaitedTasks.get(number)!.map(waitOnFunction), state);
        return { ...state, epoch: state.epoch + 1, lastAwait: number };
      case 'yield': {
        const held = state.held.map((lock) => lock.reference);
        this.heldAtYield = this.heldAtYield ? this.heldAtYield.filter((lock) => held.some((other) => other.key === lock.key)) : held;
        // Whoever goes through an async generator waits for other things in the meantime.
        return this.model.isAsync ? { ...state, epoch: state.epoch + 1, lastAwait: number } : state;
      }
      case 'return':
        this.exit(state);
        return undefined;
      default:
        return undefined;
    }
  }

  /** The function is left here: what acquire() has taken, and no finally or with gives back, stays taken. */
  private exit(state: WalkState): void {
    const givenBack = new Set(this.pendingFinals.flatMap((block) => [...this.releasedIn(block)]));
    const held = state.held.filter((lock) => lock.taken >= 0 && !isClaim(lock.lock) && !givenBack.has(lock.lock));
    this.heldAtExit = this.heldAtExit ? this.heldAtExit.filter((lock) => held.some((other) => other.lock === lock.lock)) : held;
  }

  private *releasedIn(block: Block): Iterable<LockKey> {
    for (const step of block) {
      if (typeof step === 'number') {
        const call = this.fn.calls.get(step);
        const own = this.fn.ownLocks.get(step);
        if (own?.kind === 'release') yield own.lock.key;
        const opened = this.fn.releasers.get(step);
        if (opened !== undefined) yield* this.taken(opened);
        for (const { kind, lock } of call?.locks ?? []) if (kind === 'release') yield lock.key;
        for (const target of call?.targets ?? []) yield* this.summaryOf(target)?.releases ?? [];
      } else if (step.kind === 'branch') for (const arm of step.arms) yield* this.releasedIn(arm);
      else yield* this.releasedIn(step.body);
    }
  }

  private write(number: number, operation: Operation & { kind: 'write' }, state: WalkState): WalkState {
    const cell = this.fn.cells.get(number);
    if (!cell) return state;
    const behind = this.readsBehind(operation.depends.filter((number) => !this.isContainer(number, cell)));
    const constant = operation.mode === 'delete' || isConstant(operation.value);
    const update = operation.mode === 'update' || behind.some((read) => this.reads.get(read)?.cell === cell.key);
    const checked = state.tests.some((test) => test.reads.some((read) => this.reads.get(read)?.cell === cell.key));
    const called = checked ? calledFor(this.fn, operation) : undefined;
    this.access(number, state, {
      write: true,
      update,
      checked,
      atomic: false,
      constant,
      ...(isNewLock(this.fn, operation.value) ? { makesLock: true } : {}),
      ...(called === undefined ? {} : { called }),
    });
    this.findStale(number, state, cell, this.madeOf(operation.depends), isSettled(operation));
    // What is counted up or down is not looked at by the next one as a flag is: `if gold >= n: gold -= n`.
    return operation.mode === 'update' ? state : this.claim(number, state, cell.key);
  }

  /** To put something into a container the container is read; that is no part of what is put in. */
  private isContainer(number: number, written: Access['cell']): boolean {
    const read = this.reads.get(number);
    return read?.cell === written.key && written.element && !read.element;
  }

  /** A read from before an await decides, or is part of, what is written now, and nothing has kept others out meanwhile. */
  private findStale(number: number, state: WalkState, cell: Access['cell'], depends: readonly number[], constant: boolean): void {
    if (state.epoch === 0 || isOwnVariable(this.fn, this.model.operations[number])) return;
    const tests = state.tests.flatMap((test) => test.reads);
    const fresh = (read: number) => this.reads.get(read)?.cell === cell.key && this.epochOf(read, cell) === state.epoch;
    // `if n < most: c = await open(); n += 1`: the sum is right, but the check is not.
    const written = this.model.operations[number];
    const counts = written.kind === 'write' && (written.mode === 'update' || isSum(written));
    if (tests.some(fresh) || (depends.some(fresh) && !counts)) return;
    // `x ??= await f()` depends on x because it asks for it; what it writes is f's outcome alone.
    const value =
      isOutcome(written) && !written.depends.some((source) => isDerived(this.model.operations[source]))
        ? []
        : depends.filter((candidate) => !this.isContainer(candidate, cell) && !this.isRoundOf(candidate, cell));
    for (const [by, reads] of [
      ['value', value],
      ['test', tests],
    ] as const) {
      // The latest read counts: a check made again under a lock takes the place of the one before it.
      const read = reads.filter((candidate) => this.reads.get(candidate)?.cell === cell.key).sort((a, b) => this.epochOf(b, cell) - this.epochOf(a, cell))[0];
      if (read === undefined || (by === 'value' && depends.some(fresh)) || (by === 'test' && awaitsShared(this.fn, this.model.operations[number]))) continue;
      const since = this.epochOf(read, cell);
      if (state.held.some((lock) => lock.epoch <= since)) continue;
      const called = calledFor(this.fn, this.model.operations[number]);
      this.staleWrites.push({ cell, read, awaited: state.lastAwait, write: number, by, constant, ...(called === undefined ? {} : { called }) });
      return;
    }
  }

  /** One of the elements that a loop goes through, asked for a new list: `for (const node of this.nodes) this.nodes = [node, …]`. */
  private isRoundOf(read: number, written: Access['cell']): boolean {
    const operation = this.model.operations[read];
    const over = written.element || operation.kind !== 'read' ? undefined : loopAround(this.model, read)?.over;
    return over?.kind === 'place' && operation.kind === 'read' && printPlace(operation.place).startsWith(`${printPlace(over.place)}[`);
  }

  /** Operations that a value is made of, also through calls that only turn values into others. */
  private madeOf(depends: readonly number[]): readonly number[] {
    return depends.flatMap((source) => (isDerived(this.model.operations[source]) ? [source, ...this.madeOf(this.model.operations[source].depends)] : [source]));
  }

  /**
   * How many awaits lay behind when a read's outcome was got: of the elements of `before`, with `const before = this.items`
   * from before the await, as many as when that was read, where all of `this.items` is written.
   */
  private epochOf(read: number, written: Access['cell']): number {
    const { epoch } = this.reads.get(read)!;
    const { depends } = this.model.operations[read];
    const whole = written.element ? [] : depends.flatMap((source) => (this.reads.get(source)?.cell === written.key ? [this.reads.get(source)!] : []));
    return Math.min(epoch, ...whole.filter((source) => !source.element).map((source) => source.epoch));
  }

  /**
   * A place that was tested and is now written, with no await between, keeps later calls out like a lock that is never
   * waited for: `if (this.busy) return; this.busy = true`.
   */
  private claim(number: number, state: WalkState, cell: CellKey): WalkState {
    const reference = { key: claimOf(cell) };
    if (!this.isTestedNow(cell, state) || state.held.some((lock) => lock.lock === reference.key)) return state;
    return { ...state, held: [...state.held, { lock: reference.key, taken: number, epoch: state.epoch, reference }] };
  }

  private resolvedCall(number: number, call: ResolvedCall | undefined, state: WalkState): WalkState {
    if (!call) return state;
    let after = state;
    if (!this.isGuarded(after)) this.unguardedCalls.add(number);
    for (const touch of call.touches) {
      this.accesses.push({
        point: number,
        ...touch,
        update: false,
        checked: false,
        restsOn: this.restsOn(touch.cell.key, after, []),
        decidedBy: decisiveCalls(after),
        held: after.held,
        owned: isUnderConstruction(this.fn, number),
        onReceiver: this.isContentOfReceiver(number),
        constant: false,
      });
      if (touch.write && isAddition(this.model.operations[number])) this.findStale(number, state, touch.cell, [], false);
    }
    if (call.receiver && call.api) this.uses.push({ point: number, cell: call.receiver, api: call.api.name, held: after.held });
    if (call.waits) this.wait(number, call, after);
    for (const kind of call.blocks) if (this.saysMore(kind) && !this.isKept(number, state)) this.blocks.set(kind, { point: number });
    if (call.parameter !== undefined) {
      const operation = this.model.operations[number];
      this.callParameter(call.parameter, after.held, operation.kind === 'call' && operation.outcome === 'awaited');
    }
    for (const target of call.targets) after = this.call(number, target, after);
    for (const callback of call.callbacks) {
      const inside = callback.holding ? this.take(number, callback.holding, after, this.isLeft(number)) : after;
      this.call(number, callback.function, inside);
    }
    for (const spawn of call.spawns) {
      const again = this.loopStarts.length > 0 && !(spawn.once && isOverKnown(loopAround(this.model, number))) && !this.isAwaitedInLoop(number);
      const many = spawn.many || again;
      const guarded = this.isGuarded(after) || (after.mainModule && spawn.as !== 'process');
      const sharedReceiver = spawn.sharedReceiver && !this.isOneOfMany(spawn.receiverMadeAt);
      // Started under a flag that was found down, there is one until the flag goes down again.
      const claimed = spawn.as === 'task' && after.held.some((lock) => isClaim(lock.lock) && lock.epoch === after.epoch);
      const single = spawn.line !== undefined || claimed || this.isStoredWhereMissing(number, after);
      const restsOn = [...new Set(after.tests.flatMap((test) => test.reads))];
      const keptIn = this.keptIn(number);
      this.spawns.push({
        point: number,
        ...spawn,
        many: (many && !single) || (spawn.many && this.fn.module.language === 'typescript' && spawn.line === undefined && spawn.as !== 'task'),
        sharedReceiver,
        guarded,
        single,
        restsOn,
        held: after.held,
        ...(keptIn === undefined ? {} : { keptIn }),
      });
      if (!guarded && spawn.reloads) this.startsProcess ??= { point: number };
    }
    if (startsOnReceiver(this.fn, number, this.summaryOf)) {
      this.showsReceiver = true;
      after = { ...after, shown: true };
    }
    for (const { kind, lock } of call.locks) {
      if (kind === 'release') after = this.release(lock.key, after);
      else after = this.take(number, lock, after, kind === 'try-acquire');
    }
    if (call.joins) this.joins.push(number);
    if (call.runsLoop) this.runsLoop = true;
    if (call.tellsThread) this.tellsThread = true;
    if (call.awaits) this.awaits.push({ point: number, held: after.held });
    if (call.awaits) after = { ...after, epoch: after.epoch + 1, lastAwait: number };
    return after;
  }

  /** Whether what is made at a point is one of several: made anew in each round of a loop. */
  private isOneOfMany(made: Point | undefined): boolean {
    return made !== undefined && loopAround(this.model, made) !== undefined;
  }

  /** Keeps the first way to a lock, unless a later one is better known, or to the receiver's own. */
  private noteAcquisition(lock: LockKey, witness: LockWitness): void {
    const before = this.mayAcquire.get(lock);
    if (!before || (before.guessed && !witness.guessed) || (witness.own && !before.own && !witness.guessed)) this.mayAcquire.set(lock, witness);
  }

  private callParameter(index: number, held: readonly HeldLock[], awaited: boolean): void {
    const before = this.callsParameters.get(index);
    const common = before ? before.held.filter((lock) => held.some((other) => other.lock === lock.lock)) : held.filter((lock) => !isClaim(lock.lock));
    this.callsParameters.set(index, { held: common, awaited: awaited || (before?.awaited ?? false) });
  }

  /** Leaving an executor's with step waits for all that was started through it inside. */
  private waitForStarted(step: With, point: Point, state: WalkState): void {
    const inside = new Set(pointsIn(this.model, step.body));
    const on = this.spawns.flatMap((spawn) => (spawn.function !== undefined && inside.has(spawn.point) ? [waitOnFunction(spawn.function)] : []));
    if (on.length > 0) this.noteWait(point, on, state);
  }

  private noteWait(point: Point, on: readonly WaitKey[], state: WalkState, releases?: LockKey): void {
    this.waits.push({ point, held: state.held.filter((held) => held.lock !== releases), on, ...(releases === undefined ? {} : { releases }) });
    for (const key of on) if (!this.mayWait.has(key)) this.mayWait.set(key, { point });
  }

  private wait(point: Point, call: ResolvedCall, state: WalkState): void {
    const on = [
      ...call.waits!.functions.map(waitOnFunction),
      ...(call.receiver ? [call.waits!.room ? waitForRoom(call.receiver.key) : waitOnCell(call.receiver.key)] : []),
    ];
    this.noteWait(point, on, state, call.waits!.releases);
  }

  private isGuarded(state: WalkState): boolean {
    return state.guarded || (state.mainModule && this.fn.module.language === 'python');
  }

  private take(point: Point, lock: LockReference, state: WalkState, tries: boolean): WalkState {
    const attempt = tries || this.asksForHolder(state);
    this.acquisitions.push({ point, lock, held: state.held, attempt });
    if (!attempt && !lock.perCall && !lock.dynamic) this.noteAcquisition(lock.key, { point, own: lock.onReceiver ?? false, guessed: false });
    if (lock.perCall) return state;
    return { ...state, held: [...state.held, { lock: lock.key, taken: point, epoch: state.epoch, reference: lock }] };
  }

  /** Whether nothing of the kind blocks yet; in JavaScript a call of its own says more than one that a callee makes. */
  private saysMore(kind: BlockKind): boolean {
    const before = this.blocks.get(kind);
    return before === undefined || (before.next !== undefined && this.fn.module.language === 'typescript');
  }

  /** Whether a call is made only where its outcome is missing. In Python that is looked at by those who ask. */
  private isKept(point: Point, state: WalkState): boolean {
    return this.fn.module.language === 'typescript' && state.tests.length > 0 && keepsAnswer(this.fn, point, state.tests);
  }

  /** JavaScript waits for what a call does only where it waits for the promise: `void this.queue.add(job)` goes on at once. */
  private isLeft(point: Point): boolean {
    const call = point < 0 ? undefined : this.model.operations[point];
    if (this.fn.module.language !== 'typescript' || call?.kind !== 'call' || call.outcome === 'awaited' || call.outcome === 'returned') return false;
    return call.outcome === 'dropped' || !this.model.operations.some((later, at) => at > point && later.depends.includes(point));
  }

  /** `if (holder.getStore()) return job();` before it: who holds the lock already does not come here. */
  private asksForHolder(state: WalkState): boolean {
    return state.tests.some((test) => test.calls.some((call) => this.fn.calls.get(call)?.api?.name === 'async_hooks.AsyncLocalStorage.getStore'));
  }

  /** Whether a test that led here asked for the cell, with no await since. */
  private isTestedNow(cell: CellKey, state: WalkState): boolean {
    return state.tests.some(({ reads }) => reads.some((read) => this.reads.get(read)?.cell === cell && this.reads.get(read)?.epoch === state.epoch));
  }

  /** A task that each round of a loop starts and waits for: one at a time. */
  private isAwaitedInLoop(call: Point): boolean {
    const loop = loopAround(this.model, call);
    return this.model.operations.some(
      (operation, number) => number > call && operation.kind === 'await' && operation.depends.includes(call) && loopAround(this.model, number) === loop,
    );
  }

  /** `if (!this.p) this.p = f()`: the promise goes where the test has looked for it, with no await between. */
  private isStoredWhereMissing(call: number, state: WalkState): boolean {
    return this.model.operations.some((operation, number) => {
      const cell = number > call && operation.kind === 'write' && this.isMadeOf(operation, call) ? this.fn.cells.get(number) : undefined;
      return cell !== undefined && this.isTestedNow(cell.key, state);
    });
  }

  /** `this.p = f().finally(clear)` stores what f gives as much as `this.p = f()` does. */
  private isMadeOf(operation: Operation, call: number): boolean {
    return operation.depends.some((each) => {
      const from = this.model.operations[each];
      return each === call || (each > call && from.kind === 'call' && this.isMadeOf(from, call));
    });
  }

  /** The module's variable that the outcome of a call is put into as it is. */
  private keptIn(call: number): CellKey | undefined {
    for (const [number, operation] of this.model.operations.entries()) {
      if (number <= call || operation.kind !== 'write' || resultOf(operation.value) !== call) continue;
      const cell = this.fn.cells.get(number);
      if (cell && !cell.element && cell.owner === undefined) return cell.key;
    }
    return undefined;
  }

  private release(lock: LockKey, state: WalkState): WalkState {
    if (!state.held.some((held) => held.lock === lock)) this.released.add(lock);
    return { ...state, held: state.held.filter((held) => held.lock !== lock) };
  }

  /** Gives the state after the call: the callee may leave locks taken, or release some. */
  private call(point: Point, target: FunctionKey, state: WalkState, entered?: boolean): WalkState {
    const resolved = this.fn.calls.get(point);
    const how = {
      ...(resolved?.guessed ? { guessed: true as const } : {}),
      wraps: resolved?.wraps ?? false,
      overriding: resolved?.overriding.has(target) ?? false,
    };
    const restsOn = this.callsBefore(point, state);
    const kept = this.isKept(point, state);
    this.calls.push({
      point,
      target,
      held: state.held,
      restsOn,
      ...ownershipAt(this.ownership, point),
      ...(entered === undefined ? {} : { onReceiver: entered }),
      ...how,
      onLoop: false,
      ...(state.shown ? { shown: true } : {}),
      ...(callsAgain(this.model, point) ? { again: true } : {}),
      ...(kept ? { kept: true } : {}),
    });
    const summary = this.summaryOf(target);
    if (!summary) return state;
    const onReceiver = this.calls.at(-1)!.onReceiver;
    for (const [lock, { own, guessed }] of this.isLeft(point) ? [] : summary.mayAcquire)
      this.noteAcquisition(lock, { point, next: target, own: own && onReceiver, guessed: guessed || (resolved?.guessed ?? false) });
    for (const key of summary.mayWait.keys()) if (!this.mayWait.has(key)) this.mayWait.set(key, { point, next: target });
    if (!summary.isAsync && !kept) for (const kind of summary.blocks.keys()) if (!this.blocks.has(kind)) this.blocks.set(kind, { point, next: target });
    for (const given of resolved?.given ?? []) {
      const how = given.target === target ? summary.callsParameters.get(given.parameter) : undefined;
      if (!how) continue;
      // In here the locks that the callee holds are taken by the call itself.
      const inside = how.held
        .filter((lock) => !state.held.some((held) => held.lock === lock.lock))
        .map((lock) => ({ ...lock, taken: point, epoch: state.epoch }));
      if (given.own !== undefined) this.callParameter(given.own, [...state.held, ...inside], how.awaited);
      for (const fn of given.functions) if (how.awaited || !this.summaryOf(fn)?.isAsync) this.call(point, fn, { ...state, held: [...state.held, ...inside] });
    }
    if (summary.runsLoop) this.runsLoop = true;
    if (summary.tellsThread) this.asksThread = true;
    if (summary.startsProcess && !this.isGuarded(state)) this.startsProcess ??= { point, next: target };
    let after = state;
    for (const lock of summary.releases) after = this.release(lock, after);
    for (const reference of summary.leavesHeld) {
      if (!after.held.some((held) => held.lock === reference.key))
        after = { ...after, held: [...after.held, { lock: reference.key, taken: point, epoch: after.epoch, reference }] };
    }
    return after;
  }

  private access(point: number, state: WalkState, what: Pick<Access, 'write' | 'update' | 'checked' | 'atomic' | 'constant' | 'makesLock' | 'called'>): void {
    const cell = this.fn.cells.get(point)!;
    const operation = this.model.operations[point] as Operation & { kind: 'read' | 'write' };
    const isField = operation.place.root.kind === 'receiver' && operation.place.path.filter((step) => step !== ELEMENT).length === 1;
    const onReceiver = isField || this.fn.ownParts.has(point);
    const restsOn = this.restsOn(cell.key, state, operation.kind === 'write' ? operation.depends.filter((each) => !this.isContainer(each, cell)) : []);
    this.accesses.push({
      point,
      cell,
      ...what,
      restsOn,
      decidedBy: decisiveCalls(state),
      held: state.held,
      owned: isUnderConstruction(this.fn, point),
      onReceiver,
      ...(state.shown ? { shown: true } : {}),
    });
  }

  /** `self._rows.append(…)`: what is in a field of the receiver. */
  private isContentOfReceiver(number: number): boolean {
    const operation = this.model.operations[number];
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
    const { root, path } = operation.callee.place;
    return root.kind === 'receiver' && path.filter((step) => step !== ELEMENT).length === 2;
  }

  private testOn(numbers: readonly number[]): ActiveTest {
    return { reads: this.readsBehind(numbers), calls: callsBehind(this.model, numbers) };
  }

  /** The reads of a place that led to the current point, or that flow into it. */
  private restsOn(cell: CellKey, state: WalkState, depends: readonly number[]): readonly Point[] {
    const reads = [...[...state.tests, ...state.rounds].flatMap((test) => test.reads), ...this.readsBehind(depends)];
    return [...new Set(reads)].filter((read) => this.reads.get(read)?.cell === cell);
  }

  /** The calls that led to a call, or that flow into its arguments. */
  private callsBefore(point: Point, state: WalkState): readonly Point[] {
    const operation = this.model.operations[point];
    const given = operation?.kind === 'call' ? operation.arguments.flatMap((argument) => argument.depends) : [];
    return [...new Set([...[...state.tests, ...state.rounds].flatMap((test) => test.calls), ...callsBehind(this.model, given)])];
  }

  /** The reads that flow into operations, also through calls and awaits. */
  private readsBehind(numbers: readonly number[]): readonly number[] {
    const found = new Set<number>();
    for (const number of numbers) for (const read of this.origin(number)) found.add(read);
    return [...found];
  }

  private origin(number: number): readonly number[] {
    const known = this.origins.get(number);
    if (known) return known;
    this.origins.set(number, []);
    const operation = this.model.operations[number];
    const reads = operation.kind === 'read' ? [number] : this.readsBehind(operation.depends);
    this.origins.set(number, reads);
    return reads;
  }

  /** Reads that a short block consists of; a long one checks nothing in particular. */
  private readsIn(block: Block): readonly number[] {
    // What is raised while waiting says nothing of the place that was read before.
    if (block.length > 6 || block.some((step) => typeof step === 'number' && this.model.operations[step].kind === 'await')) return [];
    return block.filter((step): step is number => typeof step === 'number' && this.model.operations[step].kind === 'read');
  }
}

/** A loop over what is listed there, or stands in one place: not a count, and not an endless loop. */
function isOverKnown(loop: Loop | undefined): boolean {
  return loop?.over?.kind === 'collection' || loop?.over?.kind === 'place';
}

/** The calls whose outcome decided that it comes to the current point. */
function decisiveCalls(state: WalkState): readonly Point[] {
  return [...new Set(state.tests.flatMap((test) => test.calls))];
}

/** Locks that a function's name says its caller holds. */
export function assumedLocks(name: string): readonly HeldLock[] {
  return /_(?:un)?locked$|Locked$/.test(name) ? [{ lock: ASSUMED_LOCK, taken: 0, epoch: 0, reference: { key: ASSUMED_LOCK } }] : [];
}
