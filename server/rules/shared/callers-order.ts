// Callers' order: whether a function goes through things in the order in which its caller gave them.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { parameterAt } from './given-parameters';

/** A name that says that what it stands for, or gives, is in an order of its own. */
const ORDERS = /sort|ordered|orderBy|inOrder|canonical/i;
/** Methods and functions that leave the order as it is. */
const KEEPS = /^(?:filter|map|flatMap|slice|concat|from|of|values|keys|entries|flat|uniq|unique|dedupe|toArray|asArray|castArray|wrap|Set|Array|compact)$/;
const DEPTH = 6;

/** The parameter whose order a value has; undefined where it is put in order, or comes from elsewhere. */
export function givenOrder(fn: ResolvedFunction, value: Value, facts: Facts): number | undefined {
  const found = sourceOf(fn, value, facts, DEPTH);
  if (found === undefined || isSortedInPlace(fn, value) || ORDERS.test(modelOf(fn).parameters[found].name)) return undefined;
  return comesSorted(fn, found, facts) ? undefined : found;
}

function sourceOf(fn: ResolvedFunction, value: Value, facts: Facts, depth: number): number | undefined {
  if (depth === 0) return undefined;
  if (value.kind === 'collection') {
    const found = value.items.map((item) => sourceOf(fn, item, facts, depth - 1));
    return value.items.length > 1 || value.items[0]?.kind === 'place' ? found.find((each) => each !== undefined) : undefined;
  }
  if (value.kind !== 'place') return undefined;
  const parameter = parameterAt(fn, value.place);
  if (parameter !== undefined) return parameter;
  if (value.place.root.kind !== 'result') return undefined;
  const point = value.place.root.operation;
  const made = modelOf(fn).operations[point];
  if (made?.kind === 'await') return undefined;
  return made?.kind === 'call' ? throughCall(fn, made, point, facts, depth) : undefined;
}

/** What a call keeps the order of: what it is called on, or what it is given. */
function throughCall(fn: ResolvedFunction, call: Call, point: Point, facts: Facts, depth: number): number | undefined {
  const targets = fn.calls.get(point)?.targets ?? [];
  if (call.callee.kind !== 'place') return undefined;
  const { root, path } = call.callee.place;
  const name = path.at(-1) ?? ('name' in root ? (root.name ?? '') : '');
  if (ORDERS.test(name) || targets.some((target) => putsInOrder(target, fn, facts))) return undefined;
  const first = call.arguments.find((argument) => argument.name === undefined);
  const given = first ? sourceOf(fn, first.value, facts, depth - 1) : undefined;
  if (path.length === 0 || root.kind === 'global' || root.kind === 'import' || root.kind === 'module')
    return KEEPS.test(name) || targets.length > 0 ? given : undefined;
  return KEEPS.test(name)
    ? (sourceOf(fn, { kind: 'place', place: { root, path: path.slice(0, -1) } }, facts, depth - 1) ?? given)
    : targets.length > 0
      ? given
      : undefined;
}

function putsInOrder(key: FunctionKey, from: ResolvedFunction, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  return (
    fn !== undefined &&
    fn.module.file === from.module.file &&
    modelOf(fn).operations.some((operation) => operation.kind === 'call' && ORDERS.test(methodOf(operation)))
  );
}

/** `keys.sort();` */
function isSortedInPlace(fn: ResolvedFunction, value: Value): boolean {
  if (value.kind !== 'place') return false;
  const wanted = printPlace(value.place);
  return modelOf(fn).operations.some(
    (operation) =>
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      ORDERS.test(methodOf(operation)) &&
      printPlace({ root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) }) === wanted,
  );
}

