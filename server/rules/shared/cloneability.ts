// Cloneability: why a value cannot be copied by structured clone, or is lost as JSON, as far as its origin and its type say.
import { methodOf } from '../../model/calls';
import { ELEMENT, extendPlace, type Place } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { argumentsFor, parameterOf } from '../../summary/call-arguments';
import { valuesAt } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import type { ModuleInterface } from '../../summary/module-interface';
import type { Type } from '../../summary/types';
import { type Declared, declaredAs, membersOf } from './declared-shapes';

/** Something in a value that does not arrive as it is. */
export interface Obstacle {
  /** What it is: `a function`. */
  readonly what: string;
  /** The names that lead to it from the value. */
  readonly path: readonly string[];
  /** `function`, a class or the like; `proxy`; `object` of the system; `error` that carries whatever it likes; `container` that JSON empties. */
  readonly kind: 'function' | 'proxy' | 'object' | 'error' | 'container';
  /** Whether it is there each time. */
  readonly certain: boolean;
  readonly origin?: Site;
}

export type Copying = 'clone' | 'json';

/** Where a value stands. */
interface Scope {
  readonly module: ModuleInterface;
  readonly index: number;
}

const DEPTH = 7;
const MOST = 12;

/** Everything in a value that is known not to arrive. */
export function obstaclesOf(facts: Facts, scope: Scope, value: Value, how: Copying): readonly Obstacle[] {
  return new Look(facts, how).into(scope, value, DEPTH).slice(0, MOST);
}

const UNCLONEABLE =
  /^(?:Promise|WeakMap|WeakSet|WeakRef|FinalizationRegistry|AbortController|AbortSignal|Proxy|Symbol|Generator|AsyncGenerator|Function|EventTarget|Event|CustomEvent|(?:Message|Mouse|Keyboard|Pointer|Touch|Drag|Input|Error|Close|Progress)Event|Element|(?:HTML|SVG)\w*Element|Node|Document|Window|Worker|SharedWorker|BroadcastChannel|WebSocket|XMLHttpRequest|Request|Response|Headers|FormData|URL|URLSearchParams|Intl\.\w+|NodeJS\.(?:Timeout|Timer|Immediate)|url\.URL|worker_threads\.(?:Worker|BroadcastChannel)|child_process\.ChildProcess|net\.(?:Socket|Server)|tls\.TLSSocket|https?\.(?:Server|IncomingMessage|ServerResponse|ClientRequest|Agent)|express\.(?:Request|Response)|stream\.\w+|fs\.(?:ReadStream|WriteStream|FSWatcher)|events(?:\.EventEmitter)?|ws(?:\.WebSocket)?|async_hooks\.AsyncLocalStorage)$/;
const PROXIES =
  /^(?:vue|@vue\/reactivity|@vue\/composition-api)\.(?:reactive|readonly|shallowReactive|shallowReadonly)$|^mobx\.observable$|^valtio(?:\/vanilla)?\.proxy$/;
const REFS = /^(?:vue|@vue\/reactivity|@vue\/composition-api)\.ref$/;
const ERROR_NAME = /^_?(?:e|er|err|error|ex|exc|exception|cause|reason)$|[a-z](?:Error|Exception)$/;

class Look {
  private readonly seen = new Set<string>();

  constructor(
    private readonly facts: Facts,
    private readonly how: Copying,
  ) {}

  into(scope: Scope, value: Value, depth: number): Obstacle[] {
    if (depth <= 0) return [];
    switch (value.kind) {
      case 'function':
        return [{ what: 'a function', path: [], kind: 'function', certain: true }];
      case 'class':
        return [{ what: `the class ${scope.module.classes[value.class].name}`, path: [], kind: 'function', certain: true }];
      case 'collection':
        return this.intoLiteral(scope, value, depth);
      case 'place':
        return this.intoPlace(scope, value.place, depth);
      default:
        return [];
    }
  }

