// Take a listener off: the method that ends an object takes off what its methods have put on things that live on.
import ts from 'typescript';
import type { Site } from '../../summary/locate';
import { type Fix, type FixContext, inFile, type TypeScriptSource } from '../fix';
import { indentOf, lineEndOf } from '../layout';
import { exactly } from './awaits';
import { importOf } from './bindings';
import { endedIn } from './end-with-owner';
import { functionIn, hasModifier, isFunction } from './functions';
import { closest, isOwnField, spanOf, textOf } from './nodes';
import { semicolonOf } from './style';

/** `window.removeEventListener('resize', this.onResize);` in `dispose()`, for all that the object leaves there, or for none. */
export const takeListenerOff: Fix<'take-listener-off'> = ({ site, also, end }, context) => {
  const closing = context.typescriptAt(end);
  const ending = closing && functionIn(closing.path);
  const owner = closing && closest(closing.path, ts.isClassLike)?.node;
  const first = ending?.body && ts.isBlock(ending.body) ? ending.body.statements[0] : undefined;
  if (!closing || !ending || !owner || !first || !owner.members.some((member) => member === ending)) return undefined;
  const removals: string[] = [];
  for (const each of [site, ...also]) {
    const removal = removalOf(each, closing.file, owner, context);
    if (removal === undefined) return undefined;
    if (!removals.includes(removal)) removals.push(removal);
  }
  const { source } = closing;
  const indent = indentOf(source.text, spanOf(source, first).start);
  const edits = endedIn(source, ending, removals.join(`${semicolonOf(source)}${lineEndOf(source.text)}${indent}`));
  const what = removals.length === 1 ? 'the listener' : `${removals.length} listeners`;
  return (
    edits && { title: `Take ${what} off in ${ending.name ? textOf(source, ending.name) : 'the method that ends it'}()`, edits: inFile(closing.file, edits) }
  );
};

const BACK: Readonly<Record<string, string>> = {
  addEventListener: 'removeEventListener',
  addListener: 'removeListener',
  prependListener: 'removeListener',
  on: 'off',
};

/** The call that takes off what a call has put on; undefined where the function or the target is another one by then. */
function removalOf(site: Site, file: string, owner: ts.ClassLikeDeclaration, context: FixContext): string | undefined {
  const at = context.typescriptAt(site);
  const found = at && at.file === file ? exactly(at.source, at.path, at.span, ts.isCallExpression) : undefined;
  if (!at || !found || !isOfOwner(found.above, owner) || !ts.isExpressionStatement(found.above.at(-1)!)) return undefined;
  const { source } = at;
  const { expression: callee, arguments: given } = found.node;
  const [event, listener, options] = given;
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken || !ts.isStringLiteral(event) || !isSameFunction(source, listener, owner))
    return undefined;
  const back = Object.hasOwn(BACK, callee.name.text) ? BACK[callee.name.text] : undefined;
  if (back === undefined || !isStill(source, callee.expression, owner)) return undefined;
  const how = options ? textOf(source, options) : '';
  // It is found again by whether it captures, and by nothing else of what was said.
  const captures = /^\{.*\bcapture: true\b.*\}$/.test(how) ? ', { capture: true }' : how === 'true' ? ', true' : '';
  if (captures === '' && !/^(?:|false|\{\s*passive: (?:true|false)\s*\})$/.test(how)) return undefined;
  return `${textOf(source, callee.expression)}.${back}(${textOf(source, event)}, ${textOf(source, listener)}${captures})`;
}

/** Whether `this` is the owner's object on the whole way. */
function isOfOwner(path: readonly ts.Node[], owner: ts.ClassLikeDeclaration): boolean {
  const at = path.indexOf(owner);
  const [method, ...inner] = at < 0 ? [] : path.slice(at + 1).filter(isFunction);
  return method !== undefined && inner.every(ts.isArrowFunction) && !path.slice(at + 1).some(ts.isClassLike);
}

/** A method, or a field that is given its function where it is declared, and no other. */
function isSameFunction(source: TypeScriptSource, listener: ts.Expression, owner: ts.ClassLikeDeclaration): boolean {
  if (!isOwnField(listener)) return false;
  const name = textOf(source, listener.name);
  const declared = owner.members.some(
    (member) =>
      (ts.isMethodDeclaration(member) || (ts.isPropertyDeclaration(member) && member.initializer !== undefined)) && textOf(source, member.name) === name,
  );
  return declared && !isAssigned(source, owner, name);
}

/** What everybody has, what is imported, or a field that is set once. */
function isStill(source: TypeScriptSource, target: ts.Expression, owner: ts.ClassLikeDeclaration): boolean {
  if (ts.isIdentifier(target)) return /^(?:window|document|process|globalThis)$/.test(target.text) || importOf(source, target.text) !== undefined;
  if (!isOwnField(target)) return ts.isPropertyAccessExpression(target) && !target.questionDotToken && isStill(source, target.expression, owner);
  const name = textOf(source, target.name);
  return owner.members.some(
    (member) =>
      (ts.isPropertyDeclaration(member) && textOf(source, member.name) === name && isReadonly(member)) ||
      (ts.isConstructorDeclaration(member) && member.parameters.some((each) => textOf(source, each.name) === name && isReadonly(each))),
  );
}

function isReadonly(declaration: ts.PropertyDeclaration | ts.ParameterDeclaration): boolean {
  return hasModifier(declaration, ts.SyntaxKind.ReadonlyKeyword);
}

function isAssigned(source: TypeScriptSource, owner: ts.ClassLikeDeclaration, name: string): boolean {
  return new RegExp(`this\\.${name.replaceAll('$', '\\$')}\\s*=(?![=>])`).test(textOf(source, owner));
}
