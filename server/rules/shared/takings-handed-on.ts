// Takings handed on: where what a function has taken, or an inner function that gives it back, goes to somebody else.
import type { Operation } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import type { TakenOrigins } from './taken-origins';
import { GIVES, GIVES_BY_NAME } from './taking-words';
import type { FoundTakings } from './takings';

/** Notes what a function hands on of what it is found to take. */
export function noteHandedOn(fn: ResolvedFunction, origins: TakenOrigins, found: FoundTakings): void {
  new HandedOn(fn, origins, found).handOver();
}

class HandedOn {
  private readonly operations: readonly Operation[];

  constructor(
    private readonly fn: ResolvedFunction,
    private readonly origins: TakenOrigins,
    private readonly found: FoundTakings,
  ) {
    this.operations = modelOf(fn).operations;
  }

  /** An inner function that gives something back is handed to somebody: that is theirs to do from there on. */
  handOver(): void {
    for (const give of this.found.innerGives) {
      const within = (index: number): boolean => {
        for (let at: number | undefined = give.fn.index; at !== undefined && at !== this.fn.index; at = this.fn.module.module.functions[at].parent)
          if (at === index) return true;
        return false;
      };
      let handed = false;
      this.operations.forEach((operation, point) => {
        if (operation.kind !== 'call') return;
        const values = [operation.callee, ...operation.arguments.map(({ value }) => value)];
        if (!values.some((value) => functionsIn(value).some(within))) return;
        handed = true;
        this.found.add(point, 'release', give.lock, give.name);
      });
      // Kept under a name, or in an object: nobody can say when.
      if (!handed) this.found.lose(give.lock);
    }
    this.operations.forEach((operation, point) => {
      if (operation.kind === 'call')
        for (const { value } of operation.arguments) for (const lock of this.lentBy(value, true)) this.found.add(point, 'release', lock, 'it');
      else if (operation.kind === 'write' || operation.kind === 'return' || operation.kind === 'yield')
        for (const lock of this.lentBy(operation.value, false)) this.escape(operation, lock);
    });
  }

  /** A variable that inner functions see is no way out; a field, and whoever called, are. */
  private escape(operation: Operation, lock: string): void {
    if (
      operation.kind === 'write' &&
      operation.place.root.kind === 'variable' &&
      operation.place.root.function === this.fn.index &&
      operation.place.path.length === 0
    )
      return;
    this.found.lose(lock);
  }

  /** What is taken and stands in a value. `asFunction`: only what gives back when it is called. */
  private lentBy(value: Value, asFunction: boolean): string[] {
    if (value.kind === 'collection') return value.items.flatMap((item) => this.lentBy(item, asFunction));
    if (value.kind !== 'place') return [];
    const { root, path } = value.place;
    const bare = path.every((step) => step === ELEMENT);
    const method = path.length === 1 && GIVES.test(path[0]);
    if (!bare && !method) return [];
    const taken = this.origins.madeBy(root, []);
    if (taken === undefined) return [];
    if (taken < 0) return asFunction && !method && !GIVES_BY_NAME.test(modelOf(this.fn).parameters[-1 - taken].name) ? [] : [`parameter ${-1 - taken}`];
    const taking = this.found.at(taken).filter((action) => action.kind === 'acquire');
    const locks = [...new Set(taking.map((action) => action.lock))];
    if (asFunction && !method && !this.isCalled(taken)) return [];
    return locks.length > 0 ? locks : [`outcome ${taken}`];
  }

  /** Whether what a call gives is itself a function that gives back. */
  private isCalled(taken: Point): boolean {
    return this.operations.some((operation) => {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.path.some((step) => step !== ELEMENT)) return false;
      return this.origins.madeBy(operation.callee.place.root, []) === taken && operation.callee.place.root.kind !== 'global';
    });
  }
}

function functionsIn(value: Value): number[] {
  if (value.kind === 'function') return [value.function];
  return value.kind === 'collection' ? value.items.flatMap(functionsIn) : [];
}
