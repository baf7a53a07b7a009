// Blocking chain: from each point of a function that blocks, the calls that lead to the library's blocking call.
import type { BlockKind } from '../model/library';
import type { Call } from '../model/operation';
import type { Place } from '../model/place';
import { receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { type CellKey, fileOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedCall, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import { submittedToOwnLoop } from './own-loop';

/** One function on the way, and the point in it where the way goes on; in the last one the blocking call itself. */
export interface ChainStep {
  readonly function: FunctionKey;
  readonly point: Point;
}

/** A point that may block. `chain` is empty where the library is called right there. */
export interface BlockedAt {
  readonly point: Point;
  readonly kind: BlockKind;
  /** Canonical name of what is called in the end. */
  readonly api: string;
  readonly chain: readonly ChainStep[];
}

/** The points of a function that block, each with the worst that happens there. */
export function* blockedAt(fn: ResolvedFunction, facts: Facts): Iterable<BlockedAt> {
  for (const [point, call] of fn.calls) {
    const found = KINDS.flatMap((kind) => blockOf(fn, point, call, kind, facts) ?? []);
    if (found.length > 0) yield found[0];
  }
}

/** Worst first. */
const KINDS: readonly BlockKind[] = ['sleep', 'process', 'io', 'lock', 'queue', 'files', 'file', 'compute'];

const LONGEST_CHAIN = 8;

function blockOf(fn: ResolvedFunction, point: Point, call: ResolvedCall, kind: BlockKind, facts: Facts): BlockedAt | undefined {
  if (isAwaited(fn, point)) return undefined;
  if (call.api && call.blocks.includes(kind)) return isHarmless(fn, fn, point, facts) ? undefined : { point, kind, api: call.api.name, chain: [] };
  if (call.wraps || !isKnown(fn, point, facts)) return undefined;
  for (const target of [...call.targets, ...call.callbacks.map((callback) => callback.function)]) {
    const summary = facts.summaryOf(target);
    if (!summary || summary.isAsync || !summary.blocks.has(kind) || call.overriding.has(target)) continue;
    const found = chainFrom(fn, target, kind, facts);
    if (found) return { point, kind, ...found };
  }
  return undefined;
}

function chainFrom(coroutine: ResolvedFunction, start: FunctionKey, kind: BlockKind, facts: Facts): Pick<BlockedAt, 'api' | 'chain'> | undefined {
  const chain: ChainStep[] = [];
  for (let key: FunctionKey | undefined = start; key !== undefined && chain.length < LONGEST_CHAIN; ) {
    const current: FunctionKey = key;
    const fn = facts.program.functions.get(current);
    const witness = facts.summaryOf(current)?.blocks.get(kind);
    if (!fn || !witness || chain.some((step) => step.function === current)) return undefined;
    // Whoever asks where it runs does not wait for the loop on the loop.
    if (WAITS.has(kind) && facts.summaryOf(current)?.asksThread) return undefined;
    chain.push({ function: current, point: witness.point });
    if (witness.next === undefined) {
      const api = fn.calls.get(witness.point)?.api?.name;
      return api === undefined || isHarmless(coroutine, fn, witness.point, facts) ? undefined : { api, chain };
    }
    const call = fn.calls.get(witness.point);
    if (call && (!isKnown(fn, witness.point, facts) || (call.overriding.has(witness.next) && fileOfKey(witness.next) !== fileOfKey(current)))) return undefined;
    key = witness.next;
  }
  return undefined;
}

const WAITS: ReadonlySet<BlockKind> = new Set(['sleep', 'lock', 'queue']);

/** A plain function whose outcome is awaited gives something to wait for instead of waiting itself, at least to coroutines. */
function isAwaited(fn: ResolvedFunction, point: Point): boolean {
  const { operations } = modelOf(fn);
  const operation = operations[point];
  return (
    operation?.kind === 'call' &&
    (operation.outcome === 'awaited' ||
      operations.some((other) => other.kind === 'await' && other.value.kind === 'place' && isOutcome(other.value.place, point)))
  );
}

function isOutcome({ root, path }: Place, point: Point): boolean {
  return root.kind === 'result' && root.operation === point && path.length === 0;
}

/** What is called is known from the text, and not guessed from a method's name. */
function isKnown(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call') return true;
  return facts.program.resolver.typeOf(fn.module, fn.index, operation.callee) !== undefined;
}

/** A call that blocks by its nature and not here. */
function isHarmless(coroutine: ResolvedFunction, fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const call = modelOf(fn).operations[point];
  const api = fn.calls.get(point)?.api?.name ?? '';
  if (call?.kind !== 'call') return false;
  if (isShort(call, api) || call.arguments.some(({ name, value }) => (name === 'wait' || name === 'block') && value.kind !== 'constant')) return true;
  if (/^(?:socket|ssl)\./.test(api)) return isNonBlockingSocket(fn, point, call, facts);
  // A rule of its own tells of waiting for the loop itself.
  if (/^concurrent\.futures\.Future\./.test(api)) return isDone(fn, point, call) || submittedToOwnLoop(fn, call, facts) !== undefined;
  if (/^(?:queue|multiprocessing)\./.test(api)) return [coroutine, fn].some((each) => looksFirst(each, fn.calls.get(point)?.receiver?.key, facts));
  return false;
}

/** So short that nobody notices. */
const UNNOTICED = 0.02;

function isShort(call: Call, api: string): boolean {
  const limit = call.arguments.find((argument) => argument.name === 'timeout') ?? (api === 'time.sleep' ? call.arguments[0] : undefined);
  return limit?.value.kind === 'constant' && typeof limit.value.value === 'number' && limit.value.value <= UNNOTICED;
}

function isNonBlockingSocket(fn: ResolvedFunction, point: Point, call: Call, facts: Facts): boolean {
  const model = modelOf(fn);
  const caught = (enclosing(model).get(point) ?? []).some(
    (around) =>
      around.kind === 'try' &&
      around.part === 'body' &&
      (around.step.catches ?? []).some((names) => names.some((name) => ['BlockingIOError', 'InterruptedError', 'SSLWantReadError'].includes(name))),
  );
  if (caught) return true;
  const cell = fn.calls.get(point)?.receiver;
  if (cell && facts.usesOf(cell.key).some((use) => SETS_BLOCKING.test(use.api))) return true;
  const receiver = receiverOf(call.callee);
  const root = receiver?.kind === 'place' ? receiver.place.root : undefined;
  const maker = root?.kind === 'result' ? model.operations[root.operation] : undefined;
  // Connecting a datagram socket only notes the address.
  const datagrams = maker?.kind === 'call' && maker.arguments.some(({ value }) => value.kind === 'place' && lastStep(value.place) === 'SOCK_DGRAM');
  if (datagrams && /\.(?:connect|send)\w*$/.test(fn.calls.get(point)?.api?.name ?? '')) return true;
  return (
    root?.kind === 'result' &&
    model.operations.some(
      (other) =>
        other.kind === 'call' &&
        other.callee.kind === 'place' &&
        other.callee.place.root.kind === 'result' &&
        other.callee.place.root.operation === root.operation &&
        other.callee.place.path.at(-1) === 'setblocking',
    )
  );
}

/** The queue is asked whether there is something in it. */
function looksFirst(fn: ResolvedFunction, queue: CellKey | undefined, facts: Facts): boolean {
  return queue !== undefined && (facts.summaryOf(fn.key)?.uses ?? []).some((use) => use.cell.key === queue && /\.(?:empty|qsize|full)$/.test(use.api));
}

const SETS_BLOCKING = /\.setblocking$/;

/** `if job.done(): job.result()`, or after `await wrap_future(job)`, or a job out of those that `wait()` says are done. */
function isDone(fn: ResolvedFunction, point: Point, call: Call): boolean {
  const model = modelOf(fn);
  const receiver = receiverOf(call.callee);
  if (receiver?.kind !== 'place') return false;
  const same = (place: unknown) => JSON.stringify(place) === JSON.stringify(receiver.place);
  return model.operations.some((other, number) => {
    if (number >= point) return false;
    if (other.kind === 'call' && other.callee.kind === 'place' && other.callee.place.path.at(-1) === 'done') {
      return same({ root: other.callee.place.root, path: other.callee.place.path.slice(0, -1) });
    }
    if (other.kind === 'call')
      return other.outcome === 'awaited' && other.arguments.some((argument) => argument.value.kind === 'place' && same(argument.value.place));
    return false;
  });
}

function lastStep({ root, path }: Place): string | undefined {
  return path.at(-1) ?? ('name' in root ? root.name : undefined);
}
