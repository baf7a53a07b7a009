// Drop a late answer: each call takes a number, and stores its answer only while no later call has taken one.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, type TypeScriptPlace, type TypeScriptSource } from '../fix';
import { below, freshName, indentOf, lineEndOf, unitOf } from '../layout';
import { isAsync, isFunction, walkHere } from './functions';
import { importedFromNode } from './imports';
import { fieldEdits } from './kept-promise';
import { boundBy, isMentioned } from './names';
import { closest, ownsItsLines, spanOf, startWithComments, statementIn, walk } from './nodes';
import { isTyped, semicolonOf } from './style';

/** `const turn = ++this.latestLoad` before the first await, and `if (turn !== this.latestLoad) return` between the last await and what is stored. */
export const dropLateAnswer: Fix<'drop-late-answer'> = ({ site, awaited }, context) => {
  const [at, wait] = [context.typescriptAt(site), context.typescriptAt(awaited)];
  const found = at && closest(at.path, isFunction);
  if (!at || !wait || !found || closest(wait.path, isFunction)?.node !== found.node) return undefined;
  const { node: fn, above } = found;
  const { source } = at;
  const body = fn.body;
  if (!isAsync(fn) || !body || !ts.isBlock(body) || givesSomething(body)) return undefined;
  const waiting = waitsBefore(source, at, wait);
  if (!waiting || fn.parameters.some(({ name }) => ts.isIdentifier(name) && PART.test(name.text))) return undefined;
  const { first, last } = waiting;
  if (at.path.slice(at.path.indexOf(fn)).some((node) => ts.isIterationStatement(node, false)) || isOwed(fn, body, last.end)) return undefined;
  const name = nameOf(fn, above);
  const counter = counterFor(source, fn, above, freshName(source.text, `latest${name === undefined ? 'Request' : name[0].toUpperCase() + name.slice(1)}`));
  if (!counter) return undefined;
  const { text } = source;
  const [eol, end, turn] = [lineEndOf(text), semicolonOf(source), freshName(text, 'turn')];
  const indent = indentOf(text, spanOf(source, last).start) ?? '';
  return {
    title: name === undefined ? 'Drop the answer when it has been asked for anew meanwhile' : `Drop the answer when ${name}() has been called again meanwhile`,
    edits: inFile(at.file, [
      ...counter.edits,
      insertion(startWithComments(source, first), `const ${turn} = ++${counter.place}${end}${eol}${indent}`),
      below(text, spanOf(source, last), ...ifLater(source, `${turn} !== ${counter.place}`, end)),
    ]),
  };
};

/** In braces where the file has none without. */
function ifLater({ text }: TypeScriptSource, test: string, end: string): string[] {
  if (/^[ \t]*if \(.*\) return\b/m.test(text)) return [`if (${test}) return${end}`];
  return [`if (${test}) {`, `${unitOf(text)}return${end}`, '}'];
}

