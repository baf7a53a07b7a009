// End in close: the method that closes an object ends what the object has made for itself as well.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, type PythonSource, replacement } from '../fix';
import { below, lineEndOf, lineIndentOf, unitOf } from '../layout';
import { contains, holderOf, leaves, ownsItsLines } from './blocks';
import { callAt } from './calls';
import { receiverOf } from './functions';
import { isOwnField } from './places';

/** The last lines of `close()` become `self._pool.shutdown()` or the like; under a test where the field may still be None. */
export const endInClose: Fix<'end-in-close'> = ({ site, closing, ending, awaited }, context) => {
  const [at, end] = [context.pythonAt(site), context.pythonAt(closing)];
  const call = at && callAt(at.node);
  const method = end?.node.closest(Kind.functionDefinition);
  const body = method?.child(Field.body);
  const owner = method?.closest(Kind.classDefinition);
  const assignment = call?.parent;
  if (!at || !end || !method || !body || !owner || assignment?.kind !== Kind.assignment || assignment.child(Field.right) !== call) return undefined;
  const field = assignment.child(Field.left);
  if (
    at.file !== end.file ||
    receiverOf(method) !== 'self' ||
    call?.closest(Kind.classDefinition) !== owner ||
    !isOwnField(field) ||
    (awaited && !method.isAsync)
  )
    return undefined;
  const isOptional = mayBeNone(field, call, owner);
  if (isOptional === undefined || hasEarlyEnd(body)) return undefined;
  return planOf(at.source, body, field.text, ending, awaited, isOptional, end.file, method.child(Field.name)?.text ?? '');
};

function planOf(
  source: PythonSource,
  body: PythonNode,
  field: string,
  calls: readonly string[],
  awaited: boolean,
  isOptional: boolean,
  file: string,
  method: string,
) {
  // A body of comments alone, while somebody types, has no statement.
  const last = body.children.at(-1);
  if (!last || !ownsItsLines(source, last)) return undefined;
  const indent = lineIndentOf(source.text, last.start);
  const unit = isOptional ? unitOf(source.text, indent) : '';
  const lines = [...(isOptional ? [`if ${field} is not None:`] : []), ...calls.map((call) => `${unit}${awaited ? 'await ' : ''}${field}.${call}()`)];
  const title = `End ${field} in ${method}()`;
  if (last.kind === Kind.passStatement && body.children.length === 1) {
    return { title, edits: inFile(file, [replacement(last, lines.join(`${lineEndOf(source.text)}${indent}`))]) };
  }
  return { title, edits: inFile(file, [below(source.text, last, ...lines)]) };
}

/** Whether the field may be None when the object is closed; undefined where it may not be there at all, or be somebody else's. */
function mayBeNone(field: PythonNode, made: PythonNode, owner: PythonNode): boolean | undefined {
  const writes = [...owner.walk()].filter((node) => node.kind === Kind.assignment && node.child(Field.left)?.text === field.text);
  const others = writes.map((write) => write.child(Field.right)).filter((value) => value !== made && value?.start !== made.start);
  if (others.some((value) => value?.kind !== Kind.none)) return undefined;
  const statement = made.parent?.parent;
  const maker = statement && holderOf(statement);
  const isAlways = maker?.kind === Kind.functionDefinition && maker.child(Field.name)?.text === '__init__';
  if (isAlways) return others.length > 0;
  return writes.some((write) => write.child(Field.right)?.kind === Kind.none && write.closest(Kind.functionDefinition)?.child(Field.name)?.text === '__init__')
    ? true
    : undefined;
}

/** What stands at the end must be come to whenever the method is called. */
function hasEarlyEnd(body: PythonNode): boolean {
  return leaves(body.children.at(-1)) || contains(body, Kind.returnStatement, Kind.yield);
}
