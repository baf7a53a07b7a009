// Listening: where a JavaScript file registers listeners and subscriptions, on what, and where it takes them back.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { isConstant } from './lifetimes';
import { aliasesIn, meantKey, type PlaceKey, placeKey } from './place-uses';

export interface Listening {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly call: Call;
  readonly kind: 'listener' | 'subscription';
  /** What is listened to, as a person reads it; the place of it where it has one. */
  readonly target: Place | undefined;
  readonly event: string | undefined;
  /** It is taken off by itself after the first event. */
  readonly once: boolean;
}

const LISTENS = /^(?:on|addListener|prependListener|addEventListener)$/;
const REMOVES = /^(?:off|removeListener|removeEventListener|removeAllListeners|un|unlisten|unbind|unsubscribe)$/;
/** Steps of a pipe that end a subscription by themselves. */
const LIMITS = /^(?:takeUntil|takeUntilDestroyed|untilDestroyed|takeUntilDestroy|take|first|takeWhile|last|toArray|finalize|single)$/;
/** Methods that give a stream that has no end of its own. */
const STREAMS = /^(?:pipe|select|asObservable|observe|watch|changes|events|stream|on[A-Z]\w*|\w+\$|\w+(?:Changes|Events|Updates|Changed|Stream))$/;

/** The listener or subscription that a call registers whose way back nobody has kept. */
export function listeningAt(fn: ResolvedFunction, point: number, call: Call): Listening | undefined {
  const name = calledName(call);
  if (call.callee.kind !== 'place') return undefined;
  const { operations } = modelOf(fn);
  if (LISTENS.test(name)) {
    const [event, listener, options] = call.arguments;
    if (
      !listener ||
      event.name !== undefined ||
      !isFunctionLike(listener.value) ||
      call.arguments.some((argument) => argument.name === 'signal' || argument.spread)
    )
      return undefined;
    if (call.outcome !== 'dropped' && !isChained(fn, point)) return undefined;
    if (options && options.name === undefined && options.value.kind !== 'constant' && options.value.kind !== 'collection') return undefined;
    const once = call.arguments.some((argument) => argument.name === 'once');
    const value = event.value.kind === 'constant' && typeof event.value.value === 'string' ? event.value.value : undefined;
    return { fn, point, call, kind: 'listener', target: baseOf(call.callee.place, operations), event: value, once };
  }
  if (name !== 'subscribe' || call.outcome !== 'dropped') return undefined;
  const [first] = call.arguments;
  if (!first || !(isFunctionLike(first.value) || (first.value.kind === 'collection' && call.arguments.some((argument) => argument.name === 'next'))))
    return undefined;
  return { fn, point, call, kind: 'subscription', target: streamOf(call.callee.place, operations), event: undefined, once: false };
}

function isFunctionLike(value: { kind: string }): boolean {
  return value.kind === 'function' || value.kind === 'place';
}

/** `a.on('x', f).on('y', g)`: the outcome is only listened to again. */
function isChained(fn: ResolvedFunction, point: number): boolean {
  return modelOf(fn).operations.every((operation, number) => {
    if (number <= point || !operation.depends.includes(point)) return true;
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !/^(?:on|once|addListener)$/.test(calledName(operation))) return false;
    const { root } = operation.callee.place;
    return root.kind === 'result' && root.operation === point;
  });
}

/** What a method is called on, through chained calls of it. */
function baseOf(callee: Place, operations: readonly { kind: string }[]): Place | undefined {
  const place: Place = { root: callee.root, path: callee.path.slice(0, -1) };
  if (place.root.kind !== 'result' || place.path.length > 0) return place;
  const made = operations[place.root.operation] as Call;
  if (made?.kind === 'call' && made.callee.kind === 'place' && /^(?:on|once|addListener)$/.test(calledName(made))) return baseOf(made.callee.place, operations);
  return place;
}

/** The observable that a subscription goes back to; undefined where it may end by itself. */
function streamOf(callee: Place, operations: readonly { kind: string }[]): Place | undefined {
  const place: Place = { root: callee.root, path: callee.path.slice(0, -1) };
  if (place.root.kind !== 'result') return place;
  const made = operations[place.root.operation] as Call;
  if (made?.kind !== 'call' || made.callee.kind !== 'place' || !STREAMS.test(calledName(made))) return undefined;
  for (const argument of made.arguments) {
    const step =
      argument.value.kind === 'place' && argument.value.place.root.kind === 'result' ? (operations[argument.value.place.root.operation] as Call) : undefined;
    if (calledName(made) === 'pipe' && (step?.kind !== 'call' || LIMITS.test(calledName(step)))) return undefined;
  }
  return streamOf(made.callee.place, operations);
}

/** Whether some of the functions take a listener of that event off again, or all listeners of the target, or close it. */
export function isTakenBack(listening: Listening, parts: readonly ResolvedFunction[], ends: ReadonlySet<string>): boolean {
  const aliases = aliasesIn(parts);
  const target = listening.target && keyOf(listening.target, aliases);
  for (const fn of parts) {
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
      const name = calledName(operation);
      const on = keyOf({ ...operation.callee.place, path: operation.callee.place.path.slice(0, -1) }, aliases);
      const event = operation.arguments[0]?.value;
      if (REMOVES.test(name)) {
        const any = event?.kind !== 'constant' || name === 'unsubscribe';
        if ((any || event.value === listening.event) && (on === target || on === undefined || target === undefined || sameEnd(on, target))) return true;
        continue;
      }
      // Closing what is listened to, or giving it to somebody who does, is as good.
      const closes = /^(?:close|destroy|end|terminate|kill|remove|dispose|complete|disconnect|quit|stop|shutdown|abort|release|detach|clear|reset)/.test(name);
      if (closes && ends.has(fn.key) && target !== undefined && on !== undefined && (on === target || target.startsWith(`${on}.`))) return true;
    }
  }
  return false;
}

/** The same thing reached in another way: `this.window` and `window`, a parameter and the field that keeps it. */
function sameEnd(one: PlaceKey, other: PlaceKey): boolean {
  return one.split(/[.:]/).at(-1)!.replace(/\)$/, '') === other.split(/[.:]/).at(-1)!.replace(/\)$/, '');
}

function keyOf(place: Place, aliases: ReadonlyMap<PlaceKey, PlaceKey>): PlaceKey | undefined {
  return (meantKey(place, aliases) ?? placeKey(place))?.replaceAll(ELEMENT, '');
}

/** Whether a constant event says that its target has come to its end, so that nobody has to take the listener off. */
export function isLastEvent(call: Call): boolean {
  return isConstant(
    call.arguments[0]?.value,
    /^(?:close|end|finish|exit|beforeExit|uncaughtException|unhandledRejection|uncaughtExceptionMonitor|warning|destroy|DOMContentLoaded|load|beforeunload|unload|pagehide)$/,
  );
}
