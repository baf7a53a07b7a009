// Connections: where a function holds a connection of a pool, by a transaction or because it has checked one out, and what needs one.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { makersOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { type Given, parameterAt } from './given-parameters';
import { behindAwaits, holdersOf, nameOfPlace, type OwnSections, ranBy, resourceAt, type Section } from './held-resources';
import { asksMapper, mapperOf } from './orm-connections';
import { isWaitedFor } from './waited-for';

/** Methods that run a function with a connection of its own, inside a transaction. */
const TRANSACTS = /^(?:\$?transaction|\$?tx|begin|transact|withTransaction|runInTransaction|inTransaction)$/;
/** Methods that lend one connection until it is released. */
const LENDS = /^(?:connect|getConnection|acquire|checkout|checkOut|getClient|borrow)$/;
const GIVES_BACK = /^(?:release|releaseConnection|\$?disconnect|end|close|destroy|done)$/;
const FINISHES = /^(?:commit|rollback)$/;
/** What is asked of a pool or database without a connection being taken. */
const NEEDS_NONE =
  /^(?:on|once|off|emit|removeListener|end|close|destroy|release|\$?disconnect|\$on|\$use|\$extends|getRepository|getTreeRepository|withRepository|getMetadata|fn|ref|literal|col|cast|fn|sql|table|column|define|model|models|escape|escapeId|format|isInitialized|manager|options|totalCount|idleCount|waitingCount|batch|client|createQueryRunner|dynamic|with|useCLS|then|catch|finally|add|push|set|get|has|delete|lock|unlock|runExclusive|log|debug|info|warn|error)$/;
/** Statements that say themselves which transaction they belong to. */
const OWN_TRANSACTION = /^(?:transaction|t|trx|tx|session|client|connection|conn|queryRunner|entityManager|manager)$/;

/** Where a function holds a connection. */
export function connectionsHeld(fn: ResolvedFunction, facts: Facts): OwnSections {
  const sections: Section[] = [];
  const lendings: OwnSections['lendings'][number][] = [];
  const { operations } = modelOf(fn);
  for (const [point, operation] of operations.entries()) {
    if (operation.kind !== 'call') continue;
    // What an own method of that name holds is seen in it.
    const lent = (fn.calls.get(point)?.targets.length ?? 0) > 0 ? undefined : inTransaction(fn, operation, facts);
    if (lent) {
      const mapper = mapperOf(fn, lent.place, facts);
      const section = { resource: lent.resource, name: lent.name, function: fn.key, point, ...(mapper ? { mapper } : {}), ...fieldOf(lent.place) };
      const { functions, parameters } = ranBy(fn, lent.work, facts);
      for (const runs of functions) if (takesConnection(runs, facts)) sections.push({ ...section, runs });
      for (const parameter of parameters) lendings.push({ parameter, section });
    }
    const held = checkedOut(fn, operation, point, facts);
    if (!held) continue;
    sections.push({ ...held, function: fn.key, point, runs: fn.key });
    for (const [at, call] of fn.calls) {
      if (call.parameter !== undefined && at >= held.from && at < held.until)
        lendings.push({ parameter: call.parameter, section: { ...held, function: fn.key, point } });
    }
  }
  return { sections, lendings };
}

/** Whether a call needs a connection of the pool that is meant, and the function waits for it. */
export function needsConnection(
  { resource, mapper, field }: Pick<Section, 'resource' | 'mapper' | 'field'>,
  facts: Facts,
): (fn: ResolvedFunction, point: Point, given: Given) => boolean {
  return (fn, point, given) => {
    const operation = modelOf(fn).operations[point];
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') return false;
    const call = fn.calls.get(point);
    if (call && call.targets.length > 0) return false;
    const { root, path } = operation.callee.place;
    if (root.kind === 'result' || root.kind === 'unknown' || NEEDS_NONE.test(path.at(-1) ?? '') || saysItsOwn(fn, operation)) return false;
    if (holdersAndCallee(operation).some((place) => isGiven(fn, place, given, resource)) && isWaitedFor(fn, point)) return true;
    const places = [operation.callee.place, ...holdersOf(operation)].flatMap((place) => defaultOf(fn, place, given) ?? [place]);
    const isAsked =
      places.some((place) => resourceAt(fn, place, facts) === resource || isFieldOfName(place, field)) ||
      (mapper !== undefined && asksMapper(fn, operation, point, mapper, facts));
    return isAsked && isWaitedFor(fn, point) && !isInsideQuery(fn, point);
  };
}

