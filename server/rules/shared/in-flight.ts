// In flight: whether two runs of an async function can be under way at a time, or two functions that touch one object, and why.
import type { ModelFunction } from '../../model/module';
import { CALLER, MAIN, type RootId, rootParts } from '../../summary/contexts';
import type { Facts } from '../../summary/facts';
import { isHandedOut as isGivenBack } from '../../summary/handed-out';
import { type ClassKey, callOfKey, type FunctionKey, fileOfKey } from '../../summary/keys';
import type { ClassInterface } from '../../summary/module-interface';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { claimsOf, isMadeOnce } from './claims';

/** Why two of them can be under way at a time, and whether the workspace shows it. */
export interface Reason {
  readonly text: string;
  readonly known: boolean;
}

/**
 * Why two calls of an async function can meet in one object; undefined where nothing says that they do. `ofAnyClass`: of
 * Python's classes too that nothing marks as shared.
 */
export function inFlightTwice(fn: ResolvedFunction, onReceiver: boolean, facts: Facts, ofAnyClass = false): Reason | undefined {
  return modelOf(fn).isAsync ? begunTwice(fn, onReceiver, facts, ofAnyClass) : undefined;
}

/** The same for a function whose callbacks run later: why it can be called again before they have run. */
export function begunTwice(fn: ResolvedFunction, onReceiver: boolean, facts: Facts, ofAnyClass = false): Reason | undefined {
  const model = modelOf(fn);
  if (model.kind === 'module' || isKeptWhileUnderWay(fn, facts)) return undefined;
  const roots = rootsAt(fn, onReceiver, facts);
  if (roots.length === 0) return isHandedOut(fn) ? UNHINDERED : undefined;
  const many = roots.find((root) => rootParts(root).many && sharesRuns(fn, onReceiver, root, facts) && !startsItself(root, facts));
  if (many !== undefined) return { text: `Several run at a time: ${callOfKey(rootParts(many).function ?? fn.key)} is started more than once.`, known: true };
  const started = roots.filter((root) => root !== MAIN && root !== CALLER);
  if (started.length > 1) return { text: 'Two tasks reach it.', known: false };
  const lock = fn.module.language === 'python' ? fieldLike(fn, facts, (name) => lockBetweenTasks(fn, name, facts)) : undefined;
  if (lock) return { text: `The lock ${lock} shows that several tasks are meant to call it.`, known: false };
  // Whoever may call it may call it again before the first call is done.
  if (isOpen(fn, facts)) return UNHINDERED;
  return roots.includes(CALLER) && (isOffered(fn, facts) || (ofAnyClass && !model.isPrivate && !ONCE.test(model.name))) ? UNHINDERED : undefined;
}

/** Each call of it stands where its promise goes to a place that was found empty: there is one, until that is emptied again. */
function isKeptWhileUnderWay(fn: ResolvedFunction, facts: Facts): boolean {
  if (fn.module.language !== 'typescript' || !modelOf(fn).isPrivate) return false;
  const { callers, spawners } = facts.program;
  const sites = [...(callers.get(fn.key) ?? []), ...(spawners.get(fn.key) ?? [])];
  return sites.length > 0 && sites.every(([key, calls]) => calls.every(({ point }) => isKeptAt(facts.program.functions.get(key), point, facts)));
}

function isKeptAt(caller: ResolvedFunction | undefined, point: Point, facts: Facts): boolean {
  if (!caller) return false;
  const { operations } = modelOf(caller);
  const comesFrom = (number: Point): boolean => operations[number].depends.some((each) => each === point || (each > point && comesFrom(each)));
  return claimsOf(caller, facts).some((claim) => claim.does === 'take' && isMadeOnce(caller, claim) && comesFrom(claim.point));
}

/** A public part of what others have in their hands: the workspace may show some of its calls, and there may be more. */
function isOpen(fn: ResolvedFunction, facts: Facts): boolean {
  const model = modelOf(fn);
  if (fn.module.language !== 'typescript' || model.isPrivate || model.kind === 'constructor' || model.kind === 'lambda') return false;
  return isOffered(fn, facts);
}

