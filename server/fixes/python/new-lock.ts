// A new lock: how it is called, and where it is made so that it is there as long as what it guards.
import type { ClassKey } from '../../summary/keys';
import type { Program } from '../../summary/program';
import { modelOf } from '../../summary/resolved';
import { Field, Kind, type PythonNode, pythonNodeAt } from '../../syntax/python/nodes';
import type { Named, PythonSource } from '../fix';
import { below, freshName } from '../layout';
import { assignmentOf, expressionOf, ownsItsLines } from './blocks';
import { functionNamed, receiverOf } from './functions';
import { importedMember } from './imports';

/**
 * A lock beside a field of a class, or beside a variable of the module. Undefined where the place is not set up in one
 * statement that always runs, and where the class may not have a field more: it is pickled, copied, described by its fields.
 */
export function newLock(
  program: Program,
  source: PythonSource,
  place: string,
  owner: ClassKey | undefined,
  module: 'threading' | 'asyncio' = 'threading',
  type: 'Lock' | 'RLock' = 'Lock',
): Named | undefined {
  const maker = importedMember(source, module, type);
  const home = owner === undefined ? bindingIn(source.tree.root, place) : homeInClass(program, source, place, owner);
  if (!maker || !home || !ownsItsLines(source, home)) return undefined;
  const words = place.replace(/^_+/, '');
  const own = /[a-z][A-Z]/.test(words) ? `_${words}Lock` : `_${words.toLowerCase()}_lock`;
  const name = owner !== undefined && mayNameFreely(program, source, home, owner) ? '_lock' : freshName(source.text, own);
  const target = expressionOf(home)?.child(Field.left)?.child(Field.object)?.text;
  const made = `${target ? `${target}.` : ''}${name} = ${maker.name}()`;
  return { name, edits: [...maker.edits, below(source.text, home, made)] };
}

const KEPT_ELSEWHERE = /\b(?:pickle|cPickle|dill|shelve|deepcopy|multiprocessing|joblib|ProcessPoolExecutor|import copy|copy\.copy)\b/;
const OWN_STATE = /^__(?:getstate|setstate|reduce|reduce_ex|copy|deepcopy|slots|setattr|new|getattribute|eq)__$/;
const DESCRIBED = /(?:Enum|Flag|NamedTuple|TypedDict|Model|Schema|Struct|Structure|Union|Protocol|Document|Table)$/;

/** Whether no `_lock` is there yet: in the class, in its bases, of which nothing is unknown, and in its subclasses. */
function mayNameFreely(program: Program, source: PythonSource, home: PythonNode, owner: ClassKey): boolean {
  const definition = home.closest(Kind.classDefinition);
  const bases = definition?.child(Field.superclasses)?.children ?? [];
  if (!definition || !bases.every((base) => /^(?:object|(?:threading\.)?Thread)$/.test(base.text))) return false;
  return (
    !/\b_lock\b/.test(definition.text) &&
    program.resolver.overrides(owner, '__init__').length === 0 &&
    !source.text.includes(`(${definition.child(Field.name)?.text}`)
  );
}

/** The body of a class whose objects may have a field more; undefined where they are pickled, copied, or described by their fields. */
export function openClass(program: Program, source: PythonSource, owner: ClassKey): PythonNode | undefined {
  const module = program.modules.get(source.file);
  const declared = module?.module.classes[module.classKeys.indexOf(owner)];
  const definition = declared && pythonNodeAt(source.tree, declared.nameSpan).closest(Kind.classDefinition);
  const body = definition?.child(Field.body);
  if (!body || definition?.parent?.kind === Kind.decoratedDefinition || KEPT_ELSEWHERE.test(source.text)) return undefined;
  const names = body.children.flatMap((each) => definedName(each) ?? []);
  if (names.some((name) => OWN_STATE.test(name))) return undefined;
  const bases = definition?.child(Field.superclasses)?.children ?? [];
  if (bases.some((base) => base.kind === Kind.keywordArgument || DESCRIBED.test(base.text))) return undefined;
  return body;
}

/** The statement that sets up a field: in `__init__`, or in the class's body. */
function homeInClass(program: Program, source: PythonSource, field: string, owner: ClassKey): PythonNode | undefined {
  const body = openClass(program, source, owner);
  if (!body) return undefined;
  const start = functionNamed(body.children, '__init__');
  const self = receiverOf(start);
  const made = self === undefined ? undefined : bindingIn(start!.child(Field.body)!, `${self}.${field}`);
  if (made) return callsBase(program, owner) ? made : undefined;
  return bindingIn(body, field);
}

/** `x = …`, `x: int = …` among the statements of a block itself. */
export function bindingIn(block: PythonNode, target: string): PythonNode | undefined {
  return block.children.find((statement) => {
    const assignment = assignmentOf(statement);
    return assignment?.child(Field.left)?.text === target && assignment.child(Field.right) !== undefined;
  });
}

function definedName(statement: PythonNode): string | undefined {
  const definition = statement.kind === Kind.decoratedDefinition ? statement.child(Field.definition) : statement;
  if (definition?.kind === Kind.expressionStatement) return definition.children[0]?.child(Field.left)?.text;
  return definition?.child(Field.name)?.text;
}

/** Whether every subclass that has a constructor of its own runs the class's. */
export function callsBase(program: Program, owner: ClassKey): boolean {
  return program.resolver.overrides(owner, '__init__').every((key) => {
    const fn = program.functions.get(key);
    return (
      fn !== undefined &&
      modelOf(fn).operations.some(
        (operation) => operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.path.at(-1) === '__init__',
      )
    );
  });
}
