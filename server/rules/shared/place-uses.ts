// Place uses: what a group of JavaScript functions does with one place, and where the outcome of a call goes.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/** The same name for the same place in all functions of a file: `this.timer`, `variable(3:timer)`, `module:timer`. */
export type PlaceKey = string;

export interface PlaceUse {
  readonly fn: ResolvedFunction;
  readonly point: number;
  /** A method is called on it; it is an argument; it is written; something else is done with it that cannot be followed. */
  readonly kind: 'method' | 'argument' | 'write' | 'other';
  /** Of the method, or of the function that it is an argument of. */
  readonly name: string;
  readonly value?: Value;
}

/** Where the outcome of a call goes. */
export interface Kept {
  readonly names: readonly PlaceKey[];
  /** Places of the arrays, sets and maps that it is put into. */
  readonly containers: readonly PlaceKey[];
  /** What is done with it before: methods, and functions that get it. */
  readonly uses: readonly { readonly kind: 'method' | 'argument'; readonly name: string; readonly point: number }[];
  /** Nobody has it any more. */
  readonly dropped: boolean;
  /** Somebody else has it. */
  readonly gone: boolean;
  /** Where it is first put where others find it: into a field or a container, or given back. */
  readonly from: number | undefined;
}

const THIS: Place['root'] = { kind: 'global', name: 'this' };
const PUTS_IN = /^(?:push|add|set|unshift|append)$/;
const SAME = /^(?:unref|ref|on|once|addListener|setMaxListeners|setEncoding|listen)$/;

/** Undefined for what belongs to one run of a function alone. */
export function placeKey(place: Place): PlaceKey | undefined {
  const { root, path } = place;
  if (root.kind === 'receiver') return printPlace({ root: THIS, path }).replace('global:', '');
  if (root.kind === 'variable' || root.kind === 'module' || root.kind === 'global' || root.kind === 'import' || root.kind === 'class') return printPlace(place);
  return undefined;
}

/** Variables that stand for something else all the time: `const self = this`. */
export function aliasesIn(parts: readonly ResolvedFunction[]): ReadonlyMap<PlaceKey, PlaceKey> {
  const found = new Map<PlaceKey, PlaceKey | undefined>();
  for (const fn of parts) {
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'write' || operation.place.root.kind !== 'variable' || operation.place.path.length > 0) continue;
      const name = placeKey(operation.place)!;
      const meant = operation.value.kind === 'place' && operation.value.place.root.kind === 'receiver' ? placeKey(operation.value.place) : undefined;
      found.set(name, found.has(name) ? undefined : meant);
    }
  }
  return new Map([...found].flatMap(([name, meant]) => (meant === undefined ? [] : [[name, meant] as const])));
}

/** The name of a place where variables that stand for the receiver are taken for it. */
export function meantKey(place: Place, aliases: ReadonlyMap<PlaceKey, PlaceKey>): PlaceKey | undefined {
  const name = placeKey(place);
  if (name === undefined || place.root.kind !== 'variable') return name;
  const root = placeKey({ root: place.root, path: [] })!;
  const meant = aliases.get(root);
  return meant === undefined ? name : meant + name.slice(root.length);
}

