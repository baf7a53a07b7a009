// Atomic words: where a JavaScript file touches the elements of typed arrays on shared memory, with Atomics and without.
import { ELEMENT, lastName, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import { cellOf, makersOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Condition } from '../rule';

/** One touch of an element. */
export interface WordTouch {
  readonly fn: ResolvedFunction;
  readonly point: number;
  /** The method of Atomics; `get`, `set` and `update` for plain accesses. */
  readonly by: string;
  /** The array, as far as it has a name: equal for the same place. */
  readonly view: string;
  /** Which element: a constant's name, or a number after `#`; undefined for a computed one. */
  readonly index: string | undefined;
  /** What is stored, and the operations that flow into it. */
  readonly value?: { readonly value: Value; readonly depends: readonly number[] };
  /** The operations that flow into the element's number. */
  readonly indexDepends: readonly number[];
  /** Whose code it is: a class, or the outermost function of closures; the file itself for its plain functions. */
  readonly role: string;
}

const WRITES = /^(?:store|add|sub|and|or|xor|exchange|compareExchange|set|update)$/;
const TYPED_ARRAY = /^(?:Big)?(?:Int|Uint|Float)(?:8|16|32|64)(?:Clamped)?Array$/;

export function isAtomic(touch: WordTouch): boolean {
  return !/^(?:get|set|update)$/.test(touch.by);
}

export function isWrite(touch: WordTouch): boolean {
  return WRITES.test(touch.by);
}

/** The file calls Atomics, or makes shared memory. */
export const touchesSharedMemory: Condition = (file, facts) =>
  facts.functionsIn(file).some((fn) => [...fn.calls.values()].some(({ api }) => api !== undefined && /^(?:Atomics\.|SharedArrayBuffer$)/.test(api.name)));

/** All touches of elements of shared typed arrays in a file. */
export function wordTouches(file: string, facts: Facts): readonly WordTouch[] {
  return facts.once(wordTouches, file, () => {
    const functions = facts.functionsIn(file);
    const atomic = functions.flatMap((fn) => atomicTouches(fn, facts));
    const shared = new Set(atomic.map((touch) => touch.view));
    return [...atomic, ...functions.flatMap((fn) => plainTouches(fn, shared, facts))];
  });
}

/** Whether two touches are of the same word: of the same array, or both under one constant's name. */
export function sameWord(a: WordTouch, b: WordTouch): boolean {
  if (a.index === undefined || a.index !== b.index) return false;
  return a.view === b.view || !a.index.startsWith('#');
}

function atomicTouches(fn: ResolvedFunction, facts: Facts): WordTouch[] {
  return modelOf(fn).operations.flatMap((operation, point): WordTouch[] => {
    const name = operation.kind === 'call' ? fn.calls.get(point)?.api?.name : undefined;
    if (operation.kind !== 'call' || !name?.startsWith('Atomics.')) return [];
    const [view, index, value] = operation.arguments;
    if (!view || !index || view.spread || index.spread) return [];
    const key = viewKey(fn, view.value, facts);
    if (key === undefined) return [];
    return [
      {
        fn,
        point,
        by: name.slice('Atomics.'.length),
        view: key,
        index: indexOf(fn, index.value),
        ...(value ? { value: { value: value.value, depends: value.depends } } : {}),
        indexDepends: index.depends,
        role: roleOf(fn),
      },
    ];
  });
}

function plainTouches(fn: ResolvedFunction, shared: ReadonlySet<string>, facts: Facts): WordTouch[] {
  const updated = new Set<number>();
  const touches = modelOf(fn).operations.flatMap((operation, point): WordTouch[] => {
    if ((operation.kind !== 'read' && operation.kind !== 'write') || operation.place.path.at(-1) !== ELEMENT || !operation.key) return [];
    const array: Place = { root: operation.place.root, path: operation.place.path.slice(0, -1) };
    const value: Value = { kind: 'place', place: array };
    const key = viewKey(fn, value, facts);
    if (key === undefined || !(shared.has(key) || isOnMemory(fn, value, facts))) return [];
    const isUpdate = operation.kind === 'write' && operation.mode === 'update';
    if (isUpdate) for (const number of operation.depends) updated.add(number);
    return [
      {
        fn,
        point,
        by: operation.kind === 'read' ? 'get' : isUpdate ? 'update' : 'set',
        view: key,
        index: indexOf(fn, operation.key.value),
        ...(operation.kind === 'write' ? { value: { value: operation.value, depends: operation.depends } } : {}),
        indexDepends: operation.key.depends,
        role: roleOf(fn),
      },
    ];
  });
  // The read that is part of `x[i]++` is told with it.
  return touches.filter((touch) => touch.by !== 'get' || !updated.has(touch.point));
}

/** Whether a value is a typed array made over a SharedArrayBuffer, as far as the file says. */
export function isOnSharedMemory(fn: ResolvedFunction, value: Value, facts: Facts): boolean {
  return buffersOf(fn, value, facts).some(({ type, name }) => type === 'SharedArrayBuffer' || (type === undefined && /shared|sab/i.test(name)));
}

/** Whether it is made over memory that has come from somewhere else, so that it may be shared. */
function isOnMemory(fn: ResolvedFunction, value: Value, facts: Facts): boolean {
  return buffersOf(fn, value, facts).some(({ type, name }) => type === 'SharedArrayBuffer' || (type === undefined && name !== ''));
}

/** What typed arrays are made over: the type of the memory, and the name of where it comes from. */
function buffersOf(fn: ResolvedFunction, value: Value, facts: Facts): { readonly type: string | undefined; readonly name: string }[] {
  const { resolver } = facts.program;
  return [...makersOf(resolver, fn.module, fn.index, value)].flatMap(({ call, module, index }) => {
    const made = resolver.typeOfCall(module, index, call);
    const buffer = call.arguments[0]?.value;
    if (made?.kind !== 'library' || !TYPED_ARRAY.test(made.name) || buffer?.kind !== 'place') return [];
    const type = resolver.typeOf(module, index, buffer);
    const { root, path } = buffer.place;
    // A number or a list is no memory, and the file's constants are most often that.
    const foreign = root.kind === 'parameter' || root.kind === 'import' || root.kind === 'receiver' || (root.kind === 'result' && path.length > 0);
    const name =
      root.kind === 'parameter' && path.length === 0 ? (module.module.functions[index].parameters[root.index]?.name ?? '') : (lastName(buffer.place) ?? '');
    return [
      { type: type?.kind === 'library' || type?.kind === 'container' ? type.name : type && type.kind !== 'api' ? '' : undefined, name: foreign ? name : '' },
    ];
  });
}

/** Whether a value is a typed array at all. */
export function isTypedArray(fn: ResolvedFunction, value: Value, facts: Facts): boolean {
  const type = facts.program.resolver.typeOf(fn.module, fn.index, value);
  return type?.kind === 'library' && TYPED_ARRAY.test(type.name);
}

/** A name for the array that a value is; undefined where it has none to be told by. */
export function viewKey(fn: ResolvedFunction, value: Value, facts: Facts): string | undefined {
  if (value.kind !== 'place' || value.place.root.kind === 'unknown') return undefined;
  const cell = cellOf(facts.program.resolver, fn.module, fn.index, value.place);
  return cell ? cell.key : `${fn.key} ${printPlace(value.place)}`;
}

function indexOf(fn: ResolvedFunction, value: Value): string | undefined {
  if (value.kind === 'constant') return typeof value.value === 'number' ? `#${value.value}` : undefined;
  if (value.kind !== 'place' || value.place.path.includes(ELEMENT)) return undefined;
  const { root, path } = value.place;
  if (root.kind === 'module') {
    const binding = fn.module.bindings[root.name];
    if (binding?.kind === 'variable' && path.length === 0 && binding.values.some((each) => each.kind !== 'constant')) return undefined;
    return printPlace(value.place);
  }
  return root.kind === 'import' || root.kind === 'class' ? printPlace(value.place) : undefined;
}

function roleOf(fn: ResolvedFunction): FunctionKey {
  const { functions } = fn.module.module;
  const own = modelOf(fn).class;
  if (own !== undefined) return fn.module.classKeys[own];
  let at = fn.index;
  while (at !== 0 && functions[at].parent !== 0 && functions[at].parent !== undefined) at = functions[at].parent!;
  const nests = at !== 0 && functions.some((other) => other.parent === at && other.kind !== 'module');
  return nests ? fn.module.functionKeys[at] : fn.module.functionKeys[0];
}

/** The number that a value is, where it is a constant of the file or a literal. */
export function numberOf(fn: ResolvedFunction, value: Value | undefined): number | undefined {
  if (value?.kind === 'constant') return typeof value.value === 'number' ? value.value : undefined;
  if (value?.kind !== 'place' || value.place.root.kind !== 'module' || value.place.path.length > 0) return undefined;
  const binding = fn.module.bindings[value.place.root.name];
  const [only, ...others] = binding?.kind === 'variable' ? binding.values : [];
  return only?.kind === 'constant' && typeof only.value === 'number' && others.length === 0 ? only.value : undefined;
}

/** A word as a person calls it: `TAIL`, `element 0`. */
export function wordName(touch: WordTouch): string {
  const index = touch.index ?? '';
  return index.startsWith('#') ? `element ${index.slice(1)}` : index.replace(/^.*[:.)]/, '');
}

/** Whether a function makes shared memory itself: what it does there comes before anybody else has it. */
export function makesMemory(fn: ResolvedFunction): boolean {
  return modelOf(fn).kind === 'constructor' || [...fn.calls.values()].some(({ api }) => api?.name === 'SharedArrayBuffer');
}

/** Whether one point of a function may come after another in one run: they stand in no two arms of a branch. */
export function mayFollow(fn: ResolvedFunction, first: number, then: number): boolean {
  if (then <= first) return false;
  const around = enclosing(modelOf(fn));
  const arms = new Map((around.get(first) ?? []).flatMap((outer) => (outer.kind === 'branch' ? [[outer.step, outer.arm] as const] : [])));
  return (around.get(then) ?? []).every((outer) => outer.kind !== 'branch' || (arms.get(outer.step) ?? outer.arm) === outer.arm);
}
