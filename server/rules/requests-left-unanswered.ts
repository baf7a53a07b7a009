// Requests wait in a table for their answers, and the end of the connection leaves them waiting for ever.
import { calledName } from '../model/calls';
import type { Call, Write } from '../model/operation';
import { ELEMENT } from '../model/place';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopsIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { first, oneRun, second } from './shared/interleavings';
import { endsByName, functionAt, functionsOfClass, isConstant, nestOf } from './shared/lifetimes';
import { operationsIn, type SettledPromise, settles } from './shared/operations';
import { aliasesIn, meantKey, type PlaceKey } from './shared/place-uses';

const OVER = /^(?:close|exit|end|disconnect|disconnected|closed)$/;

export const requestsLeftUnanswered: Rule = {
  id: 'requests-left-unanswered',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const all = facts.functionsIn(file);
    const told = new Set<string>();
    for (const operation of operationsIn(file, facts)) {
      const put = putIntoTable(operation);
      if (!put || told.has(put.table)) continue;
      told.add(put.table);
      const finding = leftWaiting(operation, put, all, facts);
      if (finding) yield finding;
    }
  },
};

interface Put {
  readonly table: PlaceKey;
  readonly site: Site;
}

/** The table that the executor puts what settles its promise into, where no timer settles it otherwise. */
function putIntoTable({ executor, nest }: SettledPromise): Put | undefined {
  if (!executor) return undefined;
  const aliases = aliasesIn(nest);
  let put: Put | undefined;
  for (const fn of nest) {
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind === 'call' && /^(?:setTimeout|timeout)$/.test(calledName(operation))) return undefined;
      if (operation.kind === 'call' && /^(?:set|push|add|enqueue)$/.test(calledName(operation)) && operation.callee.kind === 'place') {
        if (!operation.arguments.some(({ value }) => holds(value, fn, executor))) continue;
        const { root, path } = operation.callee.place;
        const table = meantKey({ root, path: path.slice(0, -1) }, aliases);
        if (table !== undefined) put ??= { table: table.replaceAll(ELEMENT, ''), site: { function: fn.key, point } };
      } else if (operation.kind === 'write' && operation.place.path.at(-1) === ELEMENT && holds(operation.value, fn, executor)) {
        const table = meantKey({ root: operation.place.root, path: operation.place.path.slice(0, -1) }, aliases);
        if (table !== undefined) put ??= { table, site: { function: fn.key, point } };
      }
    }
  }
  return put && /^(?:this\.|module:|variable\()/.test(put.table) && !put.table.startsWith(`variable(${executor.index}:`) ? put : undefined;
}

function holds(value: Value, fn: ResolvedFunction, executor: ResolvedFunction): boolean {
  if (value.kind === 'collection') return value.items.some((item) => holds(item, fn, executor));
  if (
    settles(
      value,
      fn,
      executor,
      modelOf(executor).parameters.map((parameter) => parameter.name),
    )
  )
    return true;
  if (value.kind !== 'function') return false;
  const inner = fn.module.module.functions[value.function];
  return inner.operations.some((operation) => operation.kind === 'call' && settlesIn(operation, executor));
}

function settlesIn({ callee }: Call, executor: ResolvedFunction): boolean {
  return callee.kind === 'place' && callee.place.root.kind === 'variable' && callee.place.root.function === executor.index;
}

function leftWaiting({ outer, nest }: SettledPromise, { table, site }: Put, all: readonly ResolvedFunction[], facts: Facts): Finding | undefined {
  const parts = table.startsWith('this.') ? functionsOfClass(modelOf(outer).class ?? -1, outer.module.file, facts) : partsOf(table, all);
  const ends = endsOf(parts, all);
  if (ends.length === 0 || !isAnswered(table, parts)) return undefined;
  if (parts.some((fn) => takesAll(fn, table, parts))) return undefined;
  const aliases = aliasesIn(parts);
  const touches = (fn: ResolvedFunction) =>
    modelOf(fn).operations.some(
      (operation) => (operation.kind === 'read' || operation.kind === 'write') && meantKey(operation.place, aliases)?.replaceAll(ELEMENT, '') === table,
    );
  // An end that is itself asked for puts one more request in, and answers none.
  const asks = new Set(nest);
  for (const end of ends)
    for (const key of end.runs ? calledBy(facts, end.runs.key) : [])
      for (const fn of nestOf(facts.program.functions.get(key) ?? end.runs!, all)) if (!asks.has(fn) && touches(fn)) return undefined;
  const [end] = ends;
  const name = table.replace(/^.*[.:]/, '').replace(/\)$/, '');
  return {
    rule: requestsLeftUnanswered.id,
    family: requestsLeftUnanswered.family,
    // Whoever closes it himself may have waited for the answers before.
    severity: end.event ? requestsLeftUnanswered.severity : 'hint',
    confidence: 0.75,
    site: end.site,
    message: `Requests that are under way are left without an answer when ${end.what}: ${callOfKey(outer.key)} keeps what settles them in ${name}, no answer can come any more, and nothing here rejects them. Whoever awaits one waits for ever. Go through ${name}, reject each, and empty it.`,
    related: [
      { site, message: `${callOfKey(outer.key)} puts a request into ${name}, to be settled by its answer` },
      ...ends.slice(1, 4).map((each) => ({ site: each.site, message: `Here ${each.what}, and ${name} is left as it is` })),
    ],
    interleaving: {
      sides: [oneRun(undefined, outer.key), end.event ? 'end of the connection' : 'whoever closes it'],
      steps: [first(site, `puts a request into ${name}, and waits for its answer`), second(end.site, `comes before the answer, and leaves ${name} as it is`)],
      harm: 'stuck',
      outcome: 'No answer can come any more, and whoever awaits one waits for ever.',
    },
    fixes: [],
  };
}

