// State of a class is kept under a lock of each object: two objects are two locks, and neither keeps the other out.
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, type LockKey, nameOfKey } from '../summary/keys';
import type { Interleaving } from './finding';
import type { Rule } from './rule';
import { changeBy } from './shared/access-interleavings';
import { isOfClass } from './shared/class-level';
import { isMetByOthers } from './shared/conditions';
import { changeOf } from './shared/container-changes';
import { first, lostUpdate, type Sides, second } from './shared/interleavings';
import { sharedAccesses } from './shared/shared-access';
import { traceOf } from './shared/shared-access-traces';

export const instanceLockForClassState: Rule = {
  id: 'instance-lock-for-class-state',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: [],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    const access = accesses.find(
      (each) =>
        isGuardedByOwnLock(each, facts) &&
        (each.update || changeOf(each, facts) !== undefined) &&
        isOfClass(each, facts) &&
        !isSingleton(each.cell.owner!, facts),
    );
    const lock = access && ownInstanceLock(access, facts);
    if (!access || lock === undefined || isGuardedOtherwise(access, lock, facts)) return;
    const [place, guard] = [nameOfKey(cell), nameOfKey(lock)];
    yield {
      rule: instanceLockForClassState.id,
      family: instanceLockForClassState.family,
      severity: instanceLockForClassState.severity,
      confidence: 0.75,
      site: { function: access.function, point: access.point },
      message: `${place} belongs to the class, ${guard} to each object: ${callOfKey(access.function)} on two objects holds two different locks, and both change ${place} at the same time. Make the lock a class attribute as well.`,
      related: [
        ...traceOf(access, place, `holding the ${guard} of its own object only`, facts),
        ...facts
          .accessesOf(lock)
          .filter((made) => made.makesLock)
          .slice(0, 1)
          .map((made) => ({ site: { function: made.function, point: made.point }, message: `${callOfKey(made.function)} makes a ${guard} for each object` })),
      ],
      fixes: [],
      interleaving: eachUnderItsOwn(access, lock, place),
    };
  },
};

/** Two objects are in it at once, each under its own lock. */
function eachUnderItsOwn(access: CellAccess, lock: LockKey, place: string): Interleaving {
  const sides: Sides = [`${callOfKey(access.function)} of one object`, `${callOfKey(access.function)} of another object`];
  const own = access.held.filter((held) => held.lock === lock).map(({ taken }) => ({ function: access.function, point: taken }));
  const locks = own.flatMap((site) => [first(site, 'takes the lock of its own object'), second(site, 'takes that of its own object, which is free')]);
  if (access.update) {
    const lost = lostUpdate(sides, place, changeBy(access));
    return { ...lost, steps: [...locks, ...lost.steps] };
  }
  return {
    sides,
    steps: [...locks, first(access, `changes ${place}`), second(access, `changes ${place} at the same time`)],
    harm: 'wrong',
    outcome: `Neither has ${place} to itself, though each holds a lock.`,
  };
}

function isGuardedByOwnLock(access: CellAccess, facts: Facts): boolean {
  return access.write && ownInstanceLock(access, facts) !== undefined;
}

/** A lock that is held at an access and that each object of the place's class makes for itself. */
function ownInstanceLock(access: CellAccess, facts: Facts): LockKey | undefined {
  return [...facts.threadGuardsOf(access)].find((lock) => {
    const makers = facts.accessesOf(lock).filter((made) => made.makesLock);
    return makers.length > 0 && makers.every((made) => made.owned) && sameOwner(lock, access, facts);
  });
}

function sameOwner(lock: LockKey, access: CellAccess, facts: Facts): boolean {
  const { owner } = access.cell;
  const [holder] = facts.accessesOf(lock).flatMap((made) => made.cell.owner ?? []);
  return owner !== undefined && holder !== undefined && facts.program.resolver.lineage(owner).includes(holder) && !isShared(holder, lock, facts);
}

function isGuardedOtherwise(access: CellAccess, lock: LockKey, facts: Facts): boolean {
  return [...facts.threadGuardsOf(access)].some((held) => held !== lock);
}

/** The lock also stands in the class's body. */
function isShared(owner: string, lock: LockKey, facts: Facts): boolean {
  const field = facts.program.resolver.classAt(owner)?.fields.get(lock.slice(lock.lastIndexOf('.') + 1));
  return field?.values.some(({ function: scope }) => scope === 0) ?? false;
}

/** Made once, by a module's body, and nowhere else in the workspace. */
function isSingleton(owner: string, facts: Facts): boolean {
  const constructor = facts.program.resolver.method(owner, '__init__');
  const callers = constructor === undefined ? undefined : facts.program.callers.get(constructor);
  return (
    callers !== undefined && callers.size > 0 && [...callers].every(([caller, sites]) => caller.endsWith('#module') && sites.length === 1) && callers.size === 1
  );
}
