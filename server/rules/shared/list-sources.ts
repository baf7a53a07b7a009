// List sources: where a list of TypeScript comes from, and so whether anything limits how long it is.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, lastName, type Place } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** What is known of a list's length. */
export interface ListSource {
  /** `outside`: as long as what stands in a folder, a table, an answer; `named`: what a function
   * gives that sounds like it; `cut`: what a long list was cut into; `handed`: whatever the caller has. */
  readonly kind: 'outside' | 'named' | 'cut' | 'handed';
  /** What gives it, for a message: `the files of a folder`. */
  readonly what: string;
  readonly point?: Point;
}

const FOLDERS =
  /^(?:readdir(?:Sync|p|Recursive)?|opendir|glob(?:Sync|by|Stream)?|globby|fg|fastGlob|walk(?:Dir|Sync)?|listFiles|getFiles|findFiles|collectFiles|scandir|tinyglobby|recursiveReaddir)$/;
const TABLES =
  /^(?:find|findAll|findMany|findBy|findAndCountAll|select|selectAll|selectFrom|query|queryRaw|\$queryRaw|getMany|getRawMany|fetchAll|scan|scanIterator|keys|smembers|sMembers|lrange|lRange|hkeys|hgetall|hGetAll|zrange|listObjects|listObjectsV2|toArray|aggregate|listAll|lrangeAsync)$/;
/** What has rows: `db.all(…)`, `statement.all()`. */
const ROWS = /^_?(?:db|database|sqlite|stmt|statement|query)$/i;
const ANSWERS = /^(?:fetch|json|get|post|request|axios|got|search|rpc|invoke|call)$/;
/** Functions of the workspace by the names that people give them. */
const LISTS = /^(?:list|fetch|load|find|query|search|scan|getAll|collect|enumerate|discover|walk)(?:[A-Z_]\w*)?$|^get(?:All)?[A-Z]\w*(?:s|List)$/;
const CUTS = /^(?:chunk|chunks|chunked|chunkArray|batch|batches|partition|splitInto\w*|toChunks|toBatches|inChunks|splitArray|sliceInto\w*)$/;
/** Gives as many elements as it was given, or fewer, or few more. */
const PASSES =
  /^(?:filter|map|flatMap|flat|sort|reverse|concat|toSorted|toReversed|values|keys|entries|from|of|uniq|uniqBy|unique|compact|sortBy|orderBy|all|allSettled|trim|then|catch|toArray|parse|freeze|sample|shuffle|map\w+|filter\w+|items|rows|slice)$/;
const LIMITS = /^(?:limit|take|first|top|page|paginate|splice|head)$/;
const LIMIT_OPTIONS = /^(?:limit|take|first|top|pageSize|perPage|per_page|page_size|maxResults|MaxKeys|Limit|count|COUNT|size|batchSize)$/;

/** How deep calls of the file are followed. */
const DEEPEST = 4;

/** Where a list comes from; undefined for one that is short by itself, or of which nothing is known. */
export function listSource(fn: ResolvedFunction, value: Value, facts: Facts, depth = 0): ListSource | undefined {
  if (value.kind === 'collection') return value.items.length === 1 ? spreadSource(fn, value.items[0], facts, depth) : undefined;
  if (value.kind !== 'place' || depth > DEEPEST) return undefined;
  return placeSource(fn, value.place, facts, depth);
}

/** `[...names]` is as long as what is spread into it. */
function spreadSource(fn: ResolvedFunction, item: Value, facts: Facts, depth: number): ListSource | undefined {
  if (item.kind !== 'place' || item.place.path.at(-1) !== ELEMENT) return undefined;
  return placeSource(fn, { root: item.place.root, path: item.place.path.slice(0, -1) }, facts, depth + 1);
}

