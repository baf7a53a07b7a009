// Module interface: what the rest of a program can see of a module, and a hash that tells when that changes.

import type { Binding, Export, Language, ModelFunction, Module } from '../model/module';
import { ELEMENT, printPlace, type Root } from '../model/place';
import { addType, addValue } from '../model/structural-hash';
import type { TypeReference, Value } from '../model/value';
import { Hasher } from '../text/hash';
import { additionOf } from './contents';
import { type ClassKey, classKeys, type FunctionKey, functionKeys } from './keys';

/** A value together with the function whose operations its `result` places speak of. */
export interface ScopedValue {
  readonly value: Value;
  readonly function: number;
  /** One of several that the assignment may mean. */
  readonly maybe?: true;
}

/** All that is assigned to one field of a class, or to one captured variable. */
export interface FieldInterface {
  readonly values: readonly ScopedValue[];
  /** What is put into the container that it holds. */
  readonly contents?: readonly ScopedValue[];
  readonly annotation?: TypeReference;
}

export interface ClassInterface {
  readonly key: ClassKey;
  readonly index: number;
  readonly name: string;
  readonly bases: readonly Value[];
  readonly methods: Readonly<Record<string, number>>;
  readonly fields: ReadonlyMap<string, FieldInterface>;
  readonly claimsThreadSafety: boolean;
}

export interface ModuleInterface {
  readonly file: string;
  readonly language: Language;
  readonly module: Module;
  readonly functionKeys: readonly FunctionKey[];
  readonly classKeys: readonly ClassKey[];
  readonly classes: readonly ClassInterface[];
  /** What module-level variables are assigned, wherever in the file. */
  readonly variables: ReadonlyMap<string, FieldInterface>;
  /** What captured variables are assigned, by `function:name`. */
  readonly captured: ReadonlyMap<string, FieldInterface>;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly exports: readonly Export[];
  readonly specifiers: readonly string[];
  /** Functions whose callers have to hold a lock, as a comment says. */
  readonly requiring: readonly number[];
  /** Calls that hand something to whom they call that is worth following. */
  readonly handovers: readonly { readonly function: number; readonly operation: number }[];
  /** Writes to a field of another object that may put a function there: `client.on_message = self._received`. */
  readonly settings: readonly { readonly function: number; readonly operation: number }[];
  /** Equal as long as the calls hand over, and the writes put there, the same. */
  readonly handoverHash: string;
  /** Equal as long as nothing that other modules resolve against has changed. */
  readonly hash: string;
}

