// Error log: how a TypeScript file tells of what goes wrong, where a site can do so in the same way.
import ts from 'typescript';
import type { TypeScriptPlace, TypeScriptSource } from '../fix';
import { quoteOf } from '../layout';
import { importOf } from './bindings';
import { hasModifier, isFunction } from './functions';
import { boundBy, declaredIn } from './names';
import { closest, isOwnField, textOf, walk } from './nodes';

/** A call such as `this.logger.error(error)`, with the arguments in the manner of the file's own; `console` where it has no other. */
export function errorLogAt(place: TypeScriptPlace, what: string, error: string): string {
  const { source } = place;
  const usual = loggerCalls(place.source.tree).filter(({ logger }) => isInReach(textOf(source, logger), place));
  const found = usual.find(({ method }) => method === 'error') ?? usual[0];
  if (!found) return `console.error(${error})`;
  const logger = textOf(source, found.logger);
  return `${logger}.error(${found.method === 'error' ? argumentsLike(source, found.call, what, error) : error})`;
}

interface LoggerCall {
  readonly call: ts.CallExpression;
  readonly logger: ts.Expression;
  readonly method: string;
}

function loggerCalls(tree: ts.SourceFile): LoggerCall[] {
  const found: LoggerCall[] = [];
  for (const call of walk(tree)) {
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression) || call.expression.questionDotToken) continue;
    const { expression: logger, name } = call.expression;
    const last = isOwnField(logger) ? logger.name : logger;
    if (
      (ts.isIdentifier(last) || ts.isPrivateIdentifier(last)) &&
      /^(?:#|_)?(?:\w*[lL]og(?:ger)?)$/.test(last.text) &&
      /^(?:error|warn|info|debug)$/.test(name.text)
    )
      found.push({ call, logger, method: name.text });
    else if (ts.isIdentifier(logger) && logger.text === 'console' && name.text === 'error') found.push({ call, logger, method: name.text });
  }
  return found;
}

/** A field of the very class, where `this` is its object; a name of the whole file that nothing closer has. */
function isInReach(logger: string, { source, path }: TypeScriptPlace): boolean {
  if (logger.startsWith('this.')) {
    const owner = closest(path, ts.isClassLike)?.node;
    const within = owner ? path.slice(path.indexOf(owner) + 1).filter(isFunction) : [];
    const [method, ...inner] = within;
    const isOfObject = method !== undefined && !hasModifier(method, ts.SyntaxKind.StaticKeyword);
    return owner !== undefined && hasField(source, owner, logger.slice('this.'.length)) && isOfObject && inner.every(ts.isArrowFunction);
  }
  const closer = path
    .filter(isFunction)
    .some(({ parameters, body }) => parameters.some(({ name }) => boundBy(name).includes(logger)) || declares(body, logger));
  return (
    !closer && (logger === 'console' || importOf(source, logger) !== undefined || source.tree.statements.some((each) => declaredIn(each).includes(logger)))
  );
}

function hasField(source: TypeScriptSource, owner: ts.ClassLikeDeclaration, name: string): boolean {
  return owner.members.some(
    (member) =>
      (ts.isPropertyDeclaration(member) && textOf(source, member.name) === name) ||
      (ts.isConstructorDeclaration(member) &&
        (member.parameters.some((each) => each.modifiers && textOf(source, each.name) === name) || textOf(source, member).includes(`this.${name} = `))),
  );
}

function declares(body: ts.Node | undefined, name: string): boolean {
  return body !== undefined && [...walk(body)].some((each) => ts.isVariableDeclaration(each) && boundBy(each.name).includes(name));
}

/** `(error)`, `('save() failed:', error)` or `({ err: error }, 'save() failed')`, as another call has them. */
function argumentsLike(source: TypeScriptSource, { arguments: given }: ts.CallExpression, what: string, error: string): string {
  const [first, second] = given;
  if (!first || !second) return error;
  const quote = quoteOf(source.text);
  const says = (end = '') => `${quote}${what} failed${end}${quote}`;
  if (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first)) {
    const end = /:\s*.$/.test(textOf(source, first)) ? ':' : '';
    const named = ts.isObjectLiteralExpression(second) ? second.properties[0]?.name : undefined;
    if (named && /^(?:err|error)$/.test(textOf(source, named))) return `${says()}, ${underName(textOf(source, named), error)}`;
    return ts.isObjectLiteralExpression(second) ? error : `${says(end)}, ${error}`;
  }
  const named = ts.isObjectLiteralExpression(first) ? first.properties[0]?.name : undefined;
  return named && /^(?:err|error)$/.test(textOf(source, named)) ? `${underName(textOf(source, named), error)}, ${says()}` : error;
}

function underName(name: string, error: string): string {
  return name === error ? `{ ${name} }` : `{ ${name}: ${error} }`;
}