function placeSource(fn: ResolvedFunction, { root, path }: Place, facts: Facts, depth: number): ListSource | undefined {
  const { operations, parameters } = modelOf(fn);
  // The length of one element of a list says nothing of the list's.
  if (path.includes(ELEMENT) && root.kind !== 'result') return undefined;
  switch (root.kind) {
    case 'result':
      return resultSource(fn, root.operation, facts, depth);
    case 'parameter':
      return handed(fn, root.index, path, facts, depth);
    case 'variable': {
      if (root.function !== fn.index) {
        const outer = facts.program.functions.get(fn.module.functionKeys[root.function]);
        return outer && placeSource(outer, { root, path }, facts, depth + 1);
      }
      const index = parameters.findIndex(({ name }) => name === root.name);
      if (index >= 0) return handed(fn, index, path, facts, depth);
      const writes = operations.filter(
        (operation) =>
          operation.kind === 'write' &&
          operation.place.path.length === 0 &&
          operation.place.root.kind === 'variable' &&
          operation.place.root.name === root.name &&
          operation.place.root.function === root.function,
      );
      const [write] = writes;
      return writes.length === 1 && write.kind === 'write' ? listSource(fn, write.value, facts, depth + 1) : undefined;
    }
    default:
      return undefined;
  }
}

function handed(fn: ResolvedFunction, index: number, path: readonly string[], facts: Facts, depth: number): ListSource | undefined {
  const model = modelOf(fn);
  const name = path.at(-1) ?? model.parameters[index]?.name;
  // A callback's parameter is what somebody else gives it; an option is a setting.
  if (name === undefined || model.kind === 'lambda' || path.length > 1) return undefined;
  const found = callersOf(fn, facts).map(({ from, call }) => {
    const argument = call.arguments.filter((each) => each.name === undefined)[index];
    return path.length > 0 || !argument ? undefined : (listSource(from, argument.value, facts, depth + 1) ?? 'short');
  });
  const long = found.find((each): each is ListSource => each !== undefined && each !== 'short' && each.kind !== 'handed');
  if (long) return long;
  if (found.length > 0 && found.every((each) => each === 'short')) return undefined;
  return { kind: 'handed', what: name };
}

function callersOf(fn: ResolvedFunction, facts: Facts): readonly Calling[] {
  const byTarget = facts.once(callersOf, fn.module.file, () => {
    const found = new Map<string, Calling[]>();
    for (const from of facts.functionsIn(fn.module.file)) {
      for (const [point, { targets }] of from.calls) {
        const call = modelOf(from).operations[point];
        if (call.kind !== 'call') continue;
        for (const target of new Set(targets)) found.set(target, [...(found.get(target) ?? []), { from, call }]);
      }
    }
    return found;
  });
  return byTarget.get(fn.key) ?? [];
}

interface Calling {
  readonly from: ResolvedFunction;
  readonly call: Call;
}

