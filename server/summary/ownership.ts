// Ownership: which objects belong to one function alone, so that what is done to them cannot meet anybody.
import { placeOf } from '../model/calls';
import type { ModelFunction } from '../model/module';
import type { Operation } from '../model/operation';
import { ELEMENT, extendPlace, type Place } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { builtInArgument } from './properties';
import { modelOf, type ResolvedFunction } from './resolved';
import { loopAround } from './structure';
import type { CallSite, Point, SpawnSite, SummaryOf } from './summary';

/** A function with what is needed to follow the objects that it makes. */
export interface OwnershipInput {
  readonly fn: ResolvedFunction;
  readonly summaryOf: SummaryOf;
  /** The first operation of the innermost loop around the point that is asked about; -1 outside loops. */
  readonly loopStart: number;
}

/** Whether the object whose method is called at a point belongs to the function alone, or is its own receiver. */
export function ownershipAt(input: OwnershipInput, point: Point): Pick<CallSite, 'owned' | 'made' | 'constructing' | 'onReceiver' | 'onLent'> {
  const model = modelOf(input.fn);
  const operation = model.operations[point];
  const callee = operation && calledPlace(operation);
  const own = callee?.root.kind === 'receiver' && callee.path.length === 1;
  const onReceiver = own || input.fn.ownParts.has(point);
  const constructing = own && model.kind === 'constructor';
  const local = callee?.root.kind === 'result' && callee.path.length === 1 && keeps(input, callee.root.operation, point);
  const onLent = callee !== undefined && callee.path.length > 0 && LENT.has(callee.root.kind);
  const made = local || (callee?.root.kind === 'result' && callee.path.length === 1 && keeps(input, callee.root.operation, point, true));
  return { owned: local || constructing, made, constructing, onReceiver, onLent };
}

const LENT: ReadonlySet<Place['root']['kind']> = new Set(['parameter', 'result', 'unknown']);

/** The place of the method that an operation runs: what is called, or the property that is read or set. */
function calledPlace(operation: Operation): Place | undefined {
  const argument = operation.kind === 'call' ? builtInArgument(operation) : undefined;
  return argument?.kind === 'place' ? extendPlace(argument.place, '()') : placeOf(operation);
}

/** Whether all that a function returns are objects that it has made and shown to nobody. */
export function returnsFresh(input: OwnershipInput): boolean {
  const returned = modelOf(input.fn).operations.flatMap((operation, number) => (operation.kind === 'return' ? [{ value: operation.value, number }] : []));
  return (
    returned.length > 0 &&
    returned.every(({ value, number }) => {
      const made = resultOf(value);
      return made !== undefined && keeps(input, made, number);
    })
  );
}

/** Whether a constructor shows the unfinished object to others: starts something that works on it, or passes it on. */
export function leaksReceiver(fn: ResolvedFunction, spawns: readonly SpawnSite[]): boolean {
  const model = modelOf(fn);
  if (model.kind !== 'constructor') return false;
  const isReceiver = (value: Value) => value.kind === 'place' && value.place.root.kind === 'receiver' && value.place.path.length === 0;
  const isPassedOn = (operation: Operation) => operation.kind === 'call' && operation.arguments.some((argument) => isReceiver(argument.value));
  return spawns.some((spawn) => spawn.function !== undefined) || model.operations.some(isPassedOn);
}

/** Whether an operation works on the object that its constructor is making. */
export function isUnderConstruction(fn: ResolvedFunction, point: Point): boolean {
  const model = modelOf(fn);
  return model.kind === 'constructor' && placeOf(model.operations[point])?.root.kind === 'receiver';
}

/**
 * Whether an object made by a call is, up to a point, known to the function alone: not stored, passed on, captured or
 * returned, nor to a thread that works on it. `withThreads`: to the function and to threads that it has started on it.
 */
function keeps({ fn, summaryOf, loopStart }: OwnershipInput, made: number, until: Point, withThreads = false): boolean {
  const { operations } = modelOf(fn);
  if (operations[made]?.kind !== 'call') return false;
  const targets = fn.calls.get(made)?.targets ?? [];
  const isFresh = fn.fresh.has(made) || (targets.length === 1 && summaryOf(targets[0])?.returnsFresh === true);
  if (!isFresh || targets.some((constructor) => summaryOf(constructor)?.leaksReceiver)) return false;
  // What was made before a loop has been through the loop's later parts when it comes round again.
  const end = loopStart > made ? operations.length : until;
  return !operations.slice(0, end).some((operation, number) => {
    if (handsOut(operation, made)) return !(withThreads && fn.calls.get(number)?.spawns.some((spawn) => spawn.function !== undefined));
    return !withThreads && isStarted(number);
  });

  /** `worker.start()`, or a method of the workspace that starts something which works on its receiver. */
  function isStarted(number: number): boolean {
    const callee = calledPlace(operations[number]);
    return callee?.root.kind === 'result' && callee.root.operation === made && callee.path.length === 1 && startsOn(fn, number, summaryOf);
  }
}

/** Whether a for loop calls a method of one and the same object, or a function, again and again: `for _ in range(4): self._add_worker()`. */
export function callsAgain(model: ModelFunction, point: Point): boolean {
  const loop = point < 0 ? undefined : loopAround(model, point);
  const place = loop?.over && calledPlace(model.operations[point]);
  if (!place || place.path.length === 0 || place.path.includes(ELEMENT)) return false;
  if (place.root.kind === 'result') return place.path.length === 1 && loopAround(model, place.root.operation) === undefined;
  return place.root.kind === 'receiver' || place.root.kind === 'module' || place.root.kind === 'variable';
}

/** Whether an operation starts a thread that works on the function's own receiver. */
export function startsOnReceiver(fn: ResolvedFunction, number: number, summaryOf: SummaryOf): boolean {
  if (fn.calls.get(number)?.spawns.some((spawn) => spawn.as === 'thread' && spawn.function !== undefined)) return true;
  const callee = calledPlace(modelOf(fn).operations[number]);
  return callee?.root.kind === 'receiver' && callee.path.length === 1 && startsOn(fn, number, summaryOf);
}

function startsOn(fn: ResolvedFunction, number: number, summaryOf: SummaryOf): boolean {
  const call = fn.calls.get(number);
  const starts = call?.api?.kind === 'method' && call.api.effects?.some((effect) => effect.kind === 'spawn' && effect.as === 'thread' && !effect.runs);
  return starts || (call?.targets.some((target) => summaryOf(target)?.leaksReceiver) ?? false);
}

/** Whether an operation gives the outcome of operation `made` to someone else. */
function handsOut(operation: Operation, made: number): boolean {
  const isIt = (value: Value): boolean => {
    if (value.kind === 'collection') return value.items.some(isIt);
    return value.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation === made;
  };
  if (operation.kind === 'call') return operation.arguments.some((argument) => isIt(argument.value));
  return (operation.kind === 'write' || operation.kind === 'return' || operation.kind === 'yield') && isIt(operation.value);
}
