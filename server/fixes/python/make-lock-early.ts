// Make a lock early: where the object, class or module is set up, instead of when it is first needed.
import type { FixIntentOf } from '../../rules/fix-intent';
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, type FixContext, inFile, insertion, isWithin, type PythonSource, replacement } from '../fix';
import { below, indentOf, lineEndOf, unitOf } from '../layout';
import { assignmentOf, functionAround, ownsItsLines } from './blocks';
import { functionNamed, receiverOf } from './functions';
import { isImport } from './imports';
import { type LazyCreation, lazyCreation, withoutCreation, withoutLines } from './lazy-creation';
import { mentionsOf } from './names';
import { bindingIn, callsBase, openClass } from './new-lock';

/** `self._lock = Lock()` beside the other fields, `_lock = Lock()` in the class's body or the module; no test whether it is there any more. */
export const makeLockEarly: Fix<'make-lock-early'> = ({ site, name, owner, made }, context) => {
  const source = context.pythonAt(site)?.source;
  if (!source) return undefined;
  const found = made.map((each) => creationAt(source, each, context));
  const [first, ...others] = found.flatMap((each) => each ?? []);
  if (found.includes(undefined) || others.some(({ value }) => value.text !== first.value.text)) return undefined;
  const creations = [first, ...others];
  if (isAskedFor(source, name, creations) || !isKnownAtTop(source, first.value)) return undefined;
  const home = owner === undefined ? inModule(source, first) : inClass(source, owner, name, first, context);
  const isOwn = (fn: PythonNode) => /^_(?!_)/.test(fn.child(Field.name)?.text ?? '') && isCalledHere(made, source, context);
  const removed = creations.map((each) => withoutCreation(source, each, isOwn));
  if (!home || removed.includes(undefined)) return undefined;
  return {
    title: `Make ${first.target.text} ${home.where}, before anybody needs it`,
    edits: inFile(source.file, [...home.edits, ...removed.flatMap((each) => each ?? [])]),
  };
};

function creationAt(source: PythonSource, site: FixIntentOf<'make-lock-early'>['site'], context: FixContext): LazyCreation | undefined {
  const at = context.pythonAt(site);
  return at?.file === source.file ? lazyCreation(source, at.node) : undefined;
}

/** Whether anything else wants to know if the lock is there, or names it in a string; other classes have fields of their own. */
function isAskedFor({ tree }: PythonSource, name: string, creations: readonly LazyCreation[]): boolean {
  const own = creations[0].statement.closest(Kind.classDefinition);
  const isOfAnother = (node: PythonNode, object: PythonNode | undefined) => {
    const around = node.closest(Kind.classDefinition);
    return object?.text === 'self' && around?.start !== own?.start && around?.child(Field.superclasses) === undefined;
  };
  for (const node of tree.root.walk()) {
    if (creations.some(({ statement }) => isWithin(node, statement))) continue;
    if (node.kind === Kind.string && node.text.slice(1, -1) === name && !isOfAnother(node, node.parent?.children[0])) return true;
    if (node.kind !== Kind.identifier || node.text !== name) continue;
    const place = node.parent?.kind === Kind.attribute ? node.parent : node;
    const isAsked = ASKING.has(place.parent?.kind ?? Kind.none) || place.field === Field.condition;
    if (isAsked && !isOfAnother(place, place.child(Field.object))) return true;
  }
  return false;
}

const ASKING = new Set<number>([Kind.comparisonOperator, Kind.notOperator, Kind.booleanOperator, Kind.conditionalExpression, Kind.deleteStatement]);

