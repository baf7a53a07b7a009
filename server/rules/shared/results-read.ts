// Results read: whether results that are handed out one by one are gone through by anybody.

import { calledName } from '../../model/calls';
import type { Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { loopsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { LOOKS } from './future-methods';
import { usesOf } from './outcome-uses';

/** Whether results that come one by one are gone through, or handed to somebody who may. */
export function areRead(fn: ResolvedFunction, number: Point): boolean {
  const model = modelOf(fn);
  const used = usesOf(model, number).some((use) => {
    const operation = model.operations[use.number];
    return (
      use.by === 'with' ||
      (use.by === 'operation' && !(operation.kind === 'call' && LOOKS.test(calledName(operation)) && !/^(?:any|all)$/.test(calledName(operation))))
    );
  });
  const isIt = (value: Value | undefined) => value?.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation === number;
  return used || loopsIn(model.body).some((loop) => isIt(loop.over));
}