/** The interface of a module, collected in one pass over its operations. */
export function interfaceOf(module: Module): ModuleInterface {
  const keys = functionKeys(module);
  const classes = classKeys(module);
  const fields = module.classes.map((declared) => {
    const map = new Map<string, FieldDraft>();
    for (const field of declared.fields) {
      map.set(field.name, { values: field.value ? [{ value: field.value, function: 0 }] : [], annotation: field.annotation });
    }
    return map;
  });
  const variables = new Map<string, FieldDraft>();
  const captured = new Map<string, FieldDraft>();
  const handovers: { function: number; operation: number }[] = [];
  const handed = new Hasher();
  const settings: { function: number; operation: number }[] = [];
  const contents: { root: Root; path: readonly string[]; value: ScopedValue }[] = [];
  const specifiers = new Set<string>();
  for (const [name, binding] of Object.entries(module.bindings)) {
    if (binding.kind === 'import') specifiers.add(binding.specifier);
    else if (binding.kind === 'variable') variables.set(name, { values: [], annotation: binding.annotation });
  }
  for (const item of module.exports) if (item.specifier !== undefined) specifiers.add(item.specifier);
  module.functions.forEach((fn, index) => {
    collectSpecifiers(fn, specifiers);
    for (const [number, operation] of fn.operations.entries()) {
      if (operation.kind === 'write' && operation.mode !== 'delete') {
        const { root, path } = operation.place;
        const scoped = { value: operation.value, function: index };
        if (path.at(-1) === ELEMENT) addContent(root, path.slice(0, -1), scoped);
        else pushValue(holderOf(root, path), path[0] ?? nameOf(root), scoped);
        if (path.at(-1) !== ELEMENT) {
          for (const value of operation.either ?? []) pushValue(holderOf(root, path), path[0] ?? nameOf(root), { value, function: index, maybe: true });
          if (path.length > 0 && !holderOf(root, path) && isWorthFollowing(operation.value)) {
            settings.push({ function: index, operation: number });
            handed.add(`${keys[index]} ${describe(fn, { kind: 'place', place: operation.place }, 2)}=${describe(fn, operation.value, 2)}`);
          }
        }
      } else if (operation.kind === 'call') {
        const addition = additionOf(fn.operations, operation);
        if (addition) {
          const value: Value = addition.deep ? { kind: 'collection', type: 'list', items: [addition.added] } : addition.added;
          addContent(addition.container.place.root, addition.container.place.path, { value, function: index });
        }
        if (operation.form !== 'decorator' && operation.arguments.some((argument) => isWorthFollowing(argument.value))) {
          handovers.push({ function: index, operation: number });
          handed.add(
            `${keys[index]} ${describe(fn, operation.callee, 2)}(${operation.arguments.map(({ name, value }) => `${name}=${describe(fn, value, 2)}`).join()})`,
          );
        }
      }
    }
  });

  for (const { root, path, value } of contents) {
    // What is put into something that is assigned elsewhere says nothing of what that is.
    const field = holderOf(root, path.slice(0, 1))?.get(path[0] ?? nameOf(root));
    if (field && (field.contents ??= []).length < MOST_CONTENTS) field.contents.push(value);
  }

  function holderOf(root: Root, path: readonly string[]): Map<string, FieldDraft> | undefined {
    if ((root.kind === 'receiver' || root.kind === 'class') && path.length === 1) return fields[root.class];
    if (path.length > 0) return undefined;
    return root.kind === 'module' ? variables : root.kind === 'variable' ? captured : undefined;
  }

  /** Notes what is put into what a field or variable holds, or into what stands in that. */
  function addContent(root: Root, path: readonly string[], added: ScopedValue): void {
    const deep = path.at(-1) === ELEMENT;
    const place = deep ? path.slice(0, -1) : path;
    if (!holderOf(root, place) || !isWorthFollowing(added.value)) return;
    contents.push({ root, path: place, value: deep ? { ...added, value: { kind: 'collection', type: 'list', items: [added.value] } } : added });
  }

  const classInterfaces = module.classes.map((declared, index) => ({
    key: classes[index],
    index,
    name: declared.name,
    bases: declared.bases,
    methods: declared.methods,
    fields: fields[index],
    claimsThreadSafety: declared.claimsThreadSafety ?? false,
  }));
  const whole = {
    file: module.file,
    language: module.language,
    module,
    functionKeys: keys,
    classKeys: classes,
    classes: classInterfaces,
    variables,
    captured,
    bindings: module.bindings,
    exports: module.exports,
    specifiers: [...specifiers].sort(),
    requiring: module.functions.flatMap((fn, index) => (fn.requires ? [index] : [])),
    handovers,
    settings,
    handoverHash: handed.digest(),
  };
  return { ...whole, hash: hashInterface(whole) };
}

function nameOf(root: Root): string {
  if (root.kind === 'variable') return `${root.function}:${root.name}`;
  return root.kind === 'module' ? root.name : '';
}

interface FieldDraft {
  values: ScopedValue[];
  contents?: ScopedValue[];
  annotation?: TypeReference;
}

/** So much that is put into one container says enough. */
const MOST_CONTENTS = 24;

function pushValue(map: Map<string, FieldDraft> | undefined, name: string, value: ScopedValue): void {
  if (!map) return;
  const entry = map.get(name);
  if (entry) entry.values.push(value);
  else map.set(name, { values: [value] });
}

/** Functions, classes and whatever may be an object; not constants, and nothing of which nothing is known. */
function isWorthFollowing(value: Value): boolean {
  if (value.kind === 'place') return value.place.root.kind !== 'unknown' && !(value.place.root.kind === 'global' && value.place.path.length === 0);
  return value.kind === 'function' || value.kind === 'class' || (value.kind === 'collection' && value.items.some(isWorthFollowing));
}

function collectSpecifiers(fn: ModelFunction, into: Set<string>): void {
  const visit = (value: Value): void => {
    if (value.kind === 'place' && value.place.root.kind === 'import') into.add(value.place.root.specifier);
  };
  for (const operation of fn.operations) {
    if (operation.kind === 'call') {
      visit(operation.callee);
      for (const argument of operation.arguments) visit(argument.value);
    } else if (operation.kind === 'read' || operation.kind === 'write') {
      if (operation.place.root.kind === 'import') into.add(operation.place.root.specifier);
    }
  }
}

