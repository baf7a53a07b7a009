// Lifetimes: the parts of a JavaScript file that begin and end (classes, factories, effects, connections), and what ends them.
import { calledName, placeOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { ClassKey, FunctionKey } from '../../summary/keys';
import { fileOfKey, nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { testsIn } from '../../summary/structure';
import { calledBy } from './call-tree';
import { aliasesIn, meantKey, type PlaceKey } from './place-uses';

export interface Lifetime {
  readonly kind: 'class' | 'factory' | 'effect' | 'connection';
  /** What a person calls it: `Chart`, `createPoller()`, `the effect in Clock()`. */
  readonly name: string;
  /** All functions that belong to it, those that end it too. */
  readonly parts: readonly ResolvedFunction[];
  /** Those of them that may begin something: its own, and not what ends it. */
  readonly starts: readonly ResolvedFunction[];
  /** The functions that end it. */
  readonly closing: readonly FunctionKey[];
  /** They, and all that they run. */
  readonly ends: ReadonlySet<FunctionKey>;
  /** The class, or the function whose calls are its instances. */
  readonly class?: ClassKey;
  readonly maker?: ResolvedFunction;
}

const ENDS =
  /^_?_?#?(?:(?:close|stop|shutdown|shutDown|disconnect|terminate|quit|dispose|teardown|tearDown|cleanup|cleanUp|destroy|destroyed|unmount|unmounted|unload|unsubscribe)(?:All|Async|Sync|Internal|Now)?|componentWillUnmount|ngOnDestroy|disconnectedCallback|hostDisconnected|onModuleDestroy|onApplicationShutdown|beforeApplicationShutdown|beforeDestroy|beforeUnmount|willDestroy|on(?:Destroy|Close|Unload|Stop|Unmount|Dispose|Remove))$/;
/** Names that may mean the end of one piece of work; without a word on what, they mean the object's own. */
const ENDS_ITSELF = /^(?:finish|halt|exit|end|kill|abort|cancel|release|detach|deactivate|uninstall)$/;
const EFFECTS = /^(?:useEffect|useLayoutEffect|useInsertionEffect|useMount|onMount)$/;
const GONE = /^(?:close|disconnect|disconnecting|end|finish|exit|aborted)$/;
const LISTENS = /^(?:on|once|addListener|addEventListener)$/;
/** Flags that say if something is over. */
export const OVER = /clos|stop|dispos|destroy|ended|ending|dead|cancel|abort|shut|unmount|terminat|quit|exiting/i;
const UNDOES =
  /^(?:clear(?:Interval|Timeout|Immediate)|cancelAnimationFrame|removeEventListener|removeListener|off|unsubscribe|disconnect|close|terminate|abort|dispose|destroy)$/;

/** Whether a name says that what it names comes to an end by it. */
export function endsByName(name: string): boolean {
  return ENDS.test(name);
}

function endsOwner(fn: ResolvedFunction): boolean {
  const { name, parameters } = modelOf(fn);
  return ENDS.test(name) || (ENDS_ITSELF.test(name) && parameters.length === 0);
}

/** Whether a field belongs to a class whose code the file shows: a base class elsewhere may see to its own. */
export function isOwnField(name: PlaceKey, { class: key }: Lifetime, facts: Facts): boolean {
  const field = /^this\.([^.[]+)/.exec(name)?.[1];
  if (key === undefined || field === undefined) return true;
  const { resolver } = facts.program;
  if (fileOfKey(resolver.fieldOwner(key, field)) !== fileOfKey(key)) return false;
  const module = resolver.moduleOfClass(key);
  const declared = module?.module.classes[module.classKeys.indexOf(key)];
  const stranger = declared?.bases.some((base) => base.kind !== 'class' && resolver.libraryBases(key).length === 0 && resolver.lineage(key).length === 1);
  return !stranger || declared!.fields.length === 0 || declared!.fields.some((each) => each.name === field);
}

/** All lifetimes of a file; one function may belong to several. */
export function lifetimesIn(file: string, facts: Facts): readonly Lifetime[] {
  return facts.once(lifetimesIn, file, () => [...classesIn(file, facts), ...functionsThatEnd(file, facts)]);
}

/** The methods of a class of a file, by its index, and all that is written inside them. */
export function functionsOfClass(index: number, file: string, facts: Facts): readonly ResolvedFunction[] {
  const byClass = facts.once(functionsOfClass, file, () => {
    const found = new Map<number, ResolvedFunction[]>();
    for (const fn of facts.functionsIn(file)) {
      const at = modelOf(fn).class;
      if (at !== undefined && !found.get(at)?.push(fn)) found.set(at, [fn]);
    }
    return found;
  });
  return byClass.get(index) ?? [];
}

/** The function with an index out of those of a file. */
export function functionAt(index: number, all: readonly ResolvedFunction[]): ResolvedFunction | undefined {
  const at = indexIn(index, all);
  return all[at]?.index === index ? all[at] : undefined;
}

/** A function and everything that is written inside it. */
export function nestOf(fn: ResolvedFunction, all: readonly ResolvedFunction[]): ResolvedFunction[] {
  const found: ResolvedFunction[] = [];
  let at = indexIn(fn.index, all);
  // In source order those inside follow right after it.
  for (; at < all.length && (all[at] === fn || (modelOf(all[at]).parent ?? -1) >= fn.index); at++) found.push(all[at]);
  return found;
}

/** Where a function stands in the list of a file's functions, which may lack some. */
function indexIn(index: number, all: readonly ResolvedFunction[]): number {
  let at = Math.min(index, all.length - 1);
  while (at > 0 && all[at].index > index) at--;
  return at;
}

function* classesIn(file: string, facts: Facts): Iterable<Lifetime> {
  const module = facts.program.modules.get(file);
  if (module?.language !== 'typescript') return;
  const all = facts.functionsIn(file);
  const { resolver } = facts.program;
  // Compiled to generators, methods have lost what `this` is in them.
  if (all.some((fn) => modelOf(fn).operations.some((operation) => operation.kind === 'call' && calledName(operation) === '__awaiter'))) return;
  const lineages = module.classKeys.map((key) => resolver.lineage(key));
  const descendants = new Map<ClassKey, number[]>();
  for (const [index, lineage] of lineages.entries()) for (const key of lineage) descendants.set(key, [...(descendants.get(key) ?? []), index]);
  for (const [index, key] of module.classKeys.entries()) {
    const own = lineages[index].map((each) => module.classKeys.indexOf(each));
    const family = [...new Set([...own, ...(descendants.get(key) ?? [])])].sort((a, b) => a - b);
    const parts = family.flatMap((each) => functionsOfClass(each, file, facts));
    const closing = parts.filter((fn) => isMethod(fn) && endsOwner(fn));
    if (closing.length === 0) continue;
    closing.sort((a, b) => Number(modelOf(b).class === index) - Number(modelOf(a).class === index));
    const ends = endsOf(closing, all, facts);
    const starts = parts.filter((fn) => modelOf(fn).class === index && !ends.has(fn.key));
    yield { kind: 'class', name: nameOfKey(key), parts, starts, closing: closing.map((fn) => fn.key), ends, class: key };
  }
}

function* functionsThatEnd(file: string, facts: Facts): Iterable<Lifetime> {
  if (facts.program.modules.get(file)?.language !== 'typescript') return;
  const all = facts.functionsIn(file);
  const effects = new Map<number, string>();
  const connections = new Set<number>();
  for (const fn of all) {
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'call') continue;
      const name = calledName(operation);
      const [first, second] = operation.arguments;
      if (EFFECTS.test(name) && first?.value.kind === 'function') effects.set(first.value.function, nameOfKey(fn.key));
      if (LISTENS.test(name) && isConstant(first?.value, /^connection$/) && second?.value.kind === 'function') connections.add(second.value.function);
    }
  }
  for (const fn of all) {
    const model = modelOf(fn);
    if (model.kind === 'module' || model.kind === 'constructor') continue;
    const nest = nestOf(fn, all);
    const effect = effects.get(fn.index);
    const closing = closersOf(fn, nest, effect !== undefined, all, facts);
    const gone = effect === undefined ? goneListeners(fn, nest, all) : [];
    const isConnection = connections.has(fn.index) || gone.length > 0;
    if (effect === undefined && closing.length === 0 && !isConnection) continue;
    const kind = effect !== undefined ? 'effect' : closing.length > 0 ? 'factory' : 'connection';
    const last = kind === 'connection' ? gone : closing;
    const ends = endsOf(last, all, facts);
    const starts = nest.filter((each) => !ends.has(each.key));
    const name = effect === undefined ? `${model.name.startsWith('lambda-') ? 'the callback' : `${nameOfKey(fn.key)}()`}` : `the effect in ${effect}()`;
    yield { kind, name, parts: nest, starts, closing: last.map((each) => each.key), ends, maker: fn };
  }
}

/** The functions that a factory or an effect gives to its caller to end it with. */
function closersOf(
  fn: ResolvedFunction,
  nest: readonly ResolvedFunction[],
  effect: boolean,
  all: readonly ResolvedFunction[],
  facts: Facts,
): ResolvedFunction[] {
  const returned = new Set<number>();
  let gives = false;
  for (const operation of modelOf(fn).operations) {
    if (operation.kind !== 'return') continue;
    const { value } = operation;
    if (value.kind !== 'constant') gives = true;
    for (const each of value.kind === 'collection' ? value.items : [value]) if (each.kind === 'function') returned.add(each.function);
  }
  const inner = nest.filter((each) => each !== fn);
  if (effect) return inner.filter((each) => returned.has(each.index));
  return inner.filter((each) => {
    const named = gives && modelOf(each).parent === fn.index && modelOf(each).class === modelOf(fn).class && endsOwner(each);
    return named || (returned.has(each.index) && [...calledBy(facts, each.key)].some((key) => undoes(facts.program.functions.get(key))) && all.includes(each));
  });
}

function undoes(fn: ResolvedFunction | undefined): boolean {
  return fn !== undefined && modelOf(fn).operations.some((operation) => operation.kind === 'call' && UNDOES.test(calledName(operation)));
}

/** What runs when the other side of a connection, which is one of the function's parameters, has gone. */
function goneListeners(fn: ResolvedFunction, nest: readonly ResolvedFunction[], all: readonly ResolvedFunction[]): ResolvedFunction[] {
  const names = new Set(modelOf(fn).parameters.map((parameter) => parameter.name));
  const found: ResolvedFunction[] = [];
  for (const part of nest) {
    for (const operation of modelOf(part).operations) {
      if (operation.kind !== 'call' || !LISTENS.test(calledName(operation)) || !isConstant(operation.arguments[0]?.value, GONE)) continue;
      const listener = operation.arguments[1]?.value;
      if (!isOnParameter(operation, fn, part, names) || listener?.kind !== 'function') continue;
      const target = functionAt(listener.function, all);
      if (target) found.push(target);
    }
  }
  return found;
}

function isOnParameter(call: Call, fn: ResolvedFunction, part: ResolvedFunction, names: ReadonlySet<string>): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root } = call.callee.place;
  return (root.kind === 'parameter' && part === fn) || (root.kind === 'variable' && root.function === fn.index && names.has(root.name));
}

