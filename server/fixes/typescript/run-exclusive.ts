// Run exclusively: what a function does between a read and a write runs with a mutex that is there already.
import ts from 'typescript';
import { type Fix, inFile, insertion, type TypeScriptSource } from '../fix';
import { indentOf, lineEndOf, lineTailOf, unitOf } from '../layout';
import { functionIn, isAsync, walkHere } from './functions';
import { declaredIn, isConst, isMentioned } from './names';
import { deeper, ownsItsLines, spanOf, startWithComments, walk } from './nodes';
import { semicolonOf } from './style';

/** `return this.mutex.runExclusive(async () => { … })` around the body, or `await` of that around the statements in question. */
export const runExclusive: Fix<'run-exclusive'> = ({ site, along, mutex }, context) => {
  const places = [site, ...along].map((each) => context.typescriptAt(each));
  const [at] = places;
  const fn = at && functionIn(at.path);
  const body = fn?.body;
  if (!at || !fn || !body || !ts.isBlock(body) || !isAsync(fn) || ('asteriskToken' in fn && fn.asteriskToken)) return undefined;
  const { source } = at;
  if (!isMutex(source, mutex) || !hasNoOwnWords(body) || (!mutex.startsWith('this.') && isMentioned(fn, [mutex]))) return undefined;
  const { statements } = body;
  const indexes = places.map((place) => statements.findIndex((each) => place !== undefined && each.pos <= place.span.start && place.span.end <= each.end));
  if (indexes.includes(-1)) return undefined;
  const start = beginOf(statements, Math.min(...indexes));
  const end = endOf(statements, start, Math.max(...indexes));
  const region = statements.slice(start, end + 1);
  const from = startWithComments(source, region[0]);
  const to = region.at(-1)!.end;
  if (!region.every((each) => ownsItsLines(source, spanOf(source, each))) || isNarrowedBefore(statements, start, region)) return undefined;
  const [eol, unit, indent, semi] = [lineEndOf(source.text), unitOf(source.text), indentOf(source.text, from), semicolonOf(source)];
  if (indent === undefined) return undefined;
  const word = region.some(returns) ? 'return' : 'await';
  // Behind a comment on the last one's line.
  const behind = source.text.slice(0, lineTailOf(source.text, to)).trimEnd().length;
  return {
    title: `Run this with ${mutex}, one call at a time`,
    edits: inFile(at.file, [
      insertion(from, `${word} ${mutex}.runExclusive(async () => {${eol}${indent}${unit}`),
      ...deeper(source, { start: from, end: to }),
      insertion(behind, `${eol}${indent}})${semi}`),
    ]),
  };
};

/** A lock that lets in one at a time, and that has the method; another class of the file may call a semaphore by the same name. */
function isMutex({ text }: TypeScriptSource, mutex: string): boolean {
  const name = mutex.replace(/^this\./, '').replaceAll('$', '\\$');
  const made = [...text.matchAll(new RegExp(`(?<![\\w$#])${name}(?:\\s*:[^=;\\n]*)?\\s*=(?!=)\\s*(?:withTimeout\\()?(?:new (\\w+)\\()?`, 'g'))];
  const isLibrary = /(?:from |require\()['"]async-mutex['"]/.test(text) && made.every(([, type]) => type === 'Mutex');
  return made.length > 0 && made.every(([, type]) => /Mutex$|Lock$/.test(type ?? '')) && (isLibrary || text.includes(`${mutex}.runExclusive(`));
}

/** What an arrow function does not have, or what belongs to the function around it. */
function hasNoOwnWords(body: ts.Block): boolean {
  return !isMentioned(body, ['arguments']) && ![...walk(body)].some(ts.isYieldExpression);
}

/** What is done before the first of the statements stays outside, as far as nothing is decided there. */
function beginOf(statements: readonly ts.Statement[], first: number): number {
  const decides = (each: ts.Statement) => !ts.isExpressionStatement(each) && !(ts.isVariableStatement(each) && isConst(each));
  const at = statements.slice(0, first).findIndex(decides);
  return at < 0 ? first : at;
}

/** Up to the last of the statements; to the end of the list where one returns, or declares what is used behind it. */
function endOf(statements: readonly ts.Statement[], start: number, last: number): number {
  const region = statements.slice(start, last + 1);
  const names = region.flatMap(declaredIn);
  const isWhole = region.some(returns) || statements.slice(last + 1).some((each) => isMentioned(each, names) || returns(each));
  return isWhole ? statements.length - 1 : last;
}

/** What a variable holds after it has been set is not known in a function that is called later. */
function isNarrowedBefore(statements: readonly ts.Statement[], start: number, region: readonly ts.Statement[]): boolean {
  const names = statements
    .slice(0, start)
    .flatMap((each) => [...walk(each)].flatMap((node) => (ts.isBinaryExpression(node) && ts.isIdentifier(node.left) ? [node.left.text] : [])));
  return region.some((each) => isMentioned(each, names));
}

function returns(node: ts.Node): boolean {
  return [...walkHere(node)].some(ts.isReturnStatement);
}
