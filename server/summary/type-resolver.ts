// Type resolver: follows names, imports, fields, annotations and calls to what a value is.
import { methodOf } from '../model/calls';
import { type ApiEntry, type EntryMethod, type Library, libraryKey } from '../model/library';
import type { Language } from '../model/module';
import type { Call } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import { resultOf, type TypeReference, type Value } from '../model/value';
import { extractionOf } from './contents';
import { append } from './grouping';
import type { ImportIndex } from './import-resolution';
import type { ClassKey, FunctionKey } from './keys';
import type { ClassInterface, FieldInterface, ModuleInterface, ScopedValue } from './module-interface';
import { type ParameterTypes, parameterKey } from './parameter-types';
import { functionsOfType, type Type, unionOf } from './types';

/** How many steps of field, call and import are followed before a value counts as unknown. */
const DEPTH = 10;
/** Objects with more names than this are tables. */
const MOST_PARTS = 100;
/** How many remembered answers may wait for each other; bounds the stack on chains of fields. */
const ACTIVE_LIMIT = 60;

/** Where a function stands: its module's interface and its index there. */
export interface FunctionPlace {
  readonly module: ModuleInterface;
  readonly index: number;
}

/**
 * Answers are remembered; make a new resolver when the interface of any module, or the set of files, has changed.
 */
export class TypeResolver {
  private readonly classes = new Map<ClassKey, { module: ModuleInterface; declared: ClassInterface }>();
  private readonly functions = new Map<FunctionKey, FunctionPlace>();
  private readonly registered = new Map<string, readonly FunctionKey[]>();
  private readonly remembered = new Map<string, Type | undefined>();
  private readonly methodsByFile = new Map<string, Map<string, FunctionKey[]>>();
  private readonly importedPackages = new Map<string, ReadonlySet<string>>();
  private decorated?: Map<FunctionKey, FunctionKey[]>;
  private subclasses?: Map<ClassKey, ClassKey[]>;
  /** What places hold, by file and function: rules ask about the same ones again and again. */
  private readonly places = new Map<string, { readonly module: ModuleInterface; readonly functions: Map<Place, Type | undefined>[] }>();
  /** Entries of the library by name; null where there is none. */
  private readonly entries: Readonly<Record<Language, Map<string, ApiEntry | null>>> = { python: new Map(), typescript: new Map() };
  private active = 0;
  private readonly ancestors = new Map<ClassKey, readonly ClassKey[]>();

  constructor(
    readonly modules: ReadonlyMap<string, ModuleInterface>,
    readonly imports: ImportIndex,
    readonly library: Library,
    /** What parameters hold, as far as calls show it. */
    private readonly parameters: ParameterTypes = new Map(),
  ) {
    for (const module of modules.values()) this.adopt(module);
  }

  /** Puts a module whose interface is unchanged in the place of its older version. */
  adopt(module: ModuleInterface): void {
    for (const declared of module.classes) this.classes.set(declared.key, { module, declared });
    module.functionKeys.forEach((key, index) => this.functions.set(key, { module, index }));
  }

  functionAt(key: FunctionKey): FunctionPlace | undefined {
    return this.functions.get(key);
  }

  classAt(key: ClassKey): ClassInterface | undefined {
    return this.classes.get(key)?.declared;
  }

  moduleOfClass(key: ClassKey): ModuleInterface | undefined {
    return this.classes.get(key)?.module;
  }

  /** The library's entry of an API under a canonical name or an alias. */
  api(language: Language, name: string): ApiEntry | undefined {
    const entries = this.entries[language];
    let entry = entries.get(name);
    if (entry === undefined) entries.set(name, (entry = this.findEntry(language, name) ?? null));
    return entry ?? undefined;
  }

