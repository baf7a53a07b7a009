// One call counts a number up, the next one reads it as its own; each holds the lock by itself, so that others count in between.

import { placeOf } from '../model/calls';
import type { ModelFunction } from '../model/module';
import type { Operation } from '../model/operation';
import { printPlace } from '../model/place';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { callOfKey, type FunctionKey, isNameless, type LockKey, nameOfKey } from '../summary/keys';
import { behind } from '../summary/origins';
import { modelOf } from '../summary/resolved';
import type { CallSite, Point } from '../summary/summary';
import type { Rule } from './rule';
import { first, second, twoRuns } from './shared/interleavings';
import { bothOffered, meetingOf, sharedAccesses } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';

export const numberReadBack: Rule = {
  id: 'number-read-back',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  fixes: [],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    for (const counter of accesses) {
      if (!counter.write || !counter.update || counter.cell.element) continue;
      const meeting = meetingOf(counter, counter, facts);
      if (!bothOffered(counter, counter, facts) && (!meeting || meeting.by === 'locking' || meeting.by === 'guess')) continue;
      for (const { caller, count, read, reader, lock } of readBacks(counter, accesses, facts)) {
        const [place, guard] = [nameOfKey(cell), nameOfKey(lock)];
        yield {
          rule: numberReadBack.id,
          family: numberReadBack.family,
          severity: numberReadBack.severity,
          confidence: 0.65,
          site: { function: caller, point: read },
          message: `Two separately locked steps: ${callOfKey(caller)} counts ${place} up by ${callOfKey(counter.function)} and takes what ${callOfKey(reader.function)} gives for its own number, but ${guard} is free in between: where another thread counts meanwhile, both get the same number. ${whyTheyMeet(meeting)} Let one method count and return the number under ${guard}.`,
          related: [
            { site: { function: caller, point: count }, message: `thread A: ${callOfKey(caller)} has it counted up` },
            ...traceOf(counter, place, `holding ${guard}, which is then given back`, facts),
            ...startsOf(meeting?.roots ?? [], facts),
            { site: { function: caller, point: read }, message: 'thread A: reads it; thread B has counted up in between' },
            ...traceOf(reader, place, `holding ${guard} anew`, facts, false),
          ],
          fixes: [],
          interleaving: {
            sides: twoRuns(meeting?.roots, { function: caller, point: count }, { function: caller, point: count }),
            steps: [
              first({ function: caller, point: count }, `calls ${callOfKey(counter.function)}`),
              first(counter, `counts ${place} up under ${guard}, which is then free`),
              second({ function: caller, point: count }, `calls ${callOfKey(counter.function)}`),
              second(counter, `counts ${place} up again`),
              first({ function: caller, point: read }, `asks for ${place}, in which both are counted`),
              second({ function: caller, point: read }, 'asks for it, and gets the same number'),
            ],
            harm: 'wrong',
            outcome: 'Both go on with the same number, and one number is never given out.',
          },
        };
      }
    }
  },
};

interface ReadBack {
  readonly caller: FunctionKey;
  readonly count: Point;
  readonly read: Point;
  readonly reader: CellAccess;
  readonly lock: LockKey;
}

/** The callers of the counting method that ask for the number afterwards, of the same object, and keep it. */
function* readBacks(counter: CellAccess, accesses: readonly CellAccess[], facts: Facts): Iterable<ReadBack> {
  for (const lock of ownGuards(counter, facts)) {
    const readers = accesses.filter(
      (each) => !each.write && each.function !== counter.function && ownGuards(each, facts).includes(lock) && isReturned(each, facts),
    );
    if (readers.length === 0) continue;
    for (const [caller] of byKey(facts.program.callers.get(counter.function))) {
      if ((facts.contextOf(caller).entry ?? []).includes(lock)) continue;
      const model = modelOf(facts.program.functions.get(caller)!);
      const calls = (facts.summaryOf(caller)?.calls ?? []).filter((call) => call.point >= 0 && call.held.every((held) => held.lock !== lock));
      for (const count of calls.filter((call) => call.target === counter.function)) {
        for (const reader of readers) {
          const isSame = (call: CallSite) => holderOf(model.operations[call.point]) === holderOf(model.operations[count.point]);
          const read = calls.find((call) => call.target === reader.function && call.point > count.point && isSame(call) && isKept(model, call.point));
          if (read) yield { caller, count: count.point, read: read.point, reader, lock };
        }
      }
    }
  }
  return undefined;
}

/** Whether what was read is put into a place afterwards, as the value or as the key. */
function isKept(model: ModelFunction, read: Point): boolean {
  return model.operations.some(
    (operation, number) => number > read && operation.kind === 'write' && operation.mode === 'assign' && behind(model, operation.depends).has(read),
  );
}

/** The place of the object that a method or property is asked of. */
function holderOf(operation: Operation | undefined): string | undefined {
  const place = operation?.kind === 'write' ? undefined : placeOf(operation);
  return place && place.path.length > 0 ? printPlace({ root: place.root, path: place.path.slice(0, -1) }) : undefined;
}

/** Locks that a function takes by itself around an access. */
function ownGuards(access: CellAccess, facts: Facts): readonly LockKey[] {
  const entry = facts.contextOf(access.function).entry ?? [];
  return [...facts.threadGuardsOf(access)].filter((lock) => !entry.includes(lock) && !isNameless(lock));
}

/** Whether the function gives what it read, or something worked out of it. */
function isReturned(access: CellAccess, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(access.function)!);
  return model.operations.some((operation) => operation.kind === 'return' && behind(model, operation.depends).has(access.point));
}
