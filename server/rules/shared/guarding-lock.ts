// Guarding locks: which lock a place is kept under, and how a function can take it.
import type { CellAccess, Facts } from '../../summary/facts';
import { type FunctionKey, type LockKey, nameOfKey } from '../../summary/keys';
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

/** A lock that the place's own class keeps, if it has just one, and for all that it has. */
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
  const [name] = locks[0] ?? [''];
  // A lock that is named for something else is there for that.
  return locks.length === 1 && /^_*(?:r?lock|mutex|mtx|guard|cond(?:ition)?|(?:state|data|instance|access|thread|sync)_?lock)$/i.test(name)
    ? `${owner}.${name}`
    : undefined;
}

/** A fix that holds a lock around an access, and around what it rests on: earlier reads of the same place. */
export function holdLock({ function: key, point, restsOn = [] }: Site & Partial<CellAccess>, lock: LockKey | undefined, facts: Facts): FixIntent[] {
  const expression = lock === undefined ? undefined : lockExpression(key, lock, facts);
  if (lock === undefined || expression === undefined || isHeldByCaller(key, lock, facts)) return [];
  return [{ kind: 'hold-lock', site: { function: key, point }, lock: expression, key: lock, along: restsOn.map((read) => ({ function: key, point: read })) }];
}

/** Where some caller holds a lock already, taking it again would wait for itself. */
export function isHeldByCaller(key: FunctionKey, lock: LockKey, facts: Facts): boolean {
  return [...(facts.program.callers.get(key)?.values() ?? [])].some((calls) => calls.some(({ held }) => held.some((each) => each.lock === lock)));
}

/** A lock as a function can write it: `self._lock`, or a variable of its module. */
export function lockExpression(key: FunctionKey, lock: LockKey, facts: Facts): string | undefined {
  const fn = facts.program.functions.get(key);
  if (fn?.module.language !== 'python') return undefined;
  const model = modelOf(fn);
  if (lock.startsWith(`${fn.module.file}:`)) return nameOfKey(lock);
  const field = lock.slice(lock.lastIndexOf('.') + 1);
  const receiver = model.parameters[0]?.name;
  if (model.class === undefined || receiver === undefined || !(model.kind === 'method' || model.kind === 'property')) return undefined;
  const own = fn.module.classKeys[model.class];
  // A private name means another field in every class.
  const owners = /^__(?!.*__$)/.test(field) ? [own] : facts.program.resolver.lineage(own);
  return owners.some((owner) => lock === `${owner}.${field}`) ? `${receiver}.${field}` : undefined;
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
