// Written values: what a function puts in shared places, as far as doing it twice, or late, makes a difference.

import { calledName, methodOf, placeOf } from '../model/calls';
import type { Operation, Write } from '../model/operation';
import { lastName } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { modelOf, type ResolvedFunction } from './resolved';

/** A literal, an empty collection, something imported, or a named constant such as `State.Closed`: written twice it stays the same. */
export function isConstant(value: Value): boolean {
  if (value.kind === 'collection') return value.items.length === 0 && value.spreads === undefined;
  if (value.kind !== 'place') return value.kind === 'constant';
  const { root, path } = value.place;
  if (root.kind === 'import') return true;
  return path.length > 0 && (root.kind === 'module' || root.kind === 'global') && /^[A-Z]/.test(path[0] + (root.name ?? ''));
}

/** Whether an operation stores what a call or an await gave, as it is. */
export function isOutcome(operation: Operation): boolean {
  return operation.kind === 'write' && operation.value.kind === 'place' && operation.value.place.root.kind === 'result';
}

/** Calls that make a new value out of what they are called on, or are given: `before.concat(more)`, `Object.assign({}, before)`. */
const DERIVES =
  /^(?:concat|filter|map|slice|flat|flatMap|with|toSorted|toReversed|toSpliced|reduce|replace|replaceAll|trim|assign|structuredClone|cloneDeep|merge|from|fromEntries|entries|max|min|round|floor|ceil|abs|Map|Set|Number|String|copy|deepcopy|union|difference|list|dict|set|sorted|sum|int|str|float)$/;

/** Whether an operation makes a new value out of old ones, there and then. */
export function isDerived(operation: Operation): boolean {
  return operation.kind === 'call' && operation.outcome !== 'awaited' && DERIVES.test(calledName(operation));
}

/** Whether the value is a lock that was just made; one between tasks may be made late, as nothing runs in between. */
export function isNewLock(fn: ResolvedFunction, value: Value): boolean {
  const made = resultOf(value);
  const lock = made === undefined ? undefined : fn.calls.get(made)?.api?.lock;
  return lock !== undefined && lock.domain !== 'task';
}

/** The name of the function whose outcome a write stores: `connect` of `this.c = await pool.connect()`. */
export function calledFor(fn: ResolvedFunction, written: Operation): string | undefined {
  const { operations } = modelOf(fn);
  let value = written.kind === 'write' ? written.value : written.kind === 'call' && isAddition(written) ? written.arguments.at(-1)?.value : undefined;
  while (value?.kind === 'place' && value.place.root.kind === 'result') {
    const made: Operation = operations[value.place.root.operation];
    if (made.kind === 'await') value = made.value;
    else if (made.kind === 'call' && made.callee.kind === 'function') return fn.module.module.functions[made.callee.function].name;
    else if (made.kind === 'call' && made.callee.kind === 'class') return fn.module.module.classes[made.callee.class].name;
    else if (made.kind === 'call' && made.callee.kind === 'place') {
      return lastName(made.callee.place);
    } else return undefined;
  }
  return undefined;
}

/** What is written was waited for in a shared place (`this.x = await this.loading`): every caller gets the same. */
export function awaitsShared(fn: ResolvedFunction, operation: Operation): boolean {
  const { operations } = modelOf(fn);
  return operation.depends.some((number) => {
    const awaited = operations[number];
    return (
      awaited.kind === 'await' && awaited.value.kind === 'place' && awaited.value.place.root.kind !== 'result' && awaited.value.place.root.kind !== 'unknown'
    );
  });
}

/** `map.set(key, …)`, `set.add(…)`, `list.append(…)`: something is put in; taking things out twice does no harm. */
export function isAddition(operation: Operation): boolean {
  return operation.kind === 'call' && /^(?:set|add|push|append|insert|unshift|setdefault)$/.test(methodOf(operation));
}

/** A variable of this very call, though an inner function reads it too: other calls have one of their own. */
export function isOwnVariable(fn: ResolvedFunction, operation: Operation): boolean {
  const place = operation.kind === 'read' ? undefined : placeOf(operation);
  return place?.root.kind === 'variable' && place.root.function === fn.index;
}

/** A flag that is raised late lets others in; a field that is set to a constant otherwise stays as it is when set twice. */
export function isSettled(operation: Write): boolean {
  const raises = operation.value.kind === 'constant' && operation.value.value === true;
  return (operation.mode === 'delete' || isConstant(operation.value)) && !raises;
}

/** `x = x + 1`: worked out of what stood there, and nothing but that. */
export function isSum({ mode, value, either }: Write): boolean {
  return mode === 'assign' && value.kind === 'unknown' && either === undefined;
}
