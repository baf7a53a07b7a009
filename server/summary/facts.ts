// Facts: the program's summaries sorted by what rules ask about: shared places, lock cycles, functions, modules.

import type { Language } from '../model/module';
import { CellGuards } from './cell-guards';
import { CALLER, type Context, MAIN, onOneLine, type RootId, rootParts } from './contexts';
import { byKey, groupBy, innerMap } from './grouping';
import { type CellKey, type FunctionKey, fileOfKey, isClaim, type LockKey, prefixesOf } from './keys';
import { LockIndex } from './lock-index';
import { cyclesOf, edgeId, edgesOf, type LockCycle, type LockEdge } from './lock-order';
import { ORDERING_DEPTH, type Program, type ProgramChange } from './program';
import type { ResolvedFunction } from './resolved';
import type { Access, CellUse, Summary } from './summary';

/** An access together with the function that makes it. */
export interface CellAccess extends Access {
  readonly function: FunctionKey;
}

/** A use of what lives in a cell together with the function that makes it. */
export interface FunctionUse extends CellUse {
  readonly function: FunctionKey;
}

/** The subjects that a change concerns, by kind. */
export interface Touched {
  readonly cell: ReadonlySet<CellKey>;
  readonly cycle: ReadonlySet<string>;
  readonly lock: ReadonlySet<LockKey>;
  readonly function: ReadonlySet<FunctionKey>;
  readonly module: ReadonlySet<string>;
}

const NO_CONTEXT: Context = {
  roots: [],
  owned: [],
  distinct: [],
  made: [],
  again: false,
  company: [],
  offLoop: [],
  seldom: [],
  constructing: false,
  entry: undefined,
};

export class Facts {
  private readonly cells = new Map<CellKey, Map<FunctionKey, readonly CellAccess[]>>();
  private readonly cellsOfFunction = new Map<FunctionKey, readonly CellKey[]>();
  private readonly uses = new Map<CellKey, Map<FunctionKey, readonly FunctionUse[]>>();
  /** The same in order, for cells that have been asked about since they changed. */
  private readonly accessLists = new Map<CellKey, readonly CellAccess[]>();
  private readonly useLists = new Map<CellKey, readonly FunctionUse[]>();
  private readonly edges = new Map<string, Map<FunctionKey, LockEdge>>();
  private readonly edgesOfFunction = new Map<FunctionKey, readonly string[]>();
  readonly locks = new LockIndex();
  /** What annotations state of places. */
  readonly stated = new CellGuards();
  private cycleList = new Map<string, LockCycle>();
  /** What has been worked out since the last update, by topic and subject. */
  private readonly answers = new Map<object, Map<string, unknown>>();
  private readonly contexts = new Map<FunctionKey, Context>();

  /** How Python runs: without its global lock, single operations of containers are no shelter. */
  interpreter: 'gil' | 'free-threaded' = 'gil';

  constructor(readonly program: Program) {}

  /** Every subject there is, for when what rules rest on has changed as a whole. */
  everything(): Touched {
    const functions = new Set(this.program.functions.keys());
    return {
      cell: new Set(this.cells.keys()),
      cycle: new Set(this.cycleList.keys()),
      lock: new Set(this.locks.keys()),
      function: functions,
      module: new Set(this.program.modules.keys()),
    };
  }

  /** The functions of a file, in source order; none for a file that is not there. */
  functionsIn(file: string): readonly ResolvedFunction[] {
    return (this.program.modules.get(file)?.functionKeys ?? []).flatMap((key) => this.program.functions.get(key) ?? []);
  }

