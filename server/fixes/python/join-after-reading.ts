// Join after reading: a process is waited for behind the statement that reads what it sends, not before.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, isWithin, type PythonSource, replacement } from '../fix';
import { lineEndOf, lineIndentOf, lineStartOf, lineTailOf } from '../layout';
import { followingOf, hasCommentBehind, holderOf, moved, ownsItsLines, removal, siblingsOf } from './blocks';
import { argumentsOf, callAt, methodCalled } from './calls';
import { freeName } from './names';
import { isPlainPlace } from './places';

/** Moves `process.join()`, or the loop that joins all, behind the statement that reads; what that returns gets a name. */
export const joinAfterReading: Fix<'join-after-reading'> = ({ site, reading }, context) => {
  const [at, read] = [context.pythonAt(site), context.pythonAt(reading)];
  const call = at && callAt(at.node);
  const joined = call && methodCalled(call);
  if (!at || !read || !call || joined?.method.text !== 'join' || !isPlainPlace(joined.object) || argumentsOf(call)?.length !== 0) return undefined;
  const { source } = at;
  const join = joinStatement(call);
  const target = join && siblingsOf(join).find((each) => isWithin(read.span, each));
  if (!join || !target || target.start < join.start || !ownsItsLines(source, join) || !ownsItsLines(source, target)) return undefined;
  if (followingOf(join)[0] !== target || ASKS.test(target.text) || uses(target, join, joined.object)) return undefined;
  const edits = target.kind === Kind.returnStatement ? behindReturn(source, join, target) : behind(source, join, target);
  return edits && { title: `Read first, then join ${joined.object.text}`, edits: inFile(at.file, edits) };
};

/** Whether something is there yet can only be asked of a process that has ended. */
const ASKS = /\b(?:empty|get_nowait|qsize|full|poll|is_alive|exitcode|terminate|kill|yield|await|except|block|raise)\b/;

/** The statement that does nothing but join: the call itself, or a loop of it. */
function joinStatement(call: PythonNode): PythonNode | undefined {
  const statement = call.parent?.kind === Kind.expressionStatement ? call.parent : undefined;
  const loop = statement && siblingsOf(statement).length === 1 ? holderOf(statement) : undefined;
  return loop?.kind === Kind.forStatement && !loop.isAsync ? loop : statement;
}

/** Whether a statement does something with a process that is joined, or with the list that the loop goes through. */
function uses(statement: PythonNode, join: PythonNode, object: PythonNode): boolean {
  for (const node of statement.walk()) {
    const called = node.kind === Kind.call ? methodCalled(node) : undefined;
    if (called?.object.text === object.text) return true;
    if (node.kind === Kind.deleteStatement || (node.kind === Kind.returnStatement && node !== statement)) return true;
  }
  return join.kind === Kind.forStatement && statement.kind === Kind.forStatement && statement.text.includes(`${object.text}.`);
}

function behind(source: PythonSource, join: PythonNode, target: PythonNode) {
  return [removal(source, join), insertion(lineTailOf(source.text, target.end), `${lineEndOf(source.text)}${linesOf(source, join)}`)];
}

/** `return results.get()` becomes three statements. */
function behindReturn(source: PythonSource, join: PythonNode, target: PythonNode) {
  const [value] = target.children;
  if (!value || hasCommentBehind(source, target) || /^(?:None|True|False)$/.test(value.text)) return undefined;
  const [end, indent] = [lineEndOf(source.text), lineIndentOf(source.text, target.start)];
  if (value.kind === Kind.identifier) {
    return [removal(source, join), insertion(lineStartOf(source.text, target.start), `${linesOf(source, join)}${end}`)];
  }
  const name = freeName(target, 'result');
  const span = { start: target.start, end: value.start };
  return [
    removal(source, join),
    replacement(span, `${name} = `),
    insertion(lineTailOf(source.text, target.end), `${end}${linesOf(source, join)}${end}${indent}return ${name}`),
  ];
}

/** A statement with its indentation and the comment behind it. */
function linesOf(source: PythonSource, statement: PythonNode): string {
  const indent = lineIndentOf(source.text, statement.start);
  return `${indent}${moved(source, { start: statement.start, end: lineTailOf(source.text, statement.end) }, indent, indent)}`;
}
