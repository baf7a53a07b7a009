// State that several threads reach is changed without the lock that guards it elsewhere, or in a step that is not atomic.
import { CALLER, describeRoot, MAIN, rootParts, type RootId } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { ASSUMED_LOCK, callOfKey, fileOfKey, isNameless, type LockKey, nameOfKey } from '../summary/keys';
import { isOrdered } from '../summary/ordering';
import type { Finding, FixIntent, Related } from './finding';
import { MAKES } from './makes';
import type { Rule } from './rule';

export const unguardedSharedState: Rule = {
  id: 'unguarded-shared-state',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  repaired: true,
  *check(cell, facts) {
    const all = facts.accessesOf(cell);
    if (all.length < 2 || facts.languageOf(fileOfKey(all[0].function)) !== 'python') return;
    const accesses = all.filter((access) => countsAsShared(access, facts));
    const finding = lazyLock(cell, accesses, facts) ?? guardedElsewhere(cell, accesses, facts) ?? lostUpdate(cell, accesses, facts);
    if (finding) yield finding;
  },
};

/** A lock that is made when it is first asked for: two threads can each make one, and then nobody is kept out. */
function lazyLock(cell: string, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  const made = accesses.find((access) => access.makesLock && access.checked && facts.threadGuardsOf(access).size === 0);
  if (!made) return undefined;
  const place = nameOfKey(cell);
  return {
    rule: unguardedSharedState.id,
    family: unguardedSharedState.family,
    severity: unguardedSharedState.severity,
    confidence: 0.8,
    site: { function: made.function, point: made.point },
    message: `The lock ${place} is made when it is first needed: two threads that come here at the same time can each make one, and then both are inside what it should guard. Make it where the object or module is made.`,
    related: [
      ...traceOf(made, place, 'thread A: has found no lock, and makes one', facts),
      ...traceOf(made, place, 'thread B: has found none either, and puts another one in its place', facts, false),
    ],
    fixes: [],
  };
}

/** Guarded in most places and written without the lock in one. */
function guardedElsewhere(cell: string, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  const lock = dominantLock(accesses, facts);
  if (lock === undefined) return undefined;
  const kept = byStatement(
    accesses.filter((access) => facts.threadGuardsOf(access).has(lock)),
    facts,
  );
  const makers = new Set(
    facts
      .accessesOf(lock)
      .filter((access) => access.makesLock)
      .map((access) => access.function),
  );
  // Whoever makes the lock anew (after a fork, when unpickled) makes what it guards anew as well.
  const broken = accesses
    .filter((access) => !makers.has(access.function))
    .filter((access) => ![...facts.threadGuardsOf(access)].some((held) => held === lock || isNameless(held)));
  const worst = broken.find((access) => access.write && access.update) ?? broken.find((access) => access.write && !access.constant);
  if (!worst) return undefined;
  const partners = kept.filter((access) => access.write && access.function !== worst.function && mayMeet(access, worst, facts));
  const onThreads = partners.find((access) => meetingRoots(access, worst, facts)?.includes(CALLER) === false);
  const partner = onThreads ?? partners[0];
  // One place under a lock may be under it for another reason, unless both places do the same sort of thing.
  if (kept.length < 2 && !(worst.update && partner?.update)) return undefined;
  if (!partner || weight(kept) < weight(broken.filter((access) => access.write))) return undefined;
  const [place, guard] = [nameOfKey(cell), nameOfKey(lock)];
  return {
    rule: unguardedSharedState.id,
    family: unguardedSharedState.family,
    // A single store or a single operation of a container does no harm by itself, unless threads are known to meet there.
    severity:
      worst.update || (worst.cell.element && !(worst.atomic && facts.interpreter === 'gil')) || (onThreads && kept.length >= 3) ? 'warning' : 'information',
    confidence: Math.max(0.3, Math.min(0.9, 0.5 + 0.1 * (kept.length - broken.length))),
    site: { function: worst.function, point: worst.point },
    message: `Unguarded ${worst.update ? 'update' : 'write'} of ${place}: ${callOfKey(worst.function)} changes it without ${guard}, which guards it in ${count(kept.length, 'other place')}. ${meeting(worst, partner, facts)} so that a change gets lost or half a change is seen. Hold ${guard} here too.`,
    related: [
      ...traceOf(worst, place, 'without the lock', facts),
      ...startsOf(meetingRoots(worst, partner, facts) ?? [], facts),
      ...kept.slice(0, 5).flatMap((access) => traceOf(access, place, `holding ${guard}`, facts, false)),
    ],
    fixes: holdLock(worst, lock, facts),
  };
}

