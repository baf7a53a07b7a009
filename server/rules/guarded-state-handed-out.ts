// A container that a lock guards is handed out under the lock: whoever gets it uses it without.

import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { type Place, printPlace } from '../model/place';
import { resultOf } from '../model/value';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { takes } from './shared/access-interleavings';
import { isMetByOthers } from './shared/conditions';
import { changeOf } from './shared/container-changes';
import { isReplacedBetween } from './shared/detached-contents';
import { first, second, twoCalls } from './shared/interleavings';
import { sharedAccesses } from './shared/shared-access';
import { traceOf } from './shared/shared-access-traces';

const CONTAINER = /^(?:list|dict|set|collections\.(?:deque|defaultdict|OrderedDict|Counter))$/;

const VIEWS = /^(?:items|keys|values)$/;
const LAZY = /^(?:iter|reversed|enumerate|zip|map|filter)$/;

export const guardedStateHandedOut: Rule = {
  id: 'guarded-state-handed-out',
  family: 'shared-state',
  languages: ['python'],
  severity: 'information',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['hand-out-copy'],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    for (const given of accesses) {
      const [lock] = given.write || given.cell.element ? [] : given.held;
      if (
        !lock ||
        !isHandedOut(given, facts) ||
        isReplacedBetween(given, Number.POSITIVE_INFINITY, accesses) ||
        facts.summaryOf(given.function)?.leavesHeld.some((left) => left.key === lock.lock)
      )
        continue;
      const changed = accesses.find(
        (access) =>
          access.function !== given.function && ['puts', 'takes'].includes(changeOf(access, facts) ?? '') && facts.threadGuardsOf(access).has(lock.lock),
      );
      if (!changed) continue;
      const [place, guard] = [nameOfKey(cell), nameOfKey(lock.lock)];
      yield {
        rule: guardedStateHandedOut.id,
        family: guardedStateHandedOut.family,
        severity: guardedStateHandedOut.severity,
        confidence: 0.5,
        site: { function: given.function, point: given.point },
        message: `${place} is handed out from under its lock: ${callOfKey(given.function)} gives its callers the very object that ${callOfKey(changed.function)} changes under ${guard}, and they look at it without. Give them a copy.`,
        related: [
          ...traceOf(given, place, `holding ${guard} only until it returns`, facts),
          ...traceOf(changed, place, `changes the same object, holding ${guard}`, facts),
        ],
        fixes: handOutCopy(given, facts),
        interleaving: {
          sides: twoCalls(given.function, changed.function),
          steps: [
            ...takes(0, given, lock.lock),
            first(given, `hands out ${place} itself, and lets go of ${guard}`),
            ...takes(1, changed, lock.lock),
            second(changed, `changes ${place}, while whoever has got it goes through it`),
          ],
          harm: 'wrong',
          outcome: `Whoever has got ${place} sees it change under its eyes, or fails because its size has changed.`,
        },
      };
      return;
    }
  },
};

/** A container of a known type can be copied; `__iter__` has to give something else. */
function handOutCopy({ function: key, point }: CellAccess, facts: Facts): FixIntent[] {
  const type = typeOf(key, point, facts);
  return type === undefined || isChangedByCallers(key, facts) ? [] : [{ kind: 'hand-out-copy', site: { function: key, point }, type }];
}

const CHANGES = /^(?:append|appendleft|extend|insert|add|update|setdefault|remove|discard|pop|popleft|popitem|clear|sort|reverse)$/;

/** Whether somebody changes what the function gives, and means the container itself; a private function is there for such. */
function isChangedByCallers(key: FunctionKey, facts: Facts): boolean {
  if (modelOf(facts.program.functions.get(key)!).isPrivate) return true;
  return [...(facts.program.callers.get(key) ?? [])].some(([caller, sites]) => {
    const { operations } = modelOf(facts.program.functions.get(caller)!);
    return operations.some((operation) => {
      const place =
        operation.kind === 'write' ? operation.place : operation.kind === 'call' && CHANGES.test(methodOf(operation)) ? placeOfCallee(operation) : undefined;
      const root = place?.root;
      return root?.kind === 'result' && sites.some((site) => site.point === root.operation);
    });
  });
}

function placeOfCallee({ callee }: Call): Place | undefined {
  return callee.kind === 'place' ? callee.place : undefined;
}

/** The type of the container that is read at a point. */
function typeOf(key: FunctionKey, point: Point, facts: Facts): string | undefined {
  const fn = facts.program.functions.get(key)!;
  const read = modelOf(fn).operations[point];
  const type = read.kind === 'read' ? facts.program.resolver.typeOfPlace(fn.module, fn.index, read.place) : undefined;
  return type?.kind === 'library' || type?.kind === 'container' ? type.name : undefined;
}

/** The container itself is what the function returns, or a view of it, or what goes through it step by step. */
function isHandedOut(given: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(given.function)!;
  const { operations } = modelOf(fn);
  const read = operations[given.point];
  if (read.kind !== 'read') return false;
  if (!CONTAINER.test(typeOf(given.function, given.point, facts) ?? '')) return false;
  const place = printPlace(read.place);
  return operations.some((operation) => {
    if (operation.kind !== 'return' || operation.value.kind !== 'place') return false;
    if (operation.depends.includes(given.point) && printPlace(operation.value.place) === place) return true;
    const number = resultOf(operation.value);
    const made = number === undefined ? undefined : operations[number];
    return made?.kind === 'call' && made.depends.includes(given.point) && walksBy(made, place);
  });
}

/** `rows.items()`, `iter(rows)`: what it gives looks at the container itself, later on. */
function walksBy({ callee, arguments: given }: Call, place: string): boolean {
  if (callee.kind !== 'place') return false;
  const { root, path } = callee.place;
  if (path.length === 0)
    return root.kind === 'global' && LAZY.test(root.name) && given.some(({ value }) => value.kind === 'place' && printPlace(value.place) === place);
  return VIEWS.test(path.at(-1)!) && printPlace({ root, path: path.slice(0, -1) }) === place;
}
