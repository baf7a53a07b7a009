// State that several threads reach is changed without the lock that guards it elsewhere, or in a step that is not atomic.

import { printPlace } from '../model/place';
import { CALLER } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { brokenGuard, changeBy } from './shared/access-interleavings';
import { isMetByOthers } from './shared/conditions';
import { changeOf, operationOf } from './shared/container-changes';
import { guardPlace } from './shared/guard-place';
import { dominantLock, holdLock, makersOf } from './shared/guarding-lock';
import { lostUpdate as overwritten, twoRuns } from './shared/interleavings';
import { iterationsOf } from './shared/iterations';
import { bothOffered, byStatement, isUnguarded, meetingOf, sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whoMeets, whyTheyMeet } from './shared/shared-access-traces';

export const unguardedSharedState: Rule = {
  id: 'unguarded-shared-state',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['guard-place', 'hold-lock'],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    if (accesses.length === 0) return;
    const finding = guardedElsewhere(cell, accesses, facts) ?? lostUpdate(cell, accesses, facts);
    if (finding) yield finding;
  },
};

/** Guarded in most places and written without the lock in one. */
function guardedElsewhere(cell: string, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  const lock = dominantLock(accesses, facts);
  if (lock === undefined) return undefined;
  const kept = byStatement(
    accesses.filter((access) => facts.threadGuardsOf(access).has(lock)),
    facts,
  );
  // Where only callers hold it, it may be for another reason.
  if (!kept.some((access) => access.write && access.held.some((held) => held.lock === lock))) return undefined;
  const makers = makersOf(lock, facts);
  const broken = accesses.filter((access) => !makers.has(access.function) && isUnguarded(access, facts, lock));
  const worst = broken.find((access) => access.write && access.update) ?? broken.find((access) => access.write && !access.constant);
  if (!worst) return undefined;
  const partners = kept.filter(
    (access) => access.write && access.function !== worst.function && (bothOffered(access, worst, facts) || meetingOf(access, worst, facts)),
  );
  const onThreads = partners.find((access) => {
    const meeting = meetingOf(access, worst, facts);
    return meeting && !meeting.roots.includes(CALLER) && meeting.by !== 'locking';
  });
  const partner = onThreads ?? partners[0];
  // One place under a lock may be under it for another reason, unless both places do the same sort of thing.
  if (kept.length < 2 && !(worst.update && partner?.update)) return undefined;
  if (!partner || weight(kept) < weight(broken.filter((access) => access.write))) return undefined;
  const [place, guard] = [nameOfKey(cell), nameOfKey(lock)];
  const meeting = meetingOf(worst, partner, facts);
  return {
    rule: unguardedSharedState.id,
    family: unguardedSharedState.family,
    // A single store or a single operation of a container does no harm by itself, unless threads are known to meet there.
    severity:
      worst.update || (worst.cell.element && !(worst.atomic && facts.interpreter === 'gil')) || (onThreads && kept.length >= 3)
        ? 'warning'
        : breaks(worst, kept, facts),
    confidence: Math.max(0.3, Math.min(0.9, 0.5 + 0.1 * (kept.length - broken.length))),
    site: { function: worst.function, point: worst.point },
    message: `Unguarded ${worst.update ? 'update' : 'write'} of ${place}: ${callOfKey(worst.function)} changes it without ${guard}, which guards it in ${count(kept.length, 'other place')}. ${callOfKey(worst.function)} and ${callOfKey(partner.function)} can run at the same time, so that a change gets lost or half a change is seen. ${whyTheyMeet(meeting)} Hold ${guard} here too.`,
    related: [
      ...traceOf(worst, place, 'without the lock', facts),
      ...startsOf(meeting?.roots ?? [], facts),
      ...kept.slice(0, 5).flatMap((access) => traceOf(access, place, `holding ${guard}`, facts, false)),
    ],
    fixes: holdLock(worst, lock, facts),
    interleaving: brokenGuard(place, lock, worst, onThreads ? [onThreads] : partners, facts),
  };
}

/** Steps that another thread can come between: x += 1 is a read, an addition and a write. */
function lostUpdate(cell: string, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  for (const update of accesses.filter(
    (access) => access.write && access.update && !access.constant && isUnguarded(access, facts) && !isPutBack(access, facts),
  )) {
    for (const other of [update, ...accesses.filter((access) => access.write && access !== update)]) {
      const meeting = meetingOf(update, other, facts);
      if (!meeting) continue;
      const place = nameOfKey(cell);
      const same = other === update;
      return {
        rule: unguardedSharedState.id,
        family: unguardedSharedState.family,
        ...weigh(meeting, update),
        site: { function: update.function, point: update.point },
        message: `Lost update: ${place} is read, changed and written back by several threads with no lock: ${whoMeets(meeting)} ${same ? 'run this line' : 'both change it'}, so two can read the same old value, and one change is lost. Hold one lock around every change of ${place}.`,
        related: [
          ...traceOf(update, place, 'thread A: reads the old value, then writes the new one', facts),
          ...startsOf(meeting.roots, facts),
          ...traceOf(
            other,
            place,
            same ? 'thread B: runs the same lines between A’s read and A’s write' : 'thread B: writes between A’s read and A’s write',
            facts,
          ),
        ],
        fixes: guardPlace(cell, update, facts),
        interleaving: overwritten(twoRuns(meeting.roots, update, other), place, changeBy(update), changeBy(other)),
      };
    }
  }
  return undefined;
}

/**
 * What a single step outside the lock breaks: a loop over the container under the lock, or a check that is made and acted
 * upon under it. Where all others are single steps too, there is little to break.
 */
function breaks(worst: CellAccess, kept: readonly CellAccess[], facts: Facts): Severity {
  const isStep = (access: CellAccess) => access.update || (access.write && access.restsOn.length > 0 && !access.constant);
  const resized = ['puts', 'takes'].includes(changeOf(worst, facts) ?? '');
  if (resized && [...iterationsOf(kept, facts)].length > 0) return 'warning';
  return kept.some(isStep) ? 'information' : 'hint';
}

/** `x = before`: what stood there once is written as it was. */
function isPutBack(access: CellAccess, facts: Facts): boolean {
  const operation = operationOf(access, facts);
  return operation?.kind === 'write' && operation.value.kind === 'place' && printPlace(operation.value.place) === printPlace(operation.place);
}

function weight(accesses: readonly CellAccess[]): number {
  return accesses.reduce((sum, access) => sum + (access.write ? 2 : 1), 0);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
