// Answer frames: where the walk over a function and those that it calls stands, and what is known there.
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import type { ResolvedFunction } from '../../summary/resolved';
import type { Request } from './stored-answers';

/** What has happened on the way to a step. */
export interface State {
  readonly guarded: boolean;
  /** The last wait; undefined before the first. */
  readonly waited?: Site;
}

/** One function on the walk, and the requests whose answers it is given. */
export interface Frame {
  readonly fn: ResolvedFunction;
  readonly given: ReadonlyMap<number, Request>;
  /** Where the function of the walk stands when it comes here; undefined where it is that function, or one written inside it. */
  readonly at?: Site;
  readonly origins: Map<number, Request | undefined>;
  /** The last await of this very function so far. */
  last: number;
}

/** How things stand where a body was left early: the frame's own last await may have been waited for. */
export function stateAfter(frame: Frame, state: State): State {
  return frame.last < 0 ? state : { ...state, waited: { function: frame.fn.key, point: frame.last } };
}

/** A function of the file that the frame's function stands in. */
export function functionAt(index: number, frame: Frame, facts: Facts): ResolvedFunction | undefined {
  return facts.program.functions.get(frame.fn.module.functionKeys[index]);
}

/** The one function of that file that a call runs. */
export function targetOf(number: number, frame: Frame): number | undefined {
  const targets = frame.fn.calls.get(number)?.targets ?? [];
  const index = targets.length === 1 ? frame.fn.module.functionKeys.indexOf(targets[0]) : -1;
  return index < 0 ? undefined : index;
}

/** Whether a function of the file is the outer one itself, or written inside it. */
export function isInside(index: number, outer: ResolvedFunction): boolean {
  for (let at: number | undefined = index; at !== undefined; at = outer.module.module.functions[at].parent) if (at === outer.index) return true;
  return false;
}
