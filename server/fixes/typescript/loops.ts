// Loops by callback: what is gone through with `list.forEach(…)` or a `map` whose outcome is dropped, and how.
import ts from 'typescript';
import type { Collection } from '../../rules/fix-intent';
import type { TypeScriptPlace, TypeScriptSource } from '../fix';
import { exactly, mayAwait } from './awaits';
import { isFunctionLiteral } from './functions';
import { textOf } from './nodes';

export interface CallbackLoop {
  readonly statement: ts.ExpressionStatement;
  readonly call: ts.CallExpression;
  readonly callee: ts.PropertyAccessExpression;
  readonly callback: ts.Expression;
  /** The text of what is gone through. */
  readonly list: string;
  /** Whether there may be nothing to go through: `list?.forEach(…)`. */
  readonly isOptional: boolean;
}

/** A statement that is such a loop and stands where it can be waited for. */
export function callbackLoopAt({ source, path, span }: TypeScriptPlace): CallbackLoop | undefined {
  const found = exactly(source, path, span, ts.isCallExpression);
  const statement = found?.above.at(-1);
  if (!found || !statement || !ts.isExpressionStatement(statement) || !mayAwait(found.above)) return undefined;
  const { node: call } = found;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || call.arguments.length !== 1 || call.questionDotToken || call.typeArguments) return undefined;
  if (callee.name.text !== 'forEach' && callee.name.text !== 'map') return undefined;
  const [callback] = call.arguments;
  if (ts.isSpreadElement(callback)) return undefined;
  const list = textOf(source, callee.expression);
  return { statement, call, callee, callback, list, isOptional: ts.isOptionalChain(call) };
}

/**
 * Whether it may be taken for an array: `forEach` of a Map gives values and keys where an array gives elements and indexes,
 * and has no map.
 */
export function isTakenForArray(collection: Collection, { list, callback }: CallbackLoop): boolean {
  if (collection !== 'unknown') return collection === 'array';
  // A snapshot or cursor of a database can only be gone through with forEach.
  if (/^new\s/.test(list) || /(?:[sS]nap(?:shot)?|[cC]ursor)\W*$/.test(list)) return false;
  if (/(?:[mM]ap|[sS]et|[cC]ache|[rR]egistry|[hH]eaders|[pP]arams|[fF]ormData|Nodes|Children|By[A-Z]\w*)s?\W*$/.test(list)) return false;
  if (!isFunctionLiteral(callback) || callback.parameters.length < 2) return true;
  const second = callback.parameters[1].name;
  return ts.isIdentifier(second) && /^_?(?:i|idx|index|n|at|nr|pos|position)$/i.test(second.text);
}

/** Whether it has `map()` for sure: what is like an array, such as nodes of a page, may have none, and that of numbers makes numbers. */
export function hasMap(collection: Collection, { list, callee }: CallbackLoop, { text }: TypeScriptSource): boolean {
  if (collection === 'array' || callee.name.text === 'map' || ts.isArrayLiteralExpression(callee.expression)) return true;
  if (/(?:Array\.(?:from|of)|Object\.(?:keys|values|entries)|\.(?:map|filter|flat|flatMap|slice|concat|split|sort|toSorted|reverse))\([\s\S]*\)$/.test(list))
    return true;
  const name = /[\w$#]+$/.exec(list)?.[0].replaceAll('$', '\\$');
  return (
    name !== undefined &&
    new RegExp(`${name}(?:\\??\\.(?:push|map|filter|slice|splice|concat|reduce|some|find|pop|shift|unshift|join|sort|every)\\b| = \\[|: [^,;)=]*\\[\\])`).test(
      text,
    )
  );
}