/** Two steps that another thread can come between: x += 1 is a read, an addition and a write; a test and what it allows are two. */
function lostUpdate(cell: string, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  for (const update of accesses.filter((access) => isTwoSteps(access) && facts.threadGuardsOf(access).size === 0)) {
    for (const other of [update, ...accesses.filter((access) => access.write && access !== update)]) {
      const meet = meetingRoots(update, other, facts);
      if (!meet) continue;
      const place = nameOfKey(cell);
      const same = other === update;
      const near = weigh(meet, same, update, facts);
      const weight = update.update || doesHarm(update, facts) ? near : ({ severity: 'hint', confidence: 0.3 } as const);
      return {
        rule: unguardedSharedState.id,
        family: unguardedSharedState.family,
        ...weight,
        site: { function: update.function, point: update.point },
        message: `${update.update ? `Lost update: ${place} is read, changed and written back` : `Check-then-act: ${place} is checked and then written`} by several threads with no lock: ${same ? `${meet[0] === meet[1] ? `${describeRoot(meet[0])} all` : `${describeRoot(meet[0])} and ${describeRoot(meet[1])} both`} run this line` : `${describeRoot(meet[0])} and ${describeRoot(meet[1])} both change it`}, so ${update.update ? 'two can read the same old value, and one change is lost' : 'two can pass the check before either has written'}. Hold one lock around ${update.update ? `every change of ${place}` : 'the check and the write'}.`,
        related: [
          ...traceOf(
            update,
            place,
            update.update ? 'thread A: reads the old value, then writes the new one' : 'thread A: has made its check, and writes',
            facts,
          ),
          ...startsOf(meet, facts),
          ...traceOf(
            other,
            place,
            same ? 'thread B: runs the same lines between A’s read and A’s write' : 'thread B: writes between A’s read and A’s write',
            facts,
          ),
        ],
        fixes: holdLock(update, ownLock(update, facts), facts),
      };
    }
  }
  return undefined;
}

function isTwoSteps(access: CellAccess): boolean {
  return access.write && (access.update || (access.checked && !access.constant));
}

/** The lock under which a place is written most; a write counts twice. At least one write has to be under it. */
function dominantLock(accesses: readonly CellAccess[], facts: Facts): LockKey | undefined {
  const weights = new Map<LockKey, number>();
  for (const access of accesses) {
    for (const lock of facts.threadGuardsOf(access)) weights.set(lock, (weights.get(lock) ?? 0) + (access.write ? 2 : 1));
  }
  const ranked = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return ranked.find(([lock]) => accesses.some((access) => access.write && facts.threadGuardsOf(access).has(lock)))?.[0];
}

/** One access of each statement, a write rather than a read: `x += 1` is one place to a person. */
function byStatement(accesses: readonly CellAccess[], facts: Facts): CellAccess[] {
  const found = new Map<string, CellAccess>();
  for (const access of accesses) {
    const fn = facts.program.functions.get(access.function)!;
    const id = `${access.function} ${fn.module.module.functions[fn.index].operations[access.point].statement}`;
    if (access.write || !found.has(id)) found.set(id, access);
  }
  return [...found.values()];
}

function weight(accesses: readonly CellAccess[]): number {
  return accesses.reduce((sum, access) => sum + (access.write ? 2 : 1), 0);
}