  private findEntry(language: Language, name: string): ApiEntry | undefined {
    const known = this.library.get(libraryKey(language, name));
    if (known) return known;
    // `proxy.anything()`: a class can say what all of its members do that it does not name.
    const dot = name.lastIndexOf('.');
    return dot < 0 ? undefined : this.library.get(libraryKey(language, `${name.slice(0, dot)}.*`));
  }

  /** What the library knows by its parameters alone. */
  entriesByForm(language: Language): readonly EntryMethod[] {
    let known = ENTRIES_BY_FORM.get(this.library);
    if (!known) {
      known = new Map();
      for (const entry of new Set(this.library.values())) {
        for (const method of entry.entryMethods ?? []) if (method.parameters ?? method.types ?? method.exportedWith) append(known, entry.language, method);
      }
      ENTRIES_BY_FORM.set(this.library, known);
    }
    return known.get(language) ?? [];
  }

  /** What a value in a function is. */
  typeOf(module: ModuleInterface, index: number, value: Value, depth = DEPTH): Type | undefined {
    if (depth <= 0) return undefined;
    switch (value.kind) {
      case 'function':
        return { kind: 'function', function: module.functionKeys[value.function] };
      case 'class':
        return { kind: 'class', class: module.classKeys[value.class] };
      case 'collection':
        return {
          kind: 'container',
          name: COLLECTION_CLASS[value.type],
          items: value.items.slice(0, 4).flatMap((item) => this.typeOf(module, index, item, depth - 2) ?? []),
          ...this.partsOf(module, index, value, depth),
        };
      case 'place':
        return depth === DEPTH && this.active === 0
          ? this.rememberedPlace(module, index, value.place)
          : this.typeOfPlace(module, index, value.place, value.place.path.length, depth);
      default:
        return undefined;
    }
  }

  /** What an object literal has under its names: functions, objects with such, instances; what comes later wins. */
  private partsOf(module: ModuleInterface, index: number, value: Value & { kind: 'collection' }, depth: number): Pick<Type & { kind: 'container' }, 'parts'> {
    const { names, items, spreads = [] } = value;
    if (module.language !== 'typescript' || (!names && spreads.length === 0)) return {};
    const parts: Record<string, Type> = {};
    const spread = (at: number) => {
      for (const each of spreads) {
        const type = each.at === at ? this.typeOf(module, index, each.value, depth - 2) : undefined;
        if (type?.kind === 'container') Object.assign(parts, type.parts);
      }
    };
    for (const [at, name] of (names ?? []).slice(0, MOST_PARTS).entries()) {
      spread(at);
      const type = name === '' ? undefined : this.typeOf(module, index, items[at], depth - 2);
      if (type && (type.kind !== 'container' || type.parts)) parts[name] = type;
      else delete parts[name];
    }
    spread(items.length);
    return Object.keys(parts).length === 0 ? {} : { parts };
  }

  /** Only answers to questions from outside are kept: those within another one may be cut short. */
  private rememberedPlace(module: ModuleInterface, index: number, place: Place): Type | undefined {
    let inFile = this.places.get(module.file);
    if (inFile?.module !== module) this.places.set(module.file, (inFile = { module, functions: [] }));
    const known = (inFile.functions[index] ??= new Map());
    const type = known.get(place);
    if (type !== undefined || known.has(place)) return type;
    const found = this.typeOfPlace(module, index, place);
    known.set(place, found);
    return found;
  }

  /** What stands in the first `steps` steps of a place. */
  typeOfPlace(module: ModuleInterface, index: number, place: Place, steps = place.path.length, depth = DEPTH): Type | undefined {
    let type = this.typeOfRoot(module, index, place, depth);
    for (let i = 0; i < steps && type; i++) type = this.member(module.language, type, place.path[i], depth - 1);
    return type;
  }

