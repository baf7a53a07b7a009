// A callback that may be async is called, or handed to an emitter, and its promise dropped: it is not done yet, and its errors are nobody's.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding, Related, Severity } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { goesOnWithout } from './shared/await-interleavings';
import { ASIDE } from './shared/dropped-promises';
import { oneRun } from './shared/interleavings';
import { functionsGiven } from './shared/promises';

export const callbackPromiseDropped: Rule = {
  id: 'callback-promise-dropped',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-call', 'catch-promise'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, call] of modelOf(fn).operations.entries()) {
        if (call.kind !== 'call' || call.form !== 'call' || call.callee.kind !== 'place') continue;
        const apart = awaitedEmit(fn, point, call) ?? asyncEffect(fn, point, call, facts);
        if (apart) yield apart;
        else if (call.outcome === 'dropped' && isCallback(fn, call, facts)) yield* calledAndDropped(fn, point, call, facts);
        else yield* handedToEmitter(fn, point, call, facts);
      }
    }
  },
};

/** `await emitter.emit(…)`: whoever wrote it thinks that listeners are waited for. */
function awaitedEmit(fn: ResolvedFunction, at: Point, call: Call): Finding | undefined {
  if (call.outcome !== 'awaited' || fn.calls.get(at)?.api?.name !== 'events.EventEmitter.emit') return undefined;
  return findingOf(
    fn,
    at,
    'Awaiting emit() waits for nothing: it gives true or false as soon as the listeners have been called, and drops the promises of those that are async, so that what they do is not done when this goes on. Call the listeners with await Promise.all(), or have them hand in their promises.',
    [],
    0.8,
  );
}

/** `useEffect(async () => …)`: what an effect gives is taken for its cleanup. */
function asyncEffect(fn: ResolvedFunction, at: Point, call: Call, facts: Facts): Finding | undefined {
  const name = calledName(call);
  const effect = /^use(?:Layout|Insertion)?Effect$/.test(name) ? call.arguments[0]?.value : undefined;
  const given = effect ? functionsGiven(fn, effect, facts).filter((key) => awaits(key, facts)) : [];
  if (given.length === 0) return undefined;
  return findingOf(
    fn,
    at,
    `${name}() takes what the effect gives for its cleanup, and an async function gives a promise: no cleanup is ever run, the work goes on after the component is gone, and a failure is an unhandled rejection. Call an async function inside a plain effect, and return a cleanup that makes it stop.`,
    given,
    0.9,
    facts,
  );
}

/** A parameter, or a field or an element that holds a function, is called; not a method that has a body of its own. */
function isCallback(fn: ResolvedFunction, call: Call, facts: Facts): boolean {
  if (call.callee.kind !== 'place' || fn.calls.get(point(fn, call))?.api) return false;
  const { root, path } = call.callee.place;
  if (path.length === 0) return root.kind === 'parameter' || (root.kind === 'variable' && isParameter(fn, root.function, root.name));
  const { resolver } = facts.program;
  const holder = resolver.typeOfPlace(fn.module, fn.index, call.callee.place, path.length - 1);
  if (holder?.kind === 'instance') return resolver.method(holder.class, path.at(-1)!) === undefined;
  return holder === undefined || holder.kind === 'container';
}

function point(fn: ResolvedFunction, call: Call): Point {
  return modelOf(fn).operations.indexOf(call);
}

function isParameter(fn: ResolvedFunction, owner: number, name: string): boolean {
  return fn.module.module.functions[owner]?.parameters.some((parameter) => parameter.name === name) ?? false;
}

/** An async function calls a callback whose type allows a promise, or into which an async function is put, and goes on. */
function* calledAndDropped(fn: ResolvedFunction, at: Point, call: Call, facts: Facts): Iterable<Finding> {
  const model = modelOf(fn);
  const name = calledName(call);
  if (ASIDE.test(name) || /^(?:next|done|cb|resolve|reject)$/.test(name)) return;
  const given = call.callee.kind === 'place' ? functionsGiven(fn, call.callee, facts).filter((key) => awaits(key, facts)) : [];
  const isDeclared = call.gives === 'maybe-promise' || (call.gives === 'promise' && isOwnCallback(call));
  // Handlers in the manner of the DOM are told of something, and nobody waits for them.
  if (!isDeclared && (/^on/i.test(name) || !given.some((key) => facts.summaryOf(key)?.rejects))) return;
  // Who is not async cannot wait; there it is only the errors that are lost.
  if (!model.isAsync && (isDeclared ? given.length === 0 : true)) return;
  const shown = call.callee.kind === 'place' && name ? `${name}()` : 'the callback';
  const why = isDeclared ? 'its type allows a promise' : `${callOfKey(given[0])}, which is async, is given for it`;
  yield findingOf(
    fn,
    at,
    `${shown} may not be done yet when ${callOfKey(fn.key)} goes on: ${why}, and the promise is dropped, so that nobody waits and a failure is an unhandled rejection. Put await before the call.`,
    given,
    isDeclared ? 0.8 : 0.7,
    facts,
    [
      { kind: 'await-call', site: { function: fn.key, point: at } },
      { kind: 'catch-promise', site: { function: fn.key, point: at }, tried: false, mayBeNone: call.gives !== 'promise' },
    ],
  );
}

