// A lock is made when it is first asked for: two threads can each make one, and then nobody is kept out.
import { nameOfKey } from '../summary/keys';
import type { Rule } from './rule';
import { isMetByOthers } from './shared/conditions';
import { isUnguarded, sharedAccesses } from './shared/shared-access';
import { traceOf } from './shared/shared-access-traces';

export const lockMadeLate: Rule = {
  id: 'lock-made-late',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: [],
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
      fixes: [],
    };
  },
};
