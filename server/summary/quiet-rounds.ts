// Quiet rounds: whether a loop can go round without waiting for anything and without getting anything done.
import { methodOf } from '../model/calls';
import type { Block, Loop, Step, Try } from '../model/operation';
import { ELEMENT, printPlace } from '../model/place';
import { receiverOf } from './cells';
import { effortAt } from './polling';
import { modelOf, type ResolvedFunction } from './resolved';
import { withPoints } from './structure';
import type { Point, SummaryOf } from './summary';

/** One way through a loop's body on which nothing waits and nothing is done. */
export interface QuietRound {
  /** Where it asks for what others change. */
  readonly polls: readonly Point[];
  /** Reads of variables and fields that decide where it goes. */
  readonly flags: readonly Point[];
  /** It lets others run for a moment: `sleep(0)`. */
  readonly givesWay: boolean;
  /** Through an exception's handler, or by a `continue`: not just past the branches that do something. */
  readonly explicit: boolean;
  /** Through what does not wait only if somebody has set it up so: a socket that does not block. */
  readonly atOnce: boolean;
  /** All operations on the way. */
  readonly points: readonly Point[];
}

const START: QuietRound = { polls: [], flags: [], givesWay: false, explicit: false, atOnce: false, points: [] };

/** The quiet round of a while loop that says most; undefined where every round waits or does something. */
export function quietRound(fn: ResolvedFunction, loop: Loop, summaryOf: SummaryOf): QuietRound | undefined {
  if (loop.over) return undefined;
  return new Walk(fn, summaryOf).round(loop, START);
}

