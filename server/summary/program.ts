// Program: the whole-program facts of a workspace, kept up to date by redoing only what a change reaches.

import type { Library } from '../model/library';
import type { Module } from '../model/module';
import { ArgumentFlow } from './argument-flow';
import { closureOf, componentsOf } from './components';
import { type Context, sameContext } from './contexts';
import { entryMethodOf } from './entry-points';
import { expectedCallers } from './expected-callers';
import { append, groupBy, innerMap } from './grouping';
import { isHandedOut } from './handed-out';
import { ImportIndex } from './import-resolution';
import { type FunctionKey, fileOfKey } from './keys';
import { interfaceOf, type ModuleInterface } from './module-interface';
import { resolveFunction } from './resolve-function';
import type { ResolvedFunction } from './resolved';
import { settledContexts } from './settled-contexts';
import { summarise } from './summarise';
import { type CallSite, type SpawnSite, type Summary, sameOutside } from './summary';
import { TypeResolver } from './type-resolver';

/** What an update did. */
export interface ProgramChange {
  /** Functions that are new, or whose summary was computed again. */
  readonly summarised: ReadonlySet<FunctionKey>;
  /** Functions whose roots or entry lockset were computed again and came out different. */
  readonly contexts: ReadonlySet<FunctionKey>;
  readonly contextsComputed: number;
  readonly removed: ReadonlySet<FunctionKey>;
  /** Files in which something was resolved again. */
  readonly resolvedFiles: ReadonlySet<string>;
  /** Functions that are called, or spawned, otherwise than before. */
  readonly called: ReadonlySet<FunctionKey>;
  readonly spawned: ReadonlySet<FunctionKey>;
}

/** How many callers up an access is followed to the place where a thread is started. */
export const ORDERING_DEPTH = 4;
/** Who calls more than this is taken to start something: looking would cost more than the work that it saves. */
const MOST_LOOKED_AT = 300;

export class Program {
  readonly modules = new Map<string, ModuleInterface>();
  readonly functions = new Map<FunctionKey, ResolvedFunction>();
  readonly summaries = new Map<FunctionKey, Summary>();
  readonly contexts = new Map<FunctionKey, Context>();
  /** Callee → caller → the calls. */
  readonly callers = new Map<FunctionKey, Map<FunctionKey, readonly CallSite[]>>();
  /** Spawned function → spawner → the spawns. */
  readonly spawners = new Map<FunctionKey, Map<FunctionKey, readonly SpawnSite[]>>();
  /** File → files it imports, as far as they are in the workspace. */
  private readonly imports = new Map<string, ReadonlySet<string>>();
  private readonly keysByFile = new Map<string, readonly FunctionKey[]>();
  private readonly argumentFlow = new ArgumentFlow();
  private importIndex = new ImportIndex([]);
  resolver: TypeResolver;

  /** `onFault` is told of functions that could not be analysed because of a fault in the analysis itself. */
  constructor(
    private readonly library: Library,
    private readonly onFault: (message: string) => void = () => {},
  ) {
    this.resolver = new TypeResolver(this.modules, this.importIndex, library);
  }

  /** Takes in new versions of modules (undefined: the file is gone) and brings all facts up to date. */
  update(changes: ReadonlyMap<string, Module | undefined>): ProgramChange {
    const toResolve = this.replaceModules(changes);
    const removed = this.dropMissing(changes.keys());
    const resolvedFiles = this.resolve(toResolve);
    const edges = { called: new Set<FunctionKey>(removed.callees), spawned: new Set<FunctionKey>(removed.spawned) };
    const summarised = this.summariseFrom([...toResolve, ...removed.callers], edges);
    const { changed, computed } = this.contextsFrom([...edges.called, ...edges.spawned, ...toResolve]);
    return { summarised, contexts: changed, contextsComputed: computed, removed: removed.functions, resolvedFiles, ...edges };
  }