  /** Sorts in what a program update has changed; gives the subjects that rules have to look at again. */
  update(change: ProgramChange): Touched {
    this.answers.clear();
    this.contexts.clear();
    const functions = new Set([...change.summarised, ...change.contexts, ...change.removed]);
    const cell = new Set<CellKey>();
    const edgeIds = new Set<string>();
    for (const key of functions) {
      for (const touched of this.cellsOfFunction.get(key) ?? []) cell.add(touched);
      if (!change.summarised.has(key) && !change.removed.has(key)) continue;
      for (const touched of this.replaceCells(key)) cell.add(touched);
      for (const id of this.replaceEdges(key)) edgeIds.add(id);
    }
    for (const key of change.contexts) {
      for (const [wrapper, sites] of this.program.callers.get(key) ?? []) {
        if (sites.some((site) => site.wraps)) for (const touched of this.cellsOfFunction.get(wrapper) ?? []) cell.add(touched);
      }
    }
    // Accesses are ordered by where threads are started, so a root started elsewhere touches all that it reaches.
    const started = new Set(change.spawned);
    const reordered = this.calleesWithin(change.called);
    for (const key of reordered) for (const { function: target } of this.summaryOf(key)?.spawns ?? []) if (target !== undefined) started.add(target);
    if (started.size > 0) {
      for (const [key, context] of this.program.contexts) {
        if (!context.roots.some((root) => started.has(rootParts(root).function ?? ''))) continue;
        for (const touched of this.cellsOfFunction.get(key) ?? []) cell.add(touched);
      }
    }
    for (const key of reordered) for (const touched of this.cellsOfFunction.get(key) ?? []) cell.add(touched);
    const lock = this.locks.update(functions, cell, (key) => this.summaryOf(key));
    const stated = this.stated.update(this.program, this.locks);
    for (const key of stated.cells) for (const touched of [key, ...this.cellsBelow(key)]) cell.add(touched);
    // Whether a write across an await does harm depends on who else writes there.
    const concerned = new Set(functions);
    for (const touched of cell) for (const key of this.cells.get(touched)?.keys() ?? []) if (this.summaryOf(key)?.staleWrites.length) concerned.add(key);
    const before = this.cycleList;
    if (functions.size > 0) this.cycleList = this.findCycles();
    const concerns = (edge: LockEdge) => functions.has(edge.function);
    const cycle = new Set([...before.keys()].filter((id) => !this.cycleList.has(id)));
    for (const [id, { locks }] of this.cycleList) {
      const pairs = locks.map((lock, i) => [lock, locks[(i + 1) % locks.length]] as const);
      if (!before.has(id) || pairs.some((pair) => edgeIds.has(edgeId(...pair)) || this.edgesBetween(...pair).some(concerns))) cycle.add(id);
    }
    const module = new Set([...[...concerned].map(fileOfKey), ...stated.files]);
    // What others do with a file's fields, and what the jobs that it starts let out, concerns the file.
    for (const touched of cell) module.add(fileOfKey(touched));
    for (const key of functions) for (const spawner of this.program.spawners.get(key)?.keys() ?? []) module.add(fileOfKey(spawner));
    // So does what others do with objects in a file's fields, and who calls and starts its functions.
    for (const key of [...cell, ...change.called, ...change.spawned]) module.add(fileOfKey(key));
    return { cell, cycle, lock, function: concerned, module };
  }

  /** Functions whose order to a thread's start is looked up through one of `called`. */
  private calleesWithin(called: ReadonlySet<FunctionKey>): Set<FunctionKey> {
    const found = new Set(called);
    let layer: Iterable<FunctionKey> = called;
    for (let depth = 0; depth < ORDERING_DEPTH; depth++) {
      const next: FunctionKey[] = [];
      for (const key of layer) for (const call of this.summaryOf(key)?.calls ?? []) if (!found.has(call.target)) next.push(call.target);
      for (const key of next) found.add(key);
      layer = next;
    }
    return found;
  }

  /** What `answer` gives, worked out once for each subject of a topic until the next update: nothing changes between. */
  once<T>(topic: object, subject: string, answer: () => T): T {
    const known = innerMap(this.answers, topic);
    const before = known.get(subject);
    if (before !== undefined || known.has(subject)) return before as T;
    const found = answer();
    known.set(subject, found);
    return found;
  }

  /** All accesses of a cell, in the order of the keys of their functions. */
  accessesOf(cell: CellKey): readonly CellAccess[] {
    return inOrder(this.accessLists, this.cells, cell);
  }

  /** Everything that is done to the object in a cell through methods of the library, in the order of the keys of the functions. */
  usesOf(cell: CellKey): readonly FunctionUse[] {
    return inOrder(this.useLists, this.uses, cell);
  }

  cellKeys(): readonly CellKey[] {
    return [...this.cells.keys()].sort();
  }

