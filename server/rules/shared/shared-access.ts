// Shared access: which accesses of a place count, which of them can meet, and how sure that is.
import { CALLER, DOCUMENTED, LOCKING, MAIN, type RootId, rootParts } from '../../summary/contexts';
import type { CellAccess, Facts } from '../../summary/facts';
import { ASSUMED_LOCK, type CellKey, type FunctionKey, fileOfKey, isNameless, type LockKey } from '../../summary/keys';
import { goesOnTo, isOrdered } from '../../summary/ordering';
import { modelOf } from '../../summary/resolved';
import type { Finding } from '../finding';
import { isOfClass } from './class-level';
import { isDetached } from './detached-contents';
import { isImportTime } from './import-time';
import { breaksStatement } from './stated-guards';
import { isForOwner } from './thread-owners';

/** Two accesses that can happen at the same time, and why that is thought. */
export interface Meeting {
  readonly roots: readonly [RootId, RootId];
  /**
   * `near`: threads whose start or target is in the file of the access; `threads`: threads started elsewhere;
   * `documented`: documentation says that several threads come; `locking`: a lock of the class or module shows that
   * they are expected; `caller`: a thread that the object starts itself, and whoever calls from outside beside it;
   * `guess`: a thread, and callers that may never be there.
   */
  readonly by: 'near' | 'threads' | 'documented' | 'locking' | 'caller' | 'guess';
}

export type Weight = Pick<Finding, 'severity' | 'confidence'>;

const PRIVATE_MOMENT = /^__(?:del|repr|str|getstate|setstate|copy|deepcopy|reduce|init_subclass|enter|exit)__$/;

/** The accesses of a place of a Python program that others can come between; of those that break an annotation that one tells. */
export function sharedAccesses(cell: CellKey, facts: Facts): readonly CellAccess[] {
  return facts.once(sharedAccesses, cell, () => findShared(cell, facts));
}

function findShared(cell: CellKey, facts: Facts): readonly CellAccess[] {
  const all = facts.accessesOf(cell);
  if (all.length === 0 || facts.languageOf(fileOfKey(all[0].function)) !== 'python' || isMethod(all[0], facts)) return [];
  const ofClass = isOfClass(all[0], facts);
  return all
    .map((access) => (ofClass && access.cell.element && access.onReceiver ? { ...access, onReceiver: false } : access))
    .filter((access) => countsAsShared(access, facts) && !isDetached(access, all, facts) && !breaksStatement(access, facts));
}

/** A property is no place of its own: what it reads and writes is. */
function isMethod({ cell }: CellAccess, facts: Facts): boolean {
  return cell.owner !== undefined && facts.program.resolver.method(cell.owner, cell.key.slice(cell.owner.length + 1)) !== undefined;
}

/** Leaves out what belongs to one thread: construction, a module's own body, clean-up hooks, what nobody reaches. */
function countsAsShared(access: CellAccess, facts: Facts): boolean {
  if (access.owned) return false;
  const fn = facts.program.functions.get(access.function);
  const model = fn && modelOf(fn);
  if (!model || model.kind === 'module' || PRIVATE_MOMENT.test(model.name) || isForOwner(fn, access.point)) return false;
  // Each process has a copy of its own.
  return facts.rootsOf(access).some((root) => rootParts(root).kind !== 'process') && !facts.threadGuardsOf(access).has(ASSUMED_LOCK);
}

/** One access of each statement, a write rather than a read: `x += 1` is one place to a person. */
export function byStatement(accesses: readonly CellAccess[], facts: Facts): CellAccess[] {
  const found = new Map<string, CellAccess>();
  for (const access of accesses) {
    const id = `${access.function} ${modelOf(facts.program.functions.get(access.function)!).operations[access.point].statement}`;
    if (access.write || !found.has(id)) found.set(id, access);
  }
  return [...found.values()];
}

/** Whether an access is under no lock that could keep others out; `lock`: under that one, or one that may be it. */
export function isUnguarded(access: CellAccess, facts: Facts, lock?: LockKey): boolean {
  const guards = facts.threadGuardsOf(access);
  if (lock === undefined) return guards.size === 0;
  return ![...guards].some((held) => held === lock || isNameless(held));
}

/** Whether two accesses can happen at the same time on different threads, and what says so. */
export function meetingOf(a: CellAccess, b: CellAccess, facts: Facts): Meeting | undefined {
  const known = meetingRoots(a, b, facts);
  if (known && !known.includes(CALLER)) return { roots: known, by: known.some((root) => startsNear(root, a, facts)) ? 'near' : 'threads' };
  if (isCaptured(a.cell.key) && !known) return undefined;
  const [one, other] = [facts.companyOf(a), facts.companyOf(b)];
  if (one.includes(DOCUMENTED) && other.includes(DOCUMENTED)) return { roots: [DOCUMENTED, DOCUMENTED], by: 'documented' };
  if (known) return { roots: known, by: isOffered(known, a, b, facts) ? 'caller' : 'guess' };
  return one.length > 0 && other.length > 0 ? { roots: [LOCKING, LOCKING], by: 'locking' } : undefined;
}

/**
 * Whether the access that callers come to is there for them: its object starts the thread itself, and that thread does
 * not come there. What the thread does as well is most often left to it.
 */
function isOffered(roots: readonly [RootId, RootId], a: CellAccess, b: CellAccess, facts: Facts): boolean {
  const [offered, thread] = roots[0] === CALLER ? [a, roots[1]] : [b, roots[0]];
  if (facts.rootsOf(offered).some(onOwnThread)) return false;
  const target = rootParts(thread).function;
  const spawners = target === undefined ? [] : [...(facts.program.spawners.get(target)?.keys() ?? [])];
  return spawners.some((spawner) => isOfSameObject(spawner, a, facts) || spawner === offered.function || goesOnTo(facts, spawner, offered.function, thread));
}

