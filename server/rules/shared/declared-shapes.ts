// Declared shapes: what the types of a file declare a place to hold, followed through members, containers and functions.
import type { ShapeMember } from '../../model/module';
import { ELEMENT, type Place } from '../../model/place';
import type { TypeReference, Value } from '../../model/value';
import { receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import type { ModuleInterface } from '../../summary/module-interface';

/** A declared type, and the module that declares it. */
export interface Declared {
  readonly module: ModuleInterface;
  readonly reference: TypeReference;
}

const DEPTH = 6;
/** Types that stand for what they are given. */
const TRANSPARENT = /^(?:Partial|Readonly|Required|NonNullable|Awaited|DeepReadonly)$/;

/** What a value of a function is declared to be. */
export function declaredAs(facts: Facts, module: ModuleInterface, index: number, value: Value, depth = DEPTH): Declared | undefined {
  if (value.kind !== 'place' || depth === 0) return undefined;
  let { declared, steps } = rootOf(facts, module, index, value.place, depth);
  for (; declared && steps < value.place.path.length; steps++) declared = memberOf(facts, declared, value.place.path[steps]);
  return declared;
}

/** The members that objects of a declared type have, inherited ones included; undefined for what is no object type of the workspace. */
export function membersOf(
  facts: Facts,
  declared: Declared,
  depth = DEPTH,
): ReadonlyMap<string, ShapeMember & { readonly module: ModuleInterface }> | undefined {
  const found = shapeOf(facts, declared);
  if (!found || depth === 0) return undefined;
  const members = new Map<string, ShapeMember & { readonly module: ModuleInterface }>();
  for (const reference of found.shape.bases)
    for (const [name, member] of membersOf(facts, { module: found.module, reference }, depth - 1) ?? []) members.set(name, member);
  for (const [name, member] of Object.entries(found.shape.members)) members.set(name, { ...member, module: found.module });
  return members;
}

function shapeOf(
  facts: Facts,
  { module, reference }: Declared,
  depth = DEPTH,
): { module: ModuleInterface; shape: NonNullable<ModuleInterface['module']['shapes']>[string] } | undefined {
  const { root, path } = reference.place;
  if (depth === 0 || path.length > 0) return undefined;
  if (root.kind === 'global' && TRANSPARENT.test(root.name) && reference.arguments)
    return shapeOf(facts, { module, reference: reference.arguments[0] }, depth - 1);
  if (root.kind === 'module' && Object.hasOwn(module.module.shapes ?? {}, root.name)) return { module, shape: module.module.shapes![root.name] };
  if (root.kind !== 'import' || root.name === undefined) return undefined;
  const file = facts.program.resolver.imports.resolve(module.file, module.language, root.specifier);
  const target = file === undefined ? undefined : facts.program.modules.get(file);
  const shapes = target?.module.shapes;
  return target && shapes && Object.hasOwn(shapes, root.name) ? { module: target, shape: shapes[root.name] } : undefined;
}

function memberOf(facts: Facts, declared: Declared, step: string): Declared | undefined {
  if (step === ELEMENT) return itemOf(declared);
  const member = membersOf(facts, declared)?.get(step);
  return member?.type && { module: member.module, reference: member.type };
}

/** What an array holds, or the values of a map. */
function itemOf({ module, reference }: Declared): Declared | undefined {
  const item = reference.arguments?.at(-1);
  return item && reference.place.root.kind === 'global' ? { module, reference: item } : undefined;
}

/** What is declared of the beginning of a place, and how many of its steps that takes. */
function rootOf(facts: Facts, module: ModuleInterface, index: number, place: Place, depth: number): { declared: Declared | undefined; steps: number } {
  const { root, path } = place;
  const { functions } = module.module;
  const named = (reference: TypeReference | undefined): Declared | undefined => reference && { module, reference };
  switch (root.kind) {
    case 'parameter':
      return { declared: named(functions[index].parameters[root.index]?.annotation), steps: 0 };
    case 'variable': {
      const parameter = functions[root.function]?.parameters.find(({ name }) => name === root.name);
      return { declared: named(parameter?.annotation) ?? ofValues(module.captured.get(`${root.function}:${root.name}`)?.values), steps: 0 };
    }
    case 'module':
      return { declared: named(module.variables.get(root.name)?.annotation) ?? ofValues(module.variables.get(root.name)?.values), steps: 0 };
    case 'receiver': {
      if (path.length === 0) return { declared: undefined, steps: 0 };
      for (const key of facts.program.resolver.lineage(module.classKeys[root.class])) {
        const field = facts.program.resolver.classAt(key)?.fields.get(path[0]);
        const owner = facts.program.resolver.moduleOfClass(key);
        if (!field || !owner) continue;
        const declared = field.annotation ? { module: owner, reference: field.annotation } : ofValues(field.values, owner);
        return { declared, steps: 1 };
      }
      return { declared: undefined, steps: 1 };
    }
    case 'result':
      return { declared: ofResult(root.operation), steps: 0 };
    default:
      return { declared: undefined, steps: 0 };
  }

  function ofValues(values: readonly { readonly value: Value; readonly function: number }[] | undefined, owner = module): Declared | undefined {
    for (const each of values ?? []) {
      const declared = declaredAs(facts, owner, each.function, each.value, depth - 1);
      if (declared) return declared;
    }
    return undefined;
  }

  function ofResult(number: number): Declared | undefined {
    const operation = functions[index].operations[number];
    if (operation?.kind === 'await') {
      const promised = declaredAs(facts, module, index, operation.value, depth - 1);
      const isPromise = promised?.reference.place.root.kind === 'global' && promised.reference.place.root.name === 'Promise';
      return promised && isPromise ? itemOf(promised) : promised;
    }
    if (operation?.kind !== 'call') return undefined;
    const { callee } = operation;
    const type = facts.program.resolver.typeOf(module, index, callee);
    const target = type?.kind === 'function' ? facts.program.resolver.functionAt(type.function) : undefined;
    if (target) {
      const { returns } = target.module.module.functions[target.index];
      return returns && { module: target.module, reference: returns };
    }
    // `this.rooms.get(id)`, `queue.shift()`
    if (callee.kind !== 'place' || !/^(?:get|shift|pop|at|find)$/.test(callee.place.path.at(-1) ?? '')) return undefined;
    const holder = receiverOf(callee);
    const container = holder && declaredAs(facts, module, index, holder, depth - 1);
    return container && itemOf(container);
  }
}