/** Leaves out what belongs to one thread: construction, a module's own body, clean-up hooks, what nobody reaches. */
function countsAsShared(access: CellAccess, facts: Facts): boolean {
  if (access.owned) return false;
  const fn = facts.program.functions.get(access.function);
  const model = fn?.module.module.functions[fn.index];
  if (!model || model.kind === 'module' || /^__(?:del|repr|str|getstate|setstate|copy|deepcopy|reduce|init_subclass|new|enter|exit)__$/.test(model.name))
    return false;
  return facts.rootsOf(access).length > 0 && !facts.threadGuardsOf(access).has(ASSUMED_LOCK);
}

/** A class that owns a lock expects company: its public methods may meet even when no thread is in sight. */
function mayMeet(a: CellAccess, b: CellAccess, facts: Facts): boolean {
  const [left, right] = [facts.rootsOf(a), facts.rootsOf(b)];
  if (left.includes(CALLER) && right.includes(CALLER)) return true;
  return meetingRoots(a, b, facts) !== undefined;
}

/** Two roots that can run the two accesses at the same time, each on a thread of its own. */
function meetingRoots(a: CellAccess, b: CellAccess, facts: Facts): [RootId, RootId] | undefined {
  let guessed: [RootId, RootId] | undefined;
  for (const one of facts.rootsOf(a)) {
    for (const other of facts.rootsOf(b)) {
      if (!onOwnThread(one) && !onOwnThread(other)) continue;
      if (!isThread(one) || !isThread(other)) continue;
      if (one === other && !(rootParts(one).many && facts.sharesRuns(a, one))) continue;
      if (!sharesVariable(a.cell.key, one, other)) continue;
      if (isOrdered(facts, a.function, a.point, other) || isOrdered(facts, b.function, b.point, one)) continue;
      // Roots that the workspace shows tell more than a caller who may be there.
      if (one !== CALLER && other !== CALLER) return [one, other];
      guessed ??= [one, other];
    }
  }
  return guessed;
}

/**
 * Whether making something twice does harm: it has to be given back, others write the place too, or the same check
 * lets several places be filled, so that half of them can be seen.
 */
function doesHarm(check: CellAccess, facts: Facts): boolean {
  if (check.called !== undefined && MAKES.test(check.called)) return true;
  const written = facts.summaryOf(check.function)?.accesses.filter((access) => access.write && access.checked) ?? [];
  if (new Set(written.map((access) => access.cell.key)).size > 1) return true;
  return facts.isWrittenElsewhere(check.cell.key, check.function);
}

/**
 * How sure it is that the two roots meet on one object. Where a thread is started or begins in the file of the access,
 * whoever wrote the one knew of the other. Far away, two threads most often have two objects of the class, and it is a
 * guess that outside callers run beside them.
 */
function weigh(meet: readonly RootId[], same: boolean, access: CellAccess, facts: Facts): Pick<Finding, 'severity' | 'confidence'> {
  const isNear = meet.some((root) => startsNear(root, fileOfKey(access.function), facts));
  // An object that runs its own methods on its own thread is most often left to that thread by everybody else.
  if (isNear && same && meet.includes(CALLER)) return { severity: 'information', confidence: 0.5 };
  if (isNear) return { severity: unguardedSharedState.severity, confidence: 0.8 };
  const known = meet.every(onOwnThread);
  if (access.cell.owner === undefined)
    return known ? { severity: unguardedSharedState.severity, confidence: 0.7 } : { severity: 'information', confidence: 0.5 };
  return known ? { severity: 'information', confidence: 0.5 } : { severity: 'hint', confidence: 0.3 };
}

function startsNear(root: RootId, file: string, facts: Facts): boolean {
  const target = rootParts(root).function;
  if (target === undefined) return false;
  return fileOfKey(target) === file || [...(facts.program.spawners.get(target)?.keys() ?? [])].some((spawner) => fileOfKey(spawner) === file);
}

/** A captured variable belongs to one call of the function that declares it: only what starts inside that call shares it. */
function sharesVariable(cell: string, ...roots: readonly RootId[]): boolean {
  const slash = cell.indexOf('/', cell.lastIndexOf('#'));
  if (slash < 0 || !cell.includes('#')) return true;
  const inside = `${cell.slice(0, slash)}.`;
  return roots.some((root) => rootParts(root).function?.startsWith(inside));
}

