// Keep task: what holds a task until it is done is a set, from which the task takes itself out.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, type Named, type PythonSource, replacement } from '../fix';
import { below, freshName, indentOf, lineEndOf } from '../layout';
import { expressionOf, functionAround, ownsItsLines, statementOf } from './blocks';
import { callAt } from './calls';
import { hasSelf } from './loop-in-reach';
import { behindImports } from './module-variable';

/** `create_task(work())` → `task = create_task(work())`, put into a set that there is, or a new one of the module. */
export const keepTask: Fix<'keep-task'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const statement = call && statementOf(call);
  const around = statement && functionAround(statement);
  if (!around || around.kind !== Kind.functionDefinition || !ownsItsLines(at.source, statement)) return undefined;
  const { text } = at.source;
  const named = namedTask(at.source, call, statement, around);
  const kept = named && (setIn(at.source, around) ?? newSet(at.source));
  if (!kept) return undefined;
  return {
    title: `Keep the task in ${kept.name} until it is done`,
    edits: inFile(at.file, [
      ...kept.edits,
      ...named.edits,
      below(text, statement, `${kept.name}.add(${named.name})`, `${named.name}.add_done_callback(${kept.name}.discard)`),
    ]),
  };
};

/** The variable that holds the task, which it gets where it has none. */
function namedTask({ text }: PythonSource, call: PythonNode, statement: PythonNode, around: PythonNode): Named | undefined {
  const only = expressionOf(statement);
  if (only?.kind === Kind.assignment) {
    const [left, right] = [only.child(Field.left), only.child(Field.right)];
    if (left?.kind !== Kind.identifier || right?.start !== call.start || right.end !== call.end) return undefined;
    if (left.text !== '_') return { name: left.text, edits: [] };
    const name = nameFor(around);
    return { name, edits: [replacement(left, name)] };
  }
  if (only?.start !== call.start) return undefined;
  const name = nameFor(around);
  const given = insertion(call.start, `${name} = `);
  if (only.end === call.end) return { name, edits: [given] };
  // `create_task(…).add_done_callback(…)` becomes two statements.
  const isChained = only.kind === Kind.call && only.child(Field.function)?.child(Field.object)?.end === call.end && text[call.end] === '.';
  return isChained ? { name, edits: [given, insertion(call.end, `${lineEndOf(text)}${indentOf(text, statement.start)}${name}`)] } : undefined;
}

/** A name that the function does not use, other than for tasks that are kept in the same way. */
function nameFor(around: PythonNode): string {
  const taken = [...around.walk()].filter((node) => node.kind === Kind.identifier);
  const isFree = (name: string) => taken.every((node) => node.text !== name || isKept(node, around));
  return isFree('task') ? 'task' : freshName(taken.map((node) => node.text).join(' '), 'background_task');
}

function isKept(node: PythonNode, around: PythonNode): boolean {
  const statement = statementOf(node)?.text ?? '';
  if (functionAround(node) !== around) return false;
  return /^\w+ = [\w.()]*(?:create_task|ensure_future)\(|^[\w.]+\.add\(\w+\)$|^\w+\.add_done_callback\([\w.]+\.discard\)$/.test(statement);
}

/** A set that tasks are kept in like that already, and for nothing else: the object's own, or the module's. */
function setIn({ text, tree }: PythonSource, around: PythonNode): Named | undefined {
  const owner = around.closest(Kind.classDefinition);
  const own: string[] = [];
  const common: string[] = [];
  for (const { 1: name, index } of text.matchAll(/\.add_done_callback\(\s*((?:self\.)?\w+)\.discard\s*,?\s*\)/g)) {
    if (!onlyKeeps(text, name.replace('self.', ''))) continue;
    if (name.startsWith('self.')) {
      if (owner && owner.start < index && index < owner.end && hasSelf(around)) own.push(name);
    } else if (isModules(tree.root, name)) common.push(name);
  }
  const name = own[0] ?? common[0];
  return name === undefined ? undefined : { name, edits: [] };
}

/** Made once, added to and discarded from: tasks that are waited for, cancelled or counted at some point are others. */
function onlyKeeps(text: string, name: string): boolean {
  const uses = [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].map(({ index }) => text.slice(index + name.length, index + name.length + 9));
  const others = uses.filter((use) => !/^\.(?:add\(|discard\b)/.test(use));
  return others.length === 1 && /^(?:: | = )/.test(others[0]);
}

function isModules(root: PythonNode, name: string): boolean {
  return root.children.some(({ children: [only] }) => only?.kind === Kind.assignment && only.child(Field.left)?.text === name);
}

function newSet(source: PythonSource): Named | undefined {
  const name = freshName(source.text, '_background_tasks');
  const isTyped = /^[ \t]*import asyncio$/m.test(source.text) && /(?:->|\w:) *(?:list|dict|set|tuple)\[/.test(source.text);
  const edit = behindImports(source, `${name}${isTyped ? ': set[asyncio.Task]' : ''} = set()`);
  return edit && { name, edits: [edit] };
}
