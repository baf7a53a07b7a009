// A place is touched without the lock that the annotation at its declaration names.
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding, Related, Severity } from './finding';
import type { Condition, Rule } from './rule';
import { holdLock } from './shared/guarding-lock';
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
      ...(other ? traceOf(other.access, place, 'at the same time', facts) : keptWith(lock, place, all, facts)),
    ],
    fixes: writes || !looksAgain ? holdLock(access, lock, facts) : [],
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

/** Where others keep to the annotation. */
function keptWith(lock: string, place: string, all: readonly CellAccess[], facts: Facts): Related[] {
  const kept = byStatement(
    all.filter((access) => facts.guardsOf(access).has(lock) && modelOf(facts.program.functions.get(access.function)!).kind !== 'module'),
    facts,
  );
  return kept.slice(0, 3).flatMap((access) => traceOf(access, place, `holding ${nameOfKey(lock)}`, facts, false));
}
