// Loop in reach: how a function on another thread can name the event loop, without asking for that of its own thread.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { functionAround, holderOf } from './blocks';
import { parameterNames, receiverOf } from './functions';

/** A parameter, a variable of a function around, a field of the object or a variable of the module; undefined where there is none. */
export function loopInReach(node: PythonNode): string | undefined {
  const own = functionAround(node);
  for (let fn = own; fn; fn = functionAround(fn)) {
    const parameter = parameterNames(fn).find(isLoopName);
    if (parameter !== undefined) return parameter;
    // What a thread gets when it asks is no loop, or another one.
    const variable = fn === own || fn.kind !== Kind.functionDefinition ? undefined : onlyLoop(assignmentsIn(fn, fn.child(Field.body)!), /^\w+$/);
    if (variable !== undefined) return variable;
  }
  const owner = own && hasSelf(own) ? own.closest(Kind.classDefinition) : undefined;
  const field = owner && onlyLoop(assignmentsIn(undefined, owner), /^self\.\w+$/);
  if (field !== undefined) return field;
  const root = node.closest(Kind.module);
  return (
    root &&
    onlyLoop(
      assignmentsIn(undefined, root).filter((each) => functionAround(each) === undefined),
      /^\w+$/,
    )
  );
}

/** Whether `self` means the object: in a method, and in a function inside one that has no other. */
export function hasSelf(fn: PythonNode): boolean {
  const receiver = receiverOf(fn);
  if (holderOf(fn)?.kind === Kind.classDefinition) return receiver === 'self';
  const outer = functionAround(fn);
  return outer !== undefined && receiver !== 'self' && hasSelf(outer);
}

const LOOP_GIVEN = /^(?:asyncio\.)?(?:get_running_loop|get_event_loop|new_event_loop)\(\)$/;

function isLoopName(name: string): boolean {
  return /^(?:event_|main_)?loop$/.test(name);
}

/** The assignments in code, of one function's own variables where one is given. */
function assignmentsIn(fn: PythonNode | undefined, code: PythonNode): PythonNode[] {
  return [...code.walk()].filter((node) => node.kind === Kind.assignment && (fn === undefined || functionAround(node) === fn));
}

/** What is assigned the event loop, and besides that at most None. */
function onlyLoop(assignments: readonly PythonNode[], shape: RegExp): string | undefined {
  const names = new Map<string, boolean>();
  for (const assignment of assignments) {
    const [name, value] = [assignment.child(Field.left)?.text ?? '', assignment.child(Field.right)];
    if (!shape.test(name) || !value || value.kind === Kind.none) continue;
    const isLoop = LOOP_GIVEN.test(value.text) || (isLoopName(value.text) && isLoopName(name.replace(/^self\._*/, '')));
    names.set(name, isLoop && names.get(name) !== false);
  }
  return [...names].find(([, isLoop]) => isLoop)?.[0];
}
