// Process memory: which shared places a child process has a copy of, and what kind of object stands in them.
import { methodOf } from '../../model/calls';
import { resultOf, type Value } from '../../model/value';
import { rootParts } from '../../summary/contexts';
import type { CellAccess, Facts } from '../../summary/facts';
import { type CellKey, type FunctionKey, fileOfKey } from '../../summary/keys';
import type { FieldInterface, ModuleInterface } from '../../summary/module-interface';
import { modelOf } from '../../summary/resolved';

/** A process that is known to have a copy of a place: the function it runs. */
export interface Copied {
  readonly runs: FunctionKey;
}

/**
 * The function with which a child gets its copy of a place that it accesses: for variables of a module any that it runs,
 * for a field only a method of the class, bound to the object whose field it is. Other objects of a class may be made in
 * the child and sent back.
 */
export function copiedBy(facts: Facts, access: Pick<CellAccess, 'cell' | 'function' | 'onReceiver'>): Copied | undefined {
  const { cell } = access;
  for (const root of facts.contextOf(access.function).roots) {
    const { kind, function: runs } = rootParts(root);
    if (kind !== 'process' || runs === undefined) continue;
    if (cell.owner === undefined) {
      // A part of an object that nobody knows more about may be anywhere.
      if (!/[:/][^.:/]+$/.test(cell.key)) continue;
      return { runs };
    }
    if (!access.onReceiver && !cell.element && !isFieldItself(cell.key, cell.owner)) continue;
    const target = facts.program.functions.get(runs);
    const index = target && modelOf(target).class;
    if (!target || index === undefined || modelOf(target).kind !== 'method') continue;
    const own = target.module.classKeys[index];
    const { resolver } = facts.program;
    if (!resolver.lineage(own).includes(cell.owner) && !resolver.lineage(cell.owner).includes(own)) continue;
    if (isFieldItself(cell.key, cell.owner) && !sendsItself(facts, runs) && !sendsItself(facts, access.function)) return { runs };
  }
  return undefined;
}

/** What is put in a place anywhere; undefined where that cannot be said. */
export function valuesOf(facts: Facts, cell: CellKey): { readonly module: ModuleInterface; readonly field: FieldInterface } | undefined {
  const module = facts.program.modules.get(fileOfKey(cell));
  if (!module) return undefined;
  const rest = cell.slice(module.file.length);
  if (rest.startsWith(':')) {
    const field = module.variables.get(rest.slice(1));
    return field && { module, field };
  }
  for (const declared of module.classes) {
    const name = cell.startsWith(`${declared.key}.`) ? cell.slice(declared.key.length + 1) : undefined;
    const field = name === undefined ? undefined : declared.fields.get(name);
    if (field) return { module, field };
  }
  for (const [key, field] of module.captured) {
    const [index, name] = [Number(key.slice(0, key.indexOf(':'))), key.slice(key.indexOf(':') + 1)];
    if (cell === `${module.functionKeys[index]}/${name}`) return { module, field };
  }
  return undefined;
}

/** Whether a place holds an ordinary object, of which each process has its own: not a proxy, a queue, shared memory. */
export function holdsPlain(facts: Facts, cell: CellKey): boolean {
  const found = valuesOf(facts, cell);
  return (
    found !== undefined &&
    found.field.values.length > 0 &&
    found.field.values.every(({ value, function: scope }) => isPlain(facts, found.module, scope, value, 2))
  );
}

const PLAIN = /^(?:dict|list|set|bytearray|int|float|str|tuple|frozenset|collections\.\w+)$/;

/** Whether a value is an ordinary object of the process that made it. */
export function isPlain(facts: Facts, module: ModuleInterface, index: number, value: Value, depth: number): boolean {
  if (value.kind === 'constant' || value.kind === 'collection') return true;
  if (value.kind !== 'place' || value.place.path.length > 0) return false;
  const { root } = value.place;
  const { resolver } = facts.program;
  const made = resultOf(value);
  if (made !== undefined) {
    const call = module.module.functions[index].operations[made];
    const callee = call?.kind === 'call' ? resolver.typeOf(module, index, call.callee) : undefined;
    return callee?.kind === 'api' && PLAIN.test(callee.name);
  }
  if (root.kind !== 'parameter' || depth <= 0) return false;
  // What all who make the object hand in.
  const sites = [...(facts.program.callers.get(module.functionKeys[index]) ?? [])];
  const given = sites.flatMap(([caller, calls]) => {
    const fn = facts.program.functions.get(caller);
    return calls.map(({ point }) => {
      const call = fn && modelOf(fn).operations[point];
      const named = module.module.functions[index].parameters[root.index]?.name;
      const argument = call?.kind === 'call' ? (call.arguments.find(({ name }) => name === named) ?? call.arguments[root.index - 1]) : undefined;
      return fn !== undefined && argument !== undefined && isPlain(facts, fn.module, fn.index, argument.value, depth - 1);
    });
  });
  return given.length > 0 && given.every(Boolean);
}

/** Whether a process is started, or made to be started, further down in the function, so that what is done here comes before. */
export function startsLater(facts: Facts, key: FunctionKey, point: number): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn) return false;
  return modelOf(fn).operations.some(
    (operation, number) =>
      number > point &&
      operation.kind === 'call' &&
      /^(?:start|submit|map|apply_async|apply|imap|imap_unordered|starmap|map_async|starmap_async|Process|Pool)$/.test(methodOf(operation)),
  );
}

function isFieldItself(cell: CellKey, owner: string): boolean {
  return cell.startsWith(`${owner}.`) && !cell.slice(owner.length + 1).includes('.');
}

/** Whether a method hands its object to somebody: returns it, puts it into a queue. */
function sendsItself(facts: Facts, key: FunctionKey): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn) return false;
  const isSelf = (value: Value): boolean =>
    (value.kind === 'place' && value.place.root.kind === 'receiver' && (value.place.path.length === 0 || value.place.path[0] === '__dict__')) ||
    (value.kind === 'collection' && value.items.some(isSelf));
  return modelOf(fn).operations.some(
    (operation) =>
      ((operation.kind === 'return' || operation.kind === 'yield') && isSelf(operation.value)) ||
      (operation.kind === 'call' &&
        operation.callee.kind === 'place' &&
        !operation.callee.place.path.includes('__init__') &&
        operation.arguments.some(({ value }) => isSelf(value))),
  );
}
