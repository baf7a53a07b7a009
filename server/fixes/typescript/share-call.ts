// Share a call: calls that come while one is under way get its promise, instead of passing the same check and doing it again.
import ts from 'typescript';
import type { Site } from '../../summary/locate';
import { type Fix, type FixContext, inFile, insertion, replacement, type TypeScriptSource } from '../fix';
import { freshName, indentOf, lineEndOf, unitOf } from '../layout';
import { isAsync, isFunction } from './functions';
import { type Key, keptPromise, type Shareable } from './kept-promise';
import { closest, spanOf, textOf, walk } from './nodes';
import { isPure } from './purity';
import { isTyped, semicolonOf } from './style';

/**
 * `async connect() { if (!this.client) this.client = await dial(); }` becomes `connectOnce()`, and `connect()` keeps its
 * promise for whoever comes meanwhile. Only where all that a call does is seeing to it that the place is filled, so that
 * two of them cannot ask for different things.
 */
export const shareCall: Fix<'share-call'> = ({ site, checked, key }, context) => {
  const at = context.typescriptAt(site);
  const found = at && closest(at.path, isFunction);
  const fn = found?.node;
  if (!at || !fn || !isShareable(fn) || !isAsync(fn)) return undefined;
  const { above } = found;
  const { source } = at;
  const promised = promisedBy(source, fn);
  const parameter = parameterOf(fn, key);
  if (promised === undefined || parameter === undefined || !isOnlyFilling(source, fn, checked, context)) return undefined;
  if (isUsedIn(fn.body, fn) || hasOverloads(above.at(-1)!, fn)) return undefined;
  const indent = indentOf(source.text, spanOf(source, fn).start);
  if (indent === undefined) return undefined;
  const bare = fn.name.text.replace(/^[#_]+/, '');
  const mark = ts.isPrivateIdentifier(fn.name) ? '#' : /^_*/.exec(fn.name.text)![0];
  const once = freshName(source.text, `${mark}${bare}Once`);
  const plural = parameter ? 'Promises' : 'Promise';
  const place = checkedPlace(source, checked, context);
  const kept = keptPromise(source, fn, above, place, freshName(source.text, `${/^this\.#/.test(place) ? '#' : mark}${bare}${plural}`), promised, parameter);
  if (!kept) return undefined;
  const [eol, unit, semi] = [lineEndOf(source.text), unitOf(source.text), semicolonOf(source)];
  const call = `${kept.owner}${once}(${parameter?.name ?? ''})`;
  const lines = parameter ? keyedLines(kept.place, call, parameter.name, source, semi) : sharedLines(kept.place, call, unit, semi);
  const block = ['{', ...lines.map((line) => `${indent}${unit}${line}`), `${indent}}`].join(eol);
  const modifier = ts.isMethodDeclaration(fn) && isTyped(source) && !once.startsWith('#') ? 'private ' : '';
  const word = ts.isFunctionDeclaration(fn) ? 'function ' : '';
  const signature = source.text.slice(fn.name.end, spanOf(source, fn.body).start);
  const keyword = fn.modifiers!.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)!;
  const start = spanOf(source, keyword).start;
  return {
    title: `Let calls of ${fn.name.text}() that come meanwhile wait for the same promise`,
    edits: inFile(at.file, [
      ...kept.edits,
      replacement({ start, end: start + /^async\s+/.exec(source.text.slice(start))![0].length }, ''),
      insertion(spanOf(source, fn.body).start, `${block}${eol}${eol}${indent}${modifier}async ${word}${once}${signature}`),
    ]),
  };
};

function sharedLines(place: string, call: string, unit: string, semi: string): string[] {
  return [`${place} ??= ${call}.finally(() => {`, `${unit}${place} = undefined${semi}`, `})${semi}`, `return ${place}${semi}`];
}

function keyedLines(place: string, call: string, key: string, source: TypeScriptSource, semi: string): string[] {
  const pending = freshName(source.text, 'pending');
  const unit = unitOf(source.text);
  return [
    `let ${pending} = ${place}.get(${key})${semi}`,
    `if (!${pending}) {`,
    `${unit}${pending} = ${call}.finally(() => ${place}.delete(${key}))${semi}`,
    `${unit}${place}.set(${key}, ${pending})${semi}`,
    '}',
    `return ${pending}${semi}`,
  ];
}

function isShareable(fn: ts.FunctionLikeDeclaration): fn is Shareable {
  if (!ts.isMethodDeclaration(fn) && !ts.isFunctionDeclaration(fn)) return false;
  if (!fn.name || !fn.body || fn.asteriskToken || fn.typeParameters) return false;
  if (!ts.isIdentifier(fn.name) && !ts.isPrivateIdentifier(fn.name)) return false;
  return !fn.modifiers?.some((each) => ts.isDecorator(each) || each.kind === ts.SyntaxKind.StaticKeyword);
}

/** What the promise of a function gives, as its author has written it; empty in JavaScript. */
function promisedBy(source: TypeScriptSource, { type }: Shareable): string | undefined {
  if (!isTyped(source)) return '';
  if (!type || !ts.isTypeReferenceNode(type) || textOf(source, type.typeName) !== 'Promise' || type.typeArguments?.length !== 1) return undefined;
  return textOf(source, type.typeArguments[0]);
}

/** The one parameter by which calls differ; null where there is none, undefined where they may differ otherwise. */
function parameterOf({ parameters }: Shareable, key: string | undefined): Key | null | undefined {
  if (key === undefined) return parameters.length === 0 ? null : undefined;
  const [only] = parameters;
  if (parameters.length !== 1 || only.dotDotDotToken || only.questionToken || only.initializer || !ts.isIdentifier(only.name)) return undefined;
  return only.name.text === key ? { name: key, type: only.type } : undefined;
}

/** Whether the body uses the function itself, in a way that may lead to another call of it. */
function isUsedIn(body: ts.Block, fn: Shareable): boolean {
  const nodes = [...walk(body)];
  const accesses = nodes.filter(ts.isPropertyAccessExpression);
  if (ts.isMethodDeclaration(fn)) return accesses.some(({ name, expression }) => name.text === fn.name.text && isThis(expression));
  const properties = new Set<ts.Node>(accesses.map(({ name }) => name));
  return nodes.some((node) => ts.isIdentifier(node) && node.text === fn.name.text && !properties.has(node));
}

function isThis({ kind }: ts.Node): boolean {
  return kind === ts.SyntaxKind.ThisKeyword || kind === ts.SyntaxKind.SuperKeyword;
}

/** Overloads stand beside it, each with its own line of parameters. */
function hasOverloads(holder: ts.Node, fn: Shareable): boolean {
  let count = 0;
  ts.forEachChild(holder, (each) => {
    if ((ts.isMethodDeclaration(each) || ts.isFunctionDeclaration(each)) && each.name && ts.isIdentifier(each.name) && each.name.text === fn.name.text) count++;
  });
  return count > 1;
}

/**
 * Whether a call does nothing but fill a place where it is found empty: what it does otherwise, before the check and where
 * the place is full, is looking.
 */
function isOnlyFilling(source: TypeScriptSource, { body }: Shareable, checked: Site, context: FixContext): boolean {
  const at = context.typescriptAt(checked);
  if (!at) return false;
  const { statements } = body;
  const first = statements.findIndex((each) => each.pos <= at.span.start && at.span.end <= each.end);
  const index = statements.findIndex((each, i) => i >= first && ts.isIfStatement(each));
  if (first < 0 || index < 0) return false;
  if (
    !statements
      .slice(0, index)
      .every((each) => ts.isVariableStatement(each) && each.declarationList.declarations.every(({ initializer }) => !initializer || isPure(initializer)))
  )
    return false;
  const check = statements[index] as ts.IfStatement;
  if (check.elseStatement) return false;
  const rest = statements.slice(index + 1);
  // `if (full) return it;`, and all that fills it behind that.
  if (isLookedUp(source, check.thenStatement)) return rest.length > 0;
  // `if (empty) { fill }`, and what is there now.
  return rest.length === 0 || (rest.length === 1 && ts.isReturnStatement(rest[0]) && (!rest[0].expression || isPure(rest[0].expression)));
}

/** A return of what is there, perhaps after a note on it such as when it was last used. */
function isLookedUp(source: TypeScriptSource, statement: ts.Statement): boolean {
  const list = ts.isBlock(statement) ? statement.statements : [statement];
  const last = list.at(-1);
  if (!last || !ts.isReturnStatement(last) || (last.expression && !isPure(last.expression))) return false;
  return list.slice(0, -1).every((each) => ts.isExpressionStatement(each) && isNote(source, each.expression));
}

function isNote(source: TypeScriptSource, node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left) &&
    (isPure(node.right) || /^(?:Date|performance)\.now\(\)$/.test(textOf(source, node.right)))
  );
}

/** The text of the place that is checked: `this.client`, `sockets`. */
function checkedPlace(source: TypeScriptSource, checked: Site, context: FixContext): string {
  const span = context.typescriptAt(checked)?.span;
  return span ? source.text.slice(span.start, span.end) : '';
}
