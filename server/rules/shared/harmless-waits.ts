// Harmless waits: blocking calls that do not block where they stand.

import { calledName, methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { lastName } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import type { CellKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { submittedToOwnLoop } from './own-loop';

/** A call that blocks by its nature and not here; `coroutine` is the one that leads to it. */
export function isHarmless(coroutine: ResolvedFunction, fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const call = modelOf(fn).operations[point];
  const api = fn.calls.get(point)?.api?.name ?? '';
  if (call?.kind !== 'call') return false;
  if (LAZY.test(api) && isHandedOn(fn, point)) return true;
  if (isShort(call, api) || call.arguments.some(({ name, value }) => (name === 'wait' || name === 'block') && value.kind !== 'constant')) return true;
  if (/^(?:socket|ssl)\./.test(api)) return isNonBlockingSocket(fn, point, call, facts);
  // A rule of its own tells of waiting for the loop itself.
  if (/^concurrent\.futures\.Future\./.test(api)) return isDone(fn, point, call) || submittedToOwnLoop(fn, call, facts) !== undefined;
  if (/^(?:queue|multiprocessing)\./.test(api)) return [coroutine, fn].some((each) => looksFirst(each, fn.calls.get(point)?.receiver?.key, facts));
  return false;
}

/** What these give does its work while somebody goes through it. */
const LAZY = /^(?:os\.(?:walk|fwalk)|pathlib\.Path\.(?:walk|glob|iterdir))$/;

function isHandedOn(fn: ResolvedFunction, point: Point): boolean {
  const isIt = (value: Value) => resultOf(value) === point;
  return modelOf(fn).operations.some((other) => {
    if (other.kind === 'write' || other.kind === 'return' || other.kind === 'yield') return isIt(other.value);
    if (other.kind !== 'call') return false;
    return other.arguments.some((argument) => isIt(argument.value)) && !/^(?:list|tuple|set|dict|sorted|sum|any|all|max|min|next)$/.test(calledName(other));
  });
}

/** So short that nobody notices. */
const UNNOTICED = 0.02;

function isShort(call: Call, api: string): boolean {
  const limit = call.arguments.find((argument) => argument.name === 'timeout') ?? (api === 'time.sleep' ? call.arguments[0] : undefined);
  return limit?.value.kind === 'constant' && typeof limit.value.value === 'number' && limit.value.value <= UNNOTICED;
}

function isNonBlockingSocket(fn: ResolvedFunction, point: Point, call: Call, facts: Facts): boolean {
  const model = modelOf(fn);
  const caught = (enclosing(model).get(point) ?? []).some(
    (around) =>
      around.kind === 'try' &&
      around.part === 'body' &&
      (around.step.catches ?? []).some((names) => names.some((name) => ['BlockingIOError', 'InterruptedError', 'SSLWantReadError'].includes(name))),
  );
  if (caught) return true;
  const cell = fn.calls.get(point)?.receiver;
  if (cell && facts.usesOf(cell.key).some((use) => SETS_BLOCKING.test(use.api))) return true;
  const receiver = receiverOf(call.callee);
  const root = receiver?.kind === 'place' ? receiver.place.root : undefined;
  const maker = root?.kind === 'result' ? model.operations[root.operation] : undefined;
  // Connecting a datagram socket only notes the address.
  const datagrams = maker?.kind === 'call' && maker.arguments.some(({ value }) => value.kind === 'place' && lastName(value.place) === 'SOCK_DGRAM');
  if (datagrams && /\.(?:connect|send)\w*$/.test(fn.calls.get(point)?.api?.name ?? '')) return true;
  return (
    root?.kind === 'result' &&
    model.operations.some(
      (other) =>
        other.kind === 'call' &&
        other.callee.kind === 'place' &&
        other.callee.place.root.kind === 'result' &&
        other.callee.place.root.operation === root.operation &&
        methodOf(other) === 'setblocking',
    )
  );
}

/** The queue is asked whether there is something in it. */
function looksFirst(fn: ResolvedFunction, queue: CellKey | undefined, facts: Facts): boolean {
  return queue !== undefined && (facts.summaryOf(fn.key)?.uses ?? []).some((use) => use.cell.key === queue && /\.(?:empty|qsize|full)$/.test(use.api));
}

const SETS_BLOCKING = /\.setblocking$/;

/** `if job.done(): job.result()`, or after `await wrap_future(job)`, or a job out of those that `wait()` says are done. */
function isDone(fn: ResolvedFunction, point: Point, call: Call): boolean {
  const model = modelOf(fn);
  const receiver = receiverOf(call.callee);
  if (receiver?.kind !== 'place') return false;
  const same = (place: unknown) => JSON.stringify(place) === JSON.stringify(receiver.place);
  return model.operations.some((other, number) => {
    if (number >= point) return false;
    if (other.kind === 'call' && other.callee.kind === 'place' && methodOf(other) === 'done') {
      return same({ root: other.callee.place.root, path: other.callee.place.path.slice(0, -1) });
    }
    if (other.kind === 'call')
      return other.outcome === 'awaited' && other.arguments.some((argument) => argument.value.kind === 'place' && same(argument.value.place));
    return false;
  });
}