/** The one connection that a pool has, as far as what made it says so. */
export function isOfOne(section: Section, place: Place, facts: Facts): boolean {
  const fn = facts.program.functions.get(section.function);
  if (!fn) return false;
  const { resolver } = facts.program;
  for (const maker of makersOf(resolver, fn.module, fn.index, { kind: 'place', place })) {
    const { arguments: given } = maker.call;
    if (
      given.some(
        ({ name, value }) => /^(?:max|connectionLimit|poolSize|pool_size|max_connections)$/.test(name ?? '') && value.kind === 'constant' && value.value === 1,
      )
    )
      return true;
    if (
      given.some(
        ({ name, value }) => (name === 'client' || name === 'dialect' || name === 'type') && value.kind === 'constant' && /sqlite/.test(String(value.value)),
      )
    )
      return true;
    const inner = given.find(({ name, value }) => name === undefined && value.kind === 'place');
    if (inner?.value.kind === 'place' && printPlace(inner.value.place) !== printPlace(place)) {
      const from = facts.program.functions.get(maker.module.functionKeys[maker.index]);
      if (from && isOfOne({ ...section, function: from.key }, inner.value.place, facts)) return true;
    }
  }
  return false;
}

/** `db.transaction(async (tx) => …)`, also `db.transaction().execute(async (tx) => …)`. */
function inTransaction(fn: ResolvedFunction, call: Call, facts: Facts): { resource: string; name: string; place: Place; work: Value } | undefined {
  if (call.callee.kind !== 'place' || call.callee.place.path.length === 0) return undefined;
  const { root, path } = call.callee.place;
  const method = path.at(-1)!;
  const opened = method === 'execute' && root.kind === 'result' && path.length === 1 ? modelOf(fn).operations[root.operation] : undefined;
  const holder = opened?.kind === 'call' ? opened : call;
  if (!TRANSACTS.test(methodOf(holder))) return undefined;
  const first = call.arguments.find(({ value, name }) => name === undefined && (value.kind === 'function' || value.kind === 'place'));
  const before = first ? call.arguments.slice(0, call.arguments.indexOf(first)) : [];
  // `transaction('rw', db.friends, async () => …)` of Dexie: there the database itself is asked inside.
  if (!first || (before.some(({ name }) => name === undefined) && method !== 'transaction')) return undefined;
  if (first !== call.arguments[0] && !isIsolation(call.arguments[0].value)) return undefined;
  const [place] = holdersOf(holder);
  const resource = place && resourceAt(fn, place, facts);
  return resource === undefined ? undefined : { resource, name: nameOfPlace(place), place, work: first.value };
}

function isIsolation(value: Value): boolean {
  return value.kind === 'constant' && typeof value.value === 'string' && /SERIALIZABLE|READ|REPEATABLE/i.test(value.value);
}

/** The work of a transaction is given the connection that it is to use, and does not come back at once. */
function takesConnection(key: string, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  return fn !== undefined && modelOf(fn).parameters.length > 0 && modelOf(fn).parameters.every((parameter) => parameter.rest === undefined);
}

/** `const client = await pool.connect()` … `client.release()`, and `const trx = await knex.transaction()` … `trx.commit()`. */
function checkedOut(
  fn: ResolvedFunction,
  call: Call,
  point: Point,
  facts: Facts,
): { resource: string; name: string; from: Point; until: Point; field?: string } | undefined {
  if (call.callee.kind !== 'place' || call.outcome !== 'awaited') return undefined;
  const method = methodOf(call);
  const isTransaction = TRANSACTS.test(method) && call.arguments.every(({ value }) => value.kind !== 'function' && value.kind !== 'place');
  if (!LENDS.test(method) && !isTransaction) return undefined;
  const { operations } = modelOf(fn);
  const taken = operations.findIndex(
    (operation, at) =>
      at > point &&
      operation.kind === 'await' &&
      behindAwaits(operations, { kind: 'place', place: { root: { kind: 'result', operation: at }, path: [] } }) === point,
  );
  if (taken < 0) return undefined;
  const ends = isTransaction ? FINISHES : GIVES_BACK;
  const releases = operations.flatMap((operation, at) => (operation.kind === 'call' && at > taken && ends.test(methodOn(operation, fn, taken)) ? [at] : []));
  // In a handler it is given back on another way.
  const until =
    releases.find((at) => !(enclosing(modelOf(fn)).get(at) ?? []).some((each) => (each.kind === 'try' && each.part === 'handler') || each.kind === 'branch')) ??
    releases.at(-1);
  const [place] = holdersOf(call);
  const resource = place && resourceAt(fn, place, facts);
  return until === undefined || resource === undefined ? undefined : { resource, name: nameOfPlace(place), from: taken + 1, until, ...fieldOf(place) };
}

