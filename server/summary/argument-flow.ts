// Argument flow: what calls hand to the parameters of the functions that they run, so that untyped code can be followed too.

import type { Call, Write } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import { argumentsFor, type HandedValue, handedValues, parameterOf, receiverParameters, restParameter } from './call-arguments';
import { methodsOf } from './call-targets';
import { functionsOf, isCoroutine, runValues } from './call-values';
import { cellOf } from './cells';
import { append } from './grouping';
import { type CellKey, type FunctionKey, nameless } from './keys';
import type { ModuleInterface } from './module-interface';
import { functionOfParameter, type ParameterTypes, parameterKey } from './parameter-types';
import type { TypeResolver } from './type-resolver';
import { type Type, unionOf } from './types';

/** A value that a call hands to a parameter, or a write puts into a field: of a known type, or what a parameter of the caller holds. */
interface Handover {
  /** The name of the parameter, or the key of the field. */
  readonly to: string;
  readonly type?: Type;
  readonly from?: string;
}

/**
 * The parameters' types of a whole program. They are found in two rounds: the second one follows calls on what the first
 * has found to be in parameters. Within one round a parameter that is handed on gives what it holds to the next.
 */
export class ArgumentFlow {
  private readonly first = new Map<string, readonly Handover[]>();
  private readonly second = new Map<string, readonly Handover[]>();
  private settled: ParameterTypes = new Map();
  private types: ParameterTypes = new Map();

  /**
   * Brings the types up to date after a change. `files`: those whose calls may resolve otherwise than before; `resolverFor`
   * makes a resolver that knows what parameters hold. Gives the functions and fields that hold something else now.
   */
  update(
    modules: ReadonlyMap<string, ModuleInterface>,
    files: Iterable<string>,
    resolverFor: (types: ParameterTypes) => TypeResolver,
  ): { readonly resolver: TypeResolver; readonly changed: ReadonlySet<FunctionKey | CellKey> } {
    let again: Iterable<string> = [...files];
    const plain = resolverFor(new Map());
    refresh(this.first, modules, again, plain);
    const settled = settle(this.first.values());
    if (!sameTypes(this.settled, settled)) again = new Set([...modules.keys(), ...again]);
    this.settled = settled;
    refresh(this.second, modules, again, resolverFor(settled));
    const before = this.types;
    this.types = settle([...this.first.values(), ...this.second.values()]);
    const changed = new Set<FunctionKey | CellKey>();
    for (const key of new Set([...before.keys(), ...this.types.keys()])) {
      if (JSON.stringify(before.get(key)) !== JSON.stringify(this.types.get(key))) changed.add(functionOfParameter(key) ?? key);
    }
    return { resolver: resolverFor(this.types), changed };
  }
}

function refresh(
  known: Map<string, readonly Handover[]>,
  modules: ReadonlyMap<string, ModuleInterface>,
  files: Iterable<string>,
  resolver: TypeResolver,
): void {
  for (const file of files) {
    const module = modules.get(file);
    const found = module ? [...handoversIn(resolver, module), ...callbacksSetIn(resolver, module)] : [];
    if (found.length > 0) known.set(file, found);
    else known.delete(file);
  }
}

/** All that a module's calls hand over. */
function* handoversIn(resolver: TypeResolver, module: ModuleInterface): Iterable<Handover> {
  for (const { function: index, operation } of module.handovers) {
    const call = module.module.functions[index].operations[operation] as Call;
    for (const { function: target, values } of receivers(resolver, module, index, call)) {
      for (const value of values) {
        const at = parameterOf(resolver, target, value);
        const handed = at === undefined ? undefined : handedOver(resolver, module, index, value.value);
        if (at !== undefined && handed) yield { to: parameterKey(target, at), ...handed };
      }
      yield* restHandedOver(resolver, module, index, target, values);
    }
  }
}

/** What a call gives to `*targets` is in there together. */
function* restHandedOver(
  resolver: TypeResolver,
  module: ModuleInterface,
  index: number,
  target: FunctionKey,
  values: readonly HandedValue[],
): Iterable<Handover> {
  const rest = restParameter(resolver, target);
  if (rest === undefined) return;
  const items = values
    .filter((value) => value.name === undefined && value.position >= rest)
    .flatMap((value) => handedOver(resolver, module, index, value.value)?.type ?? []);
  if (items.length > 0) yield { to: parameterKey(target, rest), type: { kind: 'container', name: 'tuple', items } };
}

/** The functions that a module puts into fields of other objects, to be called from there. */
function* callbacksSetIn(resolver: TypeResolver, module: ModuleInterface): Iterable<Handover> {
  for (const { function: index, operation } of module.settings) {
    const { place, value } = module.module.functions[index].operations[operation] as Write;
    const type = resolver.typeOf(module, index, value);
    if (type?.kind !== 'function') continue;
    const holder = resolver.typeOfPlace(module, index, place, place.path.length - 1);
    const owner = holder?.kind === 'instance' ? resolver.declarerOf(holder.class, place.path.at(-1)!) : undefined;
    if (owner !== undefined) yield { to: `${owner}.${place.path.at(-1)}`, type };
  }
}

