// Object life: what becomes of an object that a call makes, through locals, fields, getters, constructors and helpers.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import type { Value } from '../../model/value';
import type { Cell } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type CellKey, type FunctionKey, fileOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { containerOf, type Flow, flowsOf } from './object-flow';

/** A method that is called on the object somewhere, or handed on to be called later. */
export interface ObjectUse {
  readonly name: string;
  readonly site: Site;
  /** Arguments are given: `join(5)`. */
  readonly given?: boolean;
}

export interface ObjectLife {
  readonly uses: readonly ObjectUse[];
  /** Attributes that are read, or written with what. */
  readonly attributes: readonly (ObjectUse & { readonly constant?: string | number | boolean | null; readonly written: boolean })[];
  /** Entered by a with step. */
  readonly entered: boolean;
  /** Shared places that hold it. */
  readonly cells: readonly Cell[];
  /** Somebody who cannot be followed has it too, and may do anything with it. */
  readonly escapes: boolean;
  /** Whoever uses the code from outside can get at it. */
  readonly offered: boolean;
  /** Kept by a class or a module as a whole, not by each object. */
  readonly common: boolean;
}

/** How many hands an object is followed through. */
const DEPTH = 5;
/** What only looks at an object, or only lends it to work. */
const BORROWS =
  /^(?:isinstance|bool|len|id|repr|str|print|hasattr|type|callable|run_in_executor|run_coroutine_threadsafe|set_event_loop|wrap_future|debug|info|warning|error|exception|log)$/;

/** What becomes of what operation `made` of a function gives. Only what is in the function's own file is followed for sure. */
export function lifeOf(facts: Facts, maker: FunctionKey, made: number): ObjectLife {
  return facts.once(lifeOf, `${maker} ${made}`, () => new Trace(facts, fileOfKey(maker)).run(maker, made));
}

/** What is done with the objects in a shared place. */
export function lifeInCell(facts: Facts, cell: CellKey): ObjectLife {
  return facts.once(lifeInCell, cell, () => new Trace(facts, fileOfKey(cell)).runCell(cell));
}

class Trace {
  private readonly uses: ObjectUse[] = [];
  private readonly attributes: ObjectLife['attributes'][number][] = [];
  private readonly cells: Cell[] = [];
  private readonly seen = new Set<string>();
  private entered = false;
  private escapes = false;
  private offered = false;
  private common = false;

  constructor(
    private readonly facts: Facts,
    private readonly file: string,
  ) {}

  run(maker: FunctionKey, made: number): ObjectLife {
    this.inFunction(maker, [made], [{ root: { kind: 'result', operation: made }, path: [] }], DEPTH);
    return this.life();
  }

  runCell(cell: CellKey): ObjectLife {
    this.inCell({ key: cell, element: false }, DEPTH);
    return this.life();
  }

  private life(): ObjectLife {
    const { uses, attributes, cells, entered, escapes, offered, common } = this;
    return { uses, attributes, cells, entered, escapes, offered, common };
  }

  private inFunction(key: FunctionKey, origins: readonly number[], places: readonly Place[], depth: number, contained = false): void {
    const fn = this.facts.program.functions.get(key);
    const id = `${key} ${origins.join()} ${JSON.stringify(places)}`;
    if (!fn || this.seen.has(id)) return;
    this.seen.add(id);
    for (const flow of flowsOf(modelOf(fn), origins, places, contained)) this.follow(fn, flow, depth);
  }

  private follow(fn: ResolvedFunction, flow: Flow, depth: number): void {
    const site = { function: fn.key, point: flow.point };
    switch (flow.kind) {
      case 'method':
        this.uses.push({ name: flow.name, site, given: (flow.call?.arguments.length ?? 0) > 0 });
        break;
      case 'attribute':
        this.attributes.push({
          name: flow.name,
          site,
          written: flow.value !== undefined,
          ...(flow.value?.kind === 'constant' ? { constant: flow.value.value } : {}),
        });
        break;
      case 'entered':
        this.entered = true;
        break;
      case 'stored':
        this.stored(fn, flow.place, depth, fn.cells.get(flow.point));
        break;
      case 'argument': {
        const container = containerOf(flow);
        // What is put into a local list, set or dictionary written out in the function is followed with it.
        if (container && isLocalLiteral(container, flow.call)) break;
        if (container) this.stored(fn, container, depth, this.cellAt(fn, container));
        else this.passed(fn, flow, depth);
        break;
      }
      case 'returned':
        this.returned(fn, depth);
        break;
      default:
        this.escapes = true;
    }
  }

  private stored(fn: ResolvedFunction, place: Place, depth: number, cell: Cell | undefined): void {
    if (place.root.kind === 'class' || place.root.kind === 'module' || place.root.kind === 'import') this.common = true;
    if (cell) this.inCell(cell, depth);
    // Into a local container whose contents are not followed, or onto an object that is not known.
    else if (place.root.kind === 'unknown' || place.root.kind === 'result') this.namesOnUnknown(fn);
    else this.escapes = true;
  }

  /** The cell of a container that a method is called on: the one that the read before the call gives. */
  private cellAt(fn: ResolvedFunction, place: Place): Cell | undefined {
    const { operations } = modelOf(fn);
    for (const [number, cell] of fn.cells) {
      const operation = operations[number];
      if ((operation.kind === 'read' || operation.kind === 'write') && JSON.stringify(operation.place) === JSON.stringify(place)) return cell;
    }
    return undefined;
  }