/** Whether something behind an offset has to be done by every call: a count that goes down, a callback of the caller, what gives back. */
function isOwed({ parameters }: ts.FunctionLikeDeclaration, body: ts.Block, from: number): boolean {
  const given = parameters.flatMap(({ name }) => boundBy(name));
  const visit = (node: ts.Node): boolean => {
    if (node.end <= from || isFunction(node)) return false;
    if (node.pos >= from && owes(node, given)) return true;
    // A finally comes in any case.
    if (ts.isTryStatement(node)) return [node.tryBlock, node.catchClause].some((part) => part !== undefined && visit(part));
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(body);
}

function owes(node: ts.Node, given: readonly string[]): boolean {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return node.operator === ts.SyntaxKind.MinusMinusToken;
  if (ts.isBinaryExpression(node)) return node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken;
  if (!ts.isCallExpression(node)) return false;
  const { expression: callee } = node;
  if (ts.isPropertyAccessExpression(callee)) return GIVES_BACK.test(callee.name.text);
  return ts.isIdentifier(callee) && (given.includes(callee.text) || GIVES_BACK.test(callee.text));
}

const GIVES_BACK = /^(?:release|unlock|done|resolve|reject|callback|cb|next|end|close|dispose|decrement)/i;

/** Whether its callers get a value, which one that drops its answer does not have. */
function givesSomething(body: ts.Block): boolean {
  return [...walkHere(body)].some((node) => ts.isReturnStatement(node) && node.expression !== undefined);
}

/** The first and the last statement that wait before what is stored, in the same list; none where the statement that stores waits itself. */
function waitsBefore(source: TypeScriptSource, at: TypeScriptPlace, wait: TypeScriptPlace): { first: ts.Statement; last: ts.Statement } | undefined {
  const place = statementIn(wait.path);
  const store = place?.list.find((each) => each.pos <= at.span.start && at.span.end <= each.end);
  if (!place || !store || [...walk(store)].some((each) => ts.isAwaitExpression(each) && each.pos < at.span.end)) return undefined;
  const before = place.list.slice(0, place.list.indexOf(store)).filter(waits);
  const [first, last] = [before[0], before.at(-1)];
  // What waits in a loop or a branch may have waited, or not.
  if (!first || !last || !(ts.isVariableStatement(last) || ts.isExpressionStatement(last))) return undefined;
  return ownsItsLines(source, spanOf(source, first)) && ownsItsLines(source, spanOf(source, last)) ? { first, last } : undefined;
}

function waits(statement: ts.Statement): boolean {
  return [...walkHere(statement)].some(ts.isAwaitExpression);
}

/** Calls that ask for different parts of one thing, all of which are wanted. */
const PART = /^(?:from|offset|page|cursor|skip|start|before|after|since|until|limit|index)(?![a-z])/;

/** What a person calls the function. */
function nameOf(fn: ts.FunctionLikeDeclaration, above: readonly ts.Node[]): string | undefined {
  if (fn.name && (ts.isIdentifier(fn.name) || ts.isPrivateIdentifier(fn.name))) return fn.name.text.replace(/^[#_]+/, '');
  const holder = above.findLast((node) => !ts.isCallExpression(node));
  return holder && (ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder)) && ts.isIdentifier(holder.name) ? holder.name.text : undefined;
}

/** Functions that run once for all that they make. */
const MAKES = /^(?:use[A-Z]|create|make|define|setup|build|init)/;

/** Where the numbers are counted: in a field, or in a variable of what holds the function. */
function counterFor(
  source: TypeScriptSource,
  fn: ts.FunctionLikeDeclaration,
  above: readonly ts.Node[],
  name: string,
): { place: string; edits: TextEdit[] } | undefined {
  const owner = above.at(-1)!;
  const end = semicolonOf(source);
  if (ts.isMethodDeclaration(fn) && ts.isClassLike(owner)) {
    const edits = fieldEdits(source, owner, '', `${isTyped(source) ? 'private ' : ''}${name} = 0${end}`);
    return edits && { place: `this.${name}`, edits };
  }
  const around = closest(above, isFunction)?.node;
  const holder = statementIn(above.length > 0 ? [...above, fn] : [fn]);
  if (!holder) return undefined;
  const called = around && nameOf(around, closest(above, isFunction)!.above);
  const inReact = /from ['"]react['"]|require\(['"]react['"]\)/.test(source.text);
  if (around && !(called !== undefined && (MAKES.test(called) || (inReact && /^[A-Z]/.test(called))))) return undefined;
  // A variable has to be there before the first call.
  const first =
    fn.name && ts.isIdentifier(fn.name)
      ? (holder.list.find((each) => isMentioned(each, [(fn.name as ts.Identifier).text])) ?? holder.statement)
      : holder.statement;
  const start = spanOf(source, first).start;
  const indent = indentOf(source.text, start);
  if (indent === undefined) return undefined;
  const line = (text: string) => insertion(start, `${text}${end}${lineEndOf(source.text)}${indent}`);
  if (!around || !inReact) return { place: name, edits: [line(`let ${name} = 0`)] };
  const ref = importedFromNode(source, 'react', 'useRef');
  return ref && { place: `${name}.current`, edits: [...ref.edits, line(`const ${name} = ${ref.name}(0)`)] };
}