/** `this.hooks.onClose()`: a callback by its name, not a method of some service. */
function isOwnCallback(call: Call): boolean {
  if (call.callee.kind !== 'place') return false;
  const { path, root } = call.callee.place;
  return (
    path.length === 0 ||
    /^(?:on[A-Z]|before[A-Z]|after[A-Z]|\w*(?:[cC]allback|[hH]ook|[hH]andler|[lL]istener)$)/.test(path.at(-1)!) ||
    (root.kind === 'receiver' && path.length === 1)
  );
}

/** Emitters drop what their listeners give. */
const LISTENS = /^events\.EventEmitter\.(?:on|once|addListener|prependListener|prependOnceListener)$/;

/** A function that hands a listener it was given to an emitter, as it is: an event bus whose listeners are async. */
function* handedToEmitter(fn: ResolvedFunction, at: Point, call: Call, facts: Facts): Iterable<Finding> {
  if (!LISTENS.test(fn.calls.get(at)?.api?.name ?? '')) return;
  const listener = call.arguments[1]?.value;
  if (listener?.kind !== 'place' || listener.place.path.length > 0) return;
  const { root } = listener.place;
  if (root.kind !== 'parameter' && !(root.kind === 'variable' && isParameter(fn, root.function, root.name))) return;
  const given = functionsGiven(fn, listener, facts).filter((key) => awaits(key, facts) || handsOn(key, facts));
  const failing = given.filter((key) => facts.summaryOf(key)?.rejects ?? false);
  if (failing.length === 0) return;
  yield findingOf(
    fn,
    at,
    `Errors of async listeners are lost here: the emitter drops the promises that they give, ${callOfKey(failing[0])} is one of them and may be rejected, and an unhandled rejection ends a Node.js process. Register a function that calls the listener and catches what its promise is rejected with.`,
    failing,
    0.8,
    facts,
  );
}

function awaits(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  return fn !== undefined && modelOf(fn).isAsync && !modelOf(fn).isGenerator && modelOf(fn).operations.some((operation) => operation.kind === 'await');
}

/** `(data) => this.onMessage(data)`, where onMessage is async. */
function handsOn(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn || modelOf(fn).isAsync) return false;
  return [...fn.calls].some(([at, call]) => {
    const operation = modelOf(fn).operations[at];
    return operation.kind === 'call' && operation.outcome === 'returned' && call.targets.some((target) => awaits(target, facts));
  });
}

function findingOf(
  fn: ResolvedFunction,
  at: Point,
  message: string,
  given: readonly FunctionKey[],
  confidence: number,
  facts?: Facts,
  fixes: readonly FixIntent[] = [],
): Finding {
  const severity: Severity = callbackPromiseDropped.severity;
  const related: Related[] = given.slice(0, 2).flatMap((key): Related[] => {
    const inner = facts?.program.functions.get(key);
    const waits = inner
      ? modelOf(inner).operations.findIndex((operation) => operation.kind === 'await' || (operation.kind === 'call' && operation.outcome === 'returned'))
      : -1;
    return waits < 0 ? [] : [{ site: { function: key, point: waits }, message: `${callOfKey(key)}, which is given for it, waits here` }];
  });
  const waits = related[0]?.site;
  const interleaving = goesOnWithout(
    [oneRun(undefined, fn.key), waits ? oneRun(undefined, waits.function) : 'what is called'],
    { function: fn.key, point: at },
    'Nobody waits for the work, and a failure in it is an unhandled rejection.',
    [],
    waits,
  );
  return {
    rule: callbackPromiseDropped.id,
    family: callbackPromiseDropped.family,
    severity,
    confidence,
    site: { function: fn.key, point: at },
    message,
    related: [{ site: { function: fn.key, point: at }, message: 'Drops the promise' }, ...related],
    interleaving,
    fixes,
  };
}
