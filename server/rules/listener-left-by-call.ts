// A call puts a listener on something that lives on to learn its outcome, and leaves it there when it is done.
import { calledName } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { type AddedAnew, addedAnew } from './shared/added-anew';
import { callingInFile } from './shared/conditions';
import { functionsOfClass, nestOf } from './shared/lifetimes';
import { isSettledBy, operationsIn, type SettledPromise } from './shared/operations';
import { placeKey } from './shared/place-uses';

const LISTENS = /^(?:on|once|addListener|prependListener|addEventListener)$/;
const REMOVES = /^(?:off|removeListener|removeEventListener|removeAllListeners)$/;
/** Events that need not come: what is put up for one of them only is left where the other comes. */
const MAYBE = /^(?:error|exit|close|abort|end|disconnect|timeout)$/;
/** What makes a signal of one's own. */
const MAKES_SIGNAL = /^(?:AbortController|any|timeout|anySignal|combineSignals|mergeSignals)$/;
/** Other things that know an abort: requests and readers, which are made for one call. */
const OTHERS_ABORT = /xhr|req|reader|transaction|tx$|im(?:g|age)|video|audio/i;
const BORROWS = /^(?:retain|acquire|checkout|checkOut|take|borrow|lease|claim|reserve|next|obtain|get\w*)$/;
const RETURNS = /^(?:release|put|giveBack|return\w*|checkin|checkIn|free|recycle|add|push)$/;

export const listenerLeftByCall: Rule = {
  id: 'listener-left-by-call',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  when: callingInFile('on', 'once', 'addListener', 'prependListener', 'addEventListener'),
  *check(file, facts) {
    const all = facts.functionsIn(file);
    for (const added of addedAnew(file, facts)) yield ofTimer(added);
    for (const operation of operationsIn(file, facts)) {
      const nest = operation.nest;
      const removal = removals(operation, all, facts);
      let told = false;
      for (const part of nest) {
        for (const [point, call] of modelOf(part).operations.entries()) {
          if (call.kind !== 'call' || told || !LISTENS.test(calledName(call)) || call.callee.kind !== 'place') continue;
          const severity = leftBy(operation, part, call, removal, facts);
          if (!severity) continue;
          told = true;
          yield findingOf(operation, part, point, call, severity);
        }
      }
    }
  },
};

/** The events whose listeners are taken off somewhere that has to do with the operation; `*` for any. */
function removals({ outer }: SettledPromise, all: readonly ResolvedFunction[], facts: Facts): ReadonlySet<string> {
  const inClass = modelOf(outer).class;
  const near = inClass === undefined ? nestOf(outer, all) : functionsOfClass(inClass, outer.module.file, facts);
  const found = new Set<string>();
  for (const fn of near) {
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'call' || !REMOVES.test(calledName(operation))) continue;
      const event = operation.arguments[0]?.value;
      found.add(event?.kind === 'constant' ? String(event.value) : '*');
    }
  }
  return found;
}

function leftBy(operation: SettledPromise, part: ResolvedFunction, call: Call, removed: ReadonlySet<string>, facts: Facts): Severity | undefined {
  const [event, listener] = call.arguments;
  if (event?.value.kind !== 'constant' || !listener || call.arguments.some((argument) => argument.name === 'signal' || argument.spread)) return undefined;
  const name = String(event.value.value);
  if (removed.has('*') || removed.has(name) || call.callee.kind !== 'place') return undefined;
  const target: Place = { root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) };
  const isSignal = name === 'abort' && calledName(call) === 'addEventListener' && !OTHERS_ABORT.test(nameIn(part, target));
  if (isSignal) return isOwnSignal(target, operation) || !leavesSignal(operation, listener.value, part) ? undefined : 'warning';
  if (!operation.executor || !isSettledBy(operation, listener.value, part)) return undefined;
  const once = calledName(call) === 'once' || call.arguments.some((argument) => argument.name === 'once');
  if (once && !(MAYBE.test(name) && operation.ways > 1)) return undefined;
  return livesOn(target, operation, facts) ? 'warning' : undefined;
}

function nameIn(part: ResolvedFunction, { root, path }: Place): string {
  if (root.kind === 'parameter' && path.length === 0) return modelOf(part).parameters[root.index]?.name ?? '';
  return path.at(-1) ?? ('name' in root ? (root.name ?? '') : '');
}

/** A listener for the abort of a signal that is left where the work ends in another way. */
function leavesSignal(operation: SettledPromise, listener: Call['arguments'][number]['value'], part: ResolvedFunction): boolean {
  if (operation.executor) return isSettledBy(operation, listener, part) && (operation.ways > 1 || operation.raced);
  // Forwards the abort to a controller that this call has made.
  return listener.kind === 'function' && operation.forwards.has(listener.function);
}