  private intoLiteral(scope: Scope, { items, names, spreads, type }: Value & { kind: 'collection' }, depth: number): Obstacle[] {
    const found = items.slice(0, 40).flatMap((item, i): Obstacle[] => {
      const name = names?.[i];
      // A later property of the same name, or a later spread that is known to have one, takes its place.
      if (name && names.lastIndexOf(name) !== i) return [];
      return this.into(scope, item, depth - 1).map((each) => ({ ...each, path: [name === undefined || name === '' ? ELEMENT : name, ...each.path] }));
    });
    if (type !== 'object') return found;
    for (const { value, at, name } of spreads ?? []) {
      const later = new Set(names?.slice(at));
      const inside = this.contents(scope, value, depth - 1);
      found.push(...inside.filter(({ path }) => path.length === 0 || !later.has(path[0])));
      if (inside.length === 0 && this.isError(scope, value, name)) {
        found.push({
          what: 'whatever the error carries: requests, responses and functions, where a library has thrown it',
          path: [],
          kind: 'error',
          certain: false,
        });
      }
    }
    return found;
  }

  /** What a shallow copy of a value holds. */
  private contents(scope: Scope, value: Value, depth: number): Obstacle[] {
    const found = this.into(scope, value, depth);
    // The copy of a proxy is none; what it holds is read through the proxy, and is one again.
    const outer = found.find((each) => each.path.length === 0);
    if (outer?.kind !== 'proxy' || value.kind !== 'place') return found.filter((each) => each.path.length > 0);
    const initial = this.initialOf(scope, value.place);
    return (initial?.names ?? []).flatMap((name, i) =>
      initial?.items[i].kind === 'collection' ? [{ what: 'a part of a proxy, which is one as well', path: [name], kind: 'proxy' as const, certain: true }] : [],
    );
  }

  private intoPlace(scope: Scope, place: Place, depth: number): Obstacle[] {
    const memory = `${scope.module.file} ${scope.index} ${JSON.stringify(place)}`;
    if (this.seen.has(memory)) return [];
    this.seen.add(memory);
    const { root, path } = place;
    const resulting = root.kind === 'result' ? this.intoResult(scope, root.operation, path, depth) : undefined;
    if (resulting) return resulting;
    if (root.kind === 'parameter' && path.length === 0 && isSettler(scope, root.index)) return [settler()];
    if (root.kind === 'parameter' && root.index === 0 && path.length === 0 && this.how === 'clone' && isListener(scope))
      return [{ what: 'an event', path: [], kind: 'object', certain: true }];
    if (root.kind === 'variable' && path.length === 0) {
      const index = scope.module.module.functions[root.function]?.parameters.findIndex(({ name }) => name === root.name) ?? -1;
      if (index >= 0 && isSettler({ ...scope, index: root.function }, index)) return [settler()];
    }
    if (root.kind === 'import' && root.name === undefined && path.length === 0)
      return [{ what: `the module ${root.specifier}`, path: [], kind: 'function', certain: true }];
    if (root.kind === 'global' && path.length === 0 && /^(?:window|document|process|console|globalThis|self)$/.test(root.name))
      return [{ what: root.name, path: [], kind: 'object', certain: true }];
    const proxied = this.proxyAt(scope, place);
    if (proxied) return [proxied];
    const held = this.held(scope, place, depth);
    if (held.length > 0) return held;
    const typed = this.ofType(scope, { kind: 'place', place }, depth);
    if (typed.length > 0) return typed;
    const handed = this.handed(scope, place, depth);
    if (handed.length > 0) return handed;
    const declared = declaredAs(this.facts, scope.module, scope.index, { kind: 'place', place });
    return declared ? this.ofDeclared(declared, 3) : [];
  }