function endsOf(closing: readonly ResolvedFunction[], all: readonly ResolvedFunction[], facts: Facts): Set<FunctionKey> {
  const ends = new Set<FunctionKey>();
  for (const fn of closing) {
    for (const key of calledBy(facts, fn.key)) {
      const called = facts.program.functions.get(key);
      for (const each of called ? nestOf(called, all) : []) ends.add(each.key);
    }
  }
  return ends;
}

function isMethod(fn: ResolvedFunction): boolean {
  const { kind, parent } = modelOf(fn);
  return parent === 0 && kind !== 'constructor' && kind !== 'property';
}

export function isConstant(value: Value | undefined, pattern: RegExp): boolean {
  return value?.kind === 'constant' && typeof value.value === 'string' && pattern.test(value.value);
}

/** The calls of a kind that lifetimes begin, each with the lifetime that is nearest to it: `[function, point, lifetime]`. */
export function* lifetimesOnce(lifetimes: readonly Lifetime[], wanted: (call: Call) => boolean): Iterable<[ResolvedFunction, number, Lifetime]> {
  const nearest = new Map<string, [ResolvedFunction, number, Lifetime]>();
  for (const lifetime of lifetimes) {
    for (const fn of lifetime.starts) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call' || !wanted(operation)) continue;
        const before = nearest.get(`${fn.key} ${point}`);
        if (!before || before[2].parts.length > lifetime.parts.length) nearest.set(`${fn.key} ${point}`, [fn, point, lifetime]);
      }
    }
  }
  yield* nearest.values();
}