  /** What a step leads to from a value of a type. */
  member(language: Language, type: Type, step: string, depth = DEPTH): Type | undefined {
    if (depth <= 0) return undefined;
    switch (type.kind) {
      case 'instance':
      case 'class':
        return this.memberOfClass(type, step, depth);
      case 'module':
        if (type.specifier !== undefined && this.api(language, `${type.specifier}.${step}`)) return this.named(language, `${type.specifier}.${step}`);
        return this.exported(type.file, step, depth);
      case 'api':
        return step === 'default' ? type : this.named(language, `${type.name}.${step}`);
      case 'library':
        return step === ELEMENT ? unionOf(type.items ?? []) : this.named(language, `${type.name}.${step}`);
      case 'container':
        if (type.parts && Object.hasOwn(type.parts, step)) return type.parts[step];
        return step === ELEMENT ? (unionOf(type.items) ?? type.items[0]) : { kind: 'api', name: `${type.name}.${step}` };
      case 'function': {
        const place = this.functions.get(type.function);
        return place && language === 'typescript' && (step === 'bind' || step === 'call') ? type : undefined;
      }
    }
  }

  /** What a library's name stands for: a constant that is an object of some class is that object (`sys.stdin`). */
  private named(language: Language, name: string): Type {
    const entry = this.api(language, name);
    return entry?.kind === 'constant' && entry.returns !== undefined ? { kind: 'library', name: entry.returns } : { kind: 'api', name };
  }

  /** What a call gives: an instance, a function's outcome, or what the library says. */
  typeOfCall(module: ModuleInterface, index: number, call: Call, depth = DEPTH): Type | undefined {
    const callee = this.typeOf(module, index, call.callee, depth - 1);
    if (!callee) return undefined;
    if (callee.kind === 'class') return { kind: 'instance', class: callee.class };
    if (callee.kind === 'function') return this.isBind(module, index, call, depth) ? callee : this.outcomeOf(callee.function, depth - 1);
    if (callee.kind !== 'api') return undefined;
    const taken = this.takenOut(module, index, call, callee.name, depth - 1);
    if (taken) return taken;
    if (callee.name === 'super' && module.language === 'python') return this.superOf(module, index);
    const entry = this.api(module.language, callee.name);
    if ((entry?.name === 'functools.partial' || entry?.name === 'weakref.proxy') && call.arguments[0])
      return this.typeOf(module, index, call.arguments[0].value, depth - 1);
    if (entry?.items) return { kind: 'container', name: entry.returns ?? 'tuple', items: [{ kind: 'library', name: entry.items }] };
    if (entry?.returns) return { kind: 'library', name: entry.returns };
    if (entry?.kind === 'class' || (!entry && (call.form === 'new' || /(?:^|\.)[A-Z]\w*$/.test(callee.name))))
      return { kind: 'library', name: entry?.name ?? callee.name };
    return undefined;
  }

  /** JavaScript's `f.bind(this)` runs nothing: it gives the function. A method that is called so is another thing. */
  isBind(module: ModuleInterface, index: number, call: Call, depth = DEPTH): boolean {
    if (module.language !== 'typescript' || call.callee.kind !== 'place' || call.callee.place.path.at(-1) !== 'bind') return false;
    const { root, path } = call.callee.place;
    return this.typeOf(module, index, { kind: 'place', place: { root, path: path.slice(0, -1) } }, depth - 1)?.kind === 'function';
  }

  /** What a call takes out of a container whose contents are known: `queue.get()`, `list(handlers)`. */
  private takenOut(module: ModuleInterface, index: number, call: Call, name: string, depth: number): Type | undefined {
    const extraction = extractionOf(call, name);
    const container = extraction && this.typeOf(module, index, extraction.container, depth);
    if (container?.kind !== 'container' && container?.kind !== 'library') return undefined;
    const { items } = container;
    if (!items || items.length === 0) return undefined;
    return extraction!.one ? unionOf(items) : { kind: 'container', name: 'list', items };
  }

