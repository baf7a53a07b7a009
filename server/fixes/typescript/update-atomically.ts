// Update atomically: what is loaded, changed and stored in steps of its own becomes one step of Atomics.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { type Fix, type FixContext, inFile, replacement, type TypeScriptPlace, type TypeScriptSource } from '../fix';
import { linesOf } from '../layout';
import { exactly } from './awaits';
import { isConst, isMentioned } from './names';
import { followingOf, ownsItsLines, spanOf, statementIn, textOf, walk } from './nodes';

/**
 * `Atomics.store(view, N, Atomics.load(view, N) + 1)` → `Atomics.add(view, N, 1)`, also through a variable; of a lock
 * `while (Atomics.load(view, LOCK) === HELD) …; Atomics.store(view, LOCK, HELD)` → `while (Atomics.compareExchange(view, LOCK, FREE, HELD) !== FREE) …`.
 */
export const updateAtomically: Fix<'update-atomically'> = ({ site, release }, context) => {
  const at = context.typescriptAt(site);
  const store = at && atomicsCall(at, 'store');
  const held = store && statementIn(store.above);
  if (!at || !store || !held || !ts.isExpressionStatement(held.statement) || held.statement.expression !== store.node) return undefined;
  const before = held.list[held.list.indexOf(held.statement) - 1];
  const step: Step = { source: at.source, store: store.node, statement: held.statement, list: held.list, before };
  const plan = release ? taken(step, freeValue(release, at.file, context)) : (inOneCall(step) ?? throughVariable(step));
  return plan && { title: `Use ${plan.call}`, edits: inFile(at.file, plan.edits) };
};

interface Step {
  readonly source: TypeScriptSource;
  readonly store: ts.CallExpression;
  readonly statement: ts.Statement;
  readonly list: readonly ts.Statement[];
  readonly before: ts.Statement | undefined;
}

interface Plan {
  readonly call: string;
  readonly edits: readonly TextEdit[];
}

const OPERATIONS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusToken, 'add'],
  [ts.SyntaxKind.MinusToken, 'sub'],
  [ts.SyntaxKind.BarToken, 'or'],
  [ts.SyntaxKind.AmpersandToken, 'and'],
  [ts.SyntaxKind.CaretToken, 'xor'],
]);

function inOneCall({ source, store }: Step): Plan | undefined {
  const value = store.arguments[2];
  if (!ts.isBinaryExpression(value) || !isLoadOf(source, value.left, store)) return undefined;
  const call = operation(source, store, value);
  return call === undefined ? undefined : { call, edits: [replacement(spanOf(source, store), call)] };
}

/** `const at = Atomics.load(…);` right before the store: the operation gives the same. */
function throughVariable(step: Step): Plan | undefined {
  const { source, store, statement, before } = step;
  const value = store.arguments[2];
  if (!before || !ts.isVariableStatement(before) || !ts.isBinaryExpression(value) || !ts.isIdentifier(value.left)) return undefined;
  const [{ name, initializer }, ...others] = before.declarationList.declarations;
  if (others.length > 0 || !ts.isIdentifier(name) || name.text !== value.left.text || !initializer || !isLoadOf(source, initializer, store)) return undefined;
  const call = isMentioned(value.right, [name.text]) ? undefined : operation(source, store, value);
  const line = ownLines(source, statement);
  if (call === undefined || !line) return undefined;
  const isUsed = followingOf(step).some((each) => isMentioned(each, [name.text]));
  const rest = source.text.slice(initializer.end, before.end);
  const gone = isUsed ? replacement(spanOf(source, initializer), call) : replacement(spanOf(source, before), call + rest);
  return { call, edits: [gone, replacement(line, '')] };
}

