// Lock actions: what a call does to locks and to what is taken and given back like one, with a name for it within its function.
import { methodOf } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { ELEMENT, lastName, type Place, printPlace } from '../model/place';
import { receiverOf, soundsLikeLock } from './cells';
import { isNameless, nameOfKey } from './keys';
import { modelOf, type ResolvedFunction } from './resolved';
import type { Point, SummaryOf } from './summary';

/** What a call does to one lock. */
export interface LockAction {
  readonly kind: 'acquire' | 'release';
  /** Equal for the same lock in one function. */
  readonly lock: string;
  /** What a person calls it. */
  readonly name: string;
  /** It may come back without the lock: `acquire(timeout=1)`. */
  readonly attempt: boolean;
  /** How it is known: `lock` by its type or name, `call` through a function that does it, `name` by the method's name alone. */
  readonly by: 'lock' | 'call' | 'name';
}

const TAKES = /^acquire(?:_(.+))?$/;
const GIVES = /^release(?:_(.+))?$/;
const NAMES = /^(?:acquire|release|lock$|unlock$)/;
const NONE: readonly LockAction[] = [];

/** The locks, semaphores and things out of a pool that a call takes or gives back, itself or through a wrapper. */
export function lockActionsAt(fn: ResolvedFunction, number: Point, summaryOf: SummaryOf): readonly LockAction[] {
  const operation: Operation = modelOf(fn).operations[number];
  if (operation.kind !== 'call') return NONE;
  const call = fn.calls.get(number);
  const found: LockAction[] = [];
  for (const { kind, lock } of call?.locks ?? []) {
    found.push({
      kind: kind === 'release' ? 'release' : 'acquire',
      lock: lock.key,
      name: isNameless(lock.key) ? nameOfReceiver(operation) : nameOfKey(lock.key),
      attempt: kind === 'try-acquire' && mayFail(operation),
      by: 'lock',
    });
  }
  for (const target of call?.targets ?? []) {
    const summary = summaryOf(target);
    for (const { key } of summary?.leavesHeld ?? []) found.push({ kind: 'acquire', lock: key, name: nameOfKey(key), attempt: false, by: 'call' });
    for (const key of summary?.releases ?? []) found.push({ kind: 'release', lock: key, name: nameOfKey(key), attempt: false, by: 'call' });
  }
  return found.length > 0 ? found : byName(operation, call?.api?.name);
}

/** `self._slots.acquire()`, `rw.acquire_read()`, `mutex.lock()`: semaphores, pools, and what nobody has described. */
function byName(call: Call, api: string | undefined): readonly LockAction[] {
  const method = methodOf(call);
  if (!NAMES.test(method)) return NONE;
  const receiver = receiverOf(call.callee);
  if (receiver?.kind !== 'place' || receiver.place.root.kind === 'unknown') return NONE;
  const takes = TAKES.exec(method) ?? (method === 'lock' && isLockName(receiver.place) ? ['', undefined] : undefined);
  const gives = GIVES.exec(method) ?? (method === 'unlock' && isLockName(receiver.place) ? ['', undefined] : undefined);
  const which = (takes ?? gives)?.[1];
  if (!takes && !gives) return NONE;
  const semaphore = /Semaphore\.(?:acquire|release)$/.test(api ?? '');
  const lock = `${printPlace(receiver.place)}${which === undefined ? '' : ` ${which.replace(/_?lock$/, '')}`}`;
  return [
    { kind: takes ? 'acquire' : 'release', lock, name: nameOfReceiver(call), attempt: takes !== undefined && mayFail(call), by: semaphore ? 'lock' : 'name' },
  ];
}

function isLockName(place: Place): boolean {
  const name = lastName(place);
  return name !== undefined && soundsLikeLock(name);
}

function nameOfReceiver(call: Call): string {
  const receiver = receiverOf(call.callee);
  if (receiver?.kind !== 'place') return 'the lock';
  const { root, path } = receiver.place;
  const steps = path.filter((step) => step !== ELEMENT).join('.');
  if (root.kind === 'receiver') return steps === '' ? 'the lock' : `self.${steps}`;
  if ('name' in root && root.name !== undefined) return steps === '' ? root.name : `${root.name}.${steps}`;
  return steps === '' ? 'the lock' : steps;
}

/** `acquire(False)`, `acquire(timeout=1)`. */
function mayFail(call: Call): boolean {
  return call.arguments.some(
    ({ name, value }, position) =>
      (name === 'timeout' && !(value.kind === 'constant' && (value.value === null || value.value === -1))) ||
      ((name === 'blocking' || name === 'block' || (name === undefined && position === 0)) && value.kind === 'constant' && value.value === false) ||
      (name === undefined && position === 1 && !(value.kind === 'constant' && value.value === -1)),
  );
}
