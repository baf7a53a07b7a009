// Varying requests: whether what a function asks for can be something else the next time.
import type { Call } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { forEachPlace } from './mentioned-places';
import { functionOf, viewVariable } from './view-state';

interface Variation {
  readonly varies: boolean;
  readonly byArgument: boolean;
}

const DEEPEST = 3;

/** Whether operations of `fn`, which is `outer` or stands in it, ask for what differs from call to call of `outer`. */
export function variesWith(numbers: readonly number[], fn: ResolvedFunction, outer: ResolvedFunction, facts: Facts): Variation {
  const search = new Search(outer, facts);
  search.operations(numbers, fn, 0);
  return search;
}

/** Whether a function reads what differs from time to time. */
export function readsVarying(fn: ResolvedFunction, facts: Facts): boolean {
  const search = new Search(fn, facts);
  search.operations([...modelOf(fn).operations.keys()], fn, 0);
  return search.varies;
}

class Search implements Variation {
  varies = false;
  byArgument = false;
  private readonly seen = new Set<string>();

  constructor(
    private readonly outer: ResolvedFunction,
    private readonly facts: Facts,
  ) {}

  operations(numbers: readonly number[], fn: ResolvedFunction, depth: number): void {
    for (const number of numbers) {
      const id = `${fn.index}:${number}`;
      if (this.seen.has(id)) continue;
      this.seen.add(id);
      const operation = modelOf(fn).operations[number];
      if (operation.kind === 'read') this.place(operation.place, fn);
      else if (operation.kind === 'call') this.call(operation, fn, depth);
      this.operations(operation.kind === 'call' ? operation.arguments.flatMap((argument) => argument.depends) : operation.depends, fn, depth);
      // `api.find(id).limit(5)`: what was called before is part of the request.
      if (operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'result')
        this.operations([operation.callee.place.root.operation], fn, depth);
    }
  }

  private call(operation: Call, fn: ResolvedFunction, depth: number): void {
    for (const argument of operation.arguments) this.value(argument.value, fn, depth);
    // A function of the same component asks for what that shows.
    const called = functionOf(operation.callee, fn, this.facts);
    if (called !== undefined && modelOf(fn).parent !== 0) this.inner(called, fn, depth);
  }

  private value(value: Value, fn: ResolvedFunction, depth: number): void {
    if (value.kind === 'function') this.inner(value.function, fn, depth);
    forEachPlace(value, (place) => this.place(place, fn));
    // What is put together of arguments is not known, and names no operation: `/books/${id}`.
    if (isPutTogether(value) && fn.index === this.outer.index && modelOf(fn).parameters.length > 0) this.byArgument = this.varies = true;
  }

  private inner(index: number, fn: ResolvedFunction, depth: number): void {
    const inner = depth < DEEPEST ? this.facts.program.functions.get(fn.module.functionKeys[index]) : undefined;
    if (inner && modelOf(inner).parent !== 0) this.operations([...modelOf(inner).operations.keys()], inner, depth + 1);
  }

  private place(place: Place, fn: ResolvedFunction): void {
    const { root, path } = place;
    if (root.kind === 'parameter' && fn.index === this.outer.index) this.byArgument = this.varies = true;
    if (root.kind === 'variable' && root.function === this.outer.index && modelOf(this.outer).parameters.some(({ name }) => name === root.name))
      this.byArgument = this.varies = true;
    if (root.kind === 'receiver' && path.length === 1) this.varies ||= !/api|client|service|http|repo|store|db|logger|options|config/i.test(path[0]);
    const variable = viewVariable(place, fn, this.facts);
    if (variable?.role === 'state' || variable?.role === 'input') this.varies = true;
    if ((variable?.role === 'box' || variable?.role === 'element') && path[0] === 'value') this.varies = true;
    if (variable?.role === 'record' && path.length > 0) this.varies = true;
  }
}

function isPutTogether(value: Value): boolean {
  return value.kind === 'unknown' || (value.kind === 'collection' && value.items.some(isPutTogether));
}
