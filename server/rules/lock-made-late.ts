// A lock is made when it is first asked for: two threads can each make one, and then nobody is kept out.
import { resultOf } from '../model/value';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { checkOf } from './shared/access-interleavings';
import { isMetByOthers } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';
import { isUnguarded, sharedAccesses } from './shared/shared-access';
import { traceOf } from './shared/shared-access-traces';

export const lockMadeLate: Rule = {
  id: 'lock-made-late',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['make-lock-early'],
  *check(cell, facts) {
    const made = sharedAccesses(cell, facts).find((access) => access.makesLock && access.checked && isUnguarded(access, facts));
    if (!made) return;
    const place = nameOfKey(cell);
    const many = made.cell.element;
    yield {
      rule: lockMadeLate.id,
      family: lockMadeLate.family,
      severity: lockMadeLate.severity,
      confidence: 0.8,
      site: { function: made.function, point: made.point },
      message: `The lock ${many ? `in ${place}` : place} is made when it is first needed: two threads that come here at the same time can each make one, and then both are inside what it should guard. ${many ? 'Hold another lock around looking it up and making it, or use setdefault().' : 'Make it where the object or module is made.'}`,
      related: [
        ...traceOf(made, place, 'thread A: has found no lock, and makes one', facts),
        ...traceOf(made, place, 'thread B: has found none either, and puts another one in its place', facts, false),
      ],
      fixes: many ? [] : makeEarly(cell, made, facts),
      interleaving: {
        sides: twoCalls(made.function),
        steps: [
          first(checkOf(made), `finds no lock in ${place}`),
          second(checkOf(made), 'finds none either'),
          first(made, 'makes a lock, and goes on to take it'),
          second(made, 'makes another one in its place, and takes that'),
        ],
        harm: 'wrong',
        outcome: 'Each holds a lock of its own, and both are inside what one lock should guard.',
      },
    };
  },
};

/** Where all that is ever put there is a new lock of threads, or the nothing that it begins with. */
function makeEarly(cell: CellKey, made: CellAccess, facts: Facts): FixIntent[] {
  const accesses = facts.accessesOf(cell);
  const file = fileOfKey(cell);
  const makers = accesses.filter((access) => access.makesLock && access.checked && isUnguarded(access, facts));
  const isSetUp = (access: CellAccess) => access.constant && (access.owned || modelOf(facts.program.functions.get(access.function)!).kind === 'module');
  const isSettled = accesses.every((access) => fileOfKey(access.function) === file && (!access.write || makers.includes(access) || isSetUp(access)));
  if (!isSettled || !makers.every((access) => isThreadLock(access, facts))) return [];
  const sites = makers.map(({ function: key, point }) => ({ function: key, point }));
  const { owner } = made.cell;
  return [{ kind: 'make-lock-early', site: sites[0], made: sites, name: cell.slice((owner ?? file).length + 1), ...(owner ? { owner } : {}) }];
}

/** A lock of asyncio belongs to a loop, and one of multiprocessing to how processes are started: neither may come too early. */
function isThreadLock({ function: key, point }: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(key)!;
  const operation = modelOf(fn).operations[point];
  const call = operation.kind === 'write' ? resultOf(operation.value) : undefined;
  return call !== undefined && (fn.calls.get(call)?.api?.name.startsWith('threading.') ?? false);
}