function hashInterface(whole: Omit<ModuleInterface, 'hash'>): string {
  const hasher = new Hasher();
  const { module } = whole;
  for (const name of Object.keys(module.bindings).sort()) {
    const binding = module.bindings[name];
    hasher.add(name).add(binding.kind);
    if (binding.kind === 'function') hasher.add(binding.function);
    else if (binding.kind === 'class') hasher.add(binding.class);
    else if (binding.kind === 'import') hasher.add(binding.specifier).add(binding.name ?? '');
    else if (binding.annotation) addType(hasher, binding.annotation);
  }
  for (const item of module.exports) hasher.add(`${item.name}|${item.local}|${item.specifier}|${item.from}`);
  for (const [name, { members, bases }] of Object.entries(module.shapes ?? {})) {
    hasher.add(name);
    for (const base of bases) addType(hasher, base);
    for (const [member, { isFunction, isOptional, type }] of Object.entries(members)) {
      hasher.add(member).add((isFunction ? 1 : 0) | (isOptional ? 2 : 0));
      if (type) addType(hasher, type);
    }
  }
  whole.functionKeys.forEach((key, index) => {
    const fn = module.functions[index];
    hasher
      .add(key)
      .add(fn.kind)
      .add((fn.isAsync ? 1 : 0) | (fn.isGenerator ? 2 : 0) | (fn.isPrivate ? 4 : 0));
    for (const parameter of fn.parameters) {
      hasher.add(parameter.name);
      if (parameter.annotation) addType(hasher, parameter.annotation);
      if (parameter.default) hasher.add(describe(module.functions[fn.parent ?? 0], parameter.default, 2));
    }
    for (const decorator of fn.decorators) addValue(hasher, decorator);
    if (fn.returns) addType(hasher, fn.returns);
    for (const operation of fn.operations) if (operation.kind === 'return') hasher.add(describe(fn, operation.value, 3));
  });
  for (const declared of whole.classes) {
    hasher.add(declared.key).add(declared.claimsThreadSafety ? 1 : 0);
    for (const base of declared.bases) addValue(hasher, base);
    const { metaclass, decorators } = module.classes[declared.index];
    for (const maker of metaclass ? [...decorators, metaclass] : decorators) addValue(hasher, maker);
    for (const [method, index] of Object.entries(declared.methods)) hasher.add(method).add(index);
    addFields(hasher, module, declared.fields);
  }
  addFields(hasher, module, whole.variables);
  addFields(hasher, module, whole.captured);
  return hasher.digest();
}

function addFields(hasher: Hasher, module: Module, fields: ReadonlyMap<string, FieldInterface>): void {
  for (const [name, field] of fields) {
    hasher.add(name);
    if (field.annotation) addType(hasher, field.annotation);
    for (const scoped of [...field.values, ...(field.contents ?? [])]) hasher.add(describe(module.functions[scoped.function], scoped.value, 3));
  }
}

/** A value as text, with what its `result` places call instead of their numbers, which change with every edit. */
function describe(fn: ModelFunction, value: Value, depth: number): string {
  // How many workers a pool has, or permits a semaphore, makes a difference to others; texts do not.
  if (value.kind === 'constant' && depth < 3) return typeof value.value === 'string' ? value.kind : String(value.value);
  if (value.kind === 'collection')
    return depth > 0
      ? `${value.type}[${value.items.map((item, at) => `${value.names?.[at] ?? ''}:${describe(fn, item, depth - 1)}`).join()}${(value.spreads ?? []).map((each) => `...${each.at}${describe(fn, each.value, depth - 1)}`).join()}]`
      : value.type;
  if (value.kind !== 'place') return value.kind === 'function' ? `f${value.function}` : value.kind === 'class' ? `c${value.class}` : value.kind;
  const { root, path } = value.place;
  if (root.kind !== 'result') return printPlace(value.place);
  const operation = fn.operations[root.operation];
  if (depth === 0 || !operation) return 'result';
  if (operation.kind === 'await') return `await ${describe(fn, operation.value, depth - 1)}.${path.join('.')}`;
  if (operation.kind !== 'call') return 'result';
  const parts = operation.arguments.map((argument) => describe(fn, argument.value, depth - 1));
  return `${operation.form} ${describe(fn, operation.callee, depth - 1)}(${parts.join()}).${path.join('.')}`;
}
