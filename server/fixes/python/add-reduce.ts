// Add __reduce__: an exception says which arguments make it again in another process.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { lineEndOf, lineIndentOf, lineTailOf, unitOf } from '../layout';
import { assignmentOf, holderOf, ownsItsLines } from './blocks';
import { parameterName } from './functions';
import { isOwnField } from './places';

/** `__reduce__` behind `__init__`, where that keeps each of its arguments in an attribute. */
export const addReduce: Fix<'add-reduce'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const init = at?.node.closest(Kind.functionDefinition);
  const owner = init && holderOf(init);
  if (!at || init?.child(Field.name)?.text !== '__init__' || owner?.kind !== Kind.classDefinition || !ownsItsLines(at.source, init)) return undefined;
  const name = owner.child(Field.name)?.text ?? '';
  const kept = keptArguments(init);
  if (!kept || hasSubclass(name, at.source.tree.root)) return undefined;
  const { text } = at.source;
  const [end, indent] = [lineEndOf(text), lineIndentOf(text, init.start)];
  const values = kept.length === 1 ? `${kept[0]},` : kept.join(', ');
  const method = `${end}${end}${indent}def __reduce__(self):${end}${indent}${unitOf(text, indent)}return type(self), (${values})`;
  return { title: `Add __reduce__(), which makes ${name} again from its arguments`, edits: inFile(at.file, [insertion(lineTailOf(text, init.end), method)]) };
};

/** The attributes that hold the arguments, in their order; undefined where one is not kept as it came. */
function keptArguments(init: PythonNode): string[] | undefined {
  const [receiver, ...parameters] = init.child(Field.parameters)?.children ?? [];
  const statements = init.child(Field.body)?.children ?? [];
  if (receiver?.text !== 'self') return undefined;
  const kept = parameters.map((parameter) => {
    const name = parameterName(parameter);
    if (!TAKES_ONE.has(parameter.kind)) return undefined;
    const attributes = statements.flatMap((statement) => {
      const assignment = assignmentOf(statement);
      const left = assignment?.child(Field.right)?.text === name ? assignment.child(Field.left) : undefined;
      return isOwnField(left) ? [left.text] : [];
    });
    return attributes[0];
  });
  return kept.every((each) => each !== undefined) ? kept : undefined;
}

/** No `*args`, no `**options`, and nothing that is given by its name alone. */
const TAKES_ONE: ReadonlySet<number> = new Set<number>([Kind.identifier, Kind.defaultParameter, Kind.typedParameter, Kind.typedDefaultParameter]);

/** A class that derives from it may be made from other arguments. */
function hasSubclass(name: string, root: PythonNode): boolean {
  for (const node of root.walk()) {
    if (node.kind !== Kind.classDefinition) continue;
    if (node.child(Field.superclasses)?.children.some((base) => base.text === name || base.text.endsWith(`.${name}`))) return true;
  }
  return false;
}
