// What was gathered is taken away and its place emptied in two steps: what comes in between is lost.
import { methodOf } from '../model/calls';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { behind } from '../summary/origins';
import { modelOf } from '../summary/resolved';
import type { Interleaving } from './finding';
import type { Rule } from './rule';
import { isMetByOthers } from './shared/conditions';
import { changeOf, operationOf } from './shared/container-changes';
import { guardPlace } from './shared/guard-place';
import { dominantLock } from './shared/guarding-lock';
import { first, type Sides, second, twoRuns } from './shared/interleavings';
import { isUnguarded, type Meeting, meetingOf, sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';

export const unguardedSwap: Rule = {
  id: 'unguarded-swap',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['guard-place'],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    for (const reset of accesses) {
      if (!isReset(reset, facts) || !isUnguarded(reset, facts, dominantLock(accesses, facts))) continue;
      const taken = accesses.findLast((access) => access.function === reset.function && access.point < reset.point && isTaken(access, reset, facts));
      if (!taken) continue;
      const found = gathererOf(reset, accesses, facts);
      if (!found) continue;
      const { gatherer, meeting } = found;
      const place = nameOfKey(cell);
      yield {
        rule: unguardedSwap.id,
        family: unguardedSwap.family,
        ...weigh(meeting, reset),
        site: { function: reset.function, point: reset.point },
        message: `${place} is taken and then emptied in two steps with no lock: what ${callOfKey(gatherer.function)} adds in between, in another thread, is lost. ${whyTheyMeet(meeting)} Hold one lock around both steps, and around every addition.`,
        related: [
          ...traceOf(taken, place, 'thread A: takes what was gathered', facts),
          ...traceOf(reset, place, 'thread A: empties it', facts, false),
          ...startsOf(meeting.roots, facts),
          ...traceOf(gatherer, place, 'thread B: adds something between the two', facts),
        ],
        interleaving: addedInBetween(twoRuns(meeting.roots, reset, gatherer), place, taken, reset, gatherer, facts),
        fixes: guardPlace(cell, { ...reset, restsOn: [...reset.restsOn, taken.point] }, facts),
      };
      return;
    }
  },
};

/** An object that is exchanged is lost with what is put into it by somebody who had got hold of it before; what is emptied, at once. */
function addedInBetween(sides: Sides, place: string, taken: CellAccess, reset: CellAccess, gatherer: CellAccess, facts: Facts): Interleaving {
  const isExchanged = operationOf(reset, facts)?.kind === 'write' && (gatherer.cell.element || operationOf(gatherer, facts)?.kind === 'call');
  return {
    sides,
    steps: isExchanged
      ? [
          first(taken, `takes what is in ${place}`),
          second(gatherer, `gets hold of ${place}, to put something into it`),
          first(reset, 'puts an empty one in its place, and works on what it took'),
          second(gatherer, 'puts something into the old one, which nobody looks at any more'),
        ]
      : [first(taken, `takes what is in ${place}`), second(gatherer, `adds to ${place}`), first(reset, `empties ${place}, and what was added with it`)],
    harm: 'lost',
    outcome: 'What was added in between was neither taken nor kept.',
  };
}

/** `self._rows = []`, `self._hits = 0`, `self._rows.clear()`, and no condition on what stood there. */
function isReset(access: CellAccess, facts: Facts): boolean {
  if (!access.write || access.update) return false;
  const operation = operationOf(access, facts);
  if (operation?.kind === 'call') return methodOf(operation) === 'clear';
  if (operation?.kind !== 'write' || operation.mode !== 'assign' || access.cell.element) return false;
  const { value } = operation;
  return (value.kind === 'collection' && value.items.length === 0) || (value.kind === 'constant' && value.value === 0) || isEmptyContainer(access, facts);
}

/** `dict()`, `deque()`, `defaultdict(list)`. */
function isEmptyContainer(access: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function)!;
  const operation = modelOf(fn).operations[access.point];
  if (operation.kind !== 'write' || operation.value.kind !== 'place' || operation.value.place.root.kind !== 'result') return false;
  const made = modelOf(fn).operations[operation.value.place.root.operation];
  const name = made?.kind === 'call' && made.callee.kind === 'place' ? fn.calls.get(operation.value.place.root.operation)?.api?.name : undefined;
  return /^(?:list|dict|set|collections\.(?:deque|defaultdict|OrderedDict|Counter))$/.test(name ?? '');
}

/** Whether a read takes what is there: it is used after the reset, or copied before it. */
function isTaken(access: CellAccess, reset: CellAccess, facts: Facts): boolean {
  if (access.write || access.restsOn.includes(reset.point)) return false;
  const fn = facts.program.functions.get(access.function)!;
  const { operations } = modelOf(fn);
  const read = operations[access.point];
  if (read.kind !== 'read' || read.by === 'membership' || (access.cell.element && read.by !== 'slice')) return false;
  return operations.some((operation, number) => {
    if (number <= access.point) return false;
    if (number > reset.point)
      return operation.kind !== 'read' && behind(modelOf(fn), operation.depends).has(access.point) && !isSameObject(number, reset, facts);
    return false;
  });
}

/** The operation belongs to the reset itself. */
function isSameObject(number: number, reset: CellAccess, facts: Facts): boolean {
  const { operations } = modelOf(facts.program.functions.get(reset.function)!);
  return operations[number].statement === operations[reset.point].statement;
}

/** Somebody who adds to the place on another thread. */
function gathererOf(reset: CellAccess, accesses: readonly CellAccess[], facts: Facts): { gatherer: CellAccess; meeting: Meeting } | undefined {
  for (const gatherer of accesses) {
    if (!gatherer.write || gatherer.function === reset.function || !(gatherer.update || changeOf(gatherer, facts) === 'puts')) continue;
    const meeting = meetingOf(reset, gatherer, facts);
    if (meeting && meeting.by !== 'locking') return { gatherer, meeting };
  }
  return undefined;
}