  /** What `super()` in a method stands for: the receiver, seen as the first of its base classes. */
  private superOf(module: ModuleInterface, index: number): Type | undefined {
    const owner = module.module.functions[index].class;
    if (owner === undefined) return undefined;
    const base = this.lineage(module.classKeys[owner])[1];
    if (base !== undefined) return { kind: 'instance', class: base, exact: true };
    const [library] = this.libraryBases(module.classKeys[owner]);
    return library === undefined ? undefined : { kind: 'library', name: library };
  }

  /** A class and its workspace ancestors, nearest first. */
  lineage(key: ClassKey): readonly ClassKey[] {
    const known = this.ancestors.get(key);
    if (known) return known;
    this.ancestors.set(key, [key]);
    const found = this.classes.get(key);
    const line = [key];
    for (const base of found?.declared.bases ?? []) {
      const type = this.typeOf(found!.module, 0, base);
      if (type?.kind === 'class') for (const ancestor of this.lineage(type.class)) if (!line.includes(ancestor)) line.push(ancestor);
    }
    this.ancestors.set(key, line);
    return line;
  }

  /** Canonical names of the library classes that a class derives from, through its workspace ancestors. */
  libraryBases(key: ClassKey): readonly string[] {
    const names: string[] = [];
    for (const ancestor of this.lineage(key)) {
      const found = this.classes.get(ancestor);
      for (const base of found?.declared.bases ?? []) {
        const type = this.typeOf(found!.module, 0, base);
        if (type?.kind === 'api') names.push(this.api(found!.module.language, type.name)?.name ?? type.name);
      }
    }
    return names;
  }

  /** The key of the method that a name means on a class, inherited ones included. */
  method(key: ClassKey, name: string): FunctionKey | undefined {
    for (const ancestor of this.lineage(key)) {
      const found = this.classes.get(ancestor);
      if (found && Object.hasOwn(found.declared.methods, name)) return found.module.functionKeys[found.declared.methods[name]];
    }
    return undefined;
  }

  /** The methods of subclasses that a call through a class may run instead of the class's own. */
  overrides(key: ClassKey, name: string): FunctionKey[] {
    return this.descendants(key).flatMap((subclass) => {
      const { module, declared } = this.classes.get(subclass)!;
      return Object.hasOwn(declared.methods, name) ? [module.functionKeys[declared.methods[name]]] : [];
    });
  }

  /**
   * The method that a name means where nothing is known of the object it is called on: the only one of that name in the
   * file and in what it imports, if no library class that is known has one too.
   */
  onlyMethodNamed(module: ModuleInterface, name: string): FunctionKey | undefined {
    if (this.mayBeLibrarys(module, name)) return undefined;
    const found = new Set<FunctionKey>(this.methodsIn(module.file).get(name));
    for (const specifier of module.specifiers) {
      const file = this.imports.resolve(module.file, module.language, specifier);
      if (file !== undefined) for (const key of this.methodsIn(file).get(name) ?? []) found.add(key);
    }
    const [only] = found;
    return found.size === 1 ? only : undefined;
  }

  private methodsIn(file: string): ReadonlyMap<string, readonly FunctionKey[]> {
    let methods = this.methodsByFile.get(file);
    if (!methods) {
      this.methodsByFile.set(file, (methods = new Map()));
      const module = this.modules.get(file);
      for (const declared of module?.classes ?? []) {
        for (const [name, index] of Object.entries(declared.methods)) append(methods, name, module!.functionKeys[index]);
      }
    }
    return methods;
  }

  /** Whether a library class that the file is likely to have to do with has a method of that name. */
  private mayBeLibrarys(module: ModuleInterface, name: string): boolean {
    const owners = this.libraryMembers(module.language).get(name);
    if (!owners) return false;
    if (module.language !== 'python') return true;
    let imported = this.importedPackages.get(module.file);
    if (!imported) {
      imported = new Set(Object.values(module.bindings).flatMap((binding) => (binding.kind === 'import' ? binding.specifier.split('.')[0] : [])));
      this.importedPackages.set(module.file, imported);
    }
    return [...owners].some((root) => EVERYWHERE.has(root) || imported.has(root));
  }