/** Everything that `parts` do with what stands in a place, also through other variables that it is put into. */
export function usesOfPlace(name: PlaceKey, parts: readonly ResolvedFunction[], seen = new Set<PlaceKey>()): PlaceUse[] {
  if (seen.has(name) || seen.size > 4) return [];
  seen.add(name);
  const aliases = aliasesIn(parts);
  const uses: PlaceUse[] = [];
  for (const fn of parts) {
    const { operations } = modelOf(fn);
    const reads = new Set<number>();
    for (const [point, operation] of operations.entries()) {
      if (operation.kind === 'read' && isIt(operation.place)) reads.add(point);
      for (const use of at(operation, reads)) uses.push({ fn, point, ...use });
      if (operation.kind !== 'write' || operation.value.kind !== 'place' || !isIt(operation.value.place)) continue;
      const other = meantKey(operation.place, aliases);
      if (other === undefined) uses.push({ fn, point, kind: 'other', name: '' });
      else uses.push(...usesOfPlace(other, parts, seen).filter((use) => use.kind !== 'write'));
    }
  }
  return uses;

  function* at(operation: Operation, reads: ReadonlySet<number>): Iterable<Omit<PlaceUse, 'fn' | 'point'>> {
    if (operation.kind === 'write' && restOf(operation.place)?.length === 0) yield { kind: 'write', name: '', value: operation.value };
    else if (operation.kind === 'return' || operation.kind === 'yield') {
      if (holds(operation.value) || (operation.value.kind === 'unknown' && operation.depends.some((number) => reads.has(number))))
        yield { kind: 'other', name: 'return' };
    } else if (operation.kind === 'call') yield* inCall(operation, reads);
  }

  function* inCall(call: Call, reads: ReadonlySet<number>): Iterable<Omit<PlaceUse, 'fn' | 'point'>> {
    const called = calledName(call);
    const rest = call.callee.kind === 'place' ? restOf(call.callee.place) : undefined;
    if (rest && rest.length > 0) yield { kind: 'method', name: rest.at(-1)! };
    for (const argument of call.arguments) {
      if (argument.value.kind === 'place' && isIt(argument.value.place)) yield { kind: 'argument', name: called };
      // `signal: this.controller.signal` hands on a part of it, `this.timer.close` one of its methods.
      else if (argument.value.kind === 'place' && restOf(argument.value.place)?.length === 1) yield { kind: 'method', name: restOf(argument.value.place)![0] };
      else if (holds(argument.value) || (argument.value.kind === 'unknown' && argument.depends.some((number) => reads.has(number))))
        yield { kind: 'other', name: called };
    }
    if (call.callee.kind === 'place' && call.callee.place.root.kind === 'unknown' && call.depends.some((number) => reads.has(number)))
      yield { kind: 'method', name: called };
  }

  function restOf(place: Place): readonly string[] | undefined {
    const printed = meantKey(place, aliases)?.replaceAll(ELEMENT, '');
    if (printed === name) return [];
    return printed?.startsWith(`${name}.`) ? printed.slice(name.length + 1).split('.') : undefined;
  }

  function isIt(place: Place): boolean {
    return restOf(place)?.length === 0;
  }

  function holds(value: Value): boolean {
    return value.kind === 'collection' ? value.items.some(holds) : value.kind === 'place' && isIt(value.place);
  }
}

/** Where the outcome of the call at a point goes. */
export function keptAt(fn: ResolvedFunction, made: number): Kept {
  const { operations } = modelOf(fn);
  const names: PlaceKey[] = [];
  const containers: PlaceKey[] = [];
  const uses: Kept['uses'][number][] = [];
  const sources = new Set([made]);
  let gone = false;
  let from: number | undefined;
  for (const [point, operation] of operations.entries()) {
    if (point <= made) continue;
    if (
      (operation.kind === 'write' || operation.kind === 'return') &&
      holds(operation.value) &&
      !(operation.kind === 'write' && operation.place.root.kind === 'variable')
    )
      from ??= point;
    if (operation.kind === 'write' && isIt(operation.value)) {
      const name = placeKey(operation.place);
      if (name === undefined) gone = true;
      else if (name.endsWith(ELEMENT)) containers.push(name.slice(0, -ELEMENT.length));
      else names.push(name);
    } else if (operation.kind === 'write' && (holds(operation.value) || (operation.value.kind === 'unknown' && operation.depends.includes(made)))) gone = true;
    else if ((operation.kind === 'return' || operation.kind === 'yield') && holds(operation.value)) gone = true;
    else if (operation.kind === 'await' && isIt(operation.value)) sources.add(point);
    else if (operation.kind === 'call') {
      const called = calledName(operation);
      const { callee } = operation;
      if (callee.kind === 'place' && callee.place.root.kind === 'result' && sources.has(callee.place.root.operation) && callee.place.path.length > 0) {
        uses.push({ kind: 'method', name: called, point });
        if (SAME.test(called)) sources.add(point);
      }
      if (!operation.arguments.some((argument) => holds(argument.value))) continue;
      const container = callee.kind === 'place' && PUTS_IN.test(called) ? placeKey({ ...callee.place, path: callee.place.path.slice(0, -1) }) : undefined;
      if (container !== undefined) from ??= point;
      if (container !== undefined) containers.push(container);
      else uses.push({ kind: 'argument', name: called, point });
    }
  }
  const dropped = names.length === 0 && containers.length === 0 && !gone && !uses.some((use) => use.kind === 'argument');
  return { names, containers, uses, dropped, gone, from };

  function isIt(value: Value): boolean {
    const made = resultOf(value);
    return made !== undefined && sources.has(made);
  }

  function holds(value: Value): boolean {
    return value.kind === 'collection' ? value.items.some(holds) : isIt(value);
  }
}