/** The method that is called on what an await has given, also where it was put into a variable of the function. */
function methodOn(call: Call, fn: ResolvedFunction, awaited: Point): string {
  if (call.callee.kind !== 'place' || call.callee.place.path.length !== 1) return '';
  const { root, path } = call.callee.place;
  const { operations } = modelOf(fn);
  if (root.kind === 'result') return root.operation === awaited ? path[0] : '';
  const isIt = operations.some(
    (operation) =>
      operation.kind === 'write' &&
      operation.place.path.length === 0 &&
      operation.value.kind === 'place' &&
      operation.value.place.root.kind === 'result' &&
      operation.value.place.root.operation === awaited &&
      printPlace(operation.place) === printPlace({ root, path: [] }),
  );
  return isIt ? path[0] : '';
}

/** `Model.create(values, { transaction })`, also where the options were put together before. */
function saysItsOwn(fn: ResolvedFunction, call: Call): boolean {
  return call.arguments.some(
    ({ name, value }) =>
      (name !== undefined && OWN_TRANSACTION.test(name) && !(value.kind === 'constant' && value.value === null)) ||
      (value.kind === 'collection' && value.items.some((item) => OWN_TRANSACTION.test(nameOfValue(fn, item)))),
  );
}

function nameOfValue(fn: ResolvedFunction, value: Value): string {
  if (value.kind !== 'place' || value.place.path.length > 0) return '';
  const { root } = value.place;
  return root.kind === 'parameter' ? (modelOf(fn).parameters[root.index]?.name ?? '') : root.kind === 'variable' ? root.name : '';
}

/** `where(inArray(id, db.select(…)))`: a part of another query, which is not run by itself. */
function isInsideQuery(fn: ResolvedFunction, point: Point): boolean {
  return modelOf(fn).operations.some(
    (operation) =>
      operation.kind === 'call' &&
      operation.arguments.some(({ value }) => resultOf(value) === point) &&
      !/^(?:push|all|allSettled|race|any)$/.test(methodOf(operation)),
  );
}

/** The pool itself was handed over. */
function isGiven(fn: ResolvedFunction, place: Place, given: Given, resource: string): boolean {
  const index = place.path.length === 0 ? parameterAt(fn, place) : undefined;
  return index !== undefined && given.get(`${index}`) === `is ${resource}`;
}

function holdersAndCallee(call: Call): readonly Place[] {
  return call.callee.kind === 'place' ? [call.callee.place, ...holdersOf(call)] : [];
}

/** Services are given the one database under the one name: `this.prisma` of another class. */
function isFieldOfName({ root, path }: Place, field: string | undefined): boolean {
  return field !== undefined && root.kind === 'receiver' && path.length === 1 && path[0] === field;
}

const DATABASE = /^_?(?:db|database|prisma|pool|knex|kysely|drizzle|sequelize|dataSource|pg|mysql|sql)(?:Service|Client|Pool)?$/;

function fieldOf({ root, path }: Place): { readonly field?: string } {
  return root.kind === 'receiver' && path.length === 1 && DATABASE.test(path[0]) ? { field: path[0] } : {};
}

/** What a parameter that is left out stands for. */
function defaultOf(fn: ResolvedFunction, place: Place, given: Given): readonly Place[] | undefined {
  const index = parameterAt(fn, place);
  if (index === undefined) return undefined;
  const usual = modelOf(fn).parameters[index].default;
  if (given.get(`${index}`) !== 'default' || usual?.kind !== 'place') return [];
  return [{ root: usual.place.root, path: [...usual.place.path, ...place.path.filter((step) => step !== ELEMENT)] }];
}