/** Whether the module has imported what makes the lock before its first definition. */
function isKnownAtTop({ tree }: PythonSource, call: PythonNode): boolean {
  if (call.child(Field.arguments)?.children.length !== 0) return false;
  const [name] = call.text.split(/[.(]/);
  for (const statement of tree.root.children) {
    if (isImport(statement)) {
      if (statement.children.some((child) => child.field === Field.name && (child.child(Field.alias) ?? child).text === name)) return true;
    } else if (statement.kind === Kind.classDefinition || statement.kind === Kind.functionDefinition) return false;
  }
  return false;
}

/** Whether all calls of the functions are in their file. */
function isCalledHere(made: FixIntentOf<'make-lock-early'>['made'], source: PythonSource, { program }: FixContext): boolean {
  return made.every(({ function: key }) => [...(program.callers.get(key)?.keys() ?? [])].every((caller) => caller.startsWith(`${source.file}#`)));
}

interface Home {
  readonly where: string;
  readonly edits: readonly TextEdit[];
}

function inModule(source: PythonSource, { target, value }: LazyCreation): Home | undefined {
  const empty = noneIn(source.tree.root, target.text);
  return empty && target.kind === Kind.identifier ? { where: 'at module level', edits: [replacement(empty, value.text)] } : undefined;
}

/** The `None` that a place of that name begins with in a block. */
function noneIn(block: PythonNode, target: string): PythonNode | undefined {
  const value = bindingIn(block, target)?.children[0].child(Field.right);
  return value?.kind === Kind.none ? value : undefined;
}

function inClass(source: PythonSource, owner: string, name: string, { target, value, statement }: LazyCreation, { program }: FixContext): Home | undefined {
  const body = openClass(program, source, owner);
  const bases = body?.parent?.child(Field.superclasses)?.children ?? [];
  if (!body || !bases.every(({ text }) => /^(?:object|ABC|(?:threading\.)?Thread)$/.test(text))) return undefined;
  const atClass = noneIn(body, name);
  const [object, self] = [target.child(Field.object)?.text, receiverOf(functionAround(statement))];
  if (object === undefined) return undefined;
  if (object === body.parent?.child(Field.name)?.text || isClassMethod(functionAround(statement)!))
    return atClass && { where: 'in the class', edits: [replacement(atClass, value.text)] };
  const start = functionNamed(body.children, '__init__');
  if (object !== self || !callsBase(program, owner)) return undefined;
  const edits = start ? inConstructor(source, start, name, value) : newConstructor(source, body, bases, name, value);
  const declaration = atClass && bindingIn(body, name);
  const isNeedless = declaration && declaration.children[0].child(Field.type) === undefined && ownsItsLines(source, declaration);
  return edits && { where: 'in __init__', edits: [...edits, ...(isNeedless ? [withoutLines(source, declaration)] : [])] };
}

function isClassMethod({ parent }: PythonNode): boolean {
  return parent?.kind === Kind.decoratedDefinition && parent.children.some((each) => each.kind === Kind.decorator && each.text === '@classmethod');
}

/** In the place of its `None`, or behind the last field that is set before the object is shown to anybody. */
function inConstructor(source: PythonSource, start: PythonNode, name: string, value: PythonNode): TextEdit[] | undefined {
  const body = start.child(Field.body)!;
  const self = receiverOf(start) ?? '';
  const empty = noneIn(body, `${self}.${name}`);
  if (empty) return [replacement(empty, value.text)];
  const shown = body.children.findIndex((each) => shows(each, self));
  const last = body.children.slice(0, shown < 0 ? undefined : shown).findLast((each) => isField(each, self));
  return last && ownsItsLines(source, last) ? [below(source.text, last, `${self}.${name} = ${value.text}`)] : undefined;
}

function isField(statement: PythonNode, self: string): boolean {
  return assignmentOf(statement)?.child(Field.left)?.text.startsWith(`${self}.`) === true;
}

/** Whether a statement calls a method of the object, or hands the object on. */
function shows(statement: PythonNode, self: string): boolean {
  return mentionsOf(statement, self).some((node) => {
    const field = node.parent?.kind === Kind.attribute && node.field === Field.object ? node.parent : undefined;
    return !field || (field.parent?.kind === Kind.call && field.field === Field.function);
  });
}

/** A constructor for a class that has none, and no base whose constructor it would have to call. */
function newConstructor(source: PythonSource, body: PythonNode, bases: readonly PythonNode[], name: string, value: PythonNode): TextEdit[] | undefined {
  const first = body.children.find(({ kind }) => kind === Kind.functionDefinition);
  const indent = first && indentOf(source.text, first.start);
  if (!first || indent === undefined || bases.some(({ text }) => text !== 'object')) return undefined;
  const end = lineEndOf(source.text);
  return [insertion(first.start, `def __init__(self):${end}${indent}${unitOf(source.text, indent)}self.${name} = ${value.text}${end}${end}${indent}`)];
}
