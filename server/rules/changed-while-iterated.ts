// A collection is gone through while another thread puts something in or takes something out.
import { ELEMENT } from '../model/place';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, callOfKey, type LockKey, nameOfKey } from '../summary/keys';
import type { Finding } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { takes } from './shared/access-interleavings';
import { isMetByOthers } from './shared/conditions';
import { changeOf, isCaught } from './shared/container-changes';
import { holdLock } from './shared/guarding-lock';
import { first, second, twoRuns } from './shared/interleavings';
import { iterationsOf } from './shared/iterations';
import { sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';
import { evidenceOf, isClosedBefore } from './shared/unguarded-pair';

export const changedWhileIterated: Rule = {
  id: 'changed-while-iterated',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['hold-lock', 'iterate-copy'],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    const changes = accesses.filter((access) => ['puts', 'takes'].includes(changeOf(access, facts) ?? ''));
    if (changes.length === 0) return;
    const finding = disturbed(cell, accesses, changes, facts);
    if (finding) yield finding;
  },
};

/** The copy comes first: a loop's body may take its time, or come to take the lock itself. */
function fixesOf(access: CellAccess, lock: LockKey | undefined, facts: Facts): FixIntent[] {
  const site = { function: access.function, point: access.point };
  if (lock === undefined) return [{ kind: 'iterate-copy', site }];
  const held = holdLock(access, lock, facts);
  return held.flatMap((fix): FixIntent[] => (fix.kind === 'hold-lock' ? [{ kind: 'iterate-copy', site, lock: fix.lock }, fix] : [fix]));
}

function disturbed(cell: CellKey, accesses: readonly CellAccess[], changes: readonly CellAccess[], facts: Facts): Finding | undefined {
  for (const { access, type } of iterationsOf(accesses, facts)) {
    if (isCaught(access, /^RuntimeError$/, facts)) continue;
    for (const change of changes) {
      // A list that grows meanwhile is merely seen as it was or as it is.
      const shrinks = changeOf(change, facts) === 'takes';
      if (type === 'list' && !shrinks) continue;
      const evidence = evidenceOf(access, change, facts);
      if (!evidence || isClosedBefore(access, change, facts)) continue;
      const { lock, meeting } = evidence;
      const [place, guard] = [nameOfKey(cell).replaceAll(ELEMENT, '[…]'), lock === undefined ? undefined : nameOfKey(lock)];
      const weight = lock === undefined ? weigh(meeting!, access) : ({ severity: 'warning', confidence: 0.75 } as const);
      return {
        rule: changedWhileIterated.id,
        family: changedWhileIterated.family,
        ...weight,
        site: { function: access.function, point: access.point },
        message: `${place} is gone through while ${callOfKey(change.function)} can change it in another thread${guard === undefined ? '' : `: it does so under ${guard}, which is not held here`}. ${type === 'list' ? 'Elements are then skipped' : 'Python then raises a RuntimeError, as its size changes during iteration'}. ${whyTheyMeet(meeting)} Go through a copy (list(…))${guard === undefined ? '' : `, or hold ${guard} here too`}.`,
        related: [
          ...traceOf(access, place, 'thread A: goes through it, element by element', facts),
          ...startsOf(meeting?.roots ?? [], facts),
          ...traceOf(
            change,
            place,
            `thread B: ${shrinks ? 'takes something out' : 'puts something in'} meanwhile${guard === undefined ? '' : `, holding ${guard}`}`,
            facts,
          ),
        ],
        fixes: fixesOf(access, lock, facts),
        interleaving: {
          sides: twoRuns(meeting?.roots, access, change),
          steps: [
            first(access, `begins to go through ${place}`),
            ...takes(1, change, lock),
            second(change, `${shrinks ? 'takes something out of' : 'puts something into'} ${place}`),
            first(access, 'asks for the next element'),
          ],
          harm: type === 'list' ? 'wrong' : 'fails',
          outcome: type === 'list' ? 'Elements are skipped, or the loop ends too early.' : 'Python raises a RuntimeError: changed during iteration.',
        },
      };
    }
  }
  return undefined;
}
