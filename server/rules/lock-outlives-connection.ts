// A lock is taken by one message and given back by another, and a client that goes away in between keeps it for ever.
import { calledName, methodOf, placeOf } from '../model/calls';
import { ELEMENT, type Place, printPlace } from '../model/place';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import type { FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Rule } from './rule';
import { innerFunctions } from './shared/inner-functions';
import { first, second } from './shared/interleavings';
import { placeName } from './shared/place-names';

export const lockOutlivesConnection: Rule = {
  id: 'lock-outlives-connection',
  family: 'lock-leak',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const told = new Set<string>();
    for (const fn of facts.functionsIn(file)) {
      for (const { point, handlers, closers } of connectionsOf(fn)) {
        const served = reachedFrom(handlers, facts);
        const ended = reachedFrom(closers, facts);
        for (const taker of served) {
          const kept = keptBy(taker);
          if (!kept || told.has(taker.key)) continue;
          const giver = served.find((other) => other.key !== taker.key && mentions(other, kept.place));
          if (!giver || ended.some((other) => mentions(other, kept.place))) continue;
          told.add(taker.key);
          const name = placeName(modelOf(taker), kept.lock) ?? 'The lock';
          yield {
            rule: lockOutlivesConnection.id,
            family: lockOutlivesConnection.family,
            severity: lockOutlivesConnection.severity,
            confidence: 0.75,
            site: { function: taker.key, point: kept.point },
            message: `${name} stays taken when the other side goes away: one message takes it, another one gives it back, and ${closers.length > 0 ? 'what runs when the connection is closed does not' : 'nothing runs when the connection is closed'}. Everybody who needs it afterwards waits for ever. Give back all that a connection holds when it is closed.`,
            related: [
              { site: { function: fn.key, point }, message: 'Messages of the connection are handled from here' },
              { site: { function: taker.key, point: kept.point }, message: 'One of them takes the lock, and keeps what gives it back' },
              { site: { function: giver.key, point: 0 }, message: 'Another one gives it back here' },
            ],
            fixes: [],
            interleaving: {
              sides: ['one connection', 'another connection'],
              steps: [
                first({ function: taker.key, point: kept.point }, `takes ${name}, for a message that says so`),
                first({ function: fn.key, point }, `is closed: no message will come that gives ${name} back`),
                second({ function: taker.key, point: kept.point }, `waits for ${name}, which nobody gives back`),
              ],
              harm: 'stuck',
              outcome: `Everybody who needs ${name} from now on waits for ever.`,
            },
          };
        }
      }
    }
  },
};

/** A connection whose messages a function listens to. */
interface Connection {
  readonly point: Point;
  readonly handlers: readonly FunctionKey[];
  readonly closers: readonly FunctionKey[];
}

const LISTENS = /^(?:on|once|addListener|addEventListener)$/;
const MESSAGES = /^(?:message|data|request|packet|command|frame)$/;
const CLOSED = /^(?:close|disconnect|end|disconnecting|closed|error|exit)$/;

function connectionsOf(fn: ResolvedFunction): Connection[] {
  const byEmitter = new Map<string, { point: Point; handlers: FunctionKey[]; closers: FunctionKey[] }>();
  for (const [point, operation] of modelOf(fn).operations.entries()) {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !LISTENS.test(calledName(operation))) continue;
    const [event, handler] = operation.arguments;
    if (event?.value.kind !== 'constant' || !handler) continue;
    const emitter = printPlace({ root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) });
    if (!byEmitter.has(emitter)) byEmitter.set(emitter, { point, handlers: [], closers: [] });
    const known = byEmitter.get(emitter)!;
    const runs = functionsOf(fn, handler.value, point);
    if (MESSAGES.test(String(event.value.value))) {
      known.handlers.push(...runs);
      known.point = point;
    } else if (CLOSED.test(String(event.value.value))) known.closers.push(...runs);
  }
  return [...byEmitter.values()].filter(({ handlers }) => handlers.length > 0);
}

function functionsOf(fn: ResolvedFunction, value: Value, point: Point): FunctionKey[] {
  if (value.kind === 'function') return [fn.module.functionKeys[value.function]];
  return (fn.calls.get(point)?.spawns ?? []).flatMap((spawn) => spawn.function ?? []);
}

function reachedFrom(start: readonly FunctionKey[], facts: Facts): ResolvedFunction[] {
  const seen = new Map<FunctionKey, ResolvedFunction>();
  const pending = [...start];
  for (let key = pending.pop(); key !== undefined && seen.size < 60; key = pending.pop()) {
    const fn = facts.program.functions.get(key);
    if (!fn || seen.has(key)) continue;
    seen.set(key, fn);
    for (const each of [fn, ...innerFunctions(fn, facts)])
      for (const call of each.calls.values())
        pending.push(
          ...[...call.targets, ...call.spawns.flatMap((spawn) => spawn.function ?? [])].filter(
            (target) => target.startsWith(`${fn.module.file}#`) || facts.program.functions.get(target)?.module.file === fn.module.file,
          ),
        );
  }
  return [...seen.values()];
}

/** Where a function takes a lock and puts what gives it back into a field, or into a map of the module. */
function keptBy(fn: ResolvedFunction): { readonly point: Point; readonly place: Place; readonly lock: Place } | undefined {
  const { operations } = modelOf(fn);
  for (const [point, operation] of operations.entries()) {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
    const locks = fn.calls.get(point)?.locks ?? [];
    const name = calledName(operation);
    if (!locks.some(({ kind }) => kind === 'acquire') && !/^(?:acquire|lock)(?:[A-Z]\w*)?$/.test(name)) continue;
    const isIt = (value: Value): boolean => {
      if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.some((step) => step !== ELEMENT)) return false;
      const from = operations[value.place.root.operation];
      return value.place.root.operation === point || (from?.kind === 'await' && from.depends.includes(point));
    };
    const lock: Place = { root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) };
    for (const other of operations) {
      if (other.kind === 'write' && isIt(other.value) && isShared(other.place)) return { point, place: withoutElement(other.place), lock };
      if (other.kind !== 'call' || other.callee.kind !== 'place' || !/^(?:set|add|push)$/.test(methodOf(other))) continue;
      const into = { root: other.callee.place.root, path: other.callee.place.path.slice(0, -1) };
      if (isShared(into) && other.arguments.some(({ value }) => isIt(value))) return { point, place: into, lock };
    }
  }
  return undefined;
}

function isShared({ root, path }: Place): boolean {
  return (root.kind === 'receiver' && path.length > 0) || root.kind === 'module';
}

function withoutElement({ root, path }: Place): Place {
  return { root, path: path.filter((step) => step !== ELEMENT) };
}

/** Whether a function reads a place, or calls something on it. */
function mentions(fn: ResolvedFunction, place: Place): boolean {
  const wanted = printPlace(place);
  return modelOf(fn).operations.some((operation) => {
    const own = operation.kind === 'write' ? undefined : placeOf(operation);
    const text = own && printPlace(own);
    return text !== undefined && (text === wanted || text.startsWith(`${wanted}.`) || text.startsWith(`${wanted}[`));
  });
}