/** Whether functions test something that the end of a lifetime writes: a flag, a generation, a signal that it aborts; of those that are `named` so. */
export function isTold(lifetime: Lifetime, functions: Iterable<FunctionKey>, facts: Facts, named = /./): boolean {
  const aliases = aliasesIn(lifetime.parts);
  const told = new Set<PlaceKey>();
  for (const key of lifetime.ends) {
    const fn = facts.program.functions.get(key);
    for (const operation of fn ? modelOf(fn).operations : []) {
      if (operation.kind === 'write') add(told, meantKey(operation.place, aliases));
      if (operation.kind === 'call' && operation.callee.kind === 'place' && /^(?:abort|clear|delete|splice)$/.test(calledName(operation)))
        add(told, meantKey({ ...operation.callee.place, path: operation.callee.place.path.slice(0, -1) }, aliases));
    }
  }
  for (const key of functions) {
    const fn = facts.program.functions.get(key);
    if (!fn) continue;
    const { operations, body } = modelOf(fn);
    for (const tested of testsIn(body)) {
      const operation = operations[tested];
      const place = operation?.kind === 'write' ? undefined : placeOf(operation);
      const name = place && meantKey(place, aliases);
      // A flag that says so is put up by whoever ends the object, here or elsewhere.
      if (operation?.kind === 'read' && OVER.test(place?.path.at(-1) ?? '') && name !== undefined) return true;
      if (name !== undefined && named.test(name.split('.').at(-1)!) && [...told].some((each) => name === each || name.startsWith(`${each}.`))) return true;
    }
  }
  return false;
}

function add(names: Set<PlaceKey>, name: PlaceKey | undefined): void {
  if (name !== undefined) names.add(name.replaceAll(ELEMENT, ''));
}
