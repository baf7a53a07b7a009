// Self-repeating: functions of TypeScript that have themselves called again at once: in the next turn of the event loop, or as soon as a connection is lost.
import { calledName } from '../../model/calls';
import { lastName } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { effortOf } from './pauses';

export interface Repeat {
  /** `turn`: asks again in each turn of the event loop; `reconnect`: connects again as soon as the connection is lost. */
  readonly kind: 'turn' | 'reconnect';
  readonly point: Point;
  /** Where it calls itself. */
  readonly again: Site;
  readonly name: string;
}

const SOON = /^(?:setImmediate|nextTick|queueMicrotask|setTimeout|requestAnimationFrame)$/;
const LOST = /^(?:close|disconnect|disconnected|end|error|connect_error|connect-failed|close_wait)$/;
const CONNECTS =
  /^(?:WebSocket|ReconnectingWebSocket|Socket|EventSource|connect|createConnection|createClient|createChannel|io|openConnection|Client|WebSocketClient|w3cwebsocket|Primus)$/;

export function* repeatsOf(fn: ResolvedFunction, facts: Facts): Iterable<Repeat> {
  const { operations } = modelOf(fn);
  for (const [point, operation] of operations.entries()) {
    if (operation.kind !== 'call' && operation.kind !== 'write') continue;
    const name = operation.kind === 'write' ? (operation.place.path.at(-1) ?? '') : calledName(operation);
    if (operation.kind === 'call' && SOON.test(name) && isAtOnce(operation)) {
      const again = operation.arguments.flatMap(({ value }) => {
        const key = value.kind === 'function' ? fn.module.functionKeys[value.function] : undefined;
        return value.kind === 'function' && value.function === fn.index
          ? [{ function: fn.key, point }]
          : key === undefined
            ? []
            : callsBack(key, fn.key, facts, true);
      })[0];
      if (again && onlyAsks(fn, point, facts)) yield { kind: 'turn', point, again, name };
    }
    const event = operation.kind === 'call' ? operation.arguments[0]?.value : undefined;
    const listens =
      operation.kind === 'call'
        ? /^(?:on|once|addListener|addEventListener)$/.test(name) && event?.kind === 'constant' && LOST.test(String(event.value))
        : /^on(?:close|error|disconnect)$/.test(name);
    if (!listens || !connects(fn)) continue;
    const handler = operation.kind === 'call' ? operation.arguments[1]?.value : operation.value;
    const key = handler?.kind === 'function' ? fn.module.functionKeys[handler.function] : undefined;
    const again = key === undefined ? undefined : callsBack(key, fn.key, facts, false)[0];
    if (again) yield { kind: 'reconnect', point, again, name: event?.kind === 'constant' ? String(event.value) : name };
  }
}

function isAtOnce(call: {
  readonly arguments: readonly { readonly value: { readonly kind: string; readonly value?: unknown } }[];
  readonly callee: unknown;
}): boolean {
  const delay = call.arguments[1]?.value;
  const { callee } = call as { callee: { kind: string; place?: Parameters<typeof lastName>[0] } };
  const name = callee.place ? lastName(callee.place) : undefined;
  return name !== 'setTimeout' || (delay?.kind === 'constant' && delay.value === 0);
}

/** Where a function, or a small one that it calls, calls another one without waiting first. */
function callsBack(key: FunctionKey, wanted: FunctionKey, facts: Facts, direct: boolean, seen = new Set<FunctionKey>()): Site[] {
  const fn = facts.program.functions.get(key);
  if (!fn || seen.has(key) || seen.size > 6) return [];
  seen.add(key);
  const { operations } = modelOf(fn);
  // What waits or counts before it connects again has its own way to hold back.
  const waits = operations.findIndex((operation, at) => operation.kind === 'await' || effortOf(fn, at, facts) === 'pause' || isCounted(operation));
  for (const [point, call] of fn.calls) {
    if (waits >= 0 && waits < point && !direct) break;
    const runs = [...call.targets, ...call.spawns.filter((spawn) => spawn.as === 'task').flatMap((spawn) => spawn.function ?? [])];
    if (runs.includes(wanted)) return [{ function: key, point }];
    if (direct) continue;
    for (const target of runs) {
      const found = callsBack(target, wanted, facts, direct, seen);
      if (found.length > 0) return [{ function: key, point }];
    }
  }
  return [];
}

/** `this.attempts += 1`: somebody limits how often. */
function isCounted(operation: { readonly kind: string; readonly mode?: string }): boolean {
  return operation.kind === 'write' && operation.mode === 'update';
}

function connects(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some((operation) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
    const { root } = operation.callee.place;
    return (
      CONNECTS.test(calledName(operation)) ||
      (root.kind === 'import' && root.name === 'default' && /^(?:ws|isomorphic-ws|net|tls|eventsource|mqtt|amqplib)$/.test(root.specifier))
    );
  });
}

/** Whether a function does nothing on the way to a point but ask whether it is time. */
function onlyAsks(fn: ResolvedFunction, at: Point, facts: Facts): boolean {
  const { operations } = modelOf(fn);
  const around = enclosing(modelOf(fn));
  const own = new Set((around.get(at) ?? []).flatMap((outer) => (outer.kind === 'branch' ? [outer.step] : [])));
  let asks = false;
  for (const point of operations.keys()) {
    if (point === at) continue;
    // What happens in another arm is not on the way.
    const arms = (around.get(point) ?? []).filter((outer) => outer.kind === 'branch');
    if (arms.some((outer) => outer.kind === 'branch' && !own.has(outer.step))) {
      asks = true;
      continue;
    }
    if (
      arms.some(
        (outer) =>
          outer.kind === 'branch' &&
          own.has(outer.step) &&
          outer.arm !== (around.get(at) ?? []).flatMap((each) => (each.kind === 'branch' && each.step === outer.step ? [each.arm] : []))[0],
      )
    ) {
      asks = true;
      continue;
    }
    if (operations[point].kind === 'write' || operations[point].kind === 'await' || effortOf(fn, point, facts) === 'work') return false;
  }
  return asks;
}
