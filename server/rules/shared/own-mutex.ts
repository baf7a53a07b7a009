// Own mutex: the one that a class or module of TypeScript has already, for what two calls of a function do to its state.
import type { Operation } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Facts } from '../../summary/facts';
import { type CellKey, fileOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { FixIntent } from '../fix-intent';

const GENERAL = /^[_#]*(?:mutex|lock)$/i;
const TAKES = /^(?:runExclusive|acquire)$/;

/**
 * The fix that runs what an async function does between two points with its class's or module's mutex: only where there is one,
 * which is meant for the place, and where neither callers nor what is called may hold it already.
 */
export function runExclusive(fn: ResolvedFunction, cell: CellKey, site: Site, along: readonly Site[], facts: Facts): readonly FixIntent[] {
  const written = modelOf(fn).operations[site.point];
  if (fn.module.language !== 'typescript' || !modelOf(fn).isAsync || written?.kind !== 'write' || [site, ...along].some((each) => each.function !== fn.key))
    return [];
  const { root } = written.place;
  if (root.kind !== 'receiver' && root.kind !== 'module') return [];
  const users = facts.functionsIn(fn.module.file);
  const names = new Set(users.flatMap((user) => modelOf(user).operations.flatMap((operation) => mutexIn(operation, root) ?? [])));
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) return [];
  const uses = new Set(users.filter((user) => modelOf(user).operations.some((operation) => mutexIn(operation, root) === name)).map(({ key }) => key));
  const isUser = (other: ResolvedFunction): boolean => uses.has(other.key) || aroundOf(other, users).some((each) => uses.has(each.key));
  const isMeant = facts.accessesOf(cell).some((access) => users.some((user) => user.key === access.function && user.key !== fn.key && isUser(user)));
  if (!isMeant && !GENERAL.test(name)) return [];
  const near = [...reached(fn, calleesOf(facts), facts), ...reached(fn, callersOf(facts), facts)];
  if (isUser(fn) || near.some((other) => other.key === fn.key || isUser(other))) return [];
  return [{ kind: 'run-exclusive', site, along, mutex: root.kind === 'receiver' ? `this.${name}` : name }];
}

/** The name of the mutex of an object or of the module by which something is run exclusively. */
function mutexIn(operation: Operation, root: Place['root']): string | undefined {
  if (operation.kind !== 'call' || operation.callee.kind !== 'place') return undefined;
  const { place } = operation.callee;
  if (root.kind === 'receiver')
    return place.root.kind === 'receiver' && place.root.class === root.class && place.path.length === 2 && TAKES.test(place.path[1])
      ? place.path[0]
      : undefined;
  return place.root.kind === 'module' && place.path.length === 1 && TAKES.test(place.path[0]) ? place.root.name : undefined;
}

/** The functions around one. */
function aroundOf(fn: ResolvedFunction, functions: readonly ResolvedFunction[]): ResolvedFunction[] {
  const parent = functions.find((other) => other.index !== 0 && other.index === modelOf(fn).parent && other.module === fn.module);
  return parent ? [parent, ...aroundOf(parent, functions)] : [];
}

/** All functions that a step leads to from one, once or more often; the function itself where it leads back. */
function reached(fn: ResolvedFunction, next: (key: string) => Iterable<string>, facts: Facts): ResolvedFunction[] {
  const seen = new Set<string>();
  const open = [...next(fn.key)];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...next(key));
  }
  return [...seen].flatMap((key) => facts.program.functions.get(key) ?? []);
}

const calleesOf = (facts: Facts) => (key: string) => facts.summaryOf(key)?.calls.map(({ target }) => target) ?? [];

/** Whoever calls it, and what those stand in: a function that is handed to a lock may be called by that. */
const callersOf = (facts: Facts) => (key: string) => {
  const fn = facts.program.functions.get(key);
  const around = fn ? aroundOf(fn, facts.functionsIn(fileOfKey(key))).map((each) => each.key) : [];
  return [...around, ...(facts.program.callers.get(key)?.keys() ?? [])];
};
