// Guarding locks: which lock a place is kept under, and how a function can take it.
import type { CellAccess, Facts } from '../../summary/facts';
import { type LockKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf } from '../../summary/resolved';
import type { FixIntent } from '../fix-intent';

/** The lock that an annotation names; or that under which a place is written most, where a write counts twice and at least one has to be under it. */
export function dominantLock(accesses: readonly CellAccess[], facts: Facts): LockKey | undefined {
  const stated = accesses.length > 0 ? facts.stated.of(accesses[0].cell.key) : undefined;
  if (stated) return stated.lock;
  const weights = new Map<LockKey, number>();
  for (const access of accesses) {
    for (const lock of facts.threadGuardsOf(access)) weights.set(lock, (weights.get(lock) ?? 0) + (access.write ? 2 : 1));
  }
  const ranked = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return ranked.find(([lock]) => accesses.some((access) => access.write && facts.threadGuardsOf(access).has(lock)))?.[0];
}

/** A lock that the place's own class keeps, if it has just one. */
export function ownLock(access: CellAccess, facts: Facts): LockKey | undefined {
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
export function holdLock(access: Site, lock: LockKey | undefined, facts: Facts): FixIntent[] {
  const fn = facts.program.functions.get(access.function);
  if (lock === undefined || !fn) return [];
  const model = modelOf(fn);
  // Where some caller holds it already, taking it again would wait for itself.
  const callers = [...(facts.program.callers.get(access.function)?.values() ?? [])].flat();
  if (callers.some((call) => call.held.some((held) => held.lock === lock))) return [];
  const { operations } = model;
  const { statement } = operations[access.point];
  const asksAgain = (facts.summaryOf(access.function)?.calls ?? []).some(
    ({ point, target }) => operations[point]?.statement === statement && facts.summaryOf(target)?.mayAcquire.has(lock),
  );
  if (asksAgain) return [];
  const site = { function: access.function, point: access.point };
  if (lock.startsWith(`${fn.module.file}:`)) return [{ kind: 'hold-lock', site, lock: nameOfKey(lock) }];
  const field = lock.slice(lock.lastIndexOf('.') + 1);
  const receiver = model.parameters[0]?.name;
  const own = model.class !== undefined && facts.program.resolver.lineage(fn.module.classKeys[model.class]).some((key) => lock === `${key}.${field}`);
  return own && receiver !== undefined && model.kind === 'method' ? [{ kind: 'hold-lock', site, lock: `${receiver}.${field}` }] : [];
}

/** The functions that make a lock: whoever makes it anew makes what it guards anew as well. */
export function makersOf(lock: LockKey, facts: Facts): ReadonlySet<string> {
  return new Set(
    facts
      .accessesOf(lock)
      .filter((access) => access.makesLock)
      .map((access) => access.function),
  );
}