  /** The cells that access paths through a cell lead to, as far as their keys show it: `Cache.raw.open` for `Cache.raw`. Sorted. */
  cellsBelow(cell: CellKey): readonly CellKey[] {
    const index = this.once(Facts, 'cells below', () => {
      const below = new Map<CellKey, CellKey[]>();
      for (const key of this.cellKeys()) {
        for (const prefix of prefixesOf(key)) {
          const found = below.get(prefix);
          if (found) found.push(key);
          else below.set(prefix, [key]);
        }
      }
      return below;
    });
    return index.get(cell) ?? [];
  }

  /** The cells of which some access is made with a lock held, in the function itself or at every entry to it. Sorted. */
  cellsUnder(lock: LockKey): readonly CellKey[] {
    const found: CellKey[] = [];
    for (const [cell, functions] of this.cells) {
      for (const [key, accesses] of functions) {
        if (!accesses.some(({ held }) => held.some((other) => other.lock === lock)) && !this.program.contexts.get(key)?.entry?.includes(lock)) continue;
        found.push(cell);
        break;
      }
    }
    return found.sort();
  }

  /** All circles of locks, in the order of their ids. */
  cycles(): readonly LockCycle[] {
    return [...this.cycleList.values()];
  }

  cycle(id: string): LockCycle | undefined {
    return this.cycleList.get(id);
  }

  /** Every edge between two locks, by function key. */
  edgesBetween(held: LockKey, wanted: LockKey): readonly LockEdge[] {
    return byKey(this.edges.get(edgeId(held, wanted))).map(([, edge]) => edge);
  }

  /** All pairs of the lock-order graph. */
  lockPairs(): { held: LockKey; wanted: LockKey; edges: readonly LockEdge[] }[] {
    return byKey(this.edges).map(([, found]) => {
      const edges = byKey(found).map(([, edge]) => edge);
      return { held: edges[0].held, wanted: edges[0].wanted, edges };
    });
  }

  contextOf(key: FunctionKey): Context {
    let context = this.contexts.get(key);
    if (!context) this.contexts.set(key, (context = this.findContext(key)));
    return context;
  }

  private findContext(key: FunctionKey): Context {
    const own = this.program.contexts.get(key) ?? NO_CONTEXT;
    return own.roots.length === 0 ? (this.contextOfWrapped(key) ?? own) : own;
  }

  /** A decorator's wrapper is run by whoever calls what it wraps by its name, before the locks that it takes itself. */
  private contextOfWrapped(key: FunctionKey): Context | undefined {
    const wrapped = this.summaryOf(key)?.calls.find((call) => call.wraps)?.target;
    const context = wrapped === undefined ? undefined : this.program.contexts.get(wrapped);
    return context && { ...context, owned: [], distinct: [], made: [], entry: [] };
  }

  /** Whether functions other than `key` write a cell, not counting construction and the module's own body. */
  isWrittenElsewhere(cell: CellKey, key: FunctionKey): boolean {
    return this.accessesOf(cell).some((access) => {
      const fn = this.program.functions.get(access.function);
      return access.write && !access.owned && access.function !== key && fn?.index !== 0;
    });
  }

  /** Whether two runs of a root can reach the same object through an access. */
  sharesRuns(access: CellAccess, root: RootId): boolean {
    return !access.onReceiver || !this.contextOf(access.function).distinct.includes(root);
  }

  /** Whether two different roots cannot meet at two accesses: one thread runs both, or a root has made its object for itself. */
  areApart(a: CellAccess, one: RootId, b: CellAccess, other: RootId): boolean {
    if (one === other) return false;
    const own = (access: CellAccess, root: RootId) => rootParts(root).fresh === true && !this.sharesRuns(access, root);
    const made = (access: CellAccess, root: RootId) => access.onReceiver && this.contextOf(access.function).made.includes(root);
    if (made(a, one) && made(b, other)) return true;
    const outside = (root: RootId) => root === MAIN || root === CALLER;
    const [left, right] = [own(a, one), own(b, other)];
    return onOneLine(one, other) || (left && (right || outside(other))) || (right && outside(one));
  }

  /** The roots for which an access is to something that others can reach too. */
  rootsOf(access: CellAccess): readonly RootId[] {
    const { roots, owned } = this.contextOf(access.function);
    return access.onReceiver && !access.shown ? roots.filter((root) => !owned.includes(root)) : roots;
  }

