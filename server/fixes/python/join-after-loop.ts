// Join after the loop: threads that were waited for in the loop that starts them are waited for in a second one.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, isWithin, type PythonSource, replacement } from '../fix';
import { below, lineEndOf, lineIndentOf, lineStartOf, lineTailOf, unitOf } from '../layout';
import { contains, expressionOf, functionAround, holderOf, ownsItsLines, precedingOf, siblingsOf } from './blocks';
import { argumentsOf, callAt, methodCalled } from './calls';
import { freeName } from './names';

/** `for …: t.start(); t.join()` becomes two loops; the threads go into a list where they are not in one already. */
export const joinAfterLoop: Fix<'join-after-loop'> = ({ site, process }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const thread = call && methodCalled(call)?.object;
  const statement = call?.parent;
  if (!at || !call || thread?.kind !== Kind.identifier || argumentsOf(call)?.length !== 0 || statement?.kind !== Kind.expressionStatement) return undefined;
  const { source } = at;
  const loop = holderOf(statement);
  if (loop?.kind !== Kind.forStatement || !isPlainLoop(loop, statement, source)) return undefined;
  // As many at a time as there are items may be far too many.
  const over = loop.child(Field.right);
  if (!over || !(loop.child(Field.left)?.text === thread.text ? isList(over, loop) : isShort(over))) return undefined;
  const list = listOf(loop, thread.text, statement);
  const name = list ?? freeName(loop, process ? 'processes' : 'threads');
  const [end, indent] = [lineEndOf(source.text), lineIndentOf(source.text, loop.start)];
  const second = [`for ${thread.text} in ${name}:`, `${unitOf(source.text, indent)}${thread.text}.join()`];
  const edits: TextEdit[] =
    list === undefined
      ? [
          insertion(lineStartOf(source.text, loop.start), `${indent}${name} = []${end}`),
          replacement(call, `${name}.append(${thread.text})`),
          below(source.text, loop, ...second),
        ]
      : [
          replacement(
            { start: lineStartOf(source.text, statement.start), end: lineTailOf(source.text, loop.end) },
            second.map((line) => `${indent}${line}`).join(end),
          ),
        ];
  return { title: `Start all first, then join ${name} in a second loop`, edits: inFile(at.file, edits) };
};

/** Nothing leaves the loop, and the join is the last that is done in a round. */
function isPlainLoop(loop: PythonNode, join: PythonNode, source: PythonSource): boolean {
  if (loop.isAsync || loop.child(Field.alternative) || siblingsOf(join).at(-1) !== join || !ownsItsLines(source, join) || !ownsItsLines(source, loop))
    return false;
  // What surrounds it may be gone over again, and the name be used for another thread by then.
  return !contains(loop, Kind.returnStatement, Kind.breakStatement, Kind.yield, Kind.await);
}

/** A list that holds all threads behind the loop: the one gone through, or one that each is appended to. */
function listOf(loop: PythonNode, thread: string, join: PythonNode): string | undefined {
  const [left, right] = [loop.child(Field.left), loop.child(Field.right)];
  if (left?.text === thread) return right?.text;
  for (const statement of siblingsOf(join)) {
    const call = expressionOf(statement);
    const added = call && methodCalled(call);
    if (!added || added.method.text !== 'append' || added.object.kind !== Kind.identifier || argumentsOf(call)?.[0]?.value.text !== thread) continue;
    if (isEmptyBefore(added.object.text, loop)) return added.object.text;
  }
  return undefined;
}

/** `range(4)`, or a list written out. */
function isShort(over: PythonNode): boolean {
  return over.kind === Kind.list || over.kind === Kind.tuple || /^range\(/.test(over.text);
}

/** A name that is given a list in the same function: an iterator would be used up. */
function isList(over: PythonNode, loop: PythonNode): boolean {
  const values = over.kind === Kind.identifier ? assignedTo(over.text, loop) : [];
  return values.length > 0 && values.every((value) => value?.kind === Kind.list || value?.kind === Kind.listComprehension);
}

/** `threads = []` stands right above the loop, but for other statements. */
function isEmptyBefore(name: string, loop: PythonNode): boolean {
  const values = assignedTo(name, loop);
  const isEmpty = values.length === 1 && values[0]?.kind === Kind.list && values[0].children.length === 0;
  return isEmpty && precedingOf(loop).some((each) => isWithin(values[0]!, each));
}

function assignedTo(name: string, loop: PythonNode): (PythonNode | undefined)[] {
  const body = functionAround(loop) ?? loop.closest(Kind.module);
  return [...(body?.walk() ?? [])]
    .filter((node) => node.kind === Kind.assignment && node.child(Field.left)?.text === name)
    .map((node) => node.child(Field.right));
}
