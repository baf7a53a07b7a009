// Between sections: how another thread comes in where a lock is given back between a look and what is done about it.
import type { CellAccess, Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey, type LockKey, nameOfKey } from '../../summary/keys';
import type { Point } from '../../summary/summary';
import type { Interleaving, InterleavingStep } from '../finding';
import { takes } from './access-interleavings';
import { first, second, twoRuns } from './interleavings';
import { meetingOf } from './shared-access';

export interface SplitSections {
  readonly look: CellAccess;
  readonly act: CellAccess;
  /** The access that comes in between; `act` itself where it is another run of the same lines. */
  readonly rival: CellAccess;
  readonly lock: LockKey;
  readonly place: string;
  readonly what: 'read' | 'checked';
  /** The function that calls for both, and where. */
  readonly caller?: { readonly key: FunctionKey; readonly look: Point; readonly change?: Point };
}

/** A look, a change by another thread, and what is done although it no longer fits. */
export function cameBetween({ look, act, rival, lock, place, what, caller }: SplitSections, facts: Facts): Interleaving {
  const guard = nameOfKey(lock);
  const looks = what === 'read' ? 'reads' : 'checks';
  const frees = (locking: readonly InterleavingStep[]) => (locking.length > 0 ? `, and lets go of ${guard}` : '');
  const isRerun = rival === act;
  const calls = (point: Point | undefined, callee: FunctionKey, why: string): InterleavingStep[] =>
    caller && point !== undefined ? [first({ function: caller.key, point }, `calls ${callOfKey(callee)}${why}`)] : [];
  const looking = takes(0, look, lock);
  const rivalling = takes(1, rival, lock);
  const begin = caller ? { function: caller.key, point: caller.look } : look;
  return {
    sides: twoRuns(meetingOf(act, rival, facts)?.roots, begin, isRerun ? begin : rival),
    steps: [
      ...calls(caller?.look, look.function, ''),
      ...looking,
      first(look, `${looks} ${place}${frees(looking)}`),
      ...(isRerun ? [second(look, `${looks} ${place}, and finds the same`)] : []),
      ...rivalling,
      second(rival, `changes ${place}${frees(rivalling)}`),
      ...calls(caller?.change, act.function, ', counting on what it has found'),
      ...takes(0, act, lock),
      first(act, `changes ${place}, as if what it ${what} before still held`),
    ],
    harm: act.update || what === 'read' ? 'lost' : 'wrong',
    outcome: act.update || what === 'read' ? 'The change that came in between is overwritten.' : 'It acts on a check that no longer holds.',
  };
}
