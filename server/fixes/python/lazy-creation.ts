// Lazy creation: a statement that makes what a place holds if nothing is there yet, and what is to go with it.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type PythonSource, replacement } from '../fix';
import { lineTailOf, nextLineOf } from '../layout';
import {
  assignmentOf,
  followingOf,
  functionAround,
  holderOf,
  isDocstring,
  isStatement,
  ownsItsLines,
  precedingOf,
  removal,
  siblingsOf,
  statementOf,
} from './blocks';
import { commentsAbove } from './module-statements';
import { bareTest } from './tests';

export interface LazyCreation {
  /** The `if` or `try` statement. */
  readonly statement: PythonNode;
  /** The place as it is written there. */
  readonly target: PythonNode;
  /** What is made. */
  readonly value: PythonNode;
}

/** The statement around an assignment that does nothing but make what is missing; undefined where it does more. */
export function lazyCreation(source: PythonSource, at: PythonNode): LazyCreation | undefined {
  const assigning = statementOf(at);
  const assignment = assigning && assignmentOf(assigning);
  const holder = assigning && holderOf(assigning);
  const [target, value] = [assignment?.child(Field.left), assignment?.child(Field.right)];
  if (!holder || !target || value?.kind !== Kind.call || siblingsOf(assigning).length > 1) return undefined;
  const statement = holder.kind === Kind.exceptClause ? holder.parent! : holder;
  const asks = holder.kind === Kind.exceptClause ? triesFor(statement, target) : holder.kind === Kind.ifStatement && testsFor(holder, target);
  return asks && isStatement(statement) && ownsItsLines(source, statement) && ownsItsLines(source, assigning) ? { statement, target, value } : undefined;
}

/** `try: self.x` and one handler for its not being there. */
function triesFor(statement: PythonNode, target: PythonNode): boolean {
  const [body, handler, ...more] = statement.children;
  const error = target.kind === Kind.attribute ? 'AttributeError' : 'NameError';
  return body.kind === Kind.block && body.children.length === 1 && body.text === target.text && more.length === 0 && handler.children[0].text === error;
}

/** `if x is None`, `if not x`, `if not hasattr(self, 'x')`, `if getattr(self, 'x', None) is None`, with no other way. */
function testsFor(statement: PythonNode, target: PythonNode): boolean {
  const test = statement.child(Field.condition);
  if (!test || statement.child(Field.alternative)) return false;
  const asked = bareTest(test).text.replaceAll('"', "'").replace(/\s+/g, ' ');
  const [object, name] = [target.child(Field.object)?.text, target.child(Field.attribute)?.text];
  const looks =
    object === undefined ? [] : [`not hasattr(${object}, '${name}')`, `getattr(${object}, '${name}', None) is None`, `not getattr(${object}, '${name}', None)`];
  return [`${target.text} is None`, `not ${target.text}`, ...looks].includes(asked);
}

/**
 * Edits that take a lazy creation out, with the comments above it. A function that did nothing else goes as well, with its
 * calls; undefined where others may call it.
 */
export function withoutCreation(source: PythonSource, { statement, target }: LazyCreation, isOwn: (fn: PythonNode) => boolean): TextEdit[] | undefined {
  const fn = functionAround(statement);
  if (fn?.kind !== Kind.functionDefinition) return undefined;
  const siblings = siblingsOf(statement);
  const declared = siblings.filter((each) => each.kind === Kind.globalStatement && each.children.length === 1 && each.children[0].text === target.text);
  const others = siblings.filter((each, i) => each !== statement && !declared.includes(each) && !(i === 0 && isDocstring(each)));
  if (others.length > 0) return [...declared, statement].map((each) => withoutLines(source, each));
  if (statement.parent !== fn.child(Field.body) || !isOwn(fn) || !isStatement(fn)) return undefined;
  const calls = callsAlone(source, fn);
  return calls && [withoutLines(source, fn), ...calls.map((each) => removal(source, each))];
}

/** The statements that call a function and do nothing else, beside others in their block; undefined where it is mentioned in any other way. */
function callsAlone(source: PythonSource, fn: PythonNode): PythonNode[] | undefined {
  const name = fn.child(Field.name)!.text;
  const calls: PythonNode[] = [];
  for (const node of source.tree.root.walk()) {
    if (node.kind === Kind.string && node.text.slice(1, -1) === name) return undefined;
    if (node.kind !== Kind.identifier || node.text !== name || node.parent === fn) continue;
    const statement = statementOf(node);
    const [call] = statement?.children ?? [];
    const callee = node.parent?.kind === Kind.attribute ? node.parent : node;
    const isAlone = statement?.kind === Kind.expressionStatement && call.kind === Kind.call && call.child(Field.function)?.start === callee.start;
    if (!isAlone || call.child(Field.arguments)?.children.length !== 0 || siblingsOf(statement).length === 1 || !ownsItsLines(source, statement))
      return undefined;
    calls.push(statement);
  }
  return calls;
}

/** Takes a statement out with the comments above it, and with the empty lines that part it from what follows. */
export function withoutLines(source: PythonSource, statement: PythonNode): TextEdit {
  const { text } = source;
  const [next] = followingOf(statement);
  const start = commentsAbove(source, statement);
  const isParted = statement.kind === Kind.functionDefinition || precedingOf(statement).every(({ kind }) => kind === Kind.globalStatement);
  let end = nextLineOf(text, statement.end);
  while (next && isParted && end < next.start && lineTailOf(text, end) < next.start && text.slice(end, lineTailOf(text, end)).trim() === '')
    end = nextLineOf(text, end);
  return replacement({ start, end }, '');
}
