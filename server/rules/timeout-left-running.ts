// A timeout that has lost the race against the work is left running until it fires for nobody.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { functionAt, nestOf } from './shared/lifetimes';
import { isSettledBy, operationsIn, type SettledPromise } from './shared/operations';
import { keptAt, usesOfPlace } from './shared/place-uses';

/** Waiting this long at the end is noticed by nobody. */
const SHORT = 1000;

export const timeoutLeftRunning: Rule = {
  id: 'timeout-left-running',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'information',
  subject: 'module',
  fixes: ['clear-timeout'],
  when: callingInFile('setTimeout'),
  *check(file, facts) {
    const all = facts.functionsIn(file);
    for (const operation of operationsIn(file, facts)) {
      if (!operation.executor || (!operation.raced && !isRacedByCaller(operation, facts) && operation.ways < 2)) continue;
      for (const part of operation.nest) {
        for (const [point, call] of modelOf(part).operations.entries()) {
          if (call.kind === 'call' && isLeft(operation, part, point, call, all)) yield findingOf(operation, part, point);
        }
      }
    }
  },
};

function isLeft(operation: SettledPromise, part: ResolvedFunction, point: number, call: Call, all: readonly ResolvedFunction[]): boolean {
  if (calledName(call) !== 'setTimeout' || call.callee.kind !== 'place' || call.callee.place.root.kind !== 'global' || part !== operation.executor)
    return false;
  const [runs, delay] = call.arguments;
  if (!runs || !isSettledBy(operation, runs.value, part) || (delay?.value.kind === 'constant' && Number(delay.value.value) <= SHORT)) return false;
  // Without a race, a timer that resolves is what the promise is for.
  if (!operation.raced && operation.ways > 1 && !rejects(operation, runs.value, all)) return false;
  const kept = keptAt(part, point);
  if (kept.containers.length > 0 || kept.uses.length > 0 || (kept.gone && call.outcome !== 'returned')) return false;
  const near = nestOf(operation.outer, all);
  return !kept.names.some((name) => usesOfPlace(name, near).some((use) => use.kind !== 'write'));
}

/** What runs at the end of the time is, or calls, the executor's second parameter. */
function rejects({ executor }: SettledPromise, value: Call['arguments'][number]['value'], all: readonly ResolvedFunction[]): boolean {
  const name = executor && modelOf(executor).parameters[1]?.name;
  if (name === undefined) return false;
  const fn = value.kind === 'function' ? functionAt(value.function, all) : undefined;
  if (!fn) return value.kind === 'place' && value.place.root.kind === 'parameter' && value.place.root.index === 1;
  return modelOf(fn).operations.some(
    (each) => each.kind === 'call' && each.callee.kind === 'place' && each.callee.place.root.kind === 'variable' && each.callee.place.root.name === name,
  );
}

/** A helper of the file that gives the promise back is called inside Promise.race([…]). */
function isRacedByCaller({ outer, ways }: SettledPromise, facts: Facts): boolean {
  return ways === 1 && modelOf(outer).parameters.length > 0 && racedIn(outer.module.file, facts).has(outer.key);
}

function racedIn(file: string, facts: Facts): ReadonlySet<string> {
  return facts.once(racedIn, file, () => {
    const found = new Set<string>();
    for (const fn of facts.functionsIn(file)) {
      for (const operation of modelOf(fn).operations) {
        if (operation.kind !== 'call' || calledName(operation) !== 'race') continue;
        for (const number of operation.depends) for (const target of fn.calls.get(number)?.targets ?? []) found.add(target);
      }
    }
    return found;
  });
}

function findingOf({ outer }: SettledPromise, part: ResolvedFunction, point: number): Finding {
  return {
    rule: timeoutLeftRunning.id,
    family: timeoutLeftRunning.family,
    severity: timeoutLeftRunning.severity,
    confidence: 0.6,
    site: { function: part.key, point },
    message: `This timeout goes on when the work is done first: nothing clears it, so that each call of ${callOfKey(outer.key)} leaves a timer behind, which keeps the process from ending and all that it holds in memory until the time is over. Keep the handle, and clear it in a finally block.`,
    related: [],
    fixes: [{ kind: 'clear-timeout', site: { function: part.key, point } }],
  };
}