  /** Method name → the packages with a class that has it; '' for what is built in. */
  private libraryMembers(language: Language): ReadonlyMap<string, ReadonlySet<string>> {
    const known = LIBRARY_MEMBERS.get(this.library) ?? new Map<Language, Map<string, Set<string>>>();
    LIBRARY_MEMBERS.set(this.library, known);
    let members = known.get(language);
    if (!members) {
      known.set(language, (members = new Map()));
      for (const entry of new Set(this.library.values())) {
        if (entry.language !== language || entry.kind !== 'method') continue;
        const parts = entry.name.split('.');
        const owners = members.get(parts.at(-1)!) ?? new Set();
        members.set(parts.at(-1)!, owners.add(parts.length > 2 ? parts[0] : ''));
      }
    }
    return members;
  }

  /** The functions that are decorated with a function, or with what a call of one has returned. */
  decoratedWith(decorator: FunctionKey): readonly FunctionKey[] {
    if (!this.decorated) {
      this.decorated = new Map();
      for (const module of [...this.modules.values()].sort((a, b) => (a.file < b.file ? -1 : 1))) {
        for (const [key, used] of this.decoratorsIn(module)) append(this.decorated, used, key);
      }
    }
    return this.decorated.get(decorator) ?? [];
  }

  /** The functions of a module that are decorated with functions of the workspace, and with which. */
  decoratorsIn(module: ModuleInterface): [FunctionKey, FunctionKey][] {
    return module.module.functions.flatMap((fn, index) =>
      fn.decorators.flatMap((decorator): [FunctionKey, FunctionKey][] => {
        const type = this.typeOf(module, fn.parent ?? 0, decorator);
        return type?.kind === 'function' ? [[module.functionKeys[index], type.function]] : [];
      }),
    );
  }

  /** What a file registers with `add_done_callback`: any of it may run where a future is finished in the same file. */
  doneCallbacks(module: ModuleInterface): readonly FunctionKey[] {
    let found = this.registered.get(module.file);
    if (!found) {
      const keys = module.handovers.flatMap(({ function: index, operation }) => {
        const call = module.module.functions[index].operations[operation];
        if (call.kind !== 'call' || methodOf(call) !== 'add_done_callback') return [];
        return functionsOfType(this.typeOf(module, index, call.arguments[0].value));
      });
      this.registered.set(module.file, (found = [...new Set(keys)]));
    }
    return found;
  }

  private descendants(key: ClassKey): readonly ClassKey[] {
    if (!this.subclasses) {
      this.subclasses = new Map();
      for (const subclass of [...this.classes.keys()].sort()) {
        for (const ancestor of this.lineage(subclass).slice(1)) append(this.subclasses, ancestor, subclass);
      }
    }
    return this.subclasses.get(key) ?? [];
  }

  /** The class that a field belongs to: the farthest ancestor that mentions it. */
  fieldOwner(key: ClassKey, field: string): ClassKey {
    let owner = key;
    for (const ancestor of this.lineage(key)) if (this.classes.get(ancestor)?.declared.fields.has(field)) owner = ancestor;
    return owner;
  }

  /** The nearest ancestor of a class, or the class itself, that speaks of a field and has no method of that name. */
  declarerOf(key: ClassKey, field: string): ClassKey | undefined {
    if (this.method(key, field) !== undefined) return undefined;
    return this.lineage(key).find((ancestor) => this.classes.get(ancestor)?.declared.fields.has(field));
  }