/** The signal of a controller that the operation makes itself. */
function isOwnSignal({ root }: Place, { outer, nest }: SettledPromise): boolean {
  const base = placeKey({ root, path: [] });
  if (root.kind === 'result') return true;
  if (root.kind !== 'variable') return false;
  return [outer, ...nest].some((fn) => {
    const { operations } = modelOf(fn);
    return operations.some(
      (each) => each.kind === 'write' && placeKey(each.place) === base && each.depends.some((number) => isNamed(madeBy(operations, number), MAKES_SIGNAL)),
    );
  });
}

/** The call behind an operation, through its await. */
function madeBy(operations: readonly Operation[], number: number): Operation | undefined {
  const operation = operations[number];
  const { root } = operation?.kind === 'await' && operation.value.kind === 'place' ? operation.value.place : { root: undefined };
  return root?.kind === 'result' ? operations[root.operation] : operation;
}

/** Whether what is listened to is there before and after the operation. */
function livesOn(target: Place, { outer, nest }: SettledPromise, facts: Facts): boolean {
  const { root, path } = target;
  if (path.includes(ELEMENT)) return false;
  const inside = nest.includes(outer) ? nest : [outer, ...nest];
  const name = placeKey(target);
  // What the operation itself puts there begins with it.
  const base = name?.startsWith('this.') ? name.split('.').slice(0, 2).join('.') : name?.split('.')[0];
  const written = inside.some((fn) => modelOf(fn).operations.some((each) => each.kind === 'write' && placeKey(each.place) === base));
  if (root.kind === 'receiver') return !written && modelOf(outer).kind !== 'constructor';
  if (root.kind === 'import') return path.length > 0 || /^[a-z]/.test(root.name ?? '');
  if (root.kind === 'global') return /^(?:window|document|process|self|globalThis)$/.test(root.name);
  if (root.kind === 'module') return !written;
  if (root.kind !== 'variable') return false;
  if (inside.some((fn) => fn.index === root.function)) return path.length === 0 && isBorrowed(root.name, root.function, inside);
  const holder = facts.functionsIn(outer.module.file)[root.function];
  return !written && holder !== undefined && modelOf(holder).kind !== 'lambda';
}

/** Taken out of a pool and given back to it. */
function isBorrowed(variable: string, owner: number, inside: readonly ResolvedFunction[]): boolean {
  const holds = (place: Place) => place.root.kind === 'variable' && place.root.function === owner && place.root.name === variable;
  let [taken, back] = [false, false];
  for (const fn of inside) {
    const { operations } = modelOf(fn);
    for (const operation of operations) {
      if (operation.kind === 'write' && holds(operation.place)) taken ||= operation.depends.some((number) => isNamed(madeBy(operations, number), BORROWS));
      if (operation.kind === 'call' && RETURNS.test(calledName(operation)))
        back ||= operation.arguments.some((argument) => argument.value.kind === 'place' && holds(argument.value.place));
    }
  }
  return taken && back;
}

function isNamed(operation: Operation | undefined, name: RegExp): boolean {
  return operation?.kind === 'call' && name.test(calledName(operation));
}

function findingOf({ outer, executor }: SettledPromise, part: ResolvedFunction, point: number, call: Call, severity: Severity): Finding {
  const event = call.arguments[0].value.kind === 'constant' ? String(call.arguments[0].value.value) : '';
  const who = callOfKey(outer.key);
  const stays = `each call of ${who} leaves one more '${event}' listener behind`;
  return {
    rule: listenerLeftByCall.id,
    family: listenerLeftByCall.family,
    severity,
    confidence: 0.7,
    site: { function: part.key, point },
    message: `This listener is never taken off: ${stays} on something that outlives the call, and with it everything that the call holds. ${
      event === 'abort' ? 'A signal is mostly never aborted, so that { once: true } does not help. ' : ''
    }Keep the function, and remove it when the ${executor ? 'promise settles' : 'work is done'}, in finally() or in each handler.`,
    related: [{ site: { function: outer.key, point: NAME }, message: `Each call of ${who} adds a listener` }],
    fixes: [],
  };
}

function ofTimer({ fn, point, event, timer }: AddedAnew): Finding {
  const who = callOfKey(fn.key);
  return {
    rule: listenerLeftByCall.id,
    family: listenerLeftByCall.family,
    severity: listenerLeftByCall.severity,
    confidence: 0.75,
    site: { function: fn.key, point },
    message: `This listener is never taken off, and a timer has ${who} add another one each time: after some rounds every '${event}' is handled as many times, and all of them stay in memory. Add the listener once, outside of what is tried again, or take it off before.`,
    related: [{ site: { function: fn.key, point: timer }, message: `Starts the timer that runs ${who} again` }],
    fixes: [],
  };
}
