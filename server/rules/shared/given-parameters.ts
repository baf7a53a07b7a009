// Given parameters: what one call says of its target's parameters, so that branches which ask for them can be decided.
import type { Branch, Call } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { type Enclosing, enclosing, structuresIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/**
 * Whether a parameter (`2`), or a property of it (`2.skip`), counts as true; what is not known is missing. `default`: it
 * is left out and has a default. `is x`: it is the very thing that goes by that name.
 */
export type Given = ReadonlyMap<string, boolean | 'default' | `is ${string}`>;

export const NOTHING_GIVEN: Given = new Map();

/** The name of what stands in a place of the calling function; undefined for what has none. */
export type NameOf = (place: Place) => string | undefined;

/** What a call, made where `known` holds, says of the parameters of the function it runs. */
export function givenBy(call: Call, from: ResolvedFunction, target: ResolvedFunction, known: Given, nameOf: NameOf): Given {
  const given = new Map<string, boolean | 'default' | `is ${string}`>();
  const plain = call.arguments.filter((argument) => argument.name === undefined);
  if (plain.some((argument) => argument.spread)) return given;
  for (const [index, parameter] of modelOf(target).parameters.entries()) {
    const value = plain[index]?.value;
    if (!value) {
      // Of what is left out nothing is there, unless it has a default.
      if (parameter.rest === undefined) given.set(`${index}`, parameter.default === undefined ? false : (isTrue(parameter.default, from, known) ?? 'default'));
      if (parameter.rest === undefined && (parameter.default === undefined || isEmpty(parameter.default))) given.set(`${index}.*`, false);
      continue;
    }
    // Something that is handed over is taken to be there.
    const name = value.kind === 'place' ? nameOf(value.place) : undefined;
    const truth = name === undefined ? (isTrue(value, from, known) ?? (value.kind === 'place' ? true : undefined)) : (`is ${name}` as const);
    if (truth !== undefined) given.set(`${index}`, truth);
    if (value.kind !== 'collection' || value.type !== 'object') continue;
    const named = call.arguments.filter((argument) => argument.name !== undefined);
    // What else a literal has is not known: it may hold `...rest`.
    for (const { name, value: held } of named) given.set(`${index}.${name}`, isTrue(held, from, known) ?? true);
  }
  return given;
}

/** Whether a point of a function is out of reach where `given` holds. */
export function isOutOfReach(fn: ResolvedFunction, point: Point, given: Given): boolean {
  if (given.size === 0) return false;
  const model = modelOf(fn);
  const around = enclosing(model).get(point) ?? [];
  if (around.some((each) => each.kind === 'branch' && (armTaken(fn, each.step, given) ?? each.arm) !== each.arm)) return true;
  // `if (tx) return work(tx);` before it.
  return structuresIn(model.body).some((step) => {
    if (step.kind !== 'branch') return false;
    const taken = armTaken(fn, step, given);
    const last = taken === undefined ? undefined : step.arms[taken]?.at(-1);
    if (typeof last !== 'number' || last >= point || !/^(?:return|raise)$/.test(model.operations[last].kind)) return false;
    return outside(enclosing(model).get(last) ?? [], step).every((each) => around.some((other) => isSame(each, other)));
  });
}

function outside(around: readonly Enclosing[], step: Branch): readonly Enclosing[] {
  return around.slice(around.findIndex((each) => each.step === step) + 1);
}

function isSame(a: Enclosing, b: Enclosing): boolean {
  return a.step === b.step && (a.kind !== 'branch' || b.kind !== 'branch' || a.arm === b.arm);
}

/** The arm of a branch that is taken; undefined where its condition is about something else. */
function armTaken(fn: ResolvedFunction, step: Branch, given: Given): number | undefined {
  if (step.arms.length !== 2) return undefined;
  const asked = step.asks ?? askedBy(fn, step.test);
  const truth = asked && truthOf(fn, asked, given);
  if (typeof truth !== 'boolean') return undefined;
  return truth === (step.negated ?? false) ? 1 : 0;
}

function askedBy(fn: ResolvedFunction, test: readonly number[]): Place | undefined {
  const [only, ...others] = test.map((number) => modelOf(fn).operations[number]);
  return only?.kind === 'read' && others.length === 0 ? only.place : undefined;
}

function truthOf(fn: ResolvedFunction, place: Place, given: Given): boolean | 'default' | undefined {
  const index = parameterAt(fn, place);
  if (index === undefined || place.path.length > 1) return undefined;
  const known = place.path.length === 0 ? given.get(`${index}`) : (given.get(`${index}.${place.path[0]}`) ?? given.get(`${index}.*`));
  return known === undefined || typeof known === 'boolean' || known === 'default' ? known : true;
}

/** The function's own parameter that a place begins at, also where closures see it. */
export function parameterAt(fn: ResolvedFunction, { root }: Place): number | undefined {
  if (root.kind === 'parameter') return root.index;
  if (root.kind !== 'variable' || root.function !== fn.index) return undefined;
  const index = modelOf(fn).parameters.findIndex((parameter) => parameter.name === root.name);
  return index < 0 ? undefined : index;
}

/** Whether a value counts as true; undefined where that is not known. */
function isTrue(value: Value, fn: ResolvedFunction, known: Given): boolean | undefined {
  if (value.kind === 'constant') return Boolean(value.value);
  if (value.kind === 'function' || value.kind === 'class' || value.kind === 'collection') return true;
  if (value.kind !== 'place') return undefined;
  const index = parameterAt(fn, value.place);
  const truth = index === undefined ? undefined : truthOf(fn, value.place, known);
  return typeof truth === 'boolean' ? truth : undefined;
}

function isEmpty(value: Value): boolean {
  return value.kind === 'collection' && value.items.length === 0;
}