  /** What a field of a class, or a variable of a module, holds. */
  typeOfField(owner: string, module: ModuleInterface, field: FieldInterface): Type | undefined {
    return this.remember(owner, () => {
      const own = this.typeOfValues(module, field.values) ?? (field.annotation && this.instanceOf(module, field.annotation));
      const set = this.parameters.get(owner);
      const held = set && (own === undefined || own.kind === 'function' || isCallable(own)) ? unionOf(own?.kind === 'function' ? [own, set] : [set]) : own;
      if (!field.contents || field.contents.length === 0 || (held && held.kind !== 'container' && held.kind !== 'library')) return held;
      const items = field.contents.flatMap((scoped) => this.typeOf(module, scoped.function, scoped.value) ?? []);
      if (items.length === 0) return held;
      if (held?.kind === 'library') return { ...held, items };
      return { kind: 'container', name: held?.name ?? 'container', items: [...(held?.items ?? []), ...items] };
    });
  }

  /** What holds one of several values: the first that is known; of functions any. */
  private typeOfValues(module: ModuleInterface, values: readonly ScopedValue[]): Type | undefined {
    const functions: Type[] = [];
    for (const scoped of values) {
      const type = this.typeOf(module, scoped.function, scoped.value);
      if (type?.kind === 'function') functions.push(type);
      else if (type && functions.length === 0) return type;
    }
    return unionOf(functions);
  }

  /** What a parameter holds: what it is declared to, or what calls hand to it. */
  private typeOfParameter(module: ModuleInterface, index: number, parameter: number, depth: number): Type | undefined {
    const { annotation, rest } = module.module.functions[index]?.parameters[parameter] ?? {};
    const named = annotation && this.instanceOf(module, annotation, depth - 1);
    // `*targets: Callable` are several of those.
    const declared: Type | undefined = named && rest === 'positional' ? { kind: 'container', name: 'tuple', items: [named] } : named;
    const handed = this.parameters.get(parameterKey(module.functionKeys[index], parameter));
    if (!handed && !declared) {
      const { name, default: usual } = module.module.functions[index]?.parameters[parameter] ?? {};
      const type = usual && this.typeOf(module, module.module.functions[index].parent ?? 0, usual, depth - 1);
      // Where asyncio is at work, what is called a loop is an event loop.
      return type ?? (name !== undefined && LOOP_NAME.test(name) && module.specifiers.includes('asyncio') ? EVENT_LOOP : undefined);
    }
    if (!handed || !declared) return handed ?? declared;
    if (rest === 'positional') return handed;
    const isSame = handed.kind === 'library' && declared.kind === 'library' && handed.name === declared.name;
    return isSame || (handed.kind === 'function' && declared.kind !== 'instance') ? handed : declared;
  }

  /** An instance of the class that a type annotation names. */
  instanceOf(module: ModuleInterface, reference: TypeReference, depth = DEPTH): Type | undefined {
    const named = this.typeOfPlace(module, 0, reference.place, reference.place.path.length, depth);
    if (named?.kind === 'class') return { kind: 'instance', class: named.class };
    if (named?.kind !== 'api') return undefined;
    const entry = this.api(module.language, named.name);
    if (entry && entry.kind !== 'class') return undefined;
    const items = (reference.arguments ?? []).flatMap((argument) => this.instanceOf(module, argument, depth - 1) ?? []);
    if (items.length > 0) return { kind: 'container', name: entry?.name ?? named.name, items: items.slice(-1) };
    return { kind: 'library', name: entry?.name ?? named.name };
  }

