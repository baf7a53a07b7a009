// Thread starts: where a function sets threads going that it may have made before.

import { methodOf } from '../../model/calls';
import { printPlace } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

export interface ThreadStart {
  /** Where it begins to run, not where the thread object is made. */
  readonly point: Point;
  readonly target: FunctionKey;
  readonly kind: 'thread' | 'timer';
}

/** The threads that a function starts itself. */
export function* startsIn(fn: ResolvedFunction, facts: Facts): Iterable<ThreadStart> {
  const { operations } = modelOf(fn);
  for (const spawn of facts.summaryOf(fn.key)?.spawns ?? []) {
    if (spawn.as !== 'thread' && spawn.as !== 'timer') continue;
    const api = fn.calls.get(spawn.point)?.api;
    const kind = spawn.as === 'timer' || api?.name.endsWith('Timer') ? 'timer' : 'thread';
    if (spawn.function === undefined) continue;
    const point = api?.kind === 'class' ? startOf(fn, spawn.point) : spawn.point;
    if (point !== undefined) yield { point, target: spawn.function, kind };
  }
  // `self.start()` of a class that is a thread.
  for (const [point, operation] of operations.entries()) {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.root.kind !== 'receiver') continue;
    const { root, path } = operation.callee.place;
    if (path.length !== 1 || path[0] !== 'start' || !/(?:^|\.)(?:Thread|Timer)\.start$/.test(fn.calls.get(point)?.api?.name ?? '')) continue;
    const target = facts.program.resolver.method(fn.module.classKeys[root.class], 'run');
    if (target !== undefined) yield { point, target, kind: 'thread' };
  }
}

/** Where `start()` is called on what a call has made, through a local or the field it was put in. */
function startOf(fn: ResolvedFunction, made: number): Point | undefined {
  const { operations } = modelOf(fn);
  const names = new Set([`result(${made})`]);
  for (const operation of operations) {
    if (operation.kind === 'write' && operation.value.kind === 'place' && printPlace(operation.value.place) === `result(${made})`)
      names.add(printPlace(operation.place));
  }
  const started = operations.findIndex(
    (operation, number) =>
      number > made &&
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      methodOf(operation) === 'start' &&
      names.has(printPlace({ root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) })),
  );
  return started < 0 ? undefined : started;
}