/** Every caller in the file puts what it gives in order first, or gives just one thing. */
function comesSorted(fn: ResolvedFunction, parameter: number, facts: Facts): boolean {
  const calls = [...(facts.program.callers.get(fn.key) ?? [])].filter(([caller]) => fileOfKey(caller) === fn.module.file);
  if (calls.length === 0) return false;
  return calls.every(([caller, sites]) => {
    const from = facts.program.functions.get(caller);
    return sites.every(({ point }) => {
      const operation = from && modelOf(from).operations[point];
      const given = operation?.kind === 'call' ? operation.arguments.filter((argument) => argument.name === undefined)[parameter] : undefined;
      return from !== undefined && given !== undefined && isOrdered(from, given.value, facts, DEPTH);
    });
  });
}

function isOrdered(fn: ResolvedFunction, value: Value, facts: Facts, depth: number): boolean {
  if (depth === 0) return false;
  if (value.kind === 'collection') return value.items.length < 2;
  if (value.kind !== 'place' || value.place.root.kind !== 'result') return false;
  const point = value.place.root.operation;
  const made = modelOf(fn).operations[point];
  if (made?.kind !== 'call' || made.callee.kind !== 'place') return false;
  const { root, path } = made.callee.place;
  if (ORDERS.test(path.at(-1) ?? ('name' in root ? (root.name ?? '') : ''))) return true;
  if ((fn.calls.get(point)?.targets ?? []).some((target) => putsInOrder(target, fn, facts))) return true;
  if (!KEEPS.test(path.at(-1) ?? '')) return false;
  return isOrdered(fn, { kind: 'place', place: { root, path: path.slice(0, -1) } }, facts, depth - 1);
}

/** Whether an operation, or what flows into it, is one of the things in `over`. */
export function isAboutItem(fn: ResolvedFunction, point: Point, loop: ReadonlySet<Point>): boolean {
  const { operations } = modelOf(fn);
  const seen = new Set<Point>();
  const ask = (number: Point): boolean => {
    if (seen.has(number) || !loop.has(number)) return false;
    seen.add(number);
    const operation = operations[number];
    return (operation.kind === 'read' && operation.place.path.includes(ELEMENT)) || operation.depends.some(ask);
  };
  return ask(point);
}

/** Pairs of names of which one comes before the other only by what the caller wants. */
const PAIRS =
  /^(?:(?:from|to)|(?:source|target)|(?:src|dst|dest|destination)|(?:a|b|x|y)|(?:first|second)|(?:left|right)|(?:one|other|another|two)|(?:sender|receiver|recipient)|(?:payer|payee)|(?:buyer|seller)|(?:debit|credit)|(?:debtor|creditor)|(?:old|new)|(?:self|peer))$/i;

/** Two places of a caller's that are of one kind, told apart by their roles alone: `from` and `to`, `accountA` and `accountB`. */
export function isPairOfRoles(a: string, b: string): boolean {
  const [left, right] = [words(a), words(b)];
  const role = (own: readonly string[], others: readonly string[]) => own.filter((word) => !others.includes(word));
  const [mine, yours] = [role(left, right), role(right, left)];
  return mine.length === 1 && yours.length === 1 && ((PAIRS.test(mine[0]) && PAIRS.test(yours[0])) || (/^\d+$/.test(mine[0]) && /^\d+$/.test(yours[0])));
}

function words(name: string): readonly string[] {
  return name
    .replace(/([a-z])([A-Z\d])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '' && word !== 'id' && word !== 'key');
}

/** The parameter, and the steps from it, that a value is, as text; undefined for anything else. */
export function nameOfGiven(fn: ResolvedFunction, outer: ResolvedFunction, value: Value): string | undefined {
  const place: Place | undefined = value.kind === 'place' ? value.place : undefined;
  if (!place || place.path.includes(ELEMENT)) return undefined;
  const { root } = place;
  const own = fn === outer ? parameterAt(fn, place) : undefined;
  const index = own ?? (root.kind === 'variable' && root.function === outer.index ? parameterAt(outer, place) : undefined);
  return index === undefined ? undefined : [modelOf(outer).parameters[index].name, ...place.path].at(-1);
}