  /** Of what a call gives; undefined where nothing of it is known. */
  private intoResult(scope: Scope, operation: number, path: readonly string[], depth: number): Obstacle[] | undefined {
    const { resolver } = this.facts.program;
    const { operations } = scope.module.module.functions[scope.index];
    const made = operations[operation];
    const behind = made?.kind === 'await' ? resultOf(made.value) : undefined;
    const awaited = behind !== undefined;
    const call = awaited ? operations[behind] : made;
    if (call?.kind !== 'call') return undefined;
    const callee = resolver.typeOf(scope.module, scope.index, call.callee);
    if (callee?.kind === 'api') {
      if (awaited) return undefined;
      if (callee.name === 'Object.assign' && path.length === 0) return call.arguments.flatMap(({ value }) => this.contents(scope, value, depth - 1));
      if (callee.name === 'Object.freeze' && call.arguments[0]) return this.intoFurther(scope, call.arguments[0].value, path, depth - 1);
      return undefined;
    }
    const target = callee?.kind === 'function' ? resolver.functionAt(callee.function) : undefined;
    const fn = target?.module.module.functions[target.index];
    if (!target || !fn) return undefined;
    if (fn.isAsync && !awaited && path.length === 0) return [{ what: `a promise, which ${fn.name}() gives`, path: [], kind: 'object', certain: true }];
    if (fn.isGenerator || (fn.isAsync && !awaited)) return undefined;
    const returned = fn.operations.flatMap((each, point) => (each.kind === 'return' ? [{ value: each.value, point }] : []));
    return returned.flatMap(({ value, point }) =>
      this.intoFurther(target, value, path, depth - 1).map((each) => ({
        ...each,
        origin: each.origin ?? { function: target.module.functionKeys[target.index], point },
      })),
    );
  }

  /** What stands further along a path behind a value. */
  private intoFurther(scope: Scope, value: Value, path: readonly string[], depth: number): Obstacle[] {
    if (path.length === 0) return this.into(scope, value, depth);
    if (value.kind === 'place') return this.intoPlace(scope, extendPlace(value.place, ...path), depth);
    if (value.kind !== 'collection') return [];
    const at = path[0] === ELEMENT && value.type !== 'object' ? 0 : (value.names?.lastIndexOf(path[0]) ?? -1);
    if (at >= 0 && value.items[at]) return this.intoFurther(scope, value.items[at], path.slice(1), depth);
    return (value.spreads ?? []).flatMap((spread) => this.intoFurther(scope, spread.value, path, depth - 1));
  }

  /** Of what was put where the place, or the beginning of it, leads. */
  private held(scope: Scope, place: Place, depth: number): Obstacle[] {
    const { resolver } = this.facts.program;
    for (let steps = place.path.length; steps >= 0; steps--) {
      const field = valuesAt(resolver, scope.module, scope.index, { root: place.root, path: place.path.slice(0, steps) });
      if (!field) continue;
      const rest = place.path.slice(steps);
      return field.field.values.flatMap(({ value, function: index }) => {
        const origin = originOf(field.module, index, value);
        return this.intoFurther({ module: field.module, index }, value, rest, depth - 1).map((each) => ({
          ...each,
          ...(each.origin ? {} : origin ? { origin } : {}),
        }));
      });
    }
    return [];
  }

  /** Of what callers in the same file hand to a parameter. */
  private handed(scope: Scope, { root, path }: Place, depth: number): Obstacle[] {
    const parameter = root.kind === 'parameter' ? root.index : root.kind === 'variable' ? parameterNamed(scope, root.function, root.name) : -1;
    const owner = root.kind === 'variable' ? root.function : scope.index;
    if (parameter < 0 || depth < 3) return [];
    const { program } = this.facts;
    const key: FunctionKey = scope.module.functionKeys[owner];
    return [...(program.callers.get(key) ?? [])].flatMap(([caller, sites]) => {
      const from = program.functions.get(caller);
      if (!from || from.module !== scope.module) return [];
      return sites.flatMap(({ point }) => {
        const call = from.module.module.functions[from.index].operations[point];
        // Who runs it as a callback gives it something of its own.
        if (call?.kind !== 'call' || !from.calls.get(point)?.targets.includes(key)) return [];
        const given = argumentsFor(program.resolver, call, key).find((each) => parameterOf(program.resolver, key, each) === parameter);
        if (!given) return [];
        return this.intoFurther(from, given.value, path, depth - 2).map((each) => ({ ...each, origin: each.origin ?? { function: caller, point } }));
      });
    });
  }

  private ofType(scope: Scope, value: Value, depth: number): Obstacle[] {
    const type = this.facts.program.resolver.typeOf(scope.module, scope.index, value);
    return type ? this.byType(type, depth) : [];
  }