  /** Puts new modules in place; gives the functions to resolve again. */
  private replaceModules(changes: ReadonlyMap<string, Module | undefined>): Set<FunctionKey> {
    const toResolve = new Set<FunctionKey>();
    const changedInterfaces = new Set<string>();
    const families = this.filesCallingInto(changes.keys());
    let filesChanged = false;
    let handedOtherwise = false;
    for (const [file, module] of changes) {
      const before = this.modules.get(file);
      if (!module) {
        if (before) filesChanged = true;
        this.modules.delete(file);
        changedInterfaces.add(file);
        continue;
      }
      const after = interfaceOf(module);
      if (!before) filesChanged = true;
      this.modules.set(file, after);
      if (before?.hash !== after.hash) changedInterfaces.add(file);
      if (before?.handoverHash !== after.handoverHash) handedOtherwise = true;
      const hashes = new Map(before?.functionKeys.map((key, index) => [key, before.module.functions[index].hash]));
      after.functionKeys.forEach((key, index) => {
        if (hashes.get(key) !== module.functions[index].hash) toResolve.add(key);
        else this.readopt(key, after, index);
      });
    }
    if (filesChanged) this.importIndex = new ImportIndex(this.modules.keys());
    const rewired = this.rewireImports(filesChanged ? this.modules.keys() : changes.keys());
    if (changedInterfaces.size === 0 && rewired.size === 0 && !handedOtherwise) {
      for (const file of changes.keys()) this.resolver.adopt(this.modules.get(file)!);
      return toResolve;
    }
    this.resolver = new TypeResolver(this.modules, this.importIndex, this.library);
    for (const file of this.filesCallingInto(changedInterfaces)) families.add(file);
    const importers = new Map<string, string[]>();
    for (const [file, targets] of this.imports) for (const target of targets) append(importers, target, file);
    const concerned = closureOf(
      changedInterfaces.size === 0 && rewired.size === 0 ? [] : [...changedInterfaces, ...rewired, ...families],
      (target) => importers.get(target) ?? [],
    );
    const { resolver, changed } = this.argumentFlow.update(
      this.modules,
      new Set([...concerned, ...changes.keys()]),
      (types) => new TypeResolver(this.modules, this.importIndex, this.library, types),
    );
    this.resolver = resolver;
    const receiving = closureOf([...changed].map(fileOfKey), (target) => importers.get(target) ?? []);
    for (const file of new Set([...concerned, ...receiving])) {
      for (const key of this.modules.get(file)?.functionKeys ?? []) toResolve.add(key);
    }
    return toResolve;
  }

