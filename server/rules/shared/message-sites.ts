// Message sites: where a JavaScript file hands values to another thread, process or page, or to a store that copies them.
import { calledName } from '../../model/calls';
import type { Argument, Call } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import type { Value } from '../../model/value';
import { makersOf, receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, pointsIn } from '../../summary/structure';
import type { Condition } from '../rule';

export interface MessageSite {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly call: Call;
  /** What does the copying, as a person calls it. */
  readonly by: string;
  /** `clone`: by structured clone, which refuses what it cannot copy; `json`: as JSON, which leaves it out; `maybe-json`: one or the other. */
  readonly how: 'clone' | 'json' | 'maybe-json';
  readonly values: readonly Argument[];
  /** The transfer list. */
  readonly transfer?: Argument;
}

const POOLS = /^(?:piscina|tinypool|piscina\.Piscina|tinypool\.Tinypool)\.(?:run|runTask)$/;
const NAMES = [
  'postMessage',
  'structuredClone',
  'Worker',
  'send',
  'run',
  'runTask',
  'exec',
  'invoke',
  'put',
  'add',
  'bulkPut',
  'bulkAdd',
  'set',
  'setItem',
  'pushState',
  'replaceState',
];

/** Something in the file may hand values on. */
export const sendsMessages: Condition = (file, facts) => messageSites(file, facts).length > 0;

/** All places of a file where values are copied for somebody else, in source order. */
export function messageSites(file: string, facts: Facts): readonly MessageSite[] {
  return facts.once(messageSites, file, () => {
    if (facts.languageOf(file) !== 'typescript') return [];
    return facts
      .functionsIn(file)
      .flatMap((fn) => modelOf(fn).operations.flatMap((operation, point) => (operation.kind === 'call' ? (siteOf(fn, point, operation, facts) ?? []) : [])));
  });
}

function siteOf(fn: ResolvedFunction, point: number, call: Call, facts: Facts): MessageSite | undefined {
  if (call.callee.kind !== 'place') return undefined;
  const name = calledName(call);
  const type = facts.program.resolver.typeOf(fn.module, fn.index, call.callee);
  const api = fn.calls.get(point)?.api?.name ?? (type?.kind === 'api' ? type.name : '');
  const positional = call.arguments.filter((argument) => argument.name === undefined);
  const named = (wanted: string) => call.arguments.find((argument) => argument.name === wanted);
  const site = (by: string, how: MessageSite['how'], values: readonly (Argument | undefined)[], transfer?: Argument): MessageSite | undefined => {
    const known = values.filter((value) => value !== undefined && !value.spread) as Argument[];
    return known.length === 0 ? undefined : { fn, point, call, by, how, values: known, ...(transfer ? { transfer } : {}) };
  };
  if (/^comlink\.Remote\.|^jest-worker\.Worker\./.test(api) && !/\.(?:end|getStdout|getStderr)$/.test(api))
    return site(`${name}()`, api.startsWith('comlink') ? 'clone' : 'json', positional);
  if (!NAMES.includes(name) || isTried(fn, point)) return undefined;
  if (name === 'postMessage') {
    // A method of that name of a class of the workspace sends on what it is given.
    if (type?.kind === 'function' || positional.length === 0) return undefined;
    return site('postMessage', 'clone', [positional[0]], named('transfer') ?? positional.slice(1).find(({ value }) => value.kind !== 'constant'));
  }
  if (api === 'structuredClone') return site('structuredClone', 'clone', [positional[0]], named('transfer'));
  if (api === 'worker_threads.Worker' || (name === 'Worker' && named('workerData')))
    return site('the Worker constructor', 'clone', [named('workerData')], named('transferList'));
  if (POOLS.test(api)) return site(`${name}()`, 'clone', [positional[0]], named('transferList'));
  if (api === 'workerpool.Pool.exec') return site('exec()', 'maybe-json', [positional[1]]);
  if (/^(?:child_process\.ChildProcess|cluster\.Worker)\.send$/.test(api))
    return site('send()', isAdvanced(fn, call, facts) ? 'clone' : 'json', [positional[0]]);
  if (api === 'process.send') return site('process.send()', 'maybe-json', [positional[0]]);
  if (/^electron\.[iI]pcRenderer\.(?:send|sendSync|invoke)$/.test(api) || (name === 'send' && call.callee.place.path.at(-2) === 'webContents'))
    return site(`${name}()`, 'clone', positional.slice(1));
  if (/^(?:window\.)?history\.(?:pushState|replaceState)$/.test(api)) return site(`history.${name}()`, 'clone', [positional[0]]);
  if ((name === 'put' || name === 'add') && isObjectStore(fn, receiverOf(call.callee), facts))
    return site(`${name}() of an object store`, 'clone', [positional[0]]);
  // A set has an add() as well, which nobody waits for.
  if (/^(?:put|add|bulkPut|bulkAdd)$/.test(name) && (name !== 'add' || call.outcome === 'awaited') && isDexieTable(fn, call.callee.place))
    return site(`${name}() of a Dexie table`, 'clone', [positional[0]]);
  if (api === 'idb-keyval.set' || api === 'localforage.setItem') return site(`${name}()`, 'clone', [positional[1]]);
  return undefined;
}

/** Whether a try stands around little more than this: somebody asks whether it can be copied, or empties a buffer on purpose. */
function isTried(fn: ResolvedFunction, point: number): boolean {
  const model = modelOf(fn);
  const [around] = enclosing(model).get(point) ?? [];
  if (around?.kind !== 'try' || around.part !== 'body' || around.step.handlers.length === 0) return false;
  return pointsIn(model, around.step.body).filter((each) => model.operations[each]?.kind === 'call').length <= 2;
}

/** `fork(path, [], { serialization: 'advanced' })` */
function isAdvanced(fn: ResolvedFunction, call: Call, facts: Facts): boolean {
  const receiver = receiverOf(call.callee);
  for (const { call: maker } of receiver ? makersOf(facts.program.resolver, fn.module, fn.index, receiver) : []) {
    const mode = maker.arguments.find(({ name }) => name === 'serialization')?.value;
    // What is given as a variable may say anything.
    if (
      (mode && !(mode.kind === 'constant' && mode.value === 'json')) ||
      maker.arguments.some((argument, i) => i > 0 && argument.value.kind === 'place' && i === maker.arguments.length - 1)
    )
      return true;
  }
  return false;
}

/** `db.friends.put(…)`, `this.table('friends').add(…)`, in a file that imports Dexie. */
function isDexieTable(fn: ResolvedFunction, { root, path }: Place): boolean {
  const imports = Object.values(fn.module.bindings).some((binding) => binding.kind === 'import' && binding.specifier === 'dexie');
  if (!imports) return false;
  if (root.kind === 'result' && path.length === 1) {
    const made = modelOf(fn).operations[root.operation];
    return made?.kind === 'call' && calledName(made) === 'table';
  }
  // The database, or an object that is one, has its tables as fields.
  return path.length >= 2 && !path.includes(ELEMENT);
}

function isObjectStore(fn: ResolvedFunction, receiver: Value | undefined, facts: Facts): boolean {
  if (!receiver) return false;
  const type = facts.program.resolver.typeOf(fn.module, fn.index, receiver);
  if (type?.kind === 'library') return type.name === 'IDBObjectStore';
  return [...makersOf(facts.program.resolver, fn.module, fn.index, receiver)].some(({ call }) => calledName(call) === 'objectStore');
}