/** Whether a function is a method of the class whose field a place is, or of the module whose variable it is. */
function isOfSameObject(key: FunctionKey, { cell }: CellAccess, facts: Facts): boolean {
  if (cell.owner === undefined) return fileOfKey(key) === fileOfKey(cell.key);
  const fn = facts.program.functions.get(key);
  const index = fn && modelOf(fn).class;
  if (!fn || index === undefined) return false;
  const { resolver } = facts.program;
  const own = fn.module.classKeys[index];
  return resolver.lineage(own).includes(cell.owner) || resolver.lineage(cell.owner).includes(own);
}

/** Two roots that can run the two accesses at the same time, each on a thread of its own. */
function meetingRoots(a: CellAccess, b: CellAccess, facts: Facts): [RootId, RootId] | undefined {
  let guessed: [RootId, RootId] | undefined;
  for (const one of facts.rootsOf(a)) {
    for (const other of facts.rootsOf(b)) {
      if (!onOwnThread(one) && !onOwnThread(other)) continue;
      if (!isThread(one) || !isThread(other)) continue;
      if (one === other && !(rootParts(one).many && facts.sharesRuns(a, one))) continue;
      if ((one === MAIN && isImportTime(a.function, facts)) || (other === MAIN && isImportTime(b.function, facts))) continue;
      if (facts.areApart(a, one, b, other) || !sharesVariable(a.cell.key, facts, one, other)) continue;
      if (isAnotherCall(a, one) || isAnotherCall(b, other)) continue;
      if (isOrdered(facts, a.function, a.point, other) || isOrdered(facts, b.function, b.point, one)) continue;
      // Roots that the workspace shows tell more than a caller who may be there.
      if (one !== CALLER && other !== CALLER) return [one, other];
      guessed ??= [one, other];
    }
  }
  return guessed;
}

/**
 * How sure it is that two accesses without a lock meet on one object. Where a thread is started or begins in the file
 * of the place, whoever wrote the one knew of the other. Far away, two threads most often have two objects of the
 * class, the main program may be another one altogether, and it is a guess that outside callers run beside them.
 */
export function weigh({ by, roots }: Meeting, access: CellAccess): Weight {
  if (by === 'near' || by === 'caller') return { severity: 'warning', confidence: 0.8 };
  if (by === 'documented') return { severity: 'warning', confidence: 0.7 };
  if (by === 'locking') return { severity: 'hint', confidence: 0.3 };
  if (by === 'guess') return { severity: 'hint', confidence: 0.4 };
  if (access.cell.owner === undefined && !roots.includes(MAIN)) return { severity: 'warning', confidence: 0.7 };
  return roots.includes(MAIN) ? { severity: 'hint', confidence: 0.4 } : { severity: 'information', confidence: 0.5 };
}

/** Whether outside callers may run both: where a lock shows that they are expected, that is enough. */
export function bothOffered(a: CellAccess, b: CellAccess, facts: Facts): boolean {
  return facts.rootsOf(a).includes(CALLER) && facts.rootsOf(b).includes(CALLER);
}

/** Whether a thread begins, or is started, in the file that the place belongs to. */
function startsNear(root: RootId, access: CellAccess, facts: Facts): boolean {
  const target = rootParts(root).function;
  const file = fileOfKey(access.cell.owner ?? access.function);
  if (target === undefined) return false;
  return fileOfKey(target) === file || [...(facts.program.spawners.get(target)?.keys() ?? [])].some((spawner) => fileOfKey(spawner) === file);
}

/** The function whose variable a cell is; undefined for other cells. */
export function declaringFunction(cell: CellKey): string | undefined {
  const hash = cell.lastIndexOf('#');
  const slash = cell.indexOf('/', hash);
  return hash < 0 || slash < 0 ? undefined : cell.slice(0, slash);
}

function isCaptured(cell: CellKey): boolean {
  return declaringFunction(cell) !== undefined;
}

/**
 * A captured variable belongs to one call of the function that declares it: only what starts inside that call shares
 * it, unless the call is made once, for a decorator, and what it gives stands at module level from then on.
 */
export function sharesVariable(cell: CellKey, facts: Facts, ...roots: readonly RootId[]): boolean {
  const declaring = declaringFunction(cell);
  if (declaring === undefined || isDecorator(declaring, facts)) return true;
  return roots.some((root) => rootParts(root).function?.startsWith(`${declaring}.`));
}

/** The function that declares a variable, run by a thread that it has started itself: that is another call, with a variable of its own. */
function isAnotherCall(access: CellAccess, root: RootId): boolean {
  const declaring = declaringFunction(access.cell.key);
  return declaring !== undefined && access.function === declaring && rootParts(root).function?.startsWith(`${declaring}.`) === true;
}

/** Whether a function is applied to others by `@name`. */
function isDecorator(key: string, facts: Facts): boolean {
  const { resolver, functions } = facts.program;
  const own = functions.get(key);
  if (!own) return false;
  return [...own.module.module.functions, ...own.module.module.classes].some((decorated) =>
    decorated.decorators.some((decorator) => {
      const type = resolver.typeOf(own.module, 0, decorator);
      return type?.kind === 'function' && type.function === key;
    }),
  );
}

/** Roots that run in this process's memory on some thread; tasks and callbacks share the thread of their event loop. */
function isThread(root: RootId): boolean {
  return root === MAIN || root === CALLER || onOwnThread(root);
}

function onOwnThread(root: RootId): boolean {
  const { kind } = rootParts(root);
  return kind === 'thread' || kind === 'timer';
}
