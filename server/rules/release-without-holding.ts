// A lock is released where it may not be held: the attempt to take it was not looked at, or it has been released already.
import { type LockFault, lockFaults } from '../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { handlesLocks } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';
import { lockCalls } from './shared/lock-calls';

export const releaseWithoutHolding: Rule = {
  id: 'release-without-holding',
  family: 'lock-leak',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: handlesLocks,
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const calls = lockCalls(fn, facts);
    const at = (point: Point) => ({ function: key, point });
    const told = new Set<string>();
    for (const fault of lockFaults(fn, (target) => facts.summaryOf(target))) {
      if ((fault.kind !== 'attempt' && fault.kind !== 'twice') || !fault.paired || told.has(fault.lock)) continue;
      if (fault.kind === 'attempt' && !guardsAnything(fn, fault)) continue;
      told.add(fault.lock);
      const action = calls.get(fault.at)?.find((each) => each.lock === fault.lock);
      const name = action?.name ?? 'the lock';
      // A lock that nobody has described may allow it: that of a cluster often looks for itself whether it is held.
      const guessed = action?.by === 'name';
      const taken = fault.taken < 0 ? undefined : modelOf(fn).operations[fault.taken];
      const dropped = taken?.kind === 'call' && taken.outcome === 'dropped';
      const finding: Finding = {
        rule: releaseWithoutHolding.id,
        family: releaseWithoutHolding.family,
        severity: guessed ? 'information' : releaseWithoutHolding.severity,
        confidence: guessed ? 0.5 : 0.8,
        site: at(fault.kind === 'attempt' && dropped ? fault.taken : fault.at),
        message:
          fault.kind === 'attempt'
            ? `${name} may not have been taken: this attempt can give up, ${dropped ? 'its result is not looked at' : 'and the release is reached then too'}, so that the code below runs without the lock and the release frees a lock that another thread holds or raises RuntimeError. Go on only if acquire() has returned True.`
            : `${name} is released twice on one way through here: the second release frees it for others while another thread holds it, raises RuntimeError, or lets one more in than the semaphore allows. Leave one of the two releases out.`,
        related: [
          { site: at(fault.taken), message: fault.kind === 'attempt' ? `May come back without ${name}` : `${name} is taken once here` },
          { site: at(fault.at), message: fault.kind === 'attempt' ? 'Releases it all the same' : 'Releases it again' },
        ],
        fixes: [],
        interleaving: {
          sides: twoCalls(key),
          steps:
            fault.kind === 'attempt'
              ? [
                  second(at(fault.taken), `takes ${name}`),
                  first(at(fault.taken), `gives up, as the other holds ${name}, and goes on all the same`),
                  first(at(fault.at), `releases ${name}, though it does not hold it`),
                ]
              : [
                  first(at(fault.taken), `takes ${name}, and lets go of ${name} for the first time further down`),
                  second(at(fault.taken), `takes ${name}`),
                  first(at(fault.at), `releases ${name} again, though it does not hold it any more`),
                ],
          harm: 'wrong',
          outcome: `The other one works as if it still held ${name}, beside whoever takes it now; or RuntimeError is raised.`,
        },
      };
      yield finding;
    }
  },
};

/** Taking and giving back at once, whatever comes of it, is how a semaphore is used as a flag. */
function guardsAnything(fn: ResolvedFunction, { taken, at }: LockFault): boolean {
  return modelOf(fn)
    .operations.slice(taken + 1, at)
    .some((operation) => operation.kind !== 'read' || at < taken);
}
