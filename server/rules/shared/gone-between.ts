// Gone between: what a check found can be taken away by another thread before it is used.
import { methodOf } from '../../model/calls';
import type { CellAccess, Facts } from '../../summary/facts';
import type { LockKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import { changeOf, isCaught, operationOf } from './container-changes';
import { isUnguarded, type Meeting } from './shared-access';
import { evidenceOf } from './unguarded-pair';

export interface GoneBetween {
  /** The access that counts on what the check found. */
  readonly use: CellAccess;
  /** The access that takes it away. */
  readonly taker: CellAccess;
  /** The lock that the taker holds and the user does not. */
  readonly lock?: LockKey;
  /** What the user gets: `a KeyError or an IndexError`. */
  readonly error: string;
  readonly meeting?: Meeting;
}

const LOOKUP_ERRORS = /^(?:KeyError|IndexError|LookupError|ValueError|RuntimeError)$/;

/** The first use among the accesses of a place that rests on a check, and that somebody can spoil. */
export function goneBetween(accesses: readonly CellAccess[], facts: Facts): GoneBetween | undefined {
  return elementGone(accesses, facts) ?? objectGone(accesses, facts);
}

/** `if self._sock is not None: self._sock.send(…)`, and somebody sets it to None. */
function objectGone(accesses: readonly CellAccess[], facts: Facts): GoneBetween | undefined {
  const takers = accesses.filter((access) => !access.cell.element && changeOf(access, facts) === 'clears');
  if (takers.length === 0) return undefined;
  for (const use of accesses) {
    if (use.write || use.cell.element || use.restsOn.length === 0 || !isUnguarded(use, facts) || !isDereferenced(use, facts)) continue;
    if (isCaught(use, /^(?:AttributeError|OSError|TypeError)$/, facts)) continue;
    for (const taker of takers) {
      const evidence = taker.function === use.function ? undefined : evidenceOf(use, taker, facts);
      if (evidence) return { use, taker, error: 'an AttributeError on None', ...evidence };
    }
  }
  return undefined;
}

/** Whether what was read is at once used as an object: a method of it is called, or an attribute looked up. */
function isDereferenced(use: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(use.function)!;
  const { operations } = modelOf(fn);
  const read = operations[use.point];
  const next = operations[use.point + 1];
  if (read.kind !== 'read' || next === undefined || !next.depends.includes(use.point)) return false;
  const later = operations.find((operation) => operation.kind === 'call' && operation.depends.includes(use.point));
  return (
    later?.kind === 'call' &&
    later.callee.kind === 'place' &&
    later.callee.place.path.slice(0, -1).join() === read.place.path.join() &&
    later.callee.place.root.kind === read.place.root.kind
  );
}

/** `if self._rows: self._rows[0]`, `if k in self._rows: del self._rows[k]`, and somebody takes it out. */
function elementGone(accesses: readonly CellAccess[], facts: Facts): GoneBetween | undefined {
  const takers = accesses.filter((access) => isTaker(access, facts));
  if (takers.length === 0) return undefined;
  for (const use of accesses) {
    if (!use.cell.element || use.restsOn.length === 0 || !isUnguarded(use, facts) || !mayFail(use, facts)) continue;
    for (const taker of takers) {
      const evidence = evidenceOf(use, taker, facts);
      if (!evidence || (taker !== use && taker.function === use.function && evidence.lock !== undefined)) continue;
      const { lock, meeting } = evidence;
      return { use, taker, error: errorOf(use, facts), ...(lock === undefined ? {} : { lock }), ...(meeting ? { meeting } : {}) };
    }
  }
  return undefined;
}

/** Whether there can be less in a container afterwards. */
function isTaker(access: CellAccess, facts: Facts): boolean {
  const change = changeOf(access, facts);
  if (change === 'takes') return true;
  const operation = operationOf(access, facts);
  return change === 'replaces' && operation?.kind === 'write' && operation.value.kind === 'collection' && operation.value.items.length === 0;
}

/** Whether a use raises when the element is gone: an index, `del`, `remove(x)`, `pop(key)`, `move_to_end(key)`; not `get`, `discard`, `pop(key, None)`. */
function mayFail(use: CellAccess, facts: Facts): boolean {
  const operation = operationOf(use, facts);
  if (isCaught(use, LOOKUP_ERRORS, facts)) return false;
  if (operation?.kind === 'read') return operation.by === undefined;
  if (operation?.kind === 'write') return operation.mode === 'delete';
  if (operation?.kind !== 'call' || !use.write) return false;
  const method = methodOf(operation);
  return method === 'pop' ? operation.arguments.length < 2 : /^(?:remove|popleft|popitem|move_to_end)$/.test(method);
}

function errorOf(use: CellAccess, facts: Facts): string {
  const operation = operationOf(use, facts);
  const method = operation?.kind === 'call' ? methodOf(operation) : '';
  if (method === 'remove') return 'a ValueError or a KeyError';
  if (method === 'move_to_end') return 'a KeyError';
  return method === 'popleft' ? 'an IndexError' : 'a KeyError or an IndexError';
}
