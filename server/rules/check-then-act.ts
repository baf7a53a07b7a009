// A shared place is checked and then acted upon, with no lock held: another thread can come between the two.
import { ELEMENT } from '../model/place';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { Finding, Interleaving } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { checkOf, takes } from './shared/access-interleavings';
import { harmOf } from './shared/check-harm';
import { isMetByOthers } from './shared/conditions';
import { operationOf } from './shared/container-changes';
import { goneBetween } from './shared/gone-between';
import { guardPlace } from './shared/guard-place';
import { holdLock } from './shared/guarding-lock';
import { first, type Sides, second, twoRuns } from './shared/interleavings';
import { isUnguarded, meetingOf, sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whoMeets, whyTheyMeet } from './shared/shared-access-traces';

export const checkThenAct: Rule = {
  id: 'check-then-act',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['guard-place', 'hold-lock', 'set-default'],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    if (accesses.length === 0) return;
    const found = [...madeTwice(cell, accesses, facts), ...takenAway(cell, accesses, facts)];
    // What can be said with confidence goes before what comes first.
    const finding = ['warning', 'information', 'hint'].map((severity) => found.find((each) => each.severity === severity)).find((each) => each !== undefined);
    if (finding) yield finding;
  },
};

/** `if not self.x: self.x = make()`: two threads pass the check before either has written. */
function* madeTwice(cell: string, accesses: readonly CellAccess[], facts: Facts): Iterable<Finding> {
  for (const write of accesses) {
    if (!write.write || write.update || !write.checked || write.makesLock || !isUnguarded(write, facts)) continue;
    const harm = harmOf(write, facts);
    if (write.constant && harm !== 'container') continue;
    for (const other of [write, ...accesses.filter((access) => access.write && access !== write)]) {
      const meeting = meetingOf(write, other, facts);
      if (!meeting) continue;
      const place = nameOfKey(cell);
      const same = other === write;
      const weight = weigh(meeting, write);
      const severity = harm === 'none' ? 'hint' : (harm === 'instance' || harm === 'costly') && weight.severity === 'warning' ? 'information' : weight.severity;
      yield {
        rule: checkThenAct.id,
        family: checkThenAct.family,
        severity,
        confidence: harm === 'none' ? 0.3 : weight.confidence,
        site: { function: write.function, point: write.point },
        message: `Check-then-act: ${place} is checked and then written by several threads with no lock: ${whoMeets(meeting)} ${same ? 'run this line' : 'both change it'}, so two can pass the check before either has written. ${harm === 'container' ? 'What one of them has put into the container that the other replaces is lost. ' : ''}Hold one lock around the check and the write.`,
        related: [
          ...traceOf(write, place, 'thread A: has made its check, and writes', facts),
          ...startsOf(meeting.roots, facts),
          ...traceOf(
            other,
            place,
            same ? 'thread B: runs the same lines between A’s check and A’s write' : 'thread B: writes between A’s check and A’s write',
            facts,
          ),
        ],
        fixes: [...fillInOneStep(write, facts), ...guardPlace(cell, write, facts)],
        interleaving: passedTwice(twoRuns(meeting.roots, write, other), place, write, other, harm === 'container'),
      };
      break;
    }
  }
}

/**
 * Two pass the check before either has written, or one writes between the other's check and write. Undefined where the other
 * one's check asks for the contrary, as it mostly does before something is taken away or changed.
 */
function passedTwice(sides: Sides, place: string, write: CellAccess, other: CellAccess, keeps: boolean): Interleaving | undefined {
  const rests = other.restsOn.length > 0;
  if (rests && other !== write && (other.constant || other.update)) return undefined;
  return {
    sides,
    steps: [
      first(checkOf(write), `checks ${place}, and goes on to write it`),
      ...(rests ? [second(checkOf(other), 'checks it, too: nothing has changed yet, so it goes on as well')] : []),
      second(other, `writes ${place}${keeps && rests ? ', and goes on to put something into it' : ''}`),
      first(write, 'writes it, though its check no longer holds'),
    ],
    harm: keeps && rests ? 'lost' : 'wrong',
    outcome:
      keeps && rests
        ? 'What was put into the first container is gone with it.'
        : `${rests ? 'Both have passed a check that only one should pass' : 'The check no longer held when it was acted upon'}: the later write replaces the earlier one.`,
  };
}

/** A dictionary that gets an empty container for a key that it has not: it can do that in one step. */
function fillInOneStep(write: CellAccess, facts: Facts): FixIntent[] {
  const fn = facts.program.functions.get(write.function);
  const operation = operationOf(write, facts);
  if (!fn || !write.cell.element || operation?.kind !== 'write' || operation.place.path.at(-1) !== ELEMENT) return [];
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, operation.place, operation.place.path.length - 1);
  const isDict = (type?.kind === 'library' || type?.kind === 'container') && type.name === 'dict';
  return isDict ? [{ kind: 'set-default', site: { function: write.function, point: write.point } }] : [];
}

/** `if self.x: self.x[0]`: what was found is taken away before it is used. */
function* takenAway(cell: string, accesses: readonly CellAccess[], facts: Facts): Iterable<Finding> {
  const found = goneBetween(accesses, facts);
  if (!found) return;
  const { use, taker, lock, error, meeting } = found;
  const place = nameOfKey(cell);
  const weight = lock === undefined && meeting ? weigh(meeting, use) : ({ severity: 'warning', confidence: 0.7 } as const);
  const guard = lock === undefined ? undefined : nameOfKey(lock);
  const who = use === taker ? `another run of ${callOfKey(taker.function)}` : callOfKey(taker.function);
  yield {
    rule: checkThenAct.id,
    family: checkThenAct.family,
    ...weight,
    site: { function: use.function, point: use.point },
    message: `Check-then-act: ${place} is checked and then used with no lock, and ${who} can take away in between what was found, which ends in ${error}. ${whyTheyMeet(meeting)} ${guard === undefined ? 'Hold one lock around the check and the use, and around every removal' : `Hold ${guard} around the check and the use, as ${callOfKey(taker.function)} does`}, or work on a copy.`,
    related: [
      ...traceOf(use, place, 'thread A: has made its check, and uses what it found', facts),
      ...startsOf(meeting?.roots ?? [], facts),
      ...traceOf(
        taker,
        place,
        `thread B: takes it away between A’s check and A’s use${guard === undefined ? '' : `, holding ${guard}, which A does not hold`}`,
        facts,
      ),
    ],
    fixes: lock === undefined ? guardPlace(cell, use, facts) : holdLock(use, lock, facts),
    interleaving: {
      sides: twoRuns(meeting?.roots, use, taker),
      steps: [
        first(checkOf(use), `checks ${place}, and finds something there`),
        ...takes(1, taker, lock),
        second(taker, 'takes it away'),
        first(use, `uses what it found in ${place}, which is gone`),
      ],
      harm: 'fails',
      outcome: `It ends in ${error}.`,
    },
  };
}