  private typeOfRoot(module: ModuleInterface, index: number, place: Place, depth: number): Type | undefined {
    const { root } = place;
    switch (root.kind) {
      case 'receiver':
        return { kind: 'instance', class: module.classKeys[root.class] };
      case 'class':
        return { kind: 'class', class: module.classKeys[root.class] };
      case 'parameter': {
        return this.typeOfParameter(module, index, root.index, depth);
      }
      case 'variable': {
        const field = module.captured.get(`${root.function}:${root.name}`);
        if (field) return this.typeOfField(`${module.functionKeys[root.function]}/${root.name}`, module, field);
        const parameter = module.module.functions[root.function]?.parameters.findIndex((candidate) => candidate.name === root.name) ?? -1;
        return parameter < 0 ? undefined : this.typeOfParameter(module, root.function, parameter, depth);
      }
      case 'module':
        return this.bound(module, root.name, depth);
      case 'import':
        return this.imported(module, root.specifier, root.name, depth);
      case 'global':
        return { kind: 'api', name: root.name };
      case 'result': {
        const operation = module.module.functions[index].operations[root.operation];
        if (operation?.kind === 'call') return this.typeOfCall(module, index, operation, depth - 1);
        if (operation?.kind === 'await') return this.awaited(module, index, operation.value, depth - 1);
        return undefined;
      }
      case 'unknown':
        return undefined;
    }
  }

  /** What awaiting a value gives: a library's promise says so itself; an async function's outcome is what it returns. */
  private awaited(module: ModuleInterface, index: number, value: Value, depth: number): Type | undefined {
    const made = resultOf(value);
    if (made !== undefined) {
      const call = module.module.functions[index].operations[made];
      if (call?.kind === 'call') {
        const callee = this.typeOf(module, index, call.callee, depth - 1);
        const entry = callee?.kind === 'api' ? this.api(module.language, callee.name) : undefined;
        if (entry?.awaited && entry.items) return { kind: 'container', name: entry.awaited, items: [{ kind: 'library', name: entry.items }] };
        if (entry) return entry.awaited ? { kind: 'library', name: entry.awaited } : undefined;
      }
    }
    const type = this.typeOf(module, index, value, depth);
    // What is awaited is a promise no longer.
    if (type?.kind === 'library' && type.name === 'Promise') return undefined;
    return type?.kind === 'container' && type.name === 'Promise' ? type.items[0] : type;
  }

  private memberOfClass(type: Type & { kind: 'instance' | 'class' }, step: string, depth: number): Type | undefined {
    const lineage = this.lineage(type.class);
    for (const ancestor of lineage) {
      const found = this.classes.get(ancestor);
      if (!found) continue;
      if (Object.hasOwn(found.declared.methods, step)) {
        const index = found.declared.methods[step];
        const key = found.module.functionKeys[index];
        if (found.module.module.functions[index]?.kind === 'property') return this.outcomeOf(key, depth - 1);
        return { kind: 'function', function: key };
      }
      const field = found.declared.fields.get(step);
      const value = field && this.typeOfField(`${ancestor}.${step}`, found.module, field);
      if (value) return value;
    }
    const declared = lineage.some((ancestor) => this.classes.get(ancestor)?.declared.fields.has(step));
    if (declared) return undefined;
    for (const base of this.libraryBases(type.class)) {
      const language = this.classes.get(type.class)!.module.language;
      if (this.api(language, `${base}.${step}`)) return this.named(language, `${base}.${step}`);
    }
    return undefined;
  }

  /** The type of what a function returns. */
  private outcomeOf(key: FunctionKey, depth: number): Type | undefined {
    if (depth <= 0) return undefined;
    const place = this.functions.get(key);
    if (!place) return undefined;
    return this.remember(`${key}()`, () => {
      const fn = place.module.module.functions[place.index];
      const declared = fn.returns && this.instanceOf(place.module, fn.returns);
      if (declared) return declared;
      for (const operation of fn.operations) {
        const type = operation.kind === 'return' ? this.typeOf(place.module, place.index, operation.value) : undefined;
        if (type) return type;
      }
      return undefined;
    });
  }

  /** Computes an answer once, with the full depth, so that it does not depend on who asks first; what asks for itself gets nothing. */
  private remember(memory: string, compute: () => Type | undefined): Type | undefined {
    if (this.remembered.has(memory)) return this.remembered.get(memory);
    if (this.active >= ACTIVE_LIMIT) return undefined;
    this.remembered.set(memory, undefined);
    this.active++;
    const type = compute();
    this.active--;
    this.remembered.set(memory, type);
    return type;
  }