  private byType(type: Type, depth: number): Obstacle[] {
    const { resolver } = this.facts.program;
    switch (type.kind) {
      case 'function':
        return resolver.functionAt(type.function)?.module.module.functions[resolver.functionAt(type.function)!.index].kind === 'property'
          ? []
          : [{ what: `the function ${nameOfKey(type.function)}`, path: [], kind: 'function', certain: true }];
      case 'class':
        return [{ what: `the class ${nameOfKey(type.class)}`, path: [], kind: 'function', certain: true }];
      case 'library':
      case 'container':
        return this.byName(type.name);
      case 'instance': {
        const [base] = resolver.libraryBases(type.class).filter((name) => UNCLONEABLE.test(name));
        if (base !== undefined) return [{ what: `${nameOfKey(type.class)}, which is ${articled(base)}`, path: [], kind: 'object', certain: true }];
        return depth < 4 || this.how === 'json' ? [] : this.ofInstance(type.class, depth);
      }
      default:
        return [];
    }
  }

  private byName(name: string): Obstacle[] {
    if (this.how === 'json')
      return name === 'Map' || name === 'Set' ? [{ what: `a ${name}, of which JSON makes {}`, path: [], kind: 'container', certain: true }] : [];
    const entry = this.facts.program.resolver.api('typescript', name);
    if (!UNCLONEABLE.test(name) && entry?.semantics.cloneable !== false) return [];
    return [{ what: articled(name), path: [], kind: 'object', certain: true }];
  }

  private ofInstance(key: string, depth: number): Obstacle[] {
    const { resolver } = this.facts.program;
    return resolver.lineage(key).flatMap((ancestor) => {
      const module = resolver.moduleOfClass(ancestor);
      const declared = resolver.classAt(ancestor);
      const isLeftOut = (name: string) =>
        name.startsWith('#') || module?.module.classes[declared!.index].fields.some((field) => field.name === name && field.shared);
      // Static and private fields are no part of a clone.
      return [...(declared?.fields ?? [])]
        .filter(([name]) => !isLeftOut(name))
        .flatMap(([name, { values }]) =>
          values.flatMap(({ value, function: index, maybe }) =>
            maybe || !module
              ? []
              : this.into({ module, index }, value, Math.min(depth - 2, 3)).map((each) => ({
                  ...each,
                  path: [name, ...each.path],
                  origin: each.origin ?? originOf(module, index, value),
                })),
          ),
        );
    });
  }

  /** Of what the file's types say that an object holds. */
  private ofDeclared(declared: Declared, depth: number): Obstacle[] {
    const { place } = declared.reference;
    if (place.root.kind === 'global' && place.path.length === 0) {
      const named = this.byName(place.root.name);
      if (named.length > 0) return named;
    }
    if (depth === 0) return [];
    return [...(membersOf(this.facts, declared) ?? [])].flatMap(([name, member]): Obstacle[] => {
      const certain = member.isOptional !== true;
      if (member.isFunction) return [{ what: 'a function', path: [name], kind: 'function', certain }];
      if (!member.type) return [];
      const inner = this.ofDeclared({ module: member.module, reference: member.type }, depth - 1);
      const type = inner.length > 0 ? undefined : this.facts.program.resolver.instanceOf(member.module, member.type);
      const found = inner.length > 0 ? inner : type?.kind === 'library' || type?.kind === 'container' ? this.byName(type.name) : [];
      return found.map((each) => ({ ...each, path: [name, ...each.path], certain: each.certain && certain }));
    });
  }

  /** A proxy that keeps track of its object, or a part of one. */
  private proxyAt(scope: Scope, place: Place): Obstacle | undefined {
    if (this.how === 'json') return undefined;
    for (let steps = place.path.length; steps >= 0; steps--) {
      const maker = this.makerOf(scope, { root: place.root, path: place.path.slice(0, steps) });
      if (!maker) continue;
      const { name, initial } = maker;
      const rest = place.path.slice(steps);
      const proxy = (what: string): Obstacle => ({ what, path: [], kind: 'proxy', certain: true, origin: maker.origin });
      if (name === 'Proxy') return rest.length === 0 ? proxy('a Proxy') : undefined;
      if (PROXIES.test(name)) {
        const called = `the proxy that ${name.replace(/^.*\./, '')}() gives`;
        return rest.length === 0 ? proxy(called) : partOf(initial, rest) ? proxy(`a part of ${called}`) : undefined;
      }
      if (!REFS.test(name)) return undefined;
      if (rest.length === 0) return proxy('a ref, which holds functions');
      return rest[0] === 'value' && partOf(initial, rest.slice(1)) ? proxy('the proxy that ref() makes of an object') : undefined;
    }
    return undefined;
  }

