// Claims: flags, counters, entries and promises of TypeScript that say "this is under way", by which others are turned away.

import { calledName, placeOf } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { LockAction } from '../../summary/lock-actions';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, pointsIn, structuresIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** `flag`: true while work goes on; `count`: how much goes on; `entry`: of a set or a map; `promise`: of the work itself. */
export type ClaimKind = 'flag' | 'count' | 'entry' | 'promise';

export interface Claim {
  readonly kind: ClaimKind;
  readonly does: 'take' | 'give';
  /** Names the place for the whole file. */
  readonly key: string;
  readonly name: string;
  readonly point: Point;
}

const COUNTS = /active|running|pending|in_?flight|busy|current|concurren|outstanding|workers|slots|ongoing|open(?:ed)?$|jobs|tasks|locks?$|depth/i;

/** What a function claims and gives up, in the order of the text. */
export function claimsOf(fn: ResolvedFunction, facts: Facts): readonly Claim[] {
  return facts.once(claimsOf, fn.key, () => {
    const found: Claim[] = [];
    const counted = new Set<string>();
    modelOf(fn).operations.forEach((operation, point) => {
      const claim = operation.kind === 'write' ? ofWrite(fn, operation, point, counted) : operation.kind === 'call' ? ofCall(operation, point) : undefined;
      if (claim) found.push(claim);
    });
    return found;
  });
}

function ofWrite(fn: ResolvedFunction, operation: Operation & { kind: 'write' }, point: Point, counted: Set<string>): Claim | undefined {
  const { place, value, mode } = operation;
  const element = place.path.at(-1) === ELEMENT;
  const base = element ? { root: place.root, path: place.path.slice(0, -1) } : place;
  const key = keyOf(base);
  if (key === undefined) return undefined;
  const name = nameOf(base);
  const claim = (kind: ClaimKind, does: Claim['does']): Claim => ({ kind, does, key, name, point });
  if (element)
    return mode === 'delete'
      ? claim('entry', 'give')
      : isPromise(fn, value) || (value.kind === 'constant' && value.value === true)
        ? claim('entry', 'take')
        : undefined;
  if (mode === 'update' && value.kind === 'unknown') {
    if (!COUNTS.test(name)) return undefined;
    // Up first, and down again.
    const does = counted.has(key) ? 'give' : 'take';
    counted.add(key);
    return claim('count', does);
  }
  if (value.kind === 'constant') {
    if (value.value === true) return claim('flag', 'take');
    if (value.value === false) return claim('flag', 'give');
    return value.value === null ? claim('promise', 'give') : undefined;
  }
  return isPromise(fn, value) ? claim('promise', 'take') : undefined;
}

function ofCall(call: Call, point: Point): Claim | undefined {
  if (call.callee.kind !== 'place') return undefined;
  const { root, path } = call.callee.place;
  const method = path.at(-1) ?? '';
  const does = method === 'delete' ? 'give' : method === 'add' || (method === 'set' && call.arguments.length === 2) ? 'take' : undefined;
  const base = { root, path: path.slice(0, -1) };
  const key = does && path.length > 0 ? keyOf(base) : undefined;
  return does && key !== undefined ? { kind: 'entry', does, key, name: nameOf(base), point } : undefined;
}

/** The outcome of a call that is not awaited. */
function isPromise(fn: ResolvedFunction, value: Value): boolean {
  const number = resultOf(value);
  const made = number === undefined ? undefined : modelOf(fn).operations[number];
  if (number === undefined || made?.kind !== 'call' || made.outcome === 'awaited') return false;
  if (made.form === 'new') return calledName(made) === 'Promise';
  if (/^(?:then|catch|finally)$/.test(calledName(made))) return true;
  const key = made.callee.kind === 'function' ? made.callee.function : undefined;
  if (key !== undefined) return fn.module.module.functions[key].isAsync;
  const resolved = fn.calls.get(number);
  return resolved?.spawns.some((spawn) => spawn.as === 'task') ?? false;
}

/** Places that outlive a call: fields, variables of the module, and such of an outer function. */
function keyOf({ root, path }: Place): string | undefined {
  if (root.kind === 'receiver' || root.kind === 'class') return path.length > 0 ? printPlace({ root, path }) : undefined;
  return root.kind === 'module' || root.kind === 'variable' ? printPlace({ root, path }) : undefined;
}

function nameOf({ root, path }: Place): string {
  const steps = path.filter((step) => step !== ELEMENT);
  const first = root.kind === 'receiver' || root.kind === 'class' ? 'this' : 'name' in root ? root.name : undefined;
  return [...(first === undefined ? [] : [first]), ...steps].join('.');
}

/** Whether a function turns others away, or hands them what is under way, by what stands in a place. */
export function isGuardedIn(fn: ResolvedFunction, key: string): boolean {
  const { operations, body } = modelOf(fn);
  const asks = asksFor(operations, key);
  return structuresIn(body).some(
    (step) =>
      step.kind === 'branch' &&
      step.test.some(asks) &&
      step.arms.some((arm) => pointsIn(modelOf(fn), arm).some((point) => /^(?:return|raise|continue|break|await)$/.test(operations[point]?.kind ?? ''))),
  );
}

/** `if (!this.loading) this.loading = load()`, `this.loading ??= load()`. */
export function isMadeOnce(fn: ResolvedFunction, { key, point }: Claim): boolean {
  const asks = asksFor(modelOf(fn).operations, key);
  return (enclosing(modelOf(fn)).get(point) ?? []).some((outer) => outer.kind === 'branch' && outer.step.test.some(asks));
}

/** Whether an operation asks for what stands in a place. */
function asksFor(operations: readonly Operation[], key: string): (number: Point) => boolean {
  const asks = (number: Point): boolean => {
    const operation = operations[number];
    const place = operation?.kind === 'write' ? undefined : placeOf(operation);
    const text = place && printPlace(place);
    if (text !== undefined && (text === key || text.startsWith(`${key}.`) || text.startsWith(`${key}[`))) return true;
    return operation?.kind === 'call' && operation.depends.some((each) => each < number && operations[each].kind !== 'write' && asks(each));
  };
  return asks;
}

/** The claims of a function as actions on a lock, for one place. */
export function actionsOn(fn: ResolvedFunction, key: string, facts: Facts, more: ReadonlySet<Point> = new Set()): (point: Point) => readonly LockAction[] {
  const found = new Map<Point, readonly LockAction[]>();
  for (const claim of claimsOf(fn, facts))
    if (claim.key === key)
      found.set(claim.point, [{ kind: claim.does === 'take' ? 'acquire' : 'release', lock: key, name: claim.name, attempt: false, by: 'name' }]);
  for (const point of more) found.set(point, [{ kind: 'release', lock: key, name: key, attempt: false, by: 'name' }]);
  return (point) => found.get(point) ?? [];
}
