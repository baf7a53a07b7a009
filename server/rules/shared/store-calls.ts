// Store calls: which calls load from a store outside the program (a database, a cache, a file), and which save to it.
import { placeOf } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { lastName, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

export type StoreKind = 'file' | 'keyed' | 'row';

/** One access of a store, by a function's call. */
export interface StoreCall {
  readonly kind: 'load' | 'save';
  readonly store: StoreKind;
  /** The store, as text. */
  readonly of: string;
  readonly key: readonly Value[];
  /** The part of the key that is the same for every caller, as text. */
  readonly fixed?: string;
  /** Of a save: what is saved. */
  readonly saved: readonly Value[];
}

/** Methods that load. */
export const LOADS =
  /^(?:get|getItem|hget|hGet|hgetall|hGetAll|read|load|fetch|getJSON|getDoc|getObject|readJson|readJSON|readFile|findOne|findById|findUnique|findUniqueOrThrow|findFirst|findByPk|findOneBy|findOneOrFail|findOneByOrFail|find|retrieve|match)$/;
const SAVES =
  /^(?:set|setItem|setex|setEx|hset|hSet|hmset|put|putObject|write|save|store|setJSON|setDoc|writeJson|writeJSON|writeFile|update|updateOne|updateById|replaceOne|findByIdAndUpdate|findOneAndUpdate|updateDoc|upsert|persist)$/;
const ROWS = /^(?:find\w*|getDoc|retrieve|update\w*|replaceOne|upsert|persist|save)$/;

/** What a call does to a store, itself or in the function of this file that it calls. */
export function storeCall(call: Call, fn: ResolvedFunction, facts: Facts): StoreCall | undefined {
  const place = placeOf(call);
  if (!place) return undefined;
  const direct = directCall(call, place, fn);
  if (direct) return direct;
  const targets = [...fn.calls.entries()].find(([number]) => modelOf(fn).operations[number] === call)?.[1].targets ?? [];
  const target = targets.length === 1 && targets[0] !== fn.key ? facts.program.functions.get(targets[0]) : undefined;
  if (!target || target.module !== fn.module) return undefined;
  const wrapped = wrapperOf(target, facts);
  if (!wrapped) return undefined;
  const given = call.arguments.map((argument) => argument.value);
  if (wrapped.kind === 'load') return { kind: 'load', store: wrapped.store, of: wrapped.of, fixed: wrapped.fixed, key: given, saved: [] };
  return {
    kind: 'save',
    store: wrapped.store,
    of: wrapped.of,
    fixed: wrapped.fixed,
    key: given.filter((_, i) => i !== wrapped.parameter),
    saved: given.filter((_, i) => i === wrapped.parameter),
  };
}

function directCall(call: Call, place: Place, fn: ResolvedFunction): StoreCall | undefined {
  const name = lastName(place) ?? '';
  const kind = LOADS.test(name) ? 'load' : SAVES.test(name) ? 'save' : undefined;
  if (!kind || call.form !== 'call') return undefined;
  const positional = call.arguments.filter((argument) => argument.name === undefined);
  const isFile = /^(?:read|write)(?:File|Json|JSON)$/.test(name);
  const root = place.path.length > 0 || isFile ? printPlace({ root: place.root, path: place.path.slice(0, -1) }) : undefined;
  // Methods of unknown objects, and of what a call has just given, are no stores.
  if (root === undefined || (!isFile && (place.root.kind === 'result' || place.root.kind === 'unknown'))) return undefined;
  const given = place.root.kind === 'parameter' ? modelOf(fn).parameters[place.root.index]?.name : undefined;
  const holder = place.path.at(-2) ?? given ?? ('name' in place.root ? (place.root.name ?? '') : '');
  const isRow = ROWS.test(name);
  if (!isFile && !isRow && !isStore(place, holder)) return undefined;
  const where = call.arguments.find((argument) => argument.name === 'where');
  const data = call.arguments.find((argument) => argument.name === 'data');
  const store = isFile ? 'file' : isRow ? 'row' : 'keyed';
  const of = isFile && place.root.kind === 'import' ? 'a file' : root;
  if (where && data) return { kind, store, of, key: [where.value], saved: [data.value] };
  if (where) return { kind, store, of, key: [where.value], saved: [] };
  const values = positional.map((argument) => argument.value);
  // `area.set({ key: value })`, `repository.save(record)`
  if (kind === 'save' && values.length === 1) return { kind, store, of, key: [], saved: values };
  const inHash = /^h(?:get|set|mset|Get|Set)/.test(name) ? 2 : 1;
  return { kind, store, of, key: values.slice(0, kind === 'load' ? Math.max(inHash, 1) : inHash), saved: kind === 'save' ? values.slice(inHash) : [] };
}

const STORE =
  /store|storage|cache|redis|kv|db|database|session|persist|disk|repo|model|collection|table|bucket|state|memory|prefs|preferences|config|settings|client|env/i;

/** Whether something with `get` and `set` is outside the program: maps in memory answer at once and are cells. */
function isStore(place: Place, holder: string): boolean {
  if (place.root.kind === 'global') return /^(?:localStorage|sessionStorage|chrome|browser|caches|AsyncStorage)$/.test(place.root.name);
  return STORE.test(holder) || place.root.kind === 'import';
}

interface Wrapper {
  readonly kind: 'load' | 'save';
  readonly store: StoreKind;
  readonly of: string;
  readonly fixed: string;
  /** Of a save: which parameter is what is saved. */
  readonly parameter?: number;
}

/** A function that does nothing else with a store than load from it and give that back, or save an argument. */
function wrapperOf(fn: ResolvedFunction, facts: Facts): Wrapper | undefined {
  return facts.once(wrapperOf, fn.key, () => {
    const model = modelOf(fn);
    const calls = model.operations.flatMap((operation, i) => {
      const found = operation.kind === 'call' && operation.callee.kind === 'place' ? directCall(operation, operation.callee.place, fn) : undefined;
      return found ? [{ point: i, found, call: operation as Call }] : [];
    });
    if (calls.length !== 1) return undefined;
    const [{ point, found, call }] = calls;
    const { of } = found;
    const fixed = found.key.map(keyText).join(' ').trim();
    if (found.kind === 'load') {
      const given = model.operations.some((operation) => operation.kind === 'return' && restsOn(model.operations, operation.depends, point));
      return given ? { kind: 'load', store: found.store, of, fixed } : undefined;
    }
    const parameter = model.parameters.findIndex((each, i) => {
      const mentioned = (value: Value): boolean =>
        (value.kind === 'place' &&
          ((value.place.root.kind === 'parameter' && value.place.root.index === i) ||
            (value.place.root.kind === 'variable' && value.place.root.name === each.name))) ||
        (value.kind === 'collection' && value.items.some(mentioned));
      const depends = call.arguments.filter((argument) => found.saved.includes(argument.value)).flatMap((argument) => argument.depends);
      return (
        found.saved.some(mentioned) ||
        depends.some((number) => {
          const step = model.operations[number];
          return step.kind === 'call' && step.arguments.some((argument) => mentioned(argument.value));
        })
      );
    });
    return parameter < 0 ? undefined : { kind: 'save', store: found.store, of, fixed, parameter };
  });
}

/** A key as text where it is the same for every caller. */
function keyText(value: Value): string {
  if (value.kind === 'constant') return String(value.value);
  if (value.kind === 'place' && value.place.root.kind !== 'parameter' && value.place.root.kind !== 'result' && value.place.root.kind !== 'variable')
    return printPlace(value.place);
  return '';
}

function restsOn(operations: readonly Operation[], numbers: readonly number[], wanted: Point): boolean {
  return numbers.some((number) => number === wanted || (number > wanted && restsOn(operations, operations[number].depends, wanted)));
}