class Walk {
  private continues: QuietRound[] = [];
  private readonly withs;
  /** For the try steps around: the ways on which taking something has raised. */
  private readonly raised: { readonly ways: QuietRound[]; readonly catches: readonly string[] }[] = [];
  /** What the conditions of the loops around ask for: a loop over what it takes from ends when nothing is left. */
  private readonly asked: string[] = [];
  /** What the condition of the loop depends on that is walked through just now. */
  private tested: readonly Point[] = [];

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly summaryOf: SummaryOf,
  ) {
    this.withs = withPoints(modelOf(fn));
  }

  round(loop: Loop, start: QuietRound): QuietRound | undefined {
    const outer = this.continues;
    const before = this.asked.length;
    this.asked.push(...this.placesIn(loop.test ?? []));
    this.continues = [];
    const around = this.tested;
    this.tested = loop.test ?? [];
    const end = this.block(loop.body, start, loop.test);
    this.tested = around;
    const found = best([...this.continues, ...(end ? [end] : [])]);
    this.continues = outer;
    this.asked.length = before;
    return found;
  }

  private block(block: Block, start: QuietRound | undefined, test: readonly Point[] = []): QuietRound | undefined {
    let way = start && test.length > 0 ? { ...start, flags: [...start.flags, ...this.flagsOf(test)] } : start;
    for (const step of block) {
      if (!way) return undefined;
      way = this.step(step, way);
    }
    return way;
  }

  private step(step: Step, way: QuietRound): QuietRound | undefined {
    if (typeof step === 'number') return this.operation(step, way);
    switch (step.kind) {
      case 'branch': {
        const asked = { ...way, flags: [...way.flags, ...this.flagsOf(step.test)] };
        // `while not done() and step()`: where the second is not asked, the loop ends.
        const isTest = step.arms.some((arm) => arm.some((each) => typeof each === 'number' && this.tested.includes(each)));
        // `while queue: … if not queue: continue`: there the loop ends, too.
        const tested = this.placesIn(step.test);
        const ends = step.negated && tested.length > 0 && tested.every((place) => this.asked.includes(place));
        const arms = isTest ? step.arms.filter((arm) => arm.length > 0) : ends ? step.arms.slice(1) : step.arms;
        return best(arms.flatMap((arm) => this.block(arm, asked) ?? []));
      }
      case 'loop': {
        // Going through what a poll has given may be nothing to go through.
        const polled = step.over?.kind === 'place' && step.over.place.root.kind === 'result' && way.polls.includes(step.over.place.root.operation);
        if (!step.over && step.endless) return undefined;
        return this.round(step, way) ?? (polled ? way : undefined);
      }
      case 'try':
        return this.attempt(step, way);
      default: {
        const point = this.withs.get(step)!;
        return this.fn.withs[~point]?.lock ? this.block(step.body, { ...way, points: [...way.points, point] }) : undefined;
      }
    }
  }

  private attempt(step: Try, way: QuietRound): QuietRound | undefined {
    const raised: QuietRound[] = [];
    if (step.handlers.length > 0) this.raised.push({ ways: raised, catches: step.catches?.flat() ?? [] });
    let body = this.block(step.body, way);
    if (step.handlers.length > 0) this.raised.pop();
    body = this.block(step.otherwise, body);
    const ways = body ? [body] : [];
    const entered = best(raised);
    step.handlers.forEach((handler, index) => {
      const atOnce = step.catches?.[index]?.some((name) => /^(?:BlockingIOError|SSLWantReadError)$/.test(name)) ?? false;
      const from = entered
        ? { ...entered, explicit: true }
        : atOnce
          ? { ...way, atOnce: true, polls: [...way.polls, ...firstCall(this.fn, step.body)] }
          : undefined;
      const after = from && this.block(handler, from);
      if (after) ways.push(after);
    });
    return this.block(step.final, best(ways));
  }

  private operation(number: Point, way: QuietRound): QuietRound | undefined {
    const operation = modelOf(this.fn).operations[number];
    const next = { ...way, points: [...way.points, number] };
    if (operation.kind === 'continue') {
      this.continues.push({ ...next, explicit: true });
      return undefined;
    }
    if (operation.kind === 'break' || operation.kind === 'return' || operation.kind === 'raise') return undefined;
    // A missing key in what others fill in leads to the handler.
    if (operation.kind === 'read' && operation.place.path.at(-1) === ELEMENT && this.fn.cells.has(number))
      this.fail(next, number, /^(?:KeyError|IndexError|LookupError)$/);
    switch (effortAt(this.fn, number, this.summaryOf)) {
      case 'look':
        return next;
      case 'poll':
        return { ...next, polls: [...next.polls, number] };
      case 'give-way':
        return { ...next, givesWay: true };
      case 'take':
        this.take(next, number);
        return undefined;
      default:
        return undefined;
    }
  }

  /** Taking something where there may be nothing: the handler for that is reached at once. */
  private take(way: QuietRound, number: Point): void {
    const operation = modelOf(this.fn).operations[number];
    if (operation.kind !== 'call') return;
    const receiver = receiverOf(operation.callee);
    if (receiver?.kind === 'place' && this.asked.includes(printPlace(receiver.place))) return;
    const own =
      receiver?.kind === 'place' && receiver.place.path.length === 0 && receiver.place.root.kind !== 'variable' && receiver.place.root.kind !== 'module';
    const queue = operation.callee.kind === 'place' && !/^pop/.test(methodOf(operation));
    // A list of the function's own gets nothing from others.
    if (own && !queue) return;
    this.fail(way, number, queue ? /^(?:Empty|QueueEmpty|Full|QueueFull|Exception|BaseException|\*)$/ : /^(?:KeyError|IndexError|LookupError)$/);
  }

  private fail(way: QuietRound, number: Point, caught: RegExp): void {
    const around = this.raised.at(-1);
    if (around?.catches.some((name) => caught.test(name))) around.ways.push({ ...way, polls: [...way.polls, number] });
  }

  private placesIn(test: readonly Point[]): string[] {
    const { operations } = modelOf(this.fn);
    return test.flatMap((number) => {
      const operation = operations[number];
      // `while not queue.empty()`, `while len(items)`.
      if (operation.kind === 'call' && operation.callee.kind === 'place') {
        const asked = /^(?:empty|qsize)$/.test(methodOf(operation)) ? receiverOf(operation.callee) : undefined;
        return asked?.kind === 'place' ? [printPlace(asked.place)] : [];
      }
      return operation.kind === 'read' ? [printPlace(operation.place)] : [];
    });
  }

  private flagsOf(test: readonly Point[]): Point[] {
    const { operations } = modelOf(this.fn);
    return test.filter((number) => {
      const operation = operations[number];
      if (operation.kind !== 'read') return false;
      const { root, path } = operation.place;
      return (
        !path.includes(ELEMENT) &&
        root.kind !== 'import' &&
        root.kind !== 'global' &&
        root.kind !== 'unknown' &&
        (path.length > 0 || root.kind === 'variable' || root.kind === 'module')
      );
    });
  }
}

function best(ways: readonly QuietRound[]): QuietRound | undefined {
  const worth = (way: QuietRound) => (way.explicit ? 4 : 0) + (way.polls.length > 0 ? 2 : 0) + (way.flags.length > 0 ? 1 : 0) - (way.givesWay ? 8 : 0);
  return [...ways].sort((a, b) => worth(b) - worth(a))[0];
}

function firstCall(fn: ResolvedFunction, block: Block): Point[] {
  const found = block.find((step): step is number => typeof step === 'number' && modelOf(fn).operations[step].kind === 'call');
  return found === undefined ? [] : [found];
}
