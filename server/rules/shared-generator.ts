// Several threads ask one generator for its next value: while it works for one, the other gets a ValueError.

import { printPlace } from '../model/place';
import { resultOf } from '../model/value';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { isMetByOthers } from './shared/conditions';
import { first, second, twoRuns } from './shared/interleavings';
import { iterationsOf } from './shared/iterations';
import { isUnguarded, type Meeting, meetingOf, sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';

export const sharedGenerator: Rule = {
  id: 'shared-generator',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: [],
  *check(cell, facts) {
    const made = madeBy(cell, facts);
    if (made === undefined) return;
    const accesses = sharedAccesses(cell, facts);
    const walks = new Set([...iterationsOf(accesses, facts)].map(({ access }) => `${access.function} ${access.point}`));
    const steps = accesses.filter((access) => !access.write && (walks.has(`${access.function} ${access.point}`) || isAdvanced(access, facts)));
    const found = meetingSteps(steps, facts);
    if (!found) return;
    const { step, other, meeting } = found;
    const place = nameOfKey(cell);
    yield {
      rule: sharedGenerator.id,
      family: sharedGenerator.family,
      ...weigh(meeting, step),
      site: { function: step.function, point: step.point },
      message: `${place} is one generator for several threads: while it works out a value for one of them, the next one that asks gets "ValueError: generator already executing". ${whyTheyMeet(meeting)} Hold one lock around each step, or let one thread go through it and put what comes into a queue.`,
      related: [
        { site: { function: made.function, point: made.point }, message: `${place} is made here, by a generator function` },
        ...traceOf(step, place, 'thread A: asks for the next value', facts),
        ...startsOf(meeting.roots, facts),
        ...traceOf(other, place, 'thread B: asks while the generator still works for A', facts),
      ],
      fixes: [],
      interleaving: {
        sides: twoRuns(meeting.roots, step, other),
        steps: [
          first(step, `asks ${place} for the next value, and the generator begins to work`),
          second(other, 'asks for the next value, too, before it has yielded'),
        ],
        harm: 'fails',
        outcome: 'The second one gets "ValueError: generator already executing".',
      },
    };
  },
};

/** Where the place is given what a generator function of the workspace has made. */
function madeBy(cell: CellKey, facts: Facts): CellAccess | undefined {
  return facts.accessesOf(cell).find((write) => {
    const fn = facts.program.functions.get(write.function)!;
    const operation = modelOf(fn).operations[write.point];
    const made = operation.kind === 'write' && !write.cell.element ? resultOf(operation.value) : undefined;
    const [target] = made === undefined ? [] : (fn.calls.get(made)?.targets ?? []);
    const generator = target === undefined ? undefined : facts.program.functions.get(target);
    return generator !== undefined && modelOf(generator).isGenerator && !modelOf(generator).isAsync && modelOf(generator).decorators.length === 0;
  });
}

/** `next(rows)`, `rows.send(…)`. */
function isAdvanced(access: CellAccess, facts: Facts): boolean {
  const { operations } = modelOf(facts.program.functions.get(access.function)!);
  const read = operations[access.point];
  if (read.kind !== 'read') return false;
  return operations.some((operation) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !operation.depends.includes(access.point)) return false;
    const { root, path } = operation.callee.place;
    if (path.length === 0) {
      const [first] = operation.arguments;
      return root.kind === 'global' && root.name === 'next' && first?.value.kind === 'place' && printPlace(first.value.place) === printPlace(read.place);
    }
    return /^(?:send|__next__)$/.test(path.at(-1)!) && printPlace({ root, path: path.slice(0, -1) }) === printPlace(read.place);
  });
}

function meetingSteps(steps: readonly CellAccess[], facts: Facts): { step: CellAccess; other: CellAccess; meeting: Meeting } | undefined {
  for (const step of steps) {
    if (!isUnguarded(step, facts)) continue;
    for (const other of steps) {
      const meeting = meetingOf(step, other, facts);
      if (meeting && meeting.by !== 'locking' && meeting.by !== 'guess') return { step, other, meeting };
    }
  }
  return undefined;
}
