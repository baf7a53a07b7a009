// Iterations: where a shared collection is gone through element by element, so that others can come in between.
import type { Loop } from '../../model/operation';
import { ELEMENT, lastName, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import { firstPoint } from '../../summary/block-points';
import type { CellAccess, Facts } from '../../summary/facts';
import { groupBy } from '../../summary/grouping';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, loopsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { isReplacedBetween } from './detached-contents';
import { breaksStatement } from './stated-guards';

export interface Iteration {
  /** The access that begins it. */
  readonly access: CellAccess;
  /** What is gone through, if that is known: `list`, `dict`, `collections.deque`. */
  readonly type?: string;
}

const VIEWS = /^(?:items|keys|values)$/;
const OWN_WALKS = ['__iter__', 'items', 'keys', 'values'];
/** Functions that go through their argument as their own outcome is gone through. */
const LAZY = /^(?:enumerate|zip|iter|map|filter|reversed|chain|islice)$/;

/** The loops and comprehensions that go through a place itself, a view of it, or a lazy function of either. */
export function* iterationsOf(accesses: readonly CellAccess[], facts: Facts): Iterable<Iteration> {
  for (const [key, counted] of groupBy(accesses, (access) => access.function)) {
    const fn = facts.program.functions.get(key);
    if (!fn) continue;
    // What breaks an annotation is told by a rule of its own, but begins a loop all the same.
    const broken = facts.accessesOf(counted[0].cell.key).filter((access) => access.function === key && breaksStatement(access, facts));
    const own = broken.length === 0 ? counted : [...counted, ...broken].sort((a, b) => a.point - b.point);
    for (const loop of loopsIn(modelOf(fn).body)) {
      if (!loop.over) continue;
      for (const source of sourcesOf(loop.over, fn, 0)) {
        if (source.kind !== 'place') continue;
        const wanted = printPlace(source.place);
        // What is gone through is the place itself: an element of it is a container of its own.
        const begin =
          source.place.path.at(-1) === ELEMENT
            ? own.find((each) => placeAt(fn, each) === `${wanted}${ELEMENT}` && each.point === firstPoint(loop.body) && each.cell.key.endsWith(ELEMENT))
            : own.findLast((each) => placeAt(fn, each) === wanted && each.point < startOf(loop));
        if (!begin || broken.includes(begin) || isReplacedBetween(begin, startOf(loop), own)) continue;
        const type = facts.program.resolver.typeOf(fn.module, fn.index, source);
        // What an object of the workspace is gone through by is its own method's matter.
        if (type?.kind === 'instance' && OWN_WALKS.some((name) => facts.program.resolver.method(type.class, name) !== undefined)) continue;
        const access = { ...begin, held: begin.held.filter((lock) => lock.taken >= 0 || isInside(fn, loop, lock.taken)) };
        yield { access, ...(type?.kind === 'library' || type?.kind === 'container' ? { type: type.name } : {}) };
      }
    }
  }
}

function placeAt(fn: ResolvedFunction, access: CellAccess): string | undefined {
  const operation = modelOf(fn).operations[access.point];
  return operation.kind === 'read' ? printPlace(operation.place) : undefined;
}

/** What a loop over a value goes through in the end. */
function sourcesOf(value: Value, fn: ResolvedFunction, depth: number): readonly Value[] {
  if (value.kind !== 'place' || depth > 4) return [];
  const { root, path } = value.place;
  if (root.kind !== 'result' || path.length > 0) return path.at(-1) === ELEMENT || root.kind !== 'result' ? [value] : [];
  const made = modelOf(fn).operations[root.operation];
  if (made?.kind !== 'call' || made.callee.kind !== 'place') return [];
  const { place } = made.callee;
  const name = lastName(place) ?? '';
  if (VIEWS.test(name) && place.path.length > 0) return [{ kind: 'place', place: { root: place.root, path: place.path.slice(0, -1) } }];
  return LAZY.test(name) ? made.arguments.flatMap((argument) => sourcesOf(argument.value, fn, depth + 1)) : [];
}

/** Where a loop begins: its first operation, or the call that gives what it goes through. */
function startOf(loop: Loop): Point {
  return loop.over?.kind === 'place' && loop.over.place.root.kind === 'result' ? loop.over.place.root.operation : firstPoint(loop.body);
}

/** Whether a loop runs inside a with step, so that what that holds is held all the way. */
function isInside(fn: ResolvedFunction, loop: Loop, step: Point): boolean {
  const first = firstPoint(loop.body);
  const around = enclosing(modelOf(fn)).get(Number.isFinite(first) ? first : startOf(loop)) ?? [];
  return around.some((each) => each.kind === 'with' && each.point === step);
}
