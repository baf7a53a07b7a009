// Hold a condition: its lock is held where it is notified or waited on, together with the change before where that has it already.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, type PythonSource } from '../fix';
import { indentOf, lineEndOf, lineStartOf, nextLineOf, unitOf } from '../layout';
import { deeper, followingOf, holderOf, isInCoroutine, ownsItsLines, precedingOf, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { isMovable, mayHold } from './sections';

/** `with cond:` around the statement; one that stands right before it takes the statement in. */
export const holdCondition: Fix<'hold-condition'> = ({ site, task }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const condition = call && methodCalled(call)?.object.text;
  const statement = call && outermost(call);
  if (!at || !statement || condition === undefined || !ownsItsLines(at.source, statement) || (task && !isInCoroutine(statement))) return undefined;
  const { source } = at;
  const { text } = source;
  const header = `${task ? 'async with' : 'with'} ${condition}:`;
  const before = precedingOf(statement).at(-1);
  const indent = indentOf(text, statement.start) ?? '';
  const start = lineStartOf(text, statement.start);
  const [next] = followingOf(statement);
  // What is done on the strength of the wait: `return self._items.pop()`.
  const isTogether =
    WAITS.test(call!.child(Field.function)!.text) &&
    next !== undefined &&
    isMovable(source, [next]) &&
    mayHold(context.program, site.function, next, undefined);
  const isTakenIn = before !== undefined && before.text.startsWith(header) && isUsual(source, before, indent);
  const begin = isTakenIn ? nextLineOf(text, before.end) : start;
  return {
    title: isTakenIn ? `Move this into the ${header.slice(0, -1)} before it` : `Hold ${condition} around this`,
    edits: inFile(at.file, [
      ...(isTakenIn ? [] : [insertion(start, `${indent}${header}${lineEndOf(text)}`)]),
      ...deeper(source, { start: begin, end: (isTogether ? next : statement).end }),
    ]),
  };
};

const WAITS = /\.wait(?:_for)?$/;

/** A wait together with the if or while statement that tests what it waits for; the call's own statement otherwise. */
function outermost(call: PythonNode): PythonNode | undefined {
  let found = statementOf(call);
  if (!WAITS.test(call.child(Field.function)!.text)) return found;
  for (let holder = found && holderOf(found); holder && (holder.kind === Kind.whileStatement || holder.kind === Kind.ifStatement); holder = holderOf(holder))
    found = holder;
  return found;
}

/** Whether the statements of a with statement stand one level deeper than it, as further ones will. */
function isUsual({ text }: PythonSource, step: PythonNode, indent: string): boolean {
  const last = step.children.find(({ kind }) => kind === Kind.block)?.children.at(-1);
  return last !== undefined && indentOf(text, last.start) === indent + unitOf(text, indent);
}