  private bound(module: ModuleInterface, name: string, depth: number): Type | undefined {
    const binding = Object.hasOwn(module.bindings, name) ? module.bindings[name] : undefined;
    switch (binding?.kind) {
      case 'function':
        return { kind: 'function', function: module.functionKeys[binding.function] };
      case 'class':
        return { kind: 'class', class: module.classKeys[binding.class] };
      case 'import':
        return this.imported(module, binding.specifier, binding.name, depth - 1);
      case 'variable':
        return this.typeOfField(`${module.file}:${name}`, module, module.variables.get(name) ?? { values: [] });
      default:
        return undefined;
    }
  }

  private imported(module: ModuleInterface, specifier: string, name: string | undefined, depth: number): Type | undefined {
    if (depth <= 0) return undefined;
    // What the library models know goes before a file of that name: what a lock does is not read off its source.
    const known = name === undefined ? undefined : this.api(module.language, `${specifier}.${name}`);
    // What is exported as default has the members of the package: `express.Router`.
    if (known) return this.named(module.language, name === 'default' ? known.name : `${specifier}.${name}`);
    const file = this.imports.resolve(module.file, module.language, specifier);
    if (file !== undefined) return name === undefined || name === '*' ? { kind: 'module', file, specifier } : this.exported(file, name, depth - 1);
    if (specifier.startsWith('.')) return undefined;
    return { kind: 'api', name: name === undefined || name === 'default' ? specifier : `${specifier}.${name}` };
  }

  /** What a module of the workspace offers under a name. */
  private exported(file: string, name: string, depth: number): Type | undefined {
    const module = this.modules.get(file);
    if (!module || depth <= 0) return undefined;
    if (module.language === 'python') {
      if (Object.hasOwn(module.bindings, name)) return this.bound(module, name, depth);
      const submodule = this.imports.submodule(file, name);
      return submodule === undefined ? undefined : { kind: 'module', file: submodule };
    }
    for (const item of module.exports) {
      if (item.name !== name && item.name !== '*') continue;
      if (item.specifier === undefined) return this.bound(module, item.local ?? name, depth);
      const target = this.imports.resolve(file, module.language, item.specifier);
      if (target === undefined) {
        if (item.name !== '*' && !item.specifier.startsWith('.')) return { kind: 'api', name: `${item.specifier}.${item.from ?? name}` };
        continue;
      }
      const type =
        item.from === undefined && item.name !== '*' ? ({ kind: 'module', file: target } as const) : this.exported(target, item.from ?? name, depth - 1);
      if (type) return type;
    }
    return undefined;
  }
}

/** Names of the methods of all library classes, by language, and in which packages; worked out once for each library. */
const LIBRARY_MEMBERS = new WeakMap<Library, Map<Language, Map<string, Set<string>>>>();
/** What is known by its parameters, by language; worked out once for each library. */
const ENTRIES_BY_FORM = new WeakMap<Library, Map<Language, EntryMethod[]>>();

/** Packages whose objects are handed around so much that a file need not import them to have some. */
const EVERYWHERE = new Set(['', 'asyncio', 'collections', 'concurrent', 'multiprocessing', 'queue', 'threading']);

/** What is only declared to be a function of some kind, or is a library's to begin with. */
function isCallable(type: Type): boolean {
  return type.kind === 'api' || ((type.kind === 'library' || type.kind === 'container') && /(?:^|\.)Callable$/.test(type.name));
}

const LOOP_NAME = /^_*(?:event_|main_|asyncio_)?loop$/;
const EVENT_LOOP: Type = { kind: 'library', name: 'asyncio.AbstractEventLoop' };

const COLLECTION_CLASS = { list: 'list', tuple: 'tuple', set: 'set', dict: 'dict', array: 'Array', object: 'Object' } as const;
