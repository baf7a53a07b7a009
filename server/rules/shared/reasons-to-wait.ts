// Reasons to wait: what counts on work whose promise is dropped: a lock, the end of the process, a field, the caller.
import { calledName } from '../../model/calls';
import type { ModelFunction } from '../../model/module';
import type { Call } from '../../model/operation';
import { printPlace } from '../../model/place';
import type { Facts } from '../../summary/facts';
import { ASSUMED_LOCK, callOfKey, fileOfKey, isClaim, nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, pointsIn } from '../../summary/structure';
import type { Related } from '../finding';
import { type Dropped, FINISHES, GOES_ON } from './dropped-promises';
import { handingOf } from './inner-functions';
import { laterPoints } from './later-points';

/** Why somebody counts on the work. */
export interface Reason {
  /** What goes wrong, behind the name of the call. */
  readonly text: string;
  readonly related: readonly Related[];
  readonly confidence: number;
}

/** Why somebody counts on the work of a dropped promise; undefined where nothing shows that anybody does. */
export function reasonToWait(fn: ResolvedFunction, dropped: Dropped, name: string, facts: Facts): Reason | undefined {
  return (
    lockGivenBack(fn, dropped, facts) ??
    callbackDone(fn, dropped, name, facts) ??
    endsThere(fn, dropped, name) ??
    beginsAnew(fn, dropped, name) ??
    answered(fn, dropped, name) ??
    readTooEarly(fn, dropped, facts) ??
    onlyWork(fn, dropped, name)
  );
}

/** The lock is released, in a finally or at the end of a callback, while the work is under way. */
function lockGivenBack(fn: ResolvedFunction, { start }: Dropped, facts: Facts): Reason | undefined {
  const around = enclosing(modelOf(fn)).get(start) ?? [];
  for (const outer of around) {
    if (outer.kind !== 'try' || outer.part !== 'body') continue;
    const release = pointsIn(modelOf(fn), outer.step.final).find((point) => fn.calls.get(point)?.locks.some((lock) => lock.kind === 'release'));
    if (release === undefined) continue;
    return {
      text: 'is still going on when the lock is given back, so that the next holder comes between',
      related: [{ site: { function: fn.key, point: release }, message: 'Gives the lock back without waiting for that' }],
      confidence: 0.85,
    };
  }
  const spawn = modelOf(fn).isAsync ? facts.summaryOf(fn.key)?.spawns.find((each) => each.point === start) : undefined;
  const held = spawn?.held.filter(({ lock }) => !isClaim(lock) && lock !== ASSUMED_LOCK);
  if (!held || held.length === 0) return undefined;
  return {
    text: 'goes on after the lock that is held here has been given back',
    related: [{ site: { function: fn.key, point: held[0].taken }, message: 'Takes the lock' }],
    confidence: 0.8,
  };
}

/** What runs a callback under a lock, or in a transaction, until the callback's promise is settled. */
const SCOPES =
  /^(?:transaction|\$transaction|runInTransaction|withTransaction|inTransaction|tx|runExclusive|withLock|runWithLock|withMutex|lock|acquire|synchronized|exclusive|critical)$/;

/** The callback that holds a lock, or is a transaction, comes back before its work is done. */
function callbackDone(fn: ResolvedFunction, { start, point, functions }: Dropped, name: string, facts: Facts): Reason | undefined {
  const handing = modelOf(fn).kind === 'lambda' ? handingOf(fn, facts) : undefined;
  if (!handing || handing.position < 0) return undefined;
  const api = handing.fn.calls.get(handing.point)?.api;
  const holds = api?.effects?.some((effect) => effect.kind === 'call' && effect.holding !== undefined) ?? false;
  if (!holds && (api || !SCOPES.test(handing.name))) return undefined;
  // What takes care of its own errors was meant to go on by itself.
  if (functions.some((key) => facts.summaryOf(key)?.rejects === false) || (GOES_ON.test(name) && !FINISHES.test(name))) return undefined;
  // A callback that takes `done` says itself when it is.
  if (!modelOf(fn).isAsync && modelOf(fn).parameters.length > 0 && /^(?:done|cb|callback|next|release|resolve)$/.test(modelOf(fn).parameters.at(-1)!.name))
    return undefined;
  if (!modelOf(fn).isAsync && (enclosing(modelOf(fn)).get(start) ?? []).some((outer) => outer.kind === 'loop')) return undefined;
  return {
    text: `is still going on when the callback of ${handing.name}() comes back, so that it runs without the lock or after the transaction`,
    related: [{ site: { function: handing.fn.key, point: handing.point }, message: `${handing.name}() waits for what the callback gives` }],
    confidence: point === start ? 0.8 : 0.75,
  };
}

/** What ends the process or takes down what work uses. */
const ENDS = /^(?:exit|close|end|quit|disconnect|destroy|terminate|endPool|closeAll|shutdown)$/;

function endsThere(fn: ResolvedFunction, { start }: Dropped, name: string): Reason | undefined {
  const model = modelOf(fn);
  if (!FINISHES.test(name) && !ENDS.test(name)) return undefined;
  const isEnding = ENDS.test(name);
  const end = laterPoints(model, start).find((point) => {
    const operation = model.operations[point];
    return (
      operation.kind === 'call' && ENDS.test(calledName(operation)) && operation.callee.kind === 'place' && isEnd(model, operation, model.isAsync && !isEnding)
    );
  });
  if (end === undefined) return undefined;
  const what = calledName(model.operations[end] as Call);
  return {
    text: what === 'exit' ? 'may be cut short: the process ends before it is done' : `may be cut short: ${what}() follows without waiting for it`,
    related: [{ site: { function: fn.key, point: end }, message: 'Does not wait for it' }],
    confidence: 0.75,
  };
}