const UNHINDERED: Reason = { text: 'Nothing keeps its callers from calling it again before the first call is done.', known: false };

/**
 * A closure that its function gives back, by itself as a decorator does or as a part of an object: whoever gets it may call
 * it as often as they like.
 */
export function isHandedOut(fn: ResolvedFunction): boolean {
  const { parent } = modelOf(fn);
  return parent !== undefined && parent !== 0 && isGivenBack(fn.module.module, fn.index);
}

/** Why `other` can run while `fn` waits; undefined where nothing says so. */
export function canMeet(fn: ResolvedFunction, other: ResolvedFunction, facts: Facts, ofAnyClass = false): Reason | undefined {
  const mine = rootsAt(fn, true, facts);
  const theirs = rootsAt(other, true, facts);
  const started = (root: RootId) => root !== MAIN && root !== CALLER;
  const pair = mine
    .flatMap((a) => theirs.map((b) => [a, b] as const))
    .find(([a, b]) => (a !== b ? started(a) || started(b) : rootParts(a).many && sharesRuns(fn, true, a, facts)));
  if (pair) {
    const root = started(pair[1]) ? pair[1] : pair[0];
    return { text: `${callOfKey(rootParts(root).function ?? other.key)} runs as a ${rootParts(root).kind} of its own.`, known: true };
  }
  const called = (each: ResolvedFunction, roots: readonly RootId[]) => roots.includes(CALLER) || isOpen(each, facts);
  if (called(fn, mine) && called(other, theirs) && (isOffered(fn, facts) || (ofAnyClass && !ONCE.test(modelOf(fn).name))))
    return { text: `Nothing keeps callers from calling ${callOfKey(other.key)} meanwhile.`, known: false };
  return undefined;
}

function rootsAt(fn: ResolvedFunction, onReceiver: boolean, facts: Facts): readonly RootId[] {
  const { roots, owned } = facts.contextOf(fn.key);
  return onReceiver ? roots.filter((root) => !owned.includes(root)) : roots;
}

/** `const round = async () => { …; setTimeout(round, 100) }`: who is started by nobody else comes after itself. */
function startsItself(root: RootId, facts: Facts): boolean {
  const key = rootParts(root).function;
  const fn = key === undefined ? undefined : facts.program.functions.get(key);
  if (key === undefined || fn?.module.language !== 'typescript') return false;
  const starters = [...(facts.program.spawners.get(key)?.keys() ?? [])];
  return starters.length > 0 && starters.every((starter) => starter === key || starter.startsWith(`${key}.`));
}

/** Whether two runs of a root can reach the same object. */
function sharesRuns(fn: ResolvedFunction, onReceiver: boolean, root: RootId, facts: Facts): boolean {
  return !onReceiver || !facts.contextOf(fn.key).distinct.includes(root);
}

/** The first field of a function's class whose library type fits, as a person calls it. */
function fieldLike(fn: ResolvedFunction, facts: Facts, fits: (type: string) => boolean): string | undefined {
  const { class: index } = modelOf(fn);
  const owner = index === undefined ? undefined : fn.module.classes[index];
  for (const [name, field] of owner?.fields ?? []) {
    const type = facts.program.resolver.typeOfField(`${owner!.key}.${name}`, fn.module, field);
    if (type?.kind === 'library' && fits(type.name)) return `${owner!.name}.${name}`;
  }
  return undefined;
}

/** A class that keeps a lock between tasks expects several of them. */
function lockBetweenTasks(fn: ResolvedFunction, type: string, facts: Facts): boolean {
  return facts.program.resolver.api(fn.module.language, type)?.lock?.domain === 'task';
}

/** Classes of which a program has one object for everybody. */
const SHARED =
  /(?:Client|Manager|Pool|Session|Cache|Connection|Connector|Backend|Store|Storage|Provider|Registry|Service|Gateway|Broker|Hub|Coordinator|Database|Repository|Adapter|Middleware|Device|Bot|Bus|Channel|Socket|Protocol|Engine|Consumer|Producer|Api|API|Cluster|Scheduler|Transport|Proxy|Limiter|Server|Bridge|Controller)$/;
