// Picklability: why a value cannot be sent to another process, as far as its type and origin say.
import type { Call } from '../../model/operation';
import { resultOf, type Value } from '../../model/value';
import { makersOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type ClassKey, type FunctionKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import type { ModuleInterface } from '../../summary/module-interface';
import type { Type } from '../../summary/types';

/** What stands in the way of pickling a value. */
export interface Obstacle {
  /** What the value is or holds, fit for the sentence “… cannot be pickled”. */
  readonly what: string;
  /** Where what cannot be pickled comes in, if that is not where the value stands. */
  readonly origin?: Site;
}

/** How a value is sent: some things may be given to a new process but not sent to a running one. */
export type Way = 'start' | 'message';

const DEPTH = 4;

/** What of multiprocessing goes to a child only when that is started. */
const INHERITED =
  /^multiprocessing\.(?:Lock|RLock|Semaphore|BoundedSemaphore|Condition|Event|Barrier|Queue|SimpleQueue|JoinableQueue|sharedctypes\.Synchronized\w*)$/;

/** What multiprocessing itself sends as a duplicate. */
const DUPLICATED = /^socket\.socket$|^multiprocessing\.connection\.Connection$/;

/** Methods with which a class says itself how it is pickled. */
const PICKLING = ['__getstate__', '__reduce__', '__reduce_ex__', '__getnewargs_ex__'];

/** Whether a class leaves out, or makes anew, what cannot be pickled. */
export function saysHowItIsPickled(facts: Facts, key: ClassKey): boolean {
  return PICKLING.some((name) => facts.program.resolver.method(key, name));
}

/** Why a value of a function cannot be pickled; undefined where nothing is known to stand in the way. */
export function obstacleOf(facts: Facts, module: ModuleInterface, index: number, value: Value, way: Way, depth = DEPTH): Obstacle | undefined {
  if (depth <= 0) return undefined;
  const { resolver } = facts.program;
  switch (value.kind) {
    case 'function':
      return obstacleOfFunction(facts, module.functionKeys[value.function]);
    case 'class':
      return isLocalClass(module, value.class) ? { what: `the class ${module.classes[value.class].name}, which is defined inside a function,` } : undefined;
    case 'collection':
      for (const item of value.items.slice(0, 8)) {
        const found = obstacleOf(facts, module, index, item, way, depth - 1);
        if (found) return found;
      }
      return undefined;
    case 'place': {
      const { root, path } = value.place;
      const number = resultOf(value);
      const made = number === undefined ? undefined : module.module.functions[index].operations[number];
      if (made?.kind === 'call') {
        const found = obstacleOfCall(facts, module, index, made, way, depth);
        if (found !== 'unknown') return found;
      }
      if (root.kind === 'import' && root.name === undefined && path.length === 0) return { what: `the module ${root.specifier}` };
      // What comes in from outside is told where it is handed in.
      if (root.kind === 'parameter' && module.module.functions[index].parameters[root.index]?.annotation === undefined) return undefined;
      const type = resolver.typeOf(module, index, value);
      if (type?.kind === 'function') {
        const holder = path.length > 0 ? resolver.typeOfPlace(module, index, value.place, path.length - 1) : undefined;
        return obstacleOfFunction(facts, type.function) ?? boundObstacle(facts, type.function, holder, way, depth);
      }
      return type && obstacleOfType(facts, module, index, value, type, way, depth);
    }
    default:
      return undefined;
  }
}

/** Why instances of a class cannot be pickled: what their fields hold from construction on. */
export function obstacleOfInstance(facts: Facts, key: ClassKey, way: Way, depth = DEPTH): Obstacle | undefined {
  const { resolver } = facts.program;
  if (depth <= 0 || saysHowItIsPickled(facts, key)) return undefined;
  for (const base of resolver.libraryBases(key)) {
    const entry = resolver.api('python', base);
    if (entry?.semantics.picklable === false && way === 'message') return { what: `an instance of ${nameOfKey(key)}, a ${entry.name},` };
  }
  for (const ancestor of resolver.lineage(key)) {
    const module = resolver.moduleOfClass(ancestor);
    const declared = resolver.classAt(ancestor);
    if (!module || !declared) continue;
    if (isLocalClass(module, declared.index)) return { what: `an instance of ${declared.name}, a class defined inside a function,` };
    for (const [name, field] of declared.fields) {
      for (const { value, function: scope, maybe } of field.values) {
        if (maybe) continue;
        const inner = isConstruction(facts, module, scope, declared.index)
          ? obstacleOf(facts, module, scope, value, way, depth - 1)
          : scope === 0
            ? defaultObstacle(facts, module, value, depth)
            : undefined;
        if (inner) return { what: `${nameOfKey(key)}, whose field ${name} holds ${inner.what}`, origin: inner.origin ?? writeOf(module, scope, name) };
      }
    }
  }
  return undefined;
}

function obstacleOfFunction(facts: Facts, key: FunctionKey): Obstacle | undefined {
  const place = facts.program.resolver.functionAt(key);
  if (!place || place.module.specifiers.some((specifier) => /^(?:dill|cloudpickle|pathos|multiprocess)\b/.test(specifier))) return undefined;
  const { functions, bindings } = place.module.module;
  const fn = functions[place.index];
  if (fn.kind === 'lambda') return { what: 'a lambda' };
  // `global helper; def helper(): …` inside a function makes it one of the module.
  const binding = Object.hasOwn(bindings, fn.name) ? bindings[fn.name] : undefined;
  const isGlobal = binding?.kind === 'variable' ? binding.values.some((value) => value.kind === 'function' && value.function === place.index) : false;
  if (fn.kind === 'function' && fn.parent !== undefined && fn.parent !== 0 && !isGlobal && !isWrittenToModule(place.module, place.index))
    return { what: `${fn.name}(), which is defined inside ${functions[fn.parent].name}(),` };
  if (fn.kind !== 'function' || fn.parent !== 0) return undefined;
  const wrapper = nakedWrapper(facts, place.module, place.index);
  return wrapper === undefined ? undefined : { what: `${fn.name}(), for which its decorator puts the inner function ${wrapper}(),` };
}

function isWrittenToModule(module: ModuleInterface, index: number): boolean {
  for (const { values } of module.variables.values()) if (values.some(({ value }) => value.kind === 'function' && value.function === index)) return true;
  return false;
}

/** The inner function that a decorator puts in the place of the function, without giving it the function's name. */
function nakedWrapper(facts: Facts, module: ModuleInterface, index: number): string | undefined {
  const { resolver } = facts.program;
  for (const decorator of module.module.functions[index].decorators) {
    const type = resolver.typeOf(module, 0, decorator);
    const place = type?.kind === 'function' ? resolver.functionAt(type.function) : undefined;
    if (!place) continue;
    const { functions } = place.module.module;
    for (const operation of functions[place.index].operations) {
      if (operation.kind !== 'return' || operation.value.kind !== 'function') continue;
      const inner = functions[operation.value.function];
      // `functools.update_wrapper(wrapper, f)` names it as well.
      const renamed = functions[place.index].operations.some(
        (other) =>
          (other.kind === 'call' && other.arguments.some(({ value }) => value.kind === 'function')) ||
          (other.kind === 'write' && other.place.path.at(-1) === '__qualname__'),
      );
      if (inner.kind === 'function' && inner.decorators.length === 0 && inner.parent === place.index && !renamed) return inner.name;
    }
  }
  return undefined;
}

/** A bound method takes its object along. */
function boundObstacle(facts: Facts, key: FunctionKey, holder: Type | undefined, way: Way, depth: number): Obstacle | undefined {
  const place = facts.program.resolver.functionAt(key);
  if (place?.module.module.functions[place.index].kind !== 'method' || holder?.kind !== 'instance') return undefined;
  const found = obstacleOfInstance(facts, holder.class, way, depth - 1);
  return found && { ...found, what: `a method takes its object along, and ${found.what}` };
}

function obstacleOfCall(facts: Facts, module: ModuleInterface, index: number, call: Call, way: Way, depth: number): Obstacle | undefined | 'unknown' {
  const { resolver } = facts.program;
  const callee = resolver.typeOf(module, index, call.callee);
  if (callee?.kind === 'api') {
    if (/^(?:functools\.partial|collections\.defaultdict)$/.test(callee.name)) {
      for (const argument of call.arguments.slice(0, callee.name.endsWith('partial') ? undefined : 1)) {
        const found = obstacleOf(facts, module, index, argument.value, way, depth - 1);
        if (found) return { ...found, what: `a ${callee.name.replace(/.*\./, '')} of ${found.what}` };
      }
      return undefined;
    }
    if (/^dict\.(?:keys|values|items)$/.test(callee.name)) return { what: 'a view of a dictionary' };
    return 'unknown';
  }
  if (callee?.kind !== 'function') return 'unknown';
  const place = resolver.functionAt(callee.function);
  const fn = place?.module.module.functions[place.index];
  if (!place || !fn || fn.decorators.length > 0) return 'unknown';
  if (fn.isGenerator) return { what: `the generator that ${fn.name}() gives` };
  if (fn.isAsync) return { what: `the coroutine that ${fn.name}() gives` };
  const returned = fn.operations.flatMap((operation) => (operation.kind === 'return' && operation.value.kind !== 'constant' ? [operation.value] : []));
  const found = returned.map((value) => obstacleOf(facts, place.module, place.index, value, way, depth - 1));
  return found.length > 0 && found.every((each) => each !== undefined) ? found[0] : undefined;
}

function obstacleOfType(facts: Facts, module: ModuleInterface, index: number, value: Value, type: Type, way: Way, depth: number): Obstacle | undefined {
  const { resolver } = facts.program;
  if (type.kind === 'instance') return obstacleOfInstance(facts, type.class, way, depth);
  if (type.kind === 'module') return { what: 'a module' };
  if (type.kind === 'container') {
    for (const item of type.items) {
      const found = obstacleOfType(facts, module, index, value, item, way, depth - 1);
      if (found) return found;
    }
    return undefined;
  }
  if (type.kind !== 'library') return undefined;
  const entry = resolver.api('python', type.name);
  if (!entry) return undefined;
  const makers = [...makersOf(resolver, module, index, value)];
  // A field or variable may hold one thing now and another then.
  if (makers.some((maker) => resolver.typeOfCall(maker.module, maker.index, maker.call)?.kind !== 'library')) return undefined;
  const proxied = makers.some((maker) => {
    const callee = resolver.typeOf(maker.module, maker.index, maker.call.callee);
    return callee?.kind === 'api' && callee.name.includes('.managers.');
  });
  if (proxied) return undefined;
  if (INHERITED.test(entry.name))
    return way === 'message' ? { what: `a ${entry.name}, which may only be handed to a process when that is started,` } : undefined;
  if (DUPLICATED.test(entry.name) || (way === 'start' && entry.name === 'multiprocessing.Process')) return undefined;
  return entry.semantics.picklable === false ? { what: `${/^[aeiou]/i.test(entry.name) ? 'an' : 'a'} ${entry.name}` } : undefined;
}

/** `__init__`, or a method that it calls on the object it makes. */
function isConstruction(facts: Facts, module: ModuleInterface, scope: number, owner: number): boolean {
  const fn = module.module.functions[scope];
  if (fn.class !== owner) return false;
  if (/^__(?:init|new|post_init)__$/.test(fn.name)) return true;
  return [...(facts.program.callers.get(module.functionKeys[scope])?.values() ?? [])].some((sites) => sites.some((site) => site.constructing));
}

/** `lock: Lock = field(default_factory=Lock)` of a data class: an instance gets what the factory makes. */
function defaultObstacle(facts: Facts, module: ModuleInterface, value: Value, depth: number): Obstacle | undefined {
  if (value.kind !== 'place' || value.place.root.kind !== 'result') return undefined;
  const call = module.module.functions[0].operations[value.place.root.operation];
  const factory = call?.kind === 'call' ? call.arguments.find(({ name }) => name === 'default_factory' || name === 'factory')?.value : undefined;
  const { resolver } = facts.program;
  const made = factory && resolver.typeOf(module, 0, factory);
  if (made?.kind === 'api') {
    const entry = resolver.api('python', made.name);
    return entry?.semantics.picklable === false ? { what: `a ${entry.name}` } : undefined;
  }
  return made?.kind === 'class' ? obstacleOfInstance(facts, made.class, 'start', depth - 1) : undefined;
}

function isLocalClass(module: ModuleInterface, index: number): boolean {
  const { functions, classes } = module.module;
  const outer = classes[index].qualifiedName.replace(/\.?[^.]*$/, '');
  if (outer === '') return false;
  // A class of the same file by that name is what holds it otherwise.
  return functions.some((fn) => fn.kind !== 'module' && fn.qualifiedName === outer) && !classes.some((other) => other.qualifiedName === outer);
}

function writeOf(module: ModuleInterface, scope: number, field: string): Site | undefined {
  const point = module.module.functions[scope].operations.findIndex(
    (operation) => operation.kind === 'write' && operation.place.path.length === 1 && operation.place.path[0] === field && operation.mode !== 'delete',
  );
  return point < 0 ? undefined : { function: module.functionKeys[scope], point };
}