function resultSource(fn: ResolvedFunction, number: Point, facts: Facts, depth: number): ListSource | undefined {
  const operation: Operation | undefined = modelOf(fn).operations[number];
  if (operation?.kind === 'await') return listSource(fn, operation.value, facts, depth);
  if (operation?.kind !== 'call' || isLimited(fn, operation)) return undefined;
  if (operation.callee.kind === 'function') {
    const { name } = fn.module.module.functions[operation.callee.function];
    return LISTS.test(name) && !isShort(fn, number, facts) ? { kind: 'named', what: `what ${name}() gives`, point: number } : undefined;
  }
  if (operation.callee.kind !== 'place') return undefined;
  const { place } = operation.callee;
  // What a chain goes on from may be known by what flows into it alone: `[...names].sort()`.
  if (place.root.kind === 'unknown' && PASSES.test(place.path.at(-1) ?? '')) {
    for (const each of operation.depends) {
      const source = resultSource(fn, each, facts, depth + 1);
      if (source) return source;
    }
    return undefined;
  }
  const name = lastName(place) ?? '';
  const receiver: Place | undefined = place.path.length > 0 ? { root: place.root, path: place.path.slice(0, -1) } : undefined;
  const point = { point: number };
  if (FOLDERS.test(name)) return { kind: 'outside', what: 'what stands in a folder', ...point };
  if (CUTS.test(name)) return { kind: 'cut', what: `${name}()`, ...point };
  if (name === 'split' && receiver) return { kind: 'outside', what: 'the lines or parts of a text', ...point };
  const isList =
    receiver &&
    /^(?:find|keys|values|entries|select)$/.test(name) &&
    (operation.arguments.some(({ value }) => value.kind === 'function') || isOwnCollection(fn, receiver));
  if (!isList && TABLES.test(name) && receiver && receiver.root.kind !== 'global') return { kind: 'outside', what: 'all that a query finds', ...point };
  if (name === 'all' && ROWS.test((receiver && lastName(receiver)) ?? '')) return { kind: 'outside', what: 'all that a query finds', ...point };
  for (const target of fn.calls.get(number)?.targets ?? []) {
    const own = facts.program.functions.get(target);
    const returned = own && own.module.file === fn.module.file ? returnedSource(own, facts, depth) : undefined;
    if (returned) return { ...returned, ...point };
  }
  if (name === 'Set' || name === 'Array' || PASSES.test(name)) {
    const chained =
      receiver && receiver.root.kind !== 'global' && !(receiver.root.kind === 'import' && receiver.path.length === 0)
        ? placeSource(fn, receiver, facts, depth + 1)
        : undefined;
    const [first] = operation.arguments;
    return (
      chained ??
      (first && (operation.form === 'new' || !receiver || receiver.root.kind === 'global' || receiver.root.kind === 'import')
        ? listSource(fn, first.value, facts, depth + 1)
        : undefined)
    );
  }
  // A builder's last step may have any name: `db.select().from(users).where(…)`.
  if (receiver?.root.kind === 'result') {
    const source = resultSource(fn, receiver.root.operation, facts, depth + 1);
    if (source?.kind === 'outside' || source?.kind === 'named') return source;
  }
  if (LISTS.test(name) && !isShort(fn, number, facts)) return { kind: 'named', what: `what ${name}() gives`, ...point };
  return ANSWERS.test(name) && operation.outcome === 'awaited' ? { kind: 'outside', what: 'what an answer holds', ...point } : undefined;
}

/** A function of the file that gives a list as it stands in its text. */
function isShort(fn: ResolvedFunction, number: Point, facts: Facts): boolean {
  const targets = fn.calls.get(number)?.targets ?? [];
  return targets.some((target) => {
    const own = facts.program.functions.get(target);
    return (
      (own !== undefined &&
        modelOf(own).operations.some(
          (operation) =>
            operation.kind === 'call' &&
            operation.callee.kind === 'place' &&
            /^(?:filter|map)$/.test(calledName(operation)) &&
            operation.callee.place.root.kind === 'unknown' &&
            operation.depends.length === 0,
        )) ||
      (own !== undefined &&
        modelOf(own).operations.some(
          (operation) =>
            operation.kind === 'return' && operation.value.kind === 'collection' && operation.value.type === 'array' && operation.value.items.length > 1,
        ))
    );
  });
}

/** Whether a query says itself how much it wants. */
function isLimited(fn: ResolvedFunction, call: Call): boolean {
  const { operations } = modelOf(fn);
  for (let at: Call | undefined = call; at; ) {
    if (at.callee.kind !== 'place') return false;
    const name = calledName(at);
    if (LIMITS.test(name) || (name === 'slice' && at.arguments.length > 1)) return true;
    if (at.arguments.some((argument) => argument.name !== undefined && LIMIT_OPTIONS.test(argument.name))) return true;
    if (at.arguments.some(({ value }) => value.kind === 'constant' && typeof value.value === 'string' && /\blimit\b/i.test(value.value))) return true;
    const { root }: Place = at.callee.place;
    const before: Operation | undefined = root.kind === 'result' ? operations[root.operation] : undefined;
    at = before?.kind === 'call' ? before : undefined;
  }
  return false;
}

/** A Map or a Set of the program's own. */
function isOwnCollection(fn: ResolvedFunction, receiver: Place): boolean {
  return receiver.root.kind === 'receiver' || receiver.root.kind === 'module' || (receiver.root.kind === 'variable' && receiver.root.function === fn.index);
}

function returnedSource(fn: ResolvedFunction, facts: Facts, depth: number): ListSource | undefined {
  for (const operation of modelOf(fn).operations) {
    const source = operation.kind === 'return' ? listSource(fn, operation.value, facts, depth + 1) : undefined;
    if (source && source.kind !== 'handed') return source;
  }
  return undefined;
}