  private initialOf(scope: Scope, place: Place): (Value & { kind: 'collection' }) | undefined {
    const initial = this.makerOf(scope, place)?.initial;
    return initial?.kind === 'collection' ? initial : undefined;
  }

  private makerOf(scope: Scope, place: Place): { readonly name: string; readonly initial: Value | undefined; readonly origin: Site } | undefined {
    const { resolver } = this.facts.program;
    const field = place.root.kind === 'result' && place.path.length === 0 ? undefined : valuesAt(resolver, scope.module, scope.index, place);
    const made = field
      ? field.field.values.map(({ value, function: index }) => ({ module: field.module, index, value }))
      : [{ ...scope, value: { kind: 'place' as const, place } }];
    for (const { module, index, value } of made) {
      const number = resultOf(value);
      if (number === undefined) continue;
      const call = module.module.functions[index].operations[number];
      const callee = call?.kind === 'call' ? resolver.typeOf(module, index, call.callee) : undefined;
      if (call?.kind === 'call' && callee?.kind === 'api') {
        const origin = { function: module.functionKeys[index], point: number };
        return { name: callee.name, initial: call.arguments[0]?.value, origin };
      }
    }
    return undefined;
  }

  private isError(scope: Scope, value: Value, name: string | undefined): boolean {
    if (name !== undefined && ERROR_NAME.test(name)) return true;
    if (value.kind !== 'place') return false;
    const type = this.facts.program.resolver.typeOf(scope.module, scope.index, value);
    return type?.kind === 'library' && type.name === 'Error';
  }
}

function articled(name: string): string {
  const shown = name.replace(/^events(?:\.EventEmitter)?$/, 'EventEmitter');
  return `${/^[aeiou]/i.test(shown) ? 'an' : 'a'} ${shown}`;
}

/** Whether a part of what a proxy was made of is an object, so that it is a proxy as well. */
function partOf(initial: Value | undefined, path: readonly string[]): boolean {
  if (initial?.kind !== 'collection') return false;
  if (path.length === 0) return true;
  const at = initial.names?.lastIndexOf(path[0]) ?? -1;
  return at >= 0 && partOf(initial.items[at], path.slice(1));
}

function settler(): Obstacle {
  return { what: 'the function that settles a promise', path: [], kind: 'function', certain: true };
}

/** Whether a parameter is what `new Promise` gives to its executor. */
function isSettler({ module, index }: Scope, parameter: number): boolean {
  const { parent } = module.module.functions[index];
  if (parent === undefined || parameter > 1) return false;
  return module.module.functions[parent].operations.some(
    (operation) =>
      operation.kind === 'call' &&
      operation.form === 'new' &&
      operation.callee.kind === 'place' &&
      operation.callee.place.root.kind === 'global' &&
      operation.callee.place.root.name === 'Promise' &&
      operation.arguments[0]?.value.kind === 'function' &&
      operation.arguments[0].value.function === index,
  );
}

/** Whether a function is what addEventListener has called with an event. */
function isListener({ module, index }: Scope): boolean {
  const { parent } = module.module.functions[index];
  return (
    parent !== undefined &&
    module.module.functions[parent].operations.some(
      (operation) =>
        operation.kind === 'call' &&
        methodOf(operation) === 'addEventListener' &&
        operation.arguments[1]?.value.kind === 'function' &&
        operation.arguments[1].value.function === index,
    )
  );
}

function parameterNamed({ module }: Scope, owner: number, name: string): number {
  return module.module.functions[owner]?.parameters.findIndex((parameter) => parameter.name === name) ?? -1;
}

/** Where a value is put that was found in a field. */
function originOf(module: ModuleInterface, index: number, value: Value): Site | undefined {
  const point = module.module.functions[index].operations.findIndex((operation) => operation.kind === 'write' && operation.value === value);
  return point < 0 ? undefined : { function: module.functionKeys[index], point };
}
