// Held resources: work that runs while a connection of a pool, a slot of a limit, or a place as the promise that others wait for is held.
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { cellOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { functionsOfType } from '../../summary/types';
import { parameterAt } from './given-parameters';

/** The object-relational mapper that a transaction is one of. */
export type Mapper = 'typeorm' | 'sequelize';

/** Work that runs while something is held. */
export interface Section {
  /** The thing, by a name that is the same in the whole file. */
  readonly resource: string;
  /** What a person calls it. */
  readonly name: string;
  /** Where it is taken, or where the work is handed over. */
  readonly function: FunctionKey;
  readonly point: Point;
  /** The function that runs meanwhile; with `from`, just those of its points. */
  readonly runs: FunctionKey;
  readonly from?: Point;
  readonly until?: Point;
  /** The object whose method runs the work, where that is one of another class. */
  readonly through?: string;
  /** The work begins when what is taken is there to be found. */
  readonly later?: true;
  /** Of a connection: what else leads to the same database. */
  readonly mapper?: Mapper;
  /** Of a connection: the name under which objects keep the database. */
  readonly field?: string;
}

/** What one function holds while it runs one of its own parameters. */
interface Lending {
  readonly parameter: number;
  readonly section: Omit<Section, 'runs'>;
}

/** What a function holds by itself: around functions that it names, around part of itself, and around its parameters. */
export interface OwnSections {
  readonly sections: readonly Section[];
  readonly lendings: readonly Lending[];
}

/** How deep wrappers of wrappers are followed. */
const ROUNDS = 3;

/** The sections of a file: those of its functions, and those of functions that are handed to wrappers. */
export function sectionsIn(file: string, facts: Facts, own: (fn: ResolvedFunction) => OwnSections): readonly Section[] {
  const functions = facts.functionsIn(file);
  const sections: Section[] = [];
  const lendings = new Map<FunctionKey, Lending[]>();
  const add = (key: FunctionKey, lending: Lending): boolean => {
    const known = lendings.get(key) ?? [];
    if (known.some((each) => each.parameter === lending.parameter && each.section.resource === lending.section.resource)) return false;
    lendings.set(key, [...known, lending]);
    return true;
  };
  const handOn = (section: Lending['section'], fn: ResolvedFunction, point: Point): Lending['section'] => {
    const through = section.through ?? objectOf(fn, point, facts);
    return { ...section, function: fn.key, point, ...(through === undefined ? {} : { through }) };
  };
  for (const fn of functions) {
    const found = own(fn);
    sections.push(...found.sections);
    for (const lending of found.lendings) add(fn.key, lending);
  }
  for (let round = 0, changed = lendings.size > 0; changed && round < ROUNDS; round++) {
    changed = false;
    for (const fn of functions) {
      for (const [point, call] of fn.calls) {
        for (const { target, parameter, own: handedOn } of call.given) {
          for (const lending of lendings.get(target) ?? []) {
            if (lending.parameter === parameter && handedOn !== undefined && add(fn.key, { parameter: handedOn, section: handOn(lending.section, fn, point) }))
              changed = true;
          }
        }
      }
    }
  }
  for (const fn of functions) {
    for (const [point, call] of fn.calls) {
      for (const { target, parameter, functions: given } of call.given) {
        for (const { section } of (lendings.get(target) ?? []).filter((each) => each.parameter === parameter)) {
          const through = section.through ?? objectOf(fn, point, facts);
          for (const runs of given)
            if (fileOfKey(runs) === file)
              sections.push({
                resource: section.resource,
                name: section.name,
                function: fn.key,
                point,
                runs,
                ...(through === undefined ? {} : { through }),
                ...(section.later ? { later: true } : {}),
                ...(section.mapper ? { mapper: section.mapper } : {}),
                ...(section.field === undefined ? {} : { field: section.field }),
              });
        }
      }
    }
  }
  return sections;
}

/** The object that a call is made on, unless it is the caller itself. */
function objectOf(fn: ResolvedFunction, point: Point, facts: Facts): string | undefined {
  const operation = modelOf(fn).operations[point];
  const [place] = operation?.kind === 'call' ? holdersOf(operation) : [];
  if (!place || (place.root.kind === 'receiver' && place.path.length === 0)) return undefined;
  return resourceAt(fn, place, facts) ?? 'unknown';
}

/** What runs where a value is called: functions of the file, or parameters of the function itself, also inside a closure. */
export function ranBy(
  fn: ResolvedFunction,
  value: Value | undefined,
  facts: Facts,
): { readonly functions: readonly FunctionKey[]; readonly parameters: readonly number[] } {
  if (!value) return { functions: [], parameters: [] };
  const parameter = value.kind === 'place' && value.place.path.length === 0 ? parameterAt(fn, value.place) : undefined;
  if (parameter !== undefined) return { functions: [], parameters: [parameter] };
  // Found by its name alone it may be any.
  const functions = functionsOfType(facts.program.resolver.typeOf(fn.module, fn.index, value)).filter((key) => fileOfKey(key) === fn.module.file);
  const parameters = functions.flatMap((key) => (key.startsWith(`${fn.key}.`) ? parametersCalledIn(key, fn, facts) : []));
  // Each caller knows what it has given, where the closure could be running what any of them has.
  return parameters.length > 0 ? { functions: [], parameters } : { functions, parameters };
}

/** The parameters of a function that a closure in it calls. */
function parametersCalledIn(closure: FunctionKey, fn: ResolvedFunction, facts: Facts): number[] {
  const inner = facts.program.functions.get(closure);
  return (inner ? modelOf(inner).operations : []).flatMap((operation) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || operation.callee.place.path.length > 0) return [];
    return operation.callee.place.root.kind === 'variable' ? (parameterAt(fn, operation.callee.place) ?? []) : [];
  });
}

/** A name for what stands in a place, the same in the whole file; undefined for what is a function's own. */
export function resourceAt(fn: ResolvedFunction, place: Place, facts: Facts): string | undefined {
  const { root, path } = place;
  if (root.kind === 'import') return [`import ${root.specifier}`, root.name ?? '*', ...path].join('.');
  if (root.kind === 'global') return ['global', root.name, ...path].join('.');
  if (root.kind === 'receiver' && path.length === 0) return `object ${fn.module.classKeys[root.class]}`;
  if (root.kind === 'module' && fn.module.bindings[root.name]?.kind === 'import') {
    const binding = fn.module.bindings[root.name];
    if (binding.kind === 'import') return [`import ${binding.specifier}`, binding.name ?? '*', ...path].join('.');
  }
  return cellOf(facts.program.resolver, fn.module, fn.index, place)?.key;
}

/** The place that a call is made on, from the object itself to what the method was found in; longest first. */
export function holdersOf(call: Call): readonly Place[] {
  if (call.callee.kind !== 'place') return [];
  const { root, path } = call.callee.place;
  return path.map((_, steps) => ({ root, path: path.slice(0, path.length - 1 - steps) }));
}

/** What a person calls a place: `this.pool`, `db`. */
export function nameOfPlace({ root, path }: Place): string {
  const start = root.kind === 'receiver' ? 'this' : 'name' in root && root.name !== undefined ? root.name : '';
  return [start, ...path.filter((step) => step !== ELEMENT)].filter(Boolean).join('.');
}

/** The operations that an operation's outcome comes from, through awaits alone. */
export function behindAwaits(operations: readonly Operation[], value: Value): Point | undefined {
  const made = resultOf(value);
  const operation = made === undefined ? undefined : operations[made];
  return operation?.kind === 'await' ? behindAwaits(operations, operation.value) : made;
}
