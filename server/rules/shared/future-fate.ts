// Future fate: whether anybody asks a future, or what was gathered of several, how the work behind it went.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import { printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Cell } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type CellKey, fileOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { looksAt } from './done-callbacks';
import { ASKS, LEAVES_OPEN, LOOKS } from './future-methods';
import { isArgument, usesOf } from './outcome-uses';

/** What becomes of a future, as far as its file tells. */
export interface Fate {
  /** Somebody asks it, or may ask it. */
  readonly asked: boolean;
  /** The function gives it to its caller, and nothing else that counts. */
  readonly returned: boolean;
  /** Where it is waited for, which does not ask it. */
  readonly waited?: Site;
  /** The field or variable that keeps it. */
  readonly kept?: CellKey;
  /** A done callback that does not look at it. */
  readonly callback?: Site;
}

/** Calls that give again what they were given, or its elements. */
const GIVES_AGAIN =
  /^(?:list|set|tuple|dict|frozenset|deque|sorted|enumerate|zip|reversed|iter|next|filter|chain|islice|as_completed|values|items|keys|copy|pop|popleft|popitem|wrap_future|shield|tqdm|wait)$/;

/** What becomes of the future, or of several, that an operation gives. */
export function fateOf(facts: Facts, fn: ResolvedFunction, number: Point): Fate {
  const trace = new Trace(facts);
  trace.follow(fn, number);
  return trace;
}

class Trace implements Fate {
  asked = false;
  returned = false;
  waited?: Site;
  kept?: CellKey;
  callback?: Site;
  private readonly seen = new Set<string>();

  constructor(private readonly facts: Facts) {}

  follow(fn: ResolvedFunction, number: Point): void {
    const id = `${fn.key} ${number}`;
    if (this.asked || this.seen.has(id)) return;
    this.seen.add(id);
    for (const use of usesOf(modelOf(fn), number)) {
      if (use.by === 'with') this.asked = true;
      else if (use.by === 'operation') this.usedBy(fn, number, use.number);
    }
  }

  private usedBy(fn: ResolvedFunction, number: Point, user: Point): void {
    const operation = modelOf(fn).operations[user];
    switch (operation.kind) {
      case 'call':
        this.calledWith(fn, number, user, operation);
        break;
      case 'await': {
        // What waiting for several gives has still to be looked at; what awaiting one gives is its outcome.
        const waited = modelOf(fn).operations[number];
        if (waited.kind === 'call' && gathers(waited)) this.follow(fn, user);
        else this.asked = true;
        break;
      }
      case 'read':
        this.follow(fn, user);
        break;
      case 'write': {
        const cell = fn.cells.get(user);
        if (modelOf(fn).operations[number].kind === 'read' && !speaksOf(operation.value, number, fn)) break;
        if (cell) this.keep(cell);
        else this.asked = true;
        break;
      }
      case 'return':
        this.returned = true;
        break;
      default:
        this.asked = true;
    }
  }

  private calledWith(fn: ResolvedFunction, number: Point, user: Point, call: Call): void {
    const name = calledName(call);
    if (!isArgument(call, number)) {
      if (ASKS.test(name)) this.asked = true;
      else if (name === 'add_done_callback') this.listen(fn, user, call);
      else if (GIVES_AGAIN.test(name)) this.follow(fn, user);
      else if (!LEAVES_OPEN.test(name)) this.asked = true;
      return;
    }
    if (LOOKS.test(name)) return;
    if (GIVES_AGAIN.test(name) || gathers(call)) {
      if (name === 'wait') this.waited = { function: fn.key, point: user };
      this.follow(fn, user);
    } else if (LEAVES_OPEN.test(name) && call.callee.kind === 'place') this.putInto(fn, call);
    else this.asked = true;
  }

  /** The container that a future is put into: a local one is followed by the lowering, others are looked up. */
  private putInto(fn: ResolvedFunction, call: Call): void {
    if (call.callee.kind !== 'place') return;
    const { root, path } = call.callee.place;
    if (root.kind === 'unknown') return;
    if (root.kind === 'result' && path.length === 1) {
      this.follow(fn, root.operation);
      return;
    }
    const place = printPlace({ root, path: path.slice(0, -1) });
    const { operations } = modelOf(fn);
    const read = call.depends.find((each) => {
      const operation = operations[each];
      return operation.kind === 'read' && printPlace(operation.place) === place;
    });
    const cell = read === undefined ? undefined : fn.cells.get(read);
    if (cell) this.keep(cell);
    else this.asked = true;
  }

  /** A field, a variable of the module or a captured one: its readers in the file say what becomes of it. */
  private keep(cell: Cell): void {
    this.kept ??= cell.key;
    for (const fn of this.facts.functionsIn(fileOfKey(cell.key))) {
      for (const [number, found] of fn.cells) {
        if (found.key === cell.key && modelOf(fn).operations[number].kind === 'read') {
          const before = this.returned;
          this.follow(fn, number);
          // Handed out by a getter: whoever gets it may ask.
          if (this.returned && !before) this.asked = true;
        }
      }
    }
  }

  private listen(fn: ResolvedFunction, user: Point, call: Call): void {
    const callback = call.arguments[0]?.value;
    if (!callback || looksAt(this.facts, fn, callback)) this.asked = true;
    else this.callback = { function: fn.key, point: user };
  }
}

/** Waiting for several at once: what comes out holds their outcomes, or holds them themselves. */
function gathers(call: Call): boolean {
  const name = calledName(call);
  if (name === 'gather')
    return call.arguments.some(({ name: argument, value }) => argument === 'return_exceptions' && value.kind === 'constant' && value.value === true);
  return name === 'wait';
}

/** Whether a value is what a read gave, and not only computed with its help. */
function speaksOf(value: Value, number: Point, fn: ResolvedFunction): boolean {
  if (value.kind === 'collection') return value.items.some((item) => speaksOf(item, number, fn));
  const operation = modelOf(fn).operations[number];
  if (value.kind === 'unknown') return true;
  return value.kind === 'place' && operation.kind === 'read' && printPlace(value.place).startsWith(printPlace(operation.place));
}
