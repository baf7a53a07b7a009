// Taken origins: which call of a function made what is given back there, or which parameter of a callback holds it.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { LENDS, LENDS_OBJECT } from './taking-words';

/** Where what a function gives back comes from. */
export class TakenOrigins {
  private readonly operations: readonly Operation[];

  /** `handed`: whether the function is a callback that is called with what was taken. */
  constructor(
    private readonly fn: ResolvedFunction,
    private readonly handed: boolean,
  ) {
    this.operations = modelOf(fn).operations;
  }

  /** The call that made what stands at a root, an await of it passed over; -1 and down: what parameter 0 and up holds. */
  madeBy(root: Place['root'], depends: readonly number[], before: readonly Operation[] = []): Point | undefined {
    if (root.kind === 'result') return this.callBehind(root.operation);
    if (this.handed && (root.kind === 'parameter' || (root.kind === 'variable' && root.function === this.fn.index))) {
      const index = root.kind === 'parameter' ? root.index : modelOf(this.fn).parameters.findIndex(({ name }) => name === root.name);
      if (index >= 0) return -1 - index;
    }
    if (root.kind === 'variable' && root.function === this.fn.index) {
      const writes = this.operations.filter(
        (operation) => operation.kind === 'write' && operation.place.path.length === 0 && isRoot(operation.place.root, root) && !isNull(operation.value),
      );
      const [write] = writes;
      // `names = names[0]`, or two variables that are set to each other: no call made that.
      if (write && before.includes(write)) return undefined;
      return writes.length === 1 && write.kind === 'write' && write.value.kind === 'place' && write.value.place.path.every((step) => step === ELEMENT)
        ? this.madeBy(write.value.place.root, [], [...before, write])
        : undefined;
    }
    if (root.kind !== 'unknown') return undefined;
    const calls = [...new Set(depends.flatMap((each) => this.callBehind(each) ?? []))].filter((each) => {
      const name = calledName(this.operations[each] as Call);
      return LENDS_OBJECT.test(name) || LENDS.test(name);
    });
    return calls.length === 1 ? calls[0] : undefined;
  }

  private callBehind(number: Point): Point | undefined {
    const operation = this.operations[number];
    if (operation?.kind === 'call') return number;
    if (operation?.kind !== 'await' && operation?.kind !== 'read') return undefined;
    const value: Value = operation.kind === 'await' ? operation.value : { kind: 'place', place: operation.place };
    return value.kind === 'place' && value.place.root.kind === 'result' && value.place.root.operation < number
      ? this.callBehind(value.place.root.operation)
      : undefined;
  }

  /** The same text for the same object. */
  keyOf(place: Place): string {
    // A variable that an inner function captures stands for what it was given once.
    const taken = place.path.length === 0 ? this.madeBy(place.root, []) : undefined;
    return taken === undefined || taken < 0 ? printPlace(place) : `result(${taken})`;
  }
}

function isRoot(a: Place['root'], b: Place['root']): boolean {
  return a.kind === 'variable' && b.kind === 'variable' && a.function === b.function && a.name === b.name;
}

function isNull(value: Value): boolean {
  return value.kind === 'constant' && value.value === null;
}