function operation(source: TypeScriptSource, store: ts.CallExpression, { operatorToken, right }: ts.BinaryExpression): string | undefined {
  const name = OPERATIONS.get(operatorToken.kind);
  const [view, index] = store.arguments;
  return name && !/\/[/*]/.test(textOf(source, store))
    ? `Atomics.${name}(${textOf(source, view)}, ${textOf(source, index)}, ${textOf(source, ts.isParenthesizedExpression(right) ? right.expression : right)})`
    : undefined;
}

/** The loop that waits for the lock, or the test that gives up, takes it in the very step that finds it free. */
function taken({ source, store, statement, before }: Step, free: string | undefined): Plan | undefined {
  if (free === undefined || !before || !(isWait(before) || isWayOut(before)) || !ts.isBinaryExpression(before.expression)) return undefined;
  const { left, right, operatorToken } = before.expression;
  const [view, index, value] = store.arguments;
  const [asked, held] = [textOf(source, right), textOf(source, value)];
  const isSame =
    (operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken && asked === held) ||
    (operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken && asked === free);
  const line = ownLines(source, statement);
  if (!isLoadOf(source, left, store) || !isSame || !line || /\/[/*]/.test(textOf(source, store))) return undefined;
  const call = `Atomics.compareExchange(${textOf(source, view)}, ${textOf(source, index)}, ${free}, ${held})`;
  return { call, edits: [replacement(spanOf(source, before.expression), `${call} !== ${free}`), replacement(line, '')] };
}

/** A loop that comes to its end only when the test says so. */
function isWait(statement: ts.Statement): statement is ts.WhileStatement {
  return ts.isWhileStatement(statement) && ![...walk(statement)].some(ts.isBreakStatement);
}

/** `if (…) return false;` */
function isWayOut(statement: ts.Statement): statement is ts.IfStatement {
  if (!ts.isIfStatement(statement) || statement.elseStatement) return false;
  const { thenStatement } = statement;
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last) || ts.isBreakStatement(last));
}

/** What is stored where the lock is given back: a constant of the file, or a number. */
function freeValue(release: NonNullable<Parameters<typeof updateAtomically>[0]['release']>, file: string, context: FixContext): string | undefined {
  const at = context.typescriptAt(release);
  const value = at && at.file === file ? atomicsCall(at, 'store')?.node.arguments[2] : undefined;
  if (!at || !value) return undefined;
  if (ts.isNumericLiteral(value)) return value.text;
  const isOfFile = (name: string) =>
    at.source.tree.statements.some(
      (each) =>
        ts.isVariableStatement(each) && isConst(each) && each.declarationList.declarations.some((one) => ts.isIdentifier(one.name) && one.name.text === name),
    );
  return ts.isIdentifier(value) && isOfFile(value.text) ? value.text : undefined;
}

function atomicsCall({ source, path, span }: TypeScriptPlace, name: string) {
  const found = exactly(source, path, span, ts.isCallExpression);
  return found && isAtomics(source, found.node, name) && found.node.arguments.length === 3 ? found : undefined;
}

function isAtomics(source: TypeScriptSource, node: ts.Node, name: string): node is ts.CallExpression {
  return ts.isCallExpression(node) && textOf(source, node.expression) === `Atomics.${name}`;
}

/** Whether it loads the word that the store writes, written in the same way and without anything that happens on the way. */
function isLoadOf(source: TypeScriptSource, node: ts.Node, store: ts.CallExpression): boolean {
  if (!isAtomics(source, node, 'load') || node.arguments.length !== 2) return false;
  return node.arguments.every(
    (each, i) =>
      textOf(source, each) === textOf(source, store.arguments[i]) && /^[\w$.#\s+*]+$/.test(textOf(source, each)) && !/\+\+/.test(textOf(source, each)),
  );
}

/** The lines of a statement on which nothing else stands, with the end of the last. */
function ownLines(source: TypeScriptSource, statement: ts.Statement) {
  const span = spanOf(source, statement);
  const lines = linesOf(source.text, span);
  return ownsItsLines(source, span) && !/\S/.test(source.text.slice(span.end, lines.end)) ? lines : undefined;
}