  /** What is called on things out of containers that are not followed may be called on this one. */
  private namesOnUnknown(fn: ResolvedFunction): void {
    modelOf(fn).operations.forEach((operation, point) => {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.root.kind !== 'unknown') return;
      const name = operation.callee.place.path.at(-1);
      if (name !== undefined) this.uses.push({ name, site: { function: fn.key, point } });
    });
    this.offered = true;
  }

  private inCell(cell: Cell, depth: number): void {
    if (this.cells.some((known) => known.key === cell.key)) return;
    if (fileOfKey(cell.key) !== this.file || depth <= 0) {
      this.escapes = true;
      return;
    }
    this.cells.push(cell);
    const found: [FunctionKey, number[], Place[]][] = [];
    let contained = cell.element;
    // Whoever looks at an attribute of the object accesses the attribute's place, not the object's.
    const inFile = this.facts.program.modules.get(this.file)?.functionKeys ?? [];
    for (const key of new Set([...inFile, ...this.facts.accessesOf(cell.key).map((access) => access.function)])) {
      const fn = this.facts.program.functions.get(key);
      if (!fn) continue;
      const { operations } = modelOf(fn);
      const reads: number[] = [];
      const places = new Map<string, Place>();
      for (const [number, at] of fn.cells) {
        const operation = operations[number];
        if ((operation.kind !== 'read' && operation.kind !== 'write') || (at.key !== cell.key && !at.key.startsWith(`${cell.key}.`))) continue;
        if (operation.kind === 'read' && at.key === cell.key) reads.push(number);
        if (at.key === cell.key && (at.element || (operation.kind === 'write' && isContainer(operation.value, operations)))) contained = true;
        const { root, path } = operation.place;
        const beyond = at.key.slice(cell.key.length).split('.').length - 1;
        const place = { root, path: without(path, beyond) };
        places.set(JSON.stringify(place), place);
      }
      if (places.size > 0) found.push([key, reads, [...places.values()]]);
    }
    for (const [key, reads, places] of found) this.inFunction(key, reads, places, depth - 1, contained);
  }

  private passed(fn: ResolvedFunction, flow: Flow & { kind: 'argument' }, depth: number): void {
    if (BORROWS.test(calledName(flow.call))) return;
    const targets = fn.calls.get(flow.point)?.targets ?? [];
    if (targets.length === 0 || depth <= 0) this.escapes = true;
    for (const key of targets) {
      const target = this.facts.program.functions.get(key);
      const position = target && parameterOf(target, flow);
      if (!target || position === undefined || target.module.file !== this.file) this.escapes = true;
      else this.inParameter(target, position, depth - 1);
    }
  }

  private inParameter(fn: ResolvedFunction, position: number, depth: number): void {
    const parameter = modelOf(fn).parameters[position];
    const places: Place[] = [
      { root: { kind: 'parameter', index: position }, path: [] },
      { root: { kind: 'variable', function: fn.index, name: parameter.name }, path: [] },
    ];
    this.inFunction(fn.key, [], places, depth);
    if (parameter.rest) this.escapes = true;
  }

  private returned(fn: ResolvedFunction, depth: number): void {
    const model = modelOf(fn);
    const { program } = this.facts;
    if (model.isGenerator || depth <= 0) this.escapes = true;
    if (!model.isPrivate) this.offered = true;
    if (model.kind === 'property' && model.class !== undefined) {
      this.inCell({ key: `${fn.module.classKeys[model.class]}.${model.name}`, element: false }, depth - 1);
      return;
    }
    const callers = [...(program.callers.get(fn.key) ?? [])];
    // Nobody here calls it: it is made for others, who have to look after it.
    if (callers.length === 0) this.escapes = true;
    for (const [caller, sites] of callers) {
      for (const { point } of sites) this.inFunction(caller, [point], [{ root: { kind: 'result', operation: point }, path: [] }], depth - 1);
      if (fileOfKey(caller) !== this.file) this.offered = true;
    }
  }
}

/** A path without its last attributes, and without the elements taken from them. */
function without(path: readonly string[], attributes: number): readonly string[] {
  let end = path.length;
  for (let left = attributes; left > 0 && end > 0; end--) if (path[end - 1] !== ELEMENT) left--;
  return path.slice(0, end);
}

/** The lowering follows what such a container holds; of another unknown one at least the origin is told. */
function isLocalLiteral({ root }: Place, call: Call): boolean {
  return root.kind === 'unknown' && call.depends.every((number) => call.arguments.some((argument) => argument.depends.includes(number)));
}

/** A list, a dictionary, or what a call of such a class makes. */
function isContainer(value: Value, operations: readonly Operation[]): boolean {
  if (value.kind === 'collection') return true;
  const made = value.kind === 'place' && value.place.root.kind === 'result' ? operations[value.place.root.operation] : undefined;
  if (made?.kind !== 'call' || made.callee.kind !== 'place') return false;
  return /^(?:dict|list|set|defaultdict|OrderedDict|deque|Weak\w+)$/.test(calledName(made));
}

/** Which parameter of a function an argument is bound to; undefined where that is not known. */
function parameterOf(fn: ResolvedFunction, flow: Flow & { kind: 'argument' }): number | undefined {
  const model = modelOf(fn);
  if (flow.name !== undefined) {
    const found = model.parameters.findIndex((parameter) => parameter.name === flow.name);
    return found < 0 ? undefined : found;
  }
  if (flow.call.arguments.slice(0, flow.position + 1).some((argument) => argument.spread)) return undefined;
  const bound = model.kind === 'method' || model.kind === 'constructor' || model.kind === 'class-method' ? 1 : 0;
  const index = flow.position + bound;
  if (index < model.parameters.length) return index;
  const rest = model.parameters.findIndex((parameter) => parameter.rest === 'positional');
  return rest < 0 ? undefined : rest;
}