  /** Files with ancestors of the classes in `files`, or with decorators used there: calls there may run what is in `files`. */
  private filesCallingInto(files: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const file of files) {
      const module = this.modules.get(file);
      if (!module) continue;
      for (const declared of module.classes) for (const ancestor of this.resolver.lineage(declared.key)) found.add(fileOfKey(ancestor));
      for (const [, decorator] of this.resolver.decoratorsIn(module)) found.add(fileOfKey(decorator));
    }
    return found;
  }

  /** An unchanged function of a changed file: only where its text stands is new. */
  private readopt(key: FunctionKey, module: ModuleInterface, index: number): void {
    const resolved = this.functions.get(key);
    if (!resolved) return;
    this.functions.set(key, { ...resolved, module, index });
  }

  /** Finds the files that files import; gives those for which that has changed. */
  private rewireImports(files: Iterable<string>): Set<string> {
    const rewired = new Set<string>();
    for (const file of [...files]) {
      const module = this.modules.get(file);
      if (!module) {
        this.imports.delete(file);
        continue;
      }
      const targets = new Set<string>();
      for (const specifier of module.specifiers) {
        const target = this.importIndex.resolve(file, module.language, specifier);
        if (target !== undefined) targets.add(target);
      }
      const before = this.imports.get(file);
      if (!before || before.size !== targets.size || [...targets].some((target) => !before.has(target))) rewired.add(file);
      this.imports.set(file, targets);
    }
    return rewired;
  }

  /** Forgets functions of the files that are no longer there. */
  private dropMissing(files: Iterable<string>) {
    const functions = new Set<FunctionKey>();
    const callees = new Set<FunctionKey>();
    const spawned = new Set<FunctionKey>();
    const callers = new Set<FunctionKey>();
    for (const file of files) {
      const present = new Set(this.modules.get(file)?.functionKeys);
      for (const key of this.keysByFile.get(file) ?? []) {
        if (present.has(key)) continue;
        functions.add(key);
        const summary = this.summaries.get(key);
        for (const call of summary?.calls ?? []) callees.add(call.target);
        for (const spawn of summary?.spawns ?? []) if (spawn.function) spawned.add(spawn.function);
        for (const caller of this.callers.get(key)?.keys() ?? []) callers.add(caller);
      }
      this.keysByFile.set(file, [...present]);
    }
    for (const key of functions) {
      this.unlink(key);
      for (const callee of this.calleesOf(key)) this.callers.get(callee)?.delete(key);
      this.functions.delete(key);
      this.summaries.delete(key);
      this.contexts.delete(key);
    }
    const alive = (key: FunctionKey) => !functions.has(key);
    return { functions, callees: [...callees].filter(alive), spawned: [...spawned].filter(alive), callers: [...callers].filter(alive) };
  }

  private resolve(keys: ReadonlySet<FunctionKey>): Set<string> {
    const files = new Set<string>();
    for (const key of keys) {
      for (const callee of this.calleesOf(key)) this.callers.get(callee)?.delete(key);
      const place = this.resolver.functionAt(key)!;
      const resolved = this.attempt(key, () => resolveFunction(this.resolver, place.module, place.index));
      if (resolved) this.functions.set(key, resolved);
      else this.functions.delete(key);
      files.add(place.module.file);
    }
    return files;
  }

  /** Summarises `seeds` and whoever calls them, callees first, stopping where callers would see no difference. */
  private summariseFrom(seeds: readonly FunctionKey[], edges: { called: Set<FunctionKey>; spawned: Set<FunctionKey> }): Set<FunctionKey> {
    const dirty = new Set(seeds);
    // Calls of functions that are resolved anew are known only now; they order the work.
    const calleesOf = (key: FunctionKey) => this.calleesOf(key);
    for (const key of dirty) this.linkCallees(key);
    const region = closureOf(dirty, (key) => this.callers.get(key)?.keys() ?? []);
    const changed = new Set<FunctionKey>();
    const done = new Set<FunctionKey>();
    for (const component of componentsOf(region, calleesOf)) {
      if (!component.some((key) => dirty.has(key) || [...calleesOf(key)].some((callee) => changed.has(callee)))) continue;
      const before = new Map(component.map((key) => [key, this.summaries.get(key)]));
      for (const key of component) this.summaries.delete(key);
      for (let again = true; again; ) {
        again = false;
        for (const key of component) {
          const fn = this.functions.get(key);
          if (!fn) continue;
          const summary = this.attempt(key, () => summarise(fn, (callee) => this.summaries.get(callee)));
          if (!summary) continue;
          if (component.length > 1 && !sameOutside(this.summaries.get(key), summary)) again = true;
          this.summaries.set(key, summary);
        }
      }
      for (const key of component) {
        done.add(key);
        const after = this.summaries.get(key);
        if (after && !sameOutside(before.get(key), after)) changed.add(key);
        this.relink(key, before.get(key), after, edges);
      }
    }
    return done;
  }

  /** A fault of the analysis costs one function, and is told. */
  private attempt<T>(key: FunctionKey, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.onFault(`${key} was left out: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  private *calleesOf(key: FunctionKey): Iterable<FunctionKey> {
    const fn = this.functions.get(key);
    if (!fn) return;
    for (const call of fn.calls.values()) {
      yield* call.targets;
      for (const callback of call.callbacks) yield callback.function;
      for (const given of call.given) yield* given.functions;
    }
    for (const { opener, enter, exit } of fn.withs) for (const run of [opener, enter, exit]) if (run !== undefined) yield run;
  }

  /** Makes a function a caller of all that it names, also where its summary has no such call: where nobody comes, or by a function that it hands on. */
  private linkCallees(caller: FunctionKey): void {
    for (const callee of this.calleesOf(caller)) {
      const callers = innerMap(this.callers, callee);
      if (!callers.has(caller)) callers.set(caller, []);
    }
  }

  /** Enters a function's calls and spawns in the reverse graphs, and notes whose callers or spawners are new. */
  private relink(
    key: FunctionKey,
    before: Summary | undefined,
    after: Summary | undefined,
    edges: { called: Set<FunctionKey>; spawned: Set<FunctionKey> },
  ): void {
    if (before && after) {
      const orders = this.startsWithin(key);
      if (signature(before, orders) === signature(after, orders)) {
        this.enterLinks(key, after);
        return;
      }
    }
    for (const summary of [before, after]) {
      for (const call of summary?.calls ?? []) if (this.functions.has(call.target)) edges.called.add(call.target);
      for (const spawn of summary?.spawns ?? []) if (spawn.function && this.functions.has(spawn.function)) edges.spawned.add(spawn.function);
    }
    this.unlink(key, before);
    if (after) this.enterLinks(key, after);
    this.linkCallees(key);
  }

  /** Whether a function, or what it calls, starts something, so that the order of its calls matters. */
  private startsWithin(key: FunctionKey): boolean {
    const seen = new Set([key]);
    let layer = [key];
    for (let depth = 0; depth <= ORDERING_DEPTH && layer.length > 0; depth++) {
      const summaries = layer.flatMap((each) => this.summaries.get(each) ?? []);
      if (summaries.some(({ spawns }) => spawns.length > 0)) return true;
      layer = summaries.flatMap(({ calls }) => calls.map(({ target }) => target)).filter((target) => !seen.has(target) && seen.add(target));
      if (seen.size > MOST_LOOKED_AT) return true;
    }
    return false;
  }

  private enterLinks(key: FunctionKey, summary: Summary): void {
    for (const [target, sites] of groupBy(summary.calls, (call) => call.target)) innerMap(this.callers, target).set(key, sites);
    for (const [target, sites] of groupBy(summary.spawns, (spawn) => spawn.function)) {
      if (target !== undefined) innerMap(this.spawners, target).set(key, sites);
    }
  }

  private unlink(key: FunctionKey, summary = this.summaries.get(key)): void {
    for (const call of summary?.calls ?? []) this.callers.get(call.target)?.delete(key);
    for (const spawn of summary?.spawns ?? []) if (spawn.function) this.spawners.get(spawn.function)?.delete(key);
  }

  /** Computes contexts of `seeds` and of all they call, callers first. */
  private contextsFrom(seeds: readonly FunctionKey[]): { changed: Set<FunctionKey>; computed: number } {
    const dirty = new Set(seeds.filter((key) => this.functions.has(key)));
    const started = (key: FunctionKey) => {
      const summary = this.summaries.get(key);
      const targets = [...(summary?.calls ?? []).map((call) => call.target), ...(summary?.spawns ?? []).flatMap((spawn) => spawn.function ?? [])];
      return targets.filter((target) => this.functions.has(target));
    };
    const region = closureOf(dirty, started);
    const callersOf = (key: FunctionKey) => [...(this.callers.get(key)?.keys() ?? []), ...(this.spawners.get(key)?.keys() ?? [])];
    const changed = new Set<FunctionKey>();
    let computed = 0;
    for (const component of componentsOf(region, callersOf)) {
      if (!component.some((key) => dirty.has(key) || callersOf(key).some((caller) => changed.has(caller)))) continue;
      const before = new Map(component.map((key) => [key, this.contexts.get(key)]));
      const settled = settledContexts(
        component,
        (key) => this.contextInput(key),
        (key) => this.contexts.get(key),
      );
      computed += settled.computed;
      for (const [key, context] of settled.contexts) this.contexts.set(key, context);
      for (const key of component) if (!sameContext(before.get(key), this.contexts.get(key)!)) changed.add(key);
    }
    return { changed, computed };
  }

  private contextInput(key: FunctionKey) {
    const { module, index, requires } = this.functions.get(key)!;
    return {
      key,
      model: module.module.functions[index],
      language: module.language,
      callers: this.callers.get(key) ?? new Map(),
      spawners: this.spawners.get(key) ?? new Map(),
      entryMethod: entryMethodOf(this.resolver, module, index),
      handedOut: module.language === 'typescript' && isHandedOut(module.module, index),
      expects: expectedCallers(this.resolver, module, index),
      requires,
    };
  }
}

/** What contexts of callees are computed from: calls with the locks held, and spawns. */
function signature(summary: Summary, orders: boolean): string {
  // Where calls stand matters only beside one that starts something: what runs before it cannot meet what it starts.
  const at = (call: CallSite) => (orders ? call.point : '');
  const calls = summary.calls.map(
    (call) =>
      `${call.target}(${call.held.map((lock) => lock.lock).join()})${call.owned ? 'o' : ''}${call.constructing ? 'c' : ''}${call.overriding ? 'v' : ''}${call.onReceiver ? 'r' : ''}${call.shown ? 's' : ''}${call.made ? 'm' : ''}${call.again ? 'a' : ''}${call.kept ? 'k' : ''}${call.onLent ? 'l' : ''}${call.wraps ? 'w' : ''}${call.onLoop ? 'e' : ''}${at(call)}`,
  );
  const spawns = summary.spawns.map(
    (spawn) =>
      `${spawn.as}${spawn.many}${spawn.sharedReceiver}${spawn.receiverMadeAt}${spawn.single}${spawn.keptIn}${spawn.line}${spawn.fresh}${spawn.serves}${spawn.function}@${spawn.point}`,
  );
  return `${calls.join(';')}|${spawns.join(';')}|${summary.joins.join()}`;
}
