// A place is touched without the lock that the annotation at its declaration names.
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, fileOfKey, type LockKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding, Interleaving, Severity } from './finding';
import type { Condition, Rule } from './rule';
import { brokenBetweenTasks, brokenGuard, changeBy } from './shared/access-interleavings';
import { holdLock } from './shared/guarding-lock';
import { lostUpdate, twoRuns } from './shared/interleavings';
import { byStatement, type Meeting, meetingOf } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';
import { breaksStatement } from './shared/stated-guards';

const isAnnotated: Condition = (cell, facts) => facts.stated.of(cell) !== undefined;

export const guardAnnotationBroken: Rule = {
  id: 'guard-annotation-broken',
  family: 'shared-state',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'cell',
  when: isAnnotated,
  fixes: ['hold-lock'],
  *check(cell, facts) {
    const all = facts.accessesOf(cell);
    const broken = byStatement(
      all.filter((access) => breaksStatement(access, facts)),
      facts,
    );
    for (const access of broken) yield findingOf(access, all, facts);
  },
};

function findingOf(access: CellAccess, all: readonly CellAccess[], facts: Facts): Finding {
  const { lock, site, cell } = facts.stated.of(access.cell.key)!;
  const [place, guard, name] = [nameOfKey(cell), nameOfKey(lock), callOfKey(access.function)];
  // What is done to something inside the place only reads the place itself.
  const writes = access.write && access.cell.key === cell;
  const other = metBy(access, all, facts);
  const kept = keeping(lock, all, facts);
  const looksAgain = !writes && isLookedAtAgain(access, all, facts);
  const severity: Severity = writes || (other && !looksAgain) || isGoneThrough(access, all, facts) ? 'warning' : 'information';
  const does = writes ? (access.update ? 'changes' : 'writes') : 'reads';
  return {
    rule: guardAnnotationBroken.id,
    family: guardAnnotationBroken.family,
    severity,
    confidence: severity === 'warning' ? 0.85 : 0.6,
    site: { function: access.function, point: access.point },
    message: `Unguarded ${writes ? (access.update ? 'update' : 'write') : 'read'} of ${place}: its annotation says that ${guard} guards it, and ${name} ${does} it without.${other ? ` ${whyTheyMeet(other.meeting)}` : ''} Hold ${guard} here${looksAgain ? ', or leave only the second look, which is made under it' : `, or say on ${name} that its callers do`}.`,
    related: [
      { site, message: `The annotation: ${place} is guarded by ${guard}` },
      ...traceOf(access, place, `without ${guard}`, facts),
      ...startsOf(other?.meeting.roots ?? [], facts),
      ...(other
        ? traceOf(other.access, place, 'at the same time', facts)
        : kept.slice(0, 3).flatMap((each) => traceOf(each, place, `holding ${guard}`, facts, false))),
    ],
    fixes: writes || !looksAgain ? holdLock(access, lock, facts) : [],
    interleaving: scheduleOf(access, lock, place, kept, other, facts),
  };
}

/** Another access that is known to come at the same time, one of the two a write. */
function metBy(access: CellAccess, all: readonly CellAccess[], facts: Facts): { readonly access: CellAccess; readonly meeting: Meeting } | undefined {
  for (const other of all) {
    if (other.owned || !(access.write || other.write)) continue;
    const meeting = meetingOf(access, other, facts);
    if (meeting && meeting.by !== 'guess' && meeting.by !== 'locking') return { access: other, meeting };
  }
  return undefined;
}

/** `if key not in self._cache:` and the same again under the lock: the first look only saves the lock. */
function isLookedAtAgain(access: CellAccess, all: readonly CellAccess[], facts: Facts): boolean {
  const { lock } = facts.stated.of(access.cell.key)!;
  return all.some((other) => other.function === access.function && other.point > access.point && other.held.some((held) => held.lock === lock));
}

/** A loop over a container that somebody else changes meanwhile ends with an exception in Python. */
function isGoneThrough(access: CellAccess, all: readonly CellAccess[], facts: Facts): boolean {
  const { operations } = modelOf(facts.program.functions.get(access.function)!);
  return all.some(({ function: key, point }) => {
    const operation = operations[point];
    return key === access.function && operation?.kind === 'read' && operation.by === 'step' && operation.statement === operations[access.point].statement;
  });
}

/** Beside one that keeps to the annotation, or two that break it; undefined where nobody shows what comes of it. */
function scheduleOf(
  access: CellAccess,
  lock: LockKey,
  place: string,
  kept: readonly CellAccess[],
  other: ReturnType<typeof metBy>,
  facts: Facts,
): Interleaving | undefined {
  const keepers = kept.filter((each) => each.write || access.write);
  const betweenTasks = facts.languageOf(fileOfKey(access.function)) === 'typescript' || facts.locks.kindOf(lock)?.domain === 'task';
  if (keepers.length > 0) return (betweenTasks ? brokenBetweenTasks : brokenGuard)(place, lock, access, keepers, facts);
  if (!other || !access.update || !other.access.write) return undefined;
  return lostUpdate(twoRuns(other.meeting.roots, access, other.access), place, changeBy(access), changeBy(other.access));
}

/** The accesses of others that keep to the annotation. */
function keeping(lock: LockKey, all: readonly CellAccess[], facts: Facts): CellAccess[] {
  return byStatement(
    all.filter((access) => facts.guardsOf(access).has(lock) && modelOf(facts.program.functions.get(access.function)!).kind !== 'module'),
    facts,
  );
}
