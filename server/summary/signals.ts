// Signals: calls on conditions, events and queues that threads and tasks wake each other with.
import type { Call } from '../model/operation';
import { ELEMENT, type Place, printPlace } from '../model/place';
import { receiverOf } from './cells';
import { modelOf, type ResolvedFunction } from './resolved';
import type { Point } from './summary';

/** A call such as `self._changed.wait(timeout=1)`. */
export interface SignalCall {
  readonly point: Point;
  readonly call: Call;
  readonly kind: 'condition' | 'event' | 'queue';
  readonly method: string;
  readonly receiver: Place;
  /** Equal for the same object within one function. */
  readonly place: string;
  /** Gives up after a while. */
  readonly timed: boolean;
  /** Between tasks of one event loop, where nothing comes between two awaits. */
  readonly task: boolean;
}

const KNOWN = /^(threading|multiprocessing|asyncio|queue)\.(Condition|Event|\w*Queue)\.(\w+)$/;
const CONDITION_NAME = /(?:^|_)(?:cond(?:ition)?|cv|not_empty|not_full)$/i;

/** The calls of a function on conditions, events and queues, in source order. */
export function signalCalls(fn: ResolvedFunction): readonly SignalCall[] {
  return modelOf(fn).operations.flatMap((operation, point): SignalCall[] => {
    if (operation.kind !== 'call') return [];
    const receiver = receiverOf(operation.callee);
    if (receiver?.kind !== 'place' || operation.callee.kind !== 'place') return [];
    const api = KNOWN.exec(fn.calls.get(point)?.api?.name ?? '');
    const method = operation.callee.place.path.at(-1)!;
    const named = !fn.calls.get(point)?.api && /^(?:wait|notify|notify_all|notifyAll)$/.test(method) && CONDITION_NAME.test(nameOf(receiver.place));
    if (!api && !named) return [];
    const kind = named || api![2] === 'Condition' ? 'condition' : api![2] === 'Event' ? 'event' : 'queue';
    const base = {
      point,
      call: operation,
      method: method === 'notifyAll' ? 'notify_all' : method,
      receiver: receiver.place,
      place: printPlace(receiver.place),
    };
    return [{ ...base, kind, timed: isTimed(operation, kind, method), task: api?.[1] === 'asyncio' }];
  });
}

/** What a person calls the object: `self._changed`. */
export function nameOf({ root, path }: Place): string {
  const steps = path.filter((step) => step !== ELEMENT).join('.');
  if (root.kind === 'receiver') return `self.${steps}`;
  if ('name' in root && root.name !== undefined) return steps === '' ? root.name : `${root.name}.${steps}`;
  return steps;
}

function isTimed(call: Call, kind: SignalCall['kind'], method: string): boolean {
  const timeout = call.arguments.find(({ name }) => name === 'timeout') ?? (kind === 'queue' || method === 'wait_for' ? call.arguments[1] : call.arguments[0]);
  return timeout !== undefined && !(timeout.value.kind === 'constant' && timeout.value.value === null);
}