const STOPS = /^_*(?:stop|close|disconnect|shutdown|terminate|end|destroy|dispose|leave|unsubscribe|logout|teardown)(?![a-z])/;
const BEGINS = /^_*(?:start|restart|open|connect|reconnect|listen|launch|boot|join|subscribe|login|setup|init|initialize)(?![a-z])/;

/** `this.stop(); await this.start();`: what begins meets what is still being taken down. */
function beginsAnew(fn: ResolvedFunction, { start, call, certainty }: Dropped, name: string): Reason | undefined {
  const model = modelOf(fn);
  if (!model.isAsync || certainty !== 'yes' || !STOPS.test(name)) return undefined;
  const begin = laterPoints(model, start).find((point) => {
    const operation = model.operations[point];
    return operation.kind === 'call' && BEGINS.test(calledName(operation)) && holder(operation) !== undefined && holder(operation) === holder(call);
  });
  if (begin === undefined) return undefined;
  return {
    text: `is still going on when ${calledName(model.operations[begin] as Call)}() begins`,
    related: [{ site: { function: fn.key, point: begin }, message: 'Begins anew without waiting for the end' }],
    confidence: 0.8,
  };
}

function holder({ callee }: Call): string | undefined {
  return callee.kind === 'place' && callee.place.path.length > 0 ? printPlace({ root: callee.place.root, path: callee.place.path.slice(0, -1) }) : undefined;
}

/** What is stored, and what an answer says of it. */
const STORES = /^_*(?:save|store|persist|commit|update|upsert|insert|remove|delete|create|put|append|replace|set)(?![a-z])/;
const ANSWERS = /^(?:json|send|sendStatus|end|redirect|render|code|reply)$/;

/** The answer to a request says that it is done. */
function answered(fn: ResolvedFunction, { start, certainty }: Dropped, name: string): Reason | undefined {
  const model = modelOf(fn);
  if (!model.isAsync || certainty !== 'yes' || !STORES.test(name)) return undefined;
  const answer = laterPoints(model, start).find((point) => {
    const operation = model.operations[point];
    if (operation.kind !== 'call' || !ANSWERS.test(calledName(operation)) || operation.callee.kind !== 'place') return false;
    const { root } = operation.callee.place;
    return root.kind === 'parameter' && /^(?:res|response|reply)$/.test(model.parameters[root.index]?.name ?? '');
  });
  if (answer === undefined) return undefined;
  return {
    text: 'is not done when the request is answered',
    related: [{ site: { function: fn.key, point: answer }, message: 'Answers without waiting for it' }],
    confidence: 0.75,
  };
}

/** `process.exit(0)`, or a close in an async function, which could have waited. */
function isEnd(model: ModelFunction, call: Call, isAsync: boolean): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  // The end of an answer takes nothing away that other work needs.
  if (root.kind === 'parameter' && /^(?:res|response|reply)$/.test(model.parameters[root.index]?.name ?? '')) return false;
  const isProcess = root.kind === 'global' && root.name.startsWith('process');
  return calledName(call) === 'exit' ? isProcess : isAsync && path.length > 0 && (root.kind !== 'receiver' || path.length > 1);
}

/** A field that the work sets after an await is read before the work is done. */
function readTooEarly(fn: ResolvedFunction, { start, functions }: Dropped, facts: Facts): Reason | undefined {
  if (functions.length !== 1 || !modelOf(fn).isAsync) return undefined;
  const [key] = functions;
  const work = facts.summaryOf(key);
  // What a function of another file does inside is its own matter.
  if (!work || fileOfKey(key) !== fileOfKey(fn.key)) return undefined;
  const first = work.awaits[0]?.point;
  if (first === undefined) return undefined;
  const later = new Set(laterPoints(modelOf(fn), start));
  const own = facts.summaryOf(fn.key)?.accesses ?? [];
  for (const write of work.accesses) {
    if (!write.write || write.point < first || write.constant || write.cell.element) continue;
    const read = own.find((access) => !access.write && later.has(access.point) && access.cell.key === write.cell.key);
    // What the function itself sets may be meant as it was.
    if (!read || own.some((access) => access.write && access.cell.key === write.cell.key)) continue;
    return {
      text: `has not set ${nameOfKey(write.cell.key)} yet when that is read`,
      related: [
        { site: { function: key, point: write.point }, message: `${callOfKey(key)} sets it only after an await` },
        { site: { function: fn.key, point: read.point }, message: 'Reads it without having waited' },
      ],
      confidence: 0.75,
    };
  }
  return undefined;
}

/** An async function that waits for nothing and whose last step is to drop the promise of what it is there for. */
function onlyWork(fn: ResolvedFunction, { start, point }: Dropped, name: string): Reason | undefined {
  const model = modelOf(fn);
  if (!model.isAsync || model.isGenerator || model.name.startsWith('lambda-') || /^_*(?:on|handle)[A-Z]/.test(model.name)) return undefined;
  if (!FINISHES.test(name) || GOES_ON.test(name) || GOES_ON.test(model.name)) return undefined;
  if (model.operations.some((operation) => operation.kind === 'await')) return undefined;
  if ((enclosing(model).get(start) ?? []).some((outer) => outer.kind === 'loop')) return undefined;
  const after = laterPoints(model, point).map((each) => model.operations[each]);
  if (!after.every((operation) => operation.kind === 'return' && operation.value.kind !== 'place')) return undefined;
  return {
    text: `is not done when ${callOfKey(fn.key)} says that it is: that function is async, and waits for nothing`,
    related: [],
    confidence: 0.8,
  };
}
