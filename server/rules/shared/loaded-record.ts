// Loaded record: what a function does with what it has loaded from a store, until it saves it.
import { calledName } from '../../model/calls';
import type { Operation } from '../../model/operation';
import { printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import type { Point } from '../../summary/summary';
import { LOADS, type StoreCall } from './store-calls';

const CHANGES = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|assign|append|remove|merge)$/;
const FORMATS = /^(?:stringify|serialize|encode|from|toString|toJSON|toObject|format|dump|pack)$/;

/** One load in a function, and what comes of it there. */
export class LoadedRecord {
  /** Operations whose outcome comes from the load, also by way of an argument's field. */
  readonly derived: ReadonlySet<Point>;

  constructor(
    private readonly operations: readonly Operation[],
    readonly load: Point,
  ) {
    this.derived = derivedFrom(operations, load);
  }

  /** A field is set to what is worked out of the same field of the record: `{ stock: product.stock - 1 }`. */
  setsOwnFields(saved: StoreCall, depends: readonly Point[]): boolean {
    const worked = new Set(saved.saved.flatMap((value) => this.fieldsWorkedOut(value)));
    return depends.some((each) => this.readsOwn(each, worked));
  }

  private readsOwn(number: Point, fields: ReadonlySet<string>): boolean {
    const operation = this.operations[number];
    if (operation.kind === 'read' && this.derived.has(number) && fields.has(operation.place.path.at(-1) ?? '')) return true;
    return operation.depends.some((each) => this.readsOwn(each, fields));
  }

  private fieldsWorkedOut(value: Value): readonly string[] {
    if (value.kind !== 'collection') return [];
    return value.items.flatMap((item, i) => {
      const name = value.names?.[i] ?? '';
      if (item.kind === 'collection') return [name, ...this.fieldsWorkedOut(item)];
      const made = item.kind === 'place' && item.place.root.kind === 'result' ? this.operations[item.place.root.operation] : undefined;
      return item.kind === 'unknown' || made?.kind === 'call' ? [name] : [];
    });
  }

  /** The record itself is what is saved. */
  isWhole(saved: StoreCall): boolean {
    return saved.saved.some((value) => this.is(value));
  }

  /** Whether a value is the record, or what stands so many steps inside it. */
  is(value: Value, steps = 0): boolean {
    if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length !== steps) return false;
    const made = this.operations[value.place.root.operation];
    return value.place.root.operation === this.load || (made?.kind === 'await' && made.depends.includes(this.load));
  }

  /** A field of the record is given a value worked out of the record: of two such saves one is lost, whatever else is merged. */
  countsOn(save: Point): boolean {
    return this.operations.some((operation, i) => {
      if (i <= this.load || i >= save || operation.kind !== 'write' || operation.place.root.kind !== 'result' || operation.place.path.length === 0)
        return false;
      if (!this.derived.has(operation.place.root.operation)) return false;
      const reads = operation.depends.filter((each) => this.operations[each].kind === 'read' && this.derived.has(each));
      return operation.mode === 'update' || (operation.value.kind === 'unknown' && reads.length > 0);
    });
  }

  /** What is saved is not just what was loaded. */
  isChanged(save: Point, saved: StoreCall): boolean {
    if (saved.saved.some((value) => this.isWorkedOut(value))) return true;
    return this.operations.some((operation, i) => {
      if (i <= this.load || i >= save) return false;
      if (operation.kind === 'write')
        return operation.place.root.kind === 'result' && this.derived.has(operation.place.root.operation) && operation.place.path.length > 0;
      if (operation.kind !== 'call') return false;
      const onRecord = operation.callee.kind === 'place' && operation.depends.some((each) => this.derived.has(each));
      if (onRecord && CHANGES.test(calledName(operation))) return true;
      // Handlers further in have it in their hands: `ctx.session = await load(); await next(); await save(ctx.session)`.
      return (
        calledName(operation) === 'next' ||
        (operation.callee.kind === 'place' && operation.callee.place.root.kind === 'parameter' && operation.callee.place.path.length === 0)
      );
    });
  }

  /** Made out of the record, and more than the record in another form. */
  private isWorkedOut(value: Value): boolean {
    if (value.kind === 'unknown') return true;
    // `[...items, item]`, `{ ...record, name }`, and what is wrapped: `{ key: record }`.
    if (value.kind === 'collection' && value.type === 'array' && value.items.length > 1) return true;
    if (value.kind === 'collection') return (value.spreads?.length ?? 0) > 0 || value.items.some((item) => this.isWorkedOut(item));
    if (value.kind !== 'place' || value.place.root.kind !== 'result') return false;
    const made = this.operations[value.place.root.operation];
    if (made?.kind !== 'call' || !this.derived.has(value.place.root.operation)) return false;
    const name = calledName(made);
    if (FORMATS.test(name) || name === 'String') return made.arguments.slice(0, 1).some((argument) => this.isWorkedOut(argument.value));
    return !LOADS.test(name) && name !== 'parse';
  }
}

/** Operations whose outcome comes from a load. */
function derivedFrom(operations: readonly Operation[], load: Point): ReadonlySet<Point> {
  const derived = new Set([load]);
  const fields = new Set<string>();
  // `lines.push(line)` for each line of it, and `lines.join()` in the end: the list itself has no name here.
  let collected = false;
  for (const [i, operation] of operations.entries()) {
    if (i <= load) continue;
    const fromField = operation.kind === 'read' && fields.has(printPlace(operation.place));
    const fromList = collected && isOfNamelessList(operation, 'join');
    if (!fromField && !fromList && !operation.depends.some((each) => derived.has(each))) continue;
    // What is done beside it is not it: `report(record)`.
    derived.add(i);
    collected ||= isOfNamelessList(operation, 'push');
    if (operation.kind === 'write' && operation.place.root.kind !== 'result') fields.add(printPlace(operation.place));
  }
  return derived;
}

function isOfNamelessList(operation: Operation, method: 'push' | 'join'): boolean {
  return operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'unknown' && calledName(operation) === method;
}