/** Functions that a program calls once. */
const ONCE =
  /^_*(?:main|run|serve|setup|teardown|start_?up|__aenter__|__aexit__|async_setup|shut_?down|a?close|stop|disconnect|terminate|destroy|exit)(?![a-z])/i;

/** Whether a function is there for others, as a part of something that they share. */
function isOffered(fn: ResolvedFunction, facts: Facts): boolean {
  const model = modelOf(fn);
  if (fn.module.language === 'python') return isSharedInPython(fn, model, facts);
  const { module } = fn.module;
  const exported = new Set(module.exports.map((item) => item.local ?? item.name));
  if (model.class === undefined && model.parent !== undefined && model.parent !== 0) return isHandedOutThroughout(fn);
  // A helper of the module is as open as whoever calls it.
  if (model.class === undefined && model.isPrivate) return [...(facts.program.callers.get(fn.key)?.keys() ?? [])].some((key) => isOpenAt(key, fn, facts));
  if (model.class === undefined) return true;
  const owner = fn.module.classes[model.class];
  if (exported.has(owner.name)) return true;
  return isKeptByModule(fn, owner.key, facts);
}

function isOpenAt(key: FunctionKey, helper: ResolvedFunction, facts: Facts): boolean {
  const caller = key === helper.key || fileOfKey(key) !== fileOfKey(helper.key) ? undefined : facts.program.functions.get(key);
  return caller !== undefined && isOpen(caller, facts);
}

/** A closure beside or below one that is given back: `function makePool() { async function grow() {…} return { acquire }; }`. */
function isHandedOutThroughout(fn: ResolvedFunction): boolean {
  const { module } = fn.module;
  for (let at = fn.index; at > 0; at = module.functions[at].parent ?? 0) {
    const { parent } = module.functions[at];
    if (module.functions.some((other, index) => other.parent === parent && isGivenBack(module, index))) return true;
  }
  return false;
}

function isSharedInPython(fn: ResolvedFunction, model: ModelFunction, facts: Facts): boolean {
  if (ONCE.test(model.name)) return false;
  if (model.class === undefined) return model.parent === 0 || model.parent === undefined;
  const owner = fn.module.classes[model.class];
  if (SHARED.test(owner.name) || owner.claimsThreadSafety || isKeptByModule(fn, owner.key, facts)) return true;
  if (waitsForOthers(fn, owner, facts)) return true;
  // What tasks wait for, or hand each other things through.
  return fieldLike(fn, facts, (type) => /^asyncio\.(?:Event|Queue|LifoQueue|PriorityQueue|Barrier)$/.test(type)) !== undefined;
}

/** A class that starts tasks of its own methods, or whose callers wait for what another task will tell them. */
function waitsForOthers(fn: ResolvedFunction, owner: ClassInterface, facts: Facts): boolean {
  return Object.values(owner.methods).some((index) => {
    const method = facts.program.functions.get(fn.module.functionKeys[index]);
    for (const call of method?.calls.values() ?? []) {
      if (/(?:^|\.)create_future$|^asyncio\.Future$/.test(call.api?.name ?? '')) return true;
      if (call.spawns.some((spawn) => spawn.as === 'task' && spawn.function !== undefined && isMethodOf(spawn.function, owner.key))) return true;
    }
    return false;
  });
}

function isMethodOf(key: FunctionKey, owner: ClassKey): boolean {
  return key.startsWith(`${owner}.`);
}

/** Whether the file keeps an instance of a class in a module variable. */
function isKeptByModule(fn: ResolvedFunction, owner: string, facts: Facts): boolean {
  return Object.keys(fn.module.bindings).some((name) => {
    const type = facts.program.resolver.typeOf(fn.module, 0, { kind: 'place', place: { root: { kind: 'module', name }, path: [] } });
    return type?.kind === 'instance' && type.class === owner;
  });
}