/** Roots that run in this process's memory on some thread; tasks and callbacks share the thread of their event loop. */
function isThread(root: RootId): boolean {
  return root === MAIN || root === CALLER || onOwnThread(root);
}

function onOwnThread(root: RootId): boolean {
  const { kind } = rootParts(root);
  return kind === 'thread' || kind === 'timer';
}

function meeting(worst: CellAccess, partner: CellAccess, facts: Facts): string {
  const roots = meetingRoots(worst, partner, facts);
  const both = `${callOfKey(worst.function)} and ${callOfKey(partner.function)}`;
  if (!roots) return `The lock shows that ${both} are meant to be called from several threads, and they can run at the same time,`;
  const who = roots[0] === roots[1] ? describeRoot(roots[0]) : `${describeRoot(roots[0])}; ${describeRoot(roots[1])}`;
  return `${both} can run at the same time (${who}),`;
}

function traceOf(access: CellAccess, place: string, how: string, facts: Facts, withRoots = true): Related[] {
  const roots = facts.rootsOf(access).map(describeRoot);
  const by = withRoots && roots.length > 0 ? `, run by ${roots.slice(0, 3).join(' and ')}` : '';
  return [
    {
      site: { function: access.function, point: access.point },
      message: `${callOfKey(access.function)} ${access.write ? 'writes' : 'reads'} ${place}${by}: ${how}`,
    },
  ];
}

/** Where the threads are started that meet here. */
function startsOf(meet: readonly RootId[], facts: Facts): Related[] {
  return [...new Set(meet)].flatMap((root) => {
    const { function: target } = rootParts(root);
    const [first] = target === undefined ? [] : byKey(facts.program.spawners.get(target));
    if (!first) return [];
    const [spawner, [{ point }]] = first;
    return [{ site: { function: spawner, point }, message: `${callOfKey(spawner)} starts ${describeRoot(root)} here` }];
  });
}

/** A lock that the place's own class keeps, if it has just one. */
function ownLock(access: CellAccess, facts: Facts): LockKey | undefined {
  const { resolver } = facts.program;
  const owner = access.cell.owner;
  const declared = owner === undefined ? undefined : resolver.classAt(owner);
  if (!declared) return undefined;
  const module = resolver.moduleOfClass(owner!)!;
  const locks = [...declared.fields].filter(([name, field]) => {
    const type = resolver.typeOfField(`${owner}.${name}`, module, field);
    return type?.kind === 'library' && resolver.api(module.language, type.name)?.lock !== undefined;
  });
  return locks.length === 1 ? `${owner}.${locks[0][0]}` : undefined;
}

/** The lock as the function with the access can write it: `self._lock`, or a module's variable of the same file. */
function holdLock(access: CellAccess, lock: LockKey | undefined, facts: Facts): FixIntent[] {
  const fn = facts.program.functions.get(access.function);
  const model = fn?.module.module.functions[fn.index];
  if (lock === undefined || !fn || !model) return [];
  // Where some caller holds it already, taking it again would wait for itself.
  const callers = [...(facts.program.callers.get(access.function)?.values() ?? [])].flat();
  if (callers.some((call) => call.held.some((held) => held.lock === lock))) return [];
  const site = { function: access.function, point: access.point };
  if (lock.startsWith(`${fn.module.file}:`)) return [{ kind: 'hold-lock', site, lock: nameOfKey(lock), safety: 'suggestion' }];
  const field = lock.slice(lock.lastIndexOf('.') + 1);
  const receiver = model.parameters[0]?.name;
  const own = model.class !== undefined && facts.program.resolver.lineage(fn.module.classKeys[model.class]).some((key) => lock === `${key}.${field}`);
  return own && receiver !== undefined && model.kind === 'method' ? [{ kind: 'hold-lock', site, lock: `${receiver}.${field}`, safety: 'suggestion' }] : [];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