/** The functions that can see a variable. */
function partsOf(table: PlaceKey, all: readonly ResolvedFunction[]): readonly ResolvedFunction[] {
  const owner = /^variable\((\d+):/.exec(table)?.[1];
  const fn = owner === undefined ? undefined : functionAt(Number(owner), all);
  return fn ? nestOf(fn, all) : all;
}

interface End {
  readonly site: Site;
  readonly what: string;
  readonly runs?: ResolvedFunction;
  /** The other side or the network has ended it. */
  readonly event?: true;
}

/** Where the connection is known to have ended, or is ended: the events first. */
function endsOf(parts: readonly ResolvedFunction[], all: readonly ResolvedFunction[]): readonly End[] {
  const events: End[] = [];
  const methods: End[] = [];
  for (const fn of parts) {
    const model = modelOf(fn);
    if (endsByName(model.name) && model.kind !== 'lambda')
      methods.push({ site: { function: fn.key, point: NAME }, what: `${callOfKey(fn.key)} ends the connection`, runs: fn });
    for (const [point, operation] of model.operations.entries()) {
      const listener = operation.kind === 'call' ? listenerOf(operation) : operation.kind === 'write' ? handlerOf(operation) : undefined;
      if (!listener) continue;
      const runs = listener.value.kind === 'function' ? functionAt(listener.value.function, all) : methodOf(listener.value, parts);
      if (runs) events.push({ site: { function: fn.key, point }, what: `'${listener.event}' comes`, runs, event: true });
    }
  }
  return [...events, ...methods];
}

function methodOf(value: Value, parts: readonly ResolvedFunction[]): ResolvedFunction | undefined {
  const name = value.kind === 'place' ? value.place.path.at(-1) : undefined;
  return name === undefined ? undefined : parts.find((fn) => modelOf(fn).name === name);
}

function listenerOf(call: Call): { event: string; value: Value } | undefined {
  const [event, listener] = call.arguments;
  const named = /^on(Close|Disconnect|Exit|End)$/.exec(calledName(call))?.[1];
  if (named !== undefined && event?.value.kind === 'function') return { event: named.toLowerCase(), value: event.value };
  if (!/^(?:on|once|addListener|addEventListener)$/.test(calledName(call)) || !isConstant(event?.value, OVER) || !listener) return undefined;
  return { event: event.value.kind === 'constant' ? String(event.value.value) : '', value: listener.value };
}

function handlerOf({ place, value }: Write): { event: string; value: Value } | undefined {
  const name = /^on(close|disconnect|exit|end)$/.exec(place.path.at(-1) ?? '')?.[1];
  return name === undefined || value.kind === 'constant' ? undefined : { event: name, value };
}

/** Somebody takes single requests out of the table. */
function isAnswered(table: PlaceKey, parts: readonly ResolvedFunction[]): boolean {
  const aliases = aliasesIn(parts);
  return parts.some((fn) =>
    modelOf(fn).operations.some((operation) => {
      if (operation.kind === 'read')
        return operation.place.path.at(-1) === ELEMENT && meantKey({ root: operation.place.root, path: operation.place.path.slice(0, -1) }, aliases) === table;
      if (operation.kind === 'write' && operation.mode === 'delete' && operation.place.path.at(-1) === ELEMENT)
        return meantKey({ root: operation.place.root, path: operation.place.path.slice(0, -1) }, aliases) === table;
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !/^(?:get|shift|pop|delete|find)$/.test(calledName(operation))) return false;
      const { root, path } = operation.callee.place;
      return meantKey({ root, path: path.slice(0, -1) }, aliases)?.replaceAll(ELEMENT, '') === table;
    }),
  );
}

/** Somebody goes through the whole table, or puts a new one in its place. */
function takesAll(fn: ResolvedFunction, table: PlaceKey, parts: readonly ResolvedFunction[]): boolean {
  const aliases = aliasesIn(parts);
  if (modelOf(fn).kind === 'constructor') return false;
  if (loopsIn(modelOf(fn).body).some(({ over }) => over?.kind === 'place' && meantKey(over.place, aliases) === table)) return true;
  return modelOf(fn).operations.some((operation) => {
    if (operation.kind === 'write')
      return (
        modelOf(fn).kind !== 'module' &&
        operation.place.path.at(-1) !== ELEMENT &&
        meantKey(operation.place, aliases) === table &&
        fn.index !== Number(/\((\d+)/.exec(table)?.[1] ?? -1)
      );
    if (operation.kind !== 'call') return false;
    const called = calledName(operation);
    if (operation.callee.kind === 'place' && /^(?:forEach|values|entries|keys|clear|splice|map|filter)$/.test(called)) {
      const { root, path } = operation.callee.place;
      if (meantKey({ root, path: path.slice(0, -1) }, aliases) === table) return true;
    }
    return operation.arguments.some(({ value }) => value.kind === 'place' && meantKey(value.place, aliases) === table);
  });
}
