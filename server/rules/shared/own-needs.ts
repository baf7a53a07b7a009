// Own needs: how work that holds something comes to wait, call by call, for that very thing.
import type { Place } from '../../model/place';
import type { Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import type { Related } from '../finding';
import { type Given, givenBy, isOutOfReach, NOTHING_GIVEN, parameterAt } from './given-parameters';
import { resourceAt } from './held-resources';
import { waitedCalls } from './waited-for';

/** Whether a function itself waits for what is meant, at a point that `given` leaves within reach. */
export type NeedAt = (fn: ResolvedFunction, point: Point, given: Given) => boolean;

/** The way from one function to where the thing is waited for: the points passed, the last one being that place. */
export interface Way {
  readonly steps: readonly { readonly function: FunctionKey; readonly point: Point }[];
  /** An await lies behind on the way, so that whoever started it has gone on in the meantime. */
  readonly late: boolean;
}

interface Reached {
  readonly key: FunctionKey;
  readonly steps: Way['steps'];
  readonly given: Given;
  readonly late: boolean;
}

const DEPTH = 6;
const MOST_FUNCTIONS = 60;

/**
 * The shortest way from a function to where it waits for something. `from` and `until` bound the points of that first
 * function; `late`: only where an await has been passed before.
 */
export function wayTo(
  facts: Facts,
  start: FunctionKey,
  need: NeedAt,
  how: { readonly from?: Point; readonly until?: Point; readonly late?: boolean; readonly skip?: (point: Point) => boolean } = {},
): Way | undefined {
  const seen = new Set<string>();
  let layer: Reached[] = [{ key: start, steps: [], given: NOTHING_GIVEN, late: !how.late }];
  for (let depth = 0; depth < DEPTH && layer.length > 0 && seen.size < MOST_FUNCTIONS; depth++) {
    const next: Reached[] = [];
    for (const at of layer) {
      const fn = facts.program.functions.get(at.key);
      const id = `${at.key} ${at.late} ${[...at.given].join()}`;
      if (!fn || seen.has(id)) continue;
      seen.add(id);
      const first = depth === 0;
      const isOut = (point: Point) =>
        (first && (point < (how.from ?? 0) || point > (how.until ?? Number.POSITIVE_INFINITY) || how.skip?.(point))) || isOutOfReach(fn, point, at.given);
      const { operations } = modelOf(fn);
      for (let point = 0; point < operations.length; point++) {
        const late = at.late || hasAwaited(fn, point);
        if (late && !isOut(point) && need(fn, point, at.given)) return { steps: [...at.steps, { function: at.key, point }], late };
      }
      for (const { point, target, direct } of waitedCalls(fn, facts)) {
        const called = facts.program.functions.get(target);
        const operation = operations[point];
        if (!called || isOut(point)) continue;
        const given =
          direct && operation.kind === 'call' ? givenBy(operation, fn, called, at.given, (place) => nameOfArgument(fn, place, at.given, facts)) : NOTHING_GIVEN;
        next.push({ key: target, steps: [...at.steps, { function: at.key, point }], given, late: at.late || hasAwaited(fn, point) });
      }
    }
    layer = next;
  }
  return undefined;
}

/** What is handed on: something that has a name of its own, or what the function was given itself. */
function nameOfArgument(fn: ResolvedFunction, place: Place, given: Given, facts: Facts): string | undefined {
  const index = place.path.length === 0 ? parameterAt(fn, place) : undefined;
  const known = index === undefined ? undefined : given.get(`${index}`);
  if (typeof known === 'string' && known !== 'default') return known.slice(3);
  return place.root.kind === 'parameter' || place.root.kind === 'result' ? undefined : resourceAt(fn, place, facts);
}

/** Whether the function has let others run before a point. */
function hasAwaited(fn: ResolvedFunction, point: Point): boolean {
  return modelOf(fn).operations.some((operation, at) => at < point && operation.kind === 'await');
}

/** The way told step by step; `end` tells what happens at its last one. */
export function tellWay({ steps }: Way, end: string): Related[] {
  return steps.map(({ function: key, point }, at) => ({
    site: { function: key, point },
    message: at === steps.length - 1 ? end : `… ${callOfKey(key)} calls ${callOfKey(steps[at + 1].function)} and waits for it …`,
  }));
}
