// Bounded queues: whether putting something into a queue may have to wait for room.
import type { Value } from '../model/value';
import { makersOf } from './cells';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/** Whether a queue is known to take only so much; most take all there is. */
export function isBounded(resolver: TypeResolver, module: ModuleInterface, index: number, queue: Value): boolean {
  return [...makersOf(resolver, module, index, queue)].some(({ call }) =>
    call.arguments.some(({ name, value }) => (name === undefined || name === 'maxsize') && !(value.kind === 'constant' && value.value === 0)),
  );
}
