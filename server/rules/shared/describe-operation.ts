// Describing an operation in a message: what it calls, or how it leaves.
import { ELEMENT } from '../../model/place';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** `float()`, `self._send()`, `the await`, `return`. */
export function describeOperation(fn: ResolvedFunction, point: Point): string {
  const operation = modelOf(fn).operations[point];
  if (!operation) return 'this';
  switch (operation.kind) {
    case 'call': {
      if (operation.callee.kind !== 'place') return 'this call';
      const { root, path } = operation.callee.place;
      const named = 'name' in root && root.name !== undefined ? [root.name] : root.kind === 'receiver' ? ['self'] : [];
      const parameter = root.kind === 'parameter' ? [modelOf(fn).parameters[root.index]?.name ?? ''] : [];
      const steps = [...named, ...parameter, ...path].filter((step) => step !== ELEMENT && step !== '');
      return steps.length === 0 ? 'this call' : `${steps.join('.')}()`;
    }
    case 'await':
      return 'the await is cancelled or';
    case 'yield':
      return 'the code at the yield';
    default:
      return operation.kind;
  }
}
