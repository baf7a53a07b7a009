// Limit concurrency: `Promise.all(list.map(work))` → a few at a time, by p-map where that is imported, else by a small function of the file.
import ts from 'typescript';
import { type Fix, inFile, insertion, replacement, type TypeScriptPlace, type TypeScriptSource } from '../fix';
import { freshName, lineEndOf, unitOf } from '../layout';
import { exactly } from './awaits';
import { isFunctionLiteral } from './functions';
import { spanOf } from './nodes';
import { isTyped, semicolonOf } from './style';

export const limitConcurrency: Fix<'limit-concurrency'> = ({ site, most }, context) => {
  const at = context.typescriptAt(site);
  const found = at && mappedAt(at);
  if (!at || !found) return undefined;
  const { source } = at;
  const { text } = source;
  const { join, map, list, callback } = found;
  const [start, work] = [spanOf(source, join).start, spanOf(source, callback)];
  const opening = text.indexOf('(', join.expression.end);
  // What stands between the parts is taken away, and no comment may go with it.
  const between = [text.slice(start, opening), text.slice(list.end, work.start), text.slice(work.end, map.end)];
  if (between.some((part) => /\/[/*]/.test(part))) return undefined;
  const mapper = mapperOf(source);
  return {
    title: `Work on ${most} at a time`,
    edits: inFile(at.file, [
      replacement({ start, end: opening }, mapper.name),
      replacement({ start: list.end, end: work.start }, mapper.isLibrary ? ', ' : `, ${most}, `),
      replacement({ start: work.end, end: map.end }, mapper.isLibrary ? `, { concurrency: ${most} }` : ''),
      ...(mapper.declaration ? [insertion(text.trimEnd().length, mapper.declaration)] : []),
    ]),
  };
};

interface Mapped {
  readonly join: ts.CallExpression;
  readonly map: ts.CallExpression;
  readonly list: ts.Expression;
  readonly callback: ts.Expression;
}

/** `Promise.all(list.map((item) => …))`, and nothing else in it. */
function mappedAt({ source, path, span }: TypeScriptPlace): Mapped | undefined {
  const join = exactly(source, path, span, ts.isCallExpression)?.node;
  const map = join?.arguments.length === 1 ? join.arguments[0] : undefined;
  if (!join || !map || !isPromiseAll(join) || !ts.isCallExpression(map) || map.typeArguments || map.arguments.length !== 1) return undefined;
  const { expression: callee } = map;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'map' || ts.isOptionalChain(map)) return undefined;
  const [callback] = map.arguments;
  // Another function may look at what else map hands over.
  return isFunctionLiteral(callback) && callback.parameters.length <= 2 ? { join, map, list: callee.expression, callback } : undefined;
}

function isPromiseAll({ expression, typeArguments }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || typeArguments) return false;
  return ts.isIdentifier(expression.expression) && expression.expression.text === 'Promise' && expression.name.text === 'all';
}

interface Mapper {
  readonly name: string;
  readonly isLibrary?: true;
  /** What the file has to declare for it. */
  readonly declaration?: string;
}

const NAME = 'mapLimited';

function mapperOf(source: TypeScriptSource): Mapper {
  const { text, tree } = source;
  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier) && statement.moduleSpecifier.text === 'p-map') {
      const name = statement.importClause?.name?.text;
      if (name) return { name, isLibrary: true };
    }
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === NAME && statement.parameters.length === 3) return { name: NAME };
  }
  const name = freshName(text, NAME);
  return { name, declaration: declarationOf(source, name) };
}

function declarationOf(source: TypeScriptSource, name: string): string {
  const [end, unit, semicolon] = [lineEndOf(source.text), unitOf(source.text), semicolonOf(source)];
  const typed = isTyped(source);
  const head = typed
    ? `async function ${name}<T, R>(items: readonly T[], most: number, work: (item: T, index: number) => R | Promise<R>): Promise<R[]> {`
    : `async function ${name}(items, most, work) {`;
  const lines = [
    '/** Works on at most so many items at a time; gives what comes of them in the order of the items. */',
    head,
    `${unit}const results${typed ? ': R[]' : ''} = []${semicolon}`,
    `${unit}const rest = items.entries()${semicolon}`,
    `${unit}const worker = async () => {`,
    `${unit}${unit}for (const [index, item] of rest) results[index] = await work(item, index)${semicolon}`,
    `${unit}}${semicolon}`,
    `${unit}await Promise.all(Array.from({ length: most }, worker))${semicolon}`,
    `${unit}return results${semicolon}`,
    '}',
  ];
  return `${end}${end}${lines.join(end)}`;
}
