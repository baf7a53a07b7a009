// What the main guard takes from others: names that functions need in a child process, or that other modules import.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { assignmentOf } from './blocks';
import { isOnlyDefinition } from './inert';
import { boundNames, namesIn } from './names';

/** What of a module moves under its guard. */
export interface MainSplit {
  readonly moved: readonly PythonNode[];
  /** What stays behind the first that moves. */
  readonly kept: readonly PythonNode[];
  /** The main guard that ends the module already. */
  readonly guard?: PythonNode;
}

/** Whether anybody but the main program may need what the moved statements bind. */
export function sharesWithChildren(root: PythonNode, { moved, guard }: MainSplit): boolean {
  const bound = new Set(moved.flatMap((statement) => [...boundNames(statement)]));
  const staying = root.children.filter((statement) => !moved.includes(statement) && statement !== guard);
  const definitions = staying.filter(isOnlyDefinition);
  const others = staying.filter((statement) => !isOnlyDefinition(statement));
  const mainPart = [...moved, ...others, ...(guard ? [guard] : [])];
  const reached = closure(new Set(mainPart.flatMap((statement) => [...namesIn(statement)])), definitions);
  const passed = passedNames(root);
  // What is done with a class that is handed over is known of processes alone, and those are told by their base.
  const functions = definitions.filter((definition) => !isClass(definition));
  const inChildren = closure(new Set(functions.flatMap((definition) => [...boundNames(definition)].filter((name) => passed.has(name)))), definitions);
  for (const definition of definitions) {
    if (![...namesIn(definition)].some((name) => bound.has(name) && !boundNames(definition).has(name))) continue;
    const names = [...boundNames(definition)];
    if (!names.some((name) => reached.has(name)) || names.some((name) => inChildren.has(name)) || runsInChildren(definition, passed)) return true;
  }
  // A name that the module makes and does not use is there for others.
  const uses = [...definitions, ...others, ...(guard ? [guard] : [])].map(namesIn);
  return moved.some((statement) => {
    const name = assignedName(statement);
    return name !== undefined && !uses.some((names) => names.has(name)) && !moved.some((other) => other !== statement && namesIn(other).has(name));
  });
}

function isClass(definition: PythonNode): boolean {
  return (definition.child(Field.definition) ?? definition).kind === Kind.classDefinition;
}

/** `name` of `name = …` at module level. */
function assignedName(statement: PythonNode): string | undefined {
  const left = assignmentOf(statement)?.child(Field.left);
  return left?.kind === Kind.identifier ? left.text : undefined;
}

/** Names, and all that the definitions of those names mention, and so on. */
function closure(names: ReadonlySet<string>, definitions: readonly PythonNode[]): Set<string> {
  const found = new Set(names);
  const left = new Set(definitions);
  for (let grew = true; grew; ) {
    grew = false;
    for (const definition of left) {
      if (![...boundNames(definition)].some((name) => found.has(name))) continue;
      left.delete(definition);
      grew = true;
      for (const name of namesIn(definition)) found.add(name);
    }
  }
  return found;
}

/** Names of functions and methods that stand as arguments and are not called there: they may run in a child. */
function passedNames(root: PythonNode): Set<string> {
  const names = new Set<string>();
  for (const node of root.walk()) {
    const { parent } = node;
    const isPassed =
      parent && (parent.kind === Kind.argumentList || parent.kind === Kind.tuple || (parent.kind === Kind.keywordArgument && node.field === Field.value));
    if (!isPassed) continue;
    if (node.kind === Kind.identifier) names.add(node.text);
    else if (node.kind === Kind.attribute) names.add(node.child(Field.attribute)?.text ?? '');
  }
  return names;
}

/** A class whose method is handed over, or that is a process itself. */
function runsInChildren(definition: PythonNode, passed: ReadonlySet<string>): boolean {
  for (const node of definition.walk()) {
    if (node.kind === Kind.classDefinition && /Process/.test(node.child(Field.superclasses)?.text ?? '')) return true;
    if (node.kind === Kind.functionDefinition && passed.has(node.child(Field.name)?.text ?? '')) return true;
  }
  return false;
}