  /** Callers from outside who are expected on several threads, and share what is accessed. */
  companyOf(access: CellAccess): readonly RootId[] {
    return this.contextOf(access.function).company;
  }

  summaryOf(key: FunctionKey): Summary | undefined {
    return this.program.summaries.get(key);
  }

  languageOf(file: string): Language | undefined {
    return this.program.modules.get(file)?.language;
  }

  /** Locks held at an access: those the function took, and those held whenever it is entered. */
  guardsOf(access: CellAccess): ReadonlySet<LockKey> {
    return new Set([...access.held.map((lock) => lock.lock), ...(this.contextOf(access.function).entry ?? [])]);
  }

  /** Those of them that keep other threads out: not a flag that was found down, and not a lock between tasks. */
  threadGuardsOf(access: CellAccess): ReadonlySet<LockKey> {
    return new Set([...this.guardsOf(access)].filter((lock) => !isClaim(lock) && this.locks.kindOf(lock)?.domain !== 'task'));
  }

  private replaceCells(key: FunctionKey): readonly CellKey[] {
    for (const cell of this.cellsOfFunction.get(key) ?? []) {
      removeFrom(this.cells, cell, key);
      removeFrom(this.uses, cell, key);
      this.accessLists.delete(cell);
      this.useLists.delete(cell);
    }
    const summary = this.summaryOf(key);
    const accesses = (summary?.accesses ?? []).map((access): CellAccess => ({ ...access, function: key }));
    const groups = groupBy(accesses, (access) => access.cell.key);
    for (const [cell, group] of groups) innerMap(this.cells, cell).set(key, group);
    const uses = (summary?.uses ?? []).map((use): FunctionUse => ({ ...use, function: key }));
    const usesByCell = groupBy(uses, (use) => use.cell.key);
    for (const [cell, group] of usesByCell) innerMap(this.uses, cell).set(key, group);
    const cells = [...new Set([...groups.keys(), ...usesByCell.keys()])];
    for (const cell of cells) {
      this.accessLists.delete(cell);
      this.useLists.delete(cell);
    }
    if (cells.length > 0) this.cellsOfFunction.set(key, cells);
    else this.cellsOfFunction.delete(key);
    return cells;
  }

  /** Gives the ids of the edges that the function has had or has now. */
  private replaceEdges(key: FunctionKey): readonly string[] {
    const before = this.edgesOfFunction.get(key) ?? [];
    for (const id of before) removeFrom(this.edges, id, key);
    const summary = this.summaryOf(key);
    const edges = summary ? edgesOf(summary, (callee) => this.summaryOf(callee)) : [];
    for (const edge of edges) innerMap(this.edges, edgeId(edge.held, edge.wanted)).set(key, edge);
    const after = edges.map((edge) => edgeId(edge.held, edge.wanted));
    if (after.length > 0) this.edgesOfFunction.set(key, after);
    else this.edgesOfFunction.delete(key);
    return [...before, ...after];
  }

  private findCycles(): Map<string, LockCycle> {
    const graph = new Map<LockKey, Set<LockKey>>();
    for (const { held, wanted } of this.lockPairs()) {
      if (!graph.has(held)) graph.set(held, new Set());
      if (!graph.has(wanted)) graph.set(wanted, new Set());
      graph.get(held)!.add(wanted);
    }
    return new Map(cyclesOf(graph).map((cycle) => [cycle.id, cycle]));
  }
}

function removeFrom<T>(map: Map<string, Map<FunctionKey, T>>, id: string, key: FunctionKey): void {
  const inner = map.get(id);
  inner?.delete(key);
  if (inner?.size === 0) map.delete(id);
}

/** What functions do with a cell, in the order of their keys; kept in `lists`. */
function inOrder<T>(lists: Map<CellKey, readonly T[]>, all: ReadonlyMap<CellKey, ReadonlyMap<FunctionKey, readonly T[]>>, cell: CellKey): readonly T[] {
  const found = all.get(cell);
  if (!found) return [];
  let list = lists.get(cell);
  if (!list) lists.set(cell, (list = found.size === 1 ? [...found.values()][0] : byKey(found).flatMap(([, items]) => items)));
  return list;
}
