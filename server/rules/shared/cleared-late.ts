// Cleared late: an interval that one function starts and clears, and that goes on where something in between is rejected.

import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import { resultOf } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import { nestOf } from './lifetimes';
import { keptAt, usesOfPlace } from './place-uses';
import { chainStart, isTakenCareOf, mayBeRejected } from './promises';

export interface ClearedLate {
  /** The await that may be rejected while the interval runs. */
  readonly risk: number;
  readonly clear: number;
}

/** Where an interval that a call starts is cleared by the same function, but not if what is awaited before is rejected. */
export function clearedLate(fn: ResolvedFunction, made: number, call: Call, all: readonly ResolvedFunction[], facts: Facts): ClearedLate | undefined {
  if (calledName(call) !== 'setInterval' || call.callee.kind !== 'place' || call.callee.place.root.kind !== 'global') return undefined;
  const kept = keptAt(fn, made);
  if (kept.gone || kept.containers.length > 0 || kept.names.some((name) => !name.startsWith(`variable(${fn.index}:`))) return undefined;
  const uses = [
    ...kept.uses.map((use) => ({ ...use, fn })),
    ...kept.names.flatMap((name) => usesOfPlace(name, nestOf(fn, all))).filter((use) => use.kind !== 'write'),
  ];
  // Who hands it on, or clears it in a callback, sees to it in another way.
  if (uses.some((use) => use.fn !== fn || (use.name !== 'clearInterval' && !/^(?:un)?ref$/.test(use.name)))) return undefined;
  const clears = uses.filter((use) => use.name === 'clearInterval').map((use) => use.point);
  const around = enclosing(modelOf(fn));
  const own = new Set((around.get(made) ?? []).map((each) => each.step));
  const inTry = (point: number, part: RegExp) => (around.get(point) ?? []).some((each) => each.kind === 'try' && part.test(each.part) && !own.has(each.step));
  if (clears.length === 0 || clears.some((point) => inTry(point, /^(?:final|handler)$/))) return undefined;
  const clear = Math.min(...clears);
  const risk = modelOf(fn).operations.findIndex((operation, point) => {
    if (operation.kind !== 'await' || point <= made || point >= clear) return false;
    const awaited = resultOf(operation.value);
    if (awaited === undefined) return false;
    const handled = (around.get(point) ?? []).some((each) => each.kind === 'try' && each.step.handlers.length > 0 && !own.has(each.step));
    return !handled && !isTakenCareOf(modelOf(fn), awaited) && mayBeRejected(fn, chainStart(modelOf(fn), awaited), facts);
  });
  return risk < 0 ? undefined : { risk, clear };
}
