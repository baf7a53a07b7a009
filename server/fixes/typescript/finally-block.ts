// Give back in a finally: what runs while something is taken goes into a try, and what gives it back into its finally.
import ts from 'typescript';
import type { Site } from '../../summary/locate';
import type { TextEdit } from '../../text/edit';
import { type Fix, type FixContext, inFile, insertion, replacement, type TypeScriptSource } from '../fix';
import { indentOf, lineEndOf, linesOf, lineTailOf, unitOf } from '../layout';
import { declaredIn, isMentioned } from './names';
import { deeper, followingOf, ownsItsLines, spanOf, startWithComments, statementIn, textOf, walk } from './nodes';

/** `const x = take(); work(); x.release()` → `const x = take(); try { work() } finally { x.release() }`. */
export const releaseInFinallyBlock: Fix<'release-in-finally'> = ({ site, taken, releases }, context) => {
  const at = context.typescriptAt(site);
  const last = at && statementIn(at.path);
  if (!at || !last || !isPlainRelease(last.statement)) return undefined;
  const { source } = at;
  const start = taken ? indexAfter(taken, last.list, context) : 0;
  const end = last.list.indexOf(last.statement);
  if (start === undefined || start >= end) return undefined;
  const early = earlyReleases(
    releases.filter((each) => each.point !== site.point || each.function !== site.function),
    last.list.slice(start, end),
    context,
  );
  const covered = early && coveredBy(source, last.list, start, end);
  if (!early || covered === undefined) return undefined;
  const edits = editsOf(source, last.list, start, end, covered, early);
  return edits && { title: `Give back in a finally: ${textOf(source, last.statement).replace(/;$/, '')}`, edits: inFile(at.file, edits) };
};

const GIVES = /^[_#]*(?:release|unlock|free|leave|exit|signal|post|up|give|put|check_?in|end|close|dispose|destroy|done|delete|dec)/i;

/**
 * A statement that does nothing but give back: a flag lowered, an entry deleted, a call by a name that says so. A commit is
 * none, nor is work that is handed what has been taken.
 */
function isPlainRelease(statement: ts.Statement): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  if (!ts.isCallExpression(call)) return !ts.isAwaitExpression(expression);
  const callee = call.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  return GIVES.test(name);
}

/** Where what runs while it is taken begins: behind a statement that does nothing but take it. */
function indexAfter(taken: Site, list: readonly ts.Statement[], context: FixContext): number | undefined {
  const at = context.typescriptAt(taken);
  const statement = at && statementIn(at.path)?.statement;
  if (!statement || !(ts.isExpressionStatement(statement) || ts.isVariableStatement(statement))) return undefined;
  const index = list.findIndex((each) => each.pos === statement.pos && each.end === statement.end);
  return index < 0 ? undefined : index + 1;
}

/** The earlier ones, each of which the function is left right behind; undefined where one stands otherwise. */
function earlyReleases(sites: readonly Site[], region: readonly ts.Statement[], context: FixContext): ts.Statement[] | undefined {
  const found: ts.Statement[] = [];
  for (const site of sites) {
    const at = context.typescriptAt(site);
    const place = at && statementIn(at.path);
    const within = place && region.some((each) => each.pos <= place.statement.pos && place.statement.end <= each.end);
    if (!place || !within || !isPlainRelease(place.statement)) return undefined;
    const [next] = followingOf(place);
    // What the function is left with must not need the lock to be given back first.
    if (!next || !(ts.isReturnStatement(next) || ts.isThrowStatement(next)) || mayWait(next)) return undefined;
    found.push(place.statement);
  }
  return found;
}

/** How many statements behind the release have to come along, since they need what is declared before it: one return at most. */
function coveredBy(source: TypeScriptSource, list: readonly ts.Statement[], start: number, end: number): 0 | 1 | undefined {
  const region = list.slice(start, end);
  // A function that is declared there is known in the whole list, and what has no block of its own ends with one.
  if (region.some((each) => ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each) || ts.isEnumDeclaration(each) || ts.isLabeledStatement(each)))
    return undefined;
  const names = region.flatMap(declaredIn);
  const rest = list.slice(end + 1);
  const needed = rest.some((each) => isMentioned(each, names));
  // A function above may use them too: a closure that is made before they are there.
  if (list.slice(0, start).some((each) => isMentioned(each, names))) return undefined;
  if (!needed) return 0;
  return rest.length === 1 && ts.isReturnStatement(rest[0]) && !doesSomething(rest[0]) && ownsItsLines(source, spanOf(source, rest[0])) ? 1 : undefined;
}

/** Whether evaluating it might matter to who waits for the release. */
function doesSomething(node: ts.Node): boolean {
  return [...walk(node)].some(
    (each) => ts.isCallExpression(each) || ts.isNewExpression(each) || ts.isAwaitExpression(each) || ts.isTaggedTemplateExpression(each),
  );
}

function mayWait(node: ts.Node): boolean {
  return [...walk(node)].some((each) => ts.isAwaitExpression(each) || (ts.isCallExpression(each) && ts.isReturnStatement(node)));
}

function editsOf(
  source: TypeScriptSource,
  list: readonly ts.Statement[],
  start: number,
  end: number,
  covered: 0 | 1,
  early: readonly ts.Statement[],
): TextEdit[] | undefined {
  const { text } = source;
  const moved = [list[start], list[end - 1], list[end], ...early];
  if (!moved.every((each) => ownsItsLines(source, spanOf(source, each)))) return undefined;
  const [eol, unit] = [lineEndOf(text), unitOf(text)];
  const indent = indentOf(text, spanOf(source, list[start]).start) ?? '';
  // Comments above a statement go with it.
  const begin = startWithComments(source, list[start]);
  const release = { start: lineTailOf(text, list[end - 1].end), end: lineTailOf(text, list[end].end) };
  const lines = text.slice(release.start, release.end).trim();
  const gone = early.map((each) => linesOf(text, spanOf(source, each)));
  const closing = `${eol}${indent}} finally {${eol}${indent}${unit}${lines.replace(/(\r\n|\n|\r)(?=[^\r\n])/g, `$1${unit}`)}${eol}${indent}}`;
  const body = { start: begin, end: covered === 1 ? lineTailOf(text, list[end + 1].end) : release.start };
  return [
    insertion(begin, `try {${eol}${indent}${unit}`),
    ...deeper(source, body, [...gone, release]),
    ...gone.map((span) => replacement(span, '')),
    ...(covered === 1 ? [replacement(release, ''), insertion(body.end, closing)] : [replacement(release, closing)]),
  ];
}
