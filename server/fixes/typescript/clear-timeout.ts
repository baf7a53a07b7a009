// Clear a timeout: what is raced against the time ends the timeout when it is done first.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, replacement, type TypeScriptSource } from '../fix';
import { freshName, indentOf, lineEndOf, lineIndentOf, unitOf } from '../layout';
import { exactly } from './awaits';
import { type FunctionLiteral, isExecutor, isFunction, walkHere } from './functions';
import { followingOf, moved, spanOf, statementIn, textOf, walk } from './nodes';
import { isTyped, semicolonOf } from './style';

/** `Promise.race([work(), timeout])` → `Promise.race([work(), timeout]).finally(() => clearTimeout(timer))`. */
export const clearTimeoutAfterRace: Fix<'clear-timeout'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const call = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  const promise = call && promiseAround(call.above);
  const held = promise && statementIn(promise.above);
  if (!at || !call || !promise || !held) return undefined;
  const { source } = at;
  const race = raceOf(promise.above, held);
  const before = spanOf(source, held.statement).start;
  const indent = indentOf(source.text, before);
  if (!race || indent === undefined) return undefined;
  const name = freshName(textOf(source, promise.above.find(isFunction) ?? source.tree), 'timer');
  const kept = keptIn(source, promise.executor, call.node, call.above.at(-1), name);
  if (!kept) return undefined;
  const end = semicolonOf(source) || (/[([`]/.test(source.text[before]) ? ';' : '');
  const declaration = `let ${name}${isTyped(source) ? ': ReturnType<typeof setTimeout> | undefined' : ''}${end}`;
  return {
    title: 'Clear the timeout as soon as the race is over',
    edits: inFile(at.file, [
      insertion(before, `${declaration}${lineEndOf(source.text)}${indent}`),
      ...kept,
      insertion(race.end, `.finally(() => clearTimeout(${name}))`),
    ]),
  };
};

/** The promise whose executor holds a call, with nothing but statements in between. */
function promiseAround(path: readonly ts.Node[]): { readonly executor: FunctionLiteral; readonly above: readonly ts.Node[] } | undefined {
  const at = path.findLastIndex(isFunction);
  const executor = path[at];
  return isExecutor(executor, path[at - 1]) ? { executor, above: path.slice(0, at) } : undefined;
}

/** The race that the promise takes part in: around it, or further down in the same list of statements, by its name. */
function raceOf(path: readonly ts.Node[], held: { readonly statement: ts.Statement; readonly list: readonly ts.Statement[] }): ts.CallExpression | undefined {
  const [race, array] = path.slice(-3);
  // A function in between would have one timer for all its calls.
  if (path.slice(path.indexOf(held.statement)).some(isFunction)) return undefined;
  if (race && array && ts.isArrayLiteralExpression(array) && isRace(race)) return race;
  const declaration = path.at(-2);
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const { text } = declaration.name;
  if (held.list.flatMap((each) => [...walk(each)]).filter((node) => ts.isIdentifier(node) && node.text === text).length !== 2) return undefined;
  for (const later of followingOf(held)) {
    const races = [...walkHere(later)].filter(isRace);
    const found = races.find(({ arguments: [raced] }) => raced.elements.some((each) => ts.isIdentifier(each) && each.text === text));
    if (found) return found;
  }
  return undefined;
}

interface Race extends ts.CallExpression {
  readonly arguments: ts.NodeArray<ts.Expression> & readonly [ts.ArrayLiteralExpression];
}

function isRace(node: ts.Node): node is Race {
  return (
    ts.isCallExpression(node) &&
    node.arguments.length === 1 &&
    ts.isArrayLiteralExpression(node.arguments[0]) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'race' &&
    ts.isIdentifier(node.expression.expression) &&
    node.expression.expression.text === 'Promise'
  );
}

/** The edits that keep what the call gives under a name. */
function keptIn(
  source: TypeScriptSource,
  executor: FunctionLiteral,
  call: ts.CallExpression,
  parent: ts.Node | undefined,
  name: string,
): TextEdit[] | undefined {
  const { start, end } = spanOf(source, call);
  if (parent && ts.isExpressionStatement(parent)) return [insertion(start, `${name} = `)];
  if (parent !== executor || !ts.isArrowFunction(executor)) return undefined;
  const { text } = source;
  const arrow = executor.equalsGreaterThanToken.end;
  if (/\S/.test(text.slice(arrow, start))) return undefined;
  const outer = lineIndentOf(text, arrow);
  const lineEnd = lineEndOf(text);
  const inner = outer + unitOf(text);
  const body = moved(source, { start, end }, lineIndentOf(text, start), inner);
  // Behind a block neither the comma nor the line end of a list with a line for each argument is of use.
  const rest = /^,?\s*(?=\))/.exec(text.slice(end))?.[0].length ?? 0;
  return [replacement({ start: arrow, end: end + rest }, ` {${lineEnd}${inner}${name} = ${body}${semicolonOf(source)}${lineEnd}${outer}}`)];
}