/** The functions that a call gives arguments to: those it calls, and those it has the library run. */
function* receivers(
  resolver: TypeResolver,
  module: ModuleInterface,
  index: number,
  call: Call,
): Iterable<{ readonly function: FunctionKey; readonly values: readonly HandedValue[] }> {
  const callee = resolver.typeOf(module, index, call.callee);
  if (callee?.kind === 'class') {
    const constructor = resolver.method(callee.class, module.language === 'python' ? '__init__' : 'constructor');
    if (constructor !== undefined) yield { function: constructor, values: argumentsFor(resolver, call, constructor) };
  } else if (!callee || callee.kind === 'function') {
    const targets = methodsOf(resolver, module, index, call, callee?.function);
    for (const target of targets) yield { function: target, values: argumentsFor(resolver, call, target) };
  } else if (callee.kind === 'api') {
    const effects = resolver.api(module.language, callee.name)?.effects ?? [];
    for (const effect of effects) {
      if (effect.kind !== 'spawn' || typeof effect.runs !== 'object' || effect.runs.rest) continue;
      const { argument } = effect.runs;
      // `then(done, failed)`: what it runs as well is nothing that it hands on.
      const runsMore = effects.some((other) => other.kind === 'spawn' && typeof other.runs === 'object' && other.runs.argument > argument);
      const listed = call.arguments.find((argument) => argument.name === 'args')?.value;
      for (const value of runValues(effect.runs, call, undefined)) {
        const bound = value.kind === 'place' && value.place.path.length > 0;
        for (const target of functionsOf(resolver, module, index, value)) {
          const offset = bound ? receiverParameters(resolver, target) : 0;
          const values =
            listed?.kind === 'collection'
              ? listed.items.map((item, position) => ({ value: item, position: position + offset }))
              : runsMore
                ? []
                : handedValues(call, argument + 1, offset);
          yield { function: target, values };
        }
      }
    }
  }
}

function handedOver(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): Pick<Handover, 'type' | 'from'> | undefined {
  if (value.kind === 'place' && value.place.path.length === 0) {
    const { root } = value.place;
    if (root.kind === 'parameter') return { from: parameterKey(module.functionKeys[index], root.index), ...typed() };
    if (root.kind === 'variable') {
      const owner = module.module.functions[root.function];
      const at = owner.parameters.findIndex((parameter) => parameter.name === root.name);
      if (at >= 0) return { from: parameterKey(module.functionKeys[root.function], at), ...typed() };
    }
  }
  const known = typed();
  return 'type' in known ? known : undefined;

  function typed(): Pick<Handover, 'type'> {
    // Whoever gets a coroutine may start it: `self._spawn(self._read())`.
    const type = coroutineOf(resolver, module, index, value) ?? resolver.typeOf(module, index, value);
    if (!type || type.kind === 'module' || (type.kind === 'api' && value.kind !== 'place')) return {};
    return { type: withOrigin(resolver, module, index, value, type) };
  }
}

/** The function whose coroutine a call has made, as a function. */
function coroutineOf(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value): Type | undefined {
  const number = module.language === 'python' ? resultOf(value) : undefined;
  if (number === undefined) return undefined;
  const call = module.module.functions[index].operations[number];
  const made = call?.kind === 'call' ? functionsOf(resolver, module, index, value).filter((key) => isCoroutine(resolver, key)) : [];
  return unionOf(made.map((key) => ({ kind: 'function', function: key })));
}

/** A lock or queue that is handed on stays the one it is. */
function withOrigin(resolver: TypeResolver, module: ModuleInterface, index: number, value: Value, type: Type): Type {
  if (type.kind !== 'library' || type.origin !== undefined || value.kind !== 'place') return type;
  const made = resultOf(value);
  if (made !== undefined) return { ...type, origin: nameless(module.functionKeys[index], `lock ${made}`) };
  const cell = cellOf(resolver, module, index, value.place);
  return cell && !cell.element ? { ...type, origin: cell.key } : type;
}

/** More different functions or classes than this in one parameter say nothing any more. */
const MOST_TYPES = 12;

/** Joins what all calls hand to each parameter, following parameters that are handed on. */
function settle(handovers: Iterable<readonly Handover[]>): ParameterTypes {
  const types = new Map<string, Map<string, Type>>();
  const onward = new Map<string, string[]>();
  const work: string[] = [];
  const add = (to: string, type: Type) => {
    let known = types.get(to);
    if (!known) types.set(to, (known = new Map()));
    const id = JSON.stringify(type);
    if (known.has(id) || known.size > MOST_TYPES) return;
    known.set(id, type);
    work.push(to);
  };
  for (const list of handovers) {
    for (const { to, type, from } of list) {
      if (from !== undefined) append(onward, from, to);
      if (type) add(to, type);
    }
  }
  for (let from = work.pop(); from !== undefined; from = work.pop()) {
    for (const to of onward.get(from) ?? []) for (const type of types.get(from)!.values()) add(to, type);
  }
  const settled = new Map<string, Type>();
  for (const [key, known] of types) {
    if (known.size > MOST_TYPES) continue;
    const type = unionOf([...known].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, each]) => each));
    if (type) settled.set(key, type);
  }
  return settled;
}

function sameTypes(a: ParameterTypes, b: ParameterTypes): boolean {
  return a.size === b.size && [...a].every(([key, type]) => JSON.stringify(type) === JSON.stringify(b.get(key)));
}
