// Blocking chain: from each point of a function that blocks, the calls that lead to the library's blocking call.

import type { BlockKind } from '../../model/library';
import { lastName } from '../../model/place';
import { resultOf } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedCall, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { isHarmless } from './harmless-waits';

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
    if (!summary || summary.isAsync || !summary.blocks.has(kind) || call.overriding.has(target) || isAskedOnce(target, facts)) continue;
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

/** `@functools.cache def has_ipv6():` works its answer out on the first call only, most often while modules are imported. */
function isAskedOnce(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn || modelOf(fn).parameters.length > 0) return false;
  const body = fn.module.module.functions[modelOf(fn).parent ?? 0].operations;
  return modelOf(fn).decorators.some((decorator) => {
    if (decorator.kind !== 'place') return false;
    // `@functools.lru_cache(maxsize=None)` is what the call gives.
    const made = decorator.place.root.kind === 'result' ? body[decorator.place.root.operation] : undefined;
    return MEMOISES.test(lastName(made?.kind === 'call' && made.callee.kind === 'place' ? made.callee.place : decorator.place) ?? '');
  });
}

const MEMOISES = /^(?:cache|cached|lru_cache|memoi[sz]e|memoi[sz]ed|once|run_once|call_once)$/;

const WAITS: ReadonlySet<BlockKind> = new Set(['sleep', 'lock', 'queue']);

/** A plain function whose outcome is awaited gives something to wait for instead of waiting itself, at least to coroutines. */
function isAwaited(fn: ResolvedFunction, point: Point): boolean {
  const { operations } = modelOf(fn);
  const operation = operations[point];
  return (
    operation?.kind === 'call' && (operation.outcome === 'awaited' || operations.some((other) => other.kind === 'await' && resultOf(other.value) === point))
  );
}

/** What is called is known from the text, and not guessed from a method's name. */
function isKnown(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call') return true;
  return facts.program.resolver.typeOf(fn.module, fn.index, operation.callee) !== undefined;
}
