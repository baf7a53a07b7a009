// What an object gave with one method is changed and given back with another; two calls at a time give back the same old state.
import { methodOf } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { printPlace } from '../model/place';
import { receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { asyncFunctions, flowIn } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { inFlightTwice } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { isOneAtATime } from './shared/one-at-a-time';

export const staleStateSetBack: Rule = {
  id: 'stale-state-set-back',
  family: 'await-race',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const pair = pairIn(fn);
      if (!pair || (facts.contextOf(fn.key).entry?.length ?? 0) > 0 || isOneAtATime(fn, facts) || isHeld(fn, pair.set, facts)) continue;
      const reason = inFlightTwice(fn, false, facts);
      if (!reason) continue;
      const name = callOfKey(fn.key);
      const at = (point: number) => ({ function: fn.key, point });
      yield {
        rule: staleStateSetBack.id,
        family: staleStateSetBack.family,
        severity: reason.known ? 'warning' : 'information',
        confidence: reason.known ? 0.75 : 0.5,
        site: at(pair.set),
        message: `Lost update: ${name} asks for all of the state with ${pair.getter}() and sets all of it with ${pair.setter}(), and while it waits a second call asks for the same old state, so that what is set last takes the other change away. ${reason.text} Hold a lock from ${pair.getter}() until ${pair.setter}() is done.`,
        related: [
          { site: at(pair.get), message: 'First call: asks for the state' },
          { site: at(pair.awaited), message: 'First call: waits here; a second call asks for the same state and changes its copy' },
          { site: at(pair.set), message: 'First call: sets the whole state; so does the second, without this change' },
        ],
        interleaving: {
          sides: twoCalls(fn.key),
          steps: [
            first(at(pair.get), 'asks for the state, and gets a copy'),
            givesWay(at(pair.awaited)),
            second(at(pair.get), 'asks for the same state, and changes its copy'),
            second(at(pair.set), 'sets the whole state'),
            first(at(pair.set), 'sets the whole state, without the change of the other call'),
          ],
          harm: 'lost',
          outcome: 'Of two changes of the state only the last one counts.',
        },
        fixes: [],
      };
    }
  },
};

interface Pair {
  readonly get: number;
  readonly set: number;
  readonly awaited: number;
  readonly getter: string;
  readonly setter: string;
}

const SETS = /^(?:set|update|save|store|put|write|replace)([A-Z]\w*)$/;
const GETS = /^(?:get|fetch|load|read)([A-Z]\w*)$/;

/** `getX` and `setX` of one object, the second with what the first has given. */
function pairIn(fn: ResolvedFunction): Pair | undefined {
  const { operations } = modelOf(fn);
  for (const [set, operation] of operations.entries()) {
    const setter = operation.kind === 'call' ? SETS.exec(methodOf(operation)) : null;
    if (operation.kind !== 'call' || !setter) continue;
    for (const argument of operation.arguments) {
      const root = argument.value.kind === 'place' ? argument.value.place.root : undefined;
      const sources = root?.kind === 'result' ? [root.operation] : argument.value.kind === 'collection' ? argument.depends : [];
      for (const source of sources) {
        const get = callBehind(source, operations);
        const call = get === undefined ? undefined : operations[get];
        if (get === undefined || call?.kind !== 'call' || GETS.exec(methodOf(call))?.[1] !== setter[1] || !isSameObject(call, operation)) continue;
        const awaited = operations.findIndex((each, number) => each.kind === 'await' && number > get && (number < set || each.depends.includes(set)));
        if (awaited >= 0) return { get, set, awaited, getter: methodOf(call), setter: setter[0] };
      }
    }
  }
  return undefined;
}

/** The call whose outcome, perhaps awaited, an operation gives. */
function callBehind(number: number, operations: readonly Operation[]): number | undefined {
  const operation = operations[number];
  if (operation.kind === 'call') return number;
  if (operation.kind !== 'await' || operation.value.kind !== 'place' || operation.value.place.root.kind !== 'result') return undefined;
  return callBehind(operation.value.place.root.operation, operations);
}

function isSameObject(a: Call, b: Call): boolean {
  const [one, other] = [receiverOf(a.callee), receiverOf(b.callee)];
  if (one?.kind !== 'place' || other?.kind !== 'place' || one.place.root.kind === 'unknown') return false;
  return printPlace(one.place) === printPlace(other.place);
}

/** A lock that is held where the state is set. */
function isHeld(fn: ResolvedFunction, set: number, facts: Facts): boolean {
  const inSummary = facts.summaryOf(fn.key)?.awaits.some((each) => each.point > set && each.held.length > 0) ?? false;
  return inSummary || flowIn(fn, facts).steps.some((step) => step.site.point === set && step.site.function === fn.key && step.held.size > 0);
}
