// Catch in a handler: what goes wrong for one request or connection is told, and ends that one alone.
import ts from 'typescript';
import type { ServedBy } from '../../rules/fix-intent';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, type TypeScriptSource } from '../fix';
import { below, freshName, indentOf, lineEndOf, lineIndentOf, lineTailOf, unitOf } from '../layout';
import { exactly } from './awaits';
import { type FunctionLiteral, isAsync, isFunctionLiteral } from './functions';
import { deeper, ownsItsLines, spanOf, textOf } from './nodes';
import { semicolonOf } from './style';

/** A `try` around the body of an async function that is given on the spot, or a `catch()` behind the promise that a short one hands on. */
export const catchInHandler: Fix<'catch-in-handler'> = ({ site, served }, context) => {
  const at = context.typescriptAt(site);
  const call = at && exactly(at.source, at.path, at.span, ts.isCallExpression)?.node;
  const handler = call?.arguments.at(-1);
  if (!at || !handler || !isFunctionLiteral(handler)) return undefined;
  const { source } = at;
  const name = freshName(textOf(source, handler), 'error');
  const steps = stepsOf(source, handler, served, name);
  const edits = steps && (ts.isBlock(handler.body) ? triedBody(source, handler, handler.body, name, steps) : caughtOutcome(source, handler.body, name, steps));
  return edits && { title: 'Catch what goes wrong in the handler, and end this request or connection alone', edits: inFile(at.file, edits) };
};

/** What is done about an error: it is told, and whoever waits on the other side is let go. */
function stepsOf(source: TypeScriptSource, { parameters }: FunctionLiteral, served: ServedBy, error: string): string[] | undefined {
  const other = parameters[served === 'response' ? 1 : 0]?.name;
  if (!other || !ts.isIdentifier(other)) return undefined;
  const [name, end] = [other.text, semicolonOf(source)];
  const letGo: Readonly<Record<ServedBy, readonly string[]>> = {
    response: [`if (!${name}.headersSent) ${name}.statusCode = 500`, `${name}.end()`],
    // 1011: the server has met with something that it did not expect.
    'web-socket': [`${name}.close(1011)`],
    socket: [`${name}.destroy()`],
  };
  return [`console.error(${error})`, ...letGo[served]].map((step) => step + end);
}

function triedBody(source: TypeScriptSource, handler: FunctionLiteral, body: ts.Block, error: string, steps: readonly string[]): TextEdit[] | undefined {
  const [first, last] = [body.statements[0], body.statements.at(-1)];
  if (!first || !last || !isAsync(handler)) return undefined;
  const { text } = source;
  const whole = { start: spanOf(source, first).start, end: last.end };
  const indent = indentOf(text, whole.start);
  const closing = indentOf(text, body.end - 1);
  if (indent === undefined || closing === undefined || !ownsItsLines(source, whole)) return undefined;
  const [end, unit] = [lineEndOf(text), unitOf(text)];
  const open = lineTailOf(text, spanOf(source, body).start);
  return [
    insertion(open, `${end}${indent}try {`),
    ...deeper(source, { start: open, end: last.end }),
    below(text, whole, `} catch (${error}) {`, ...steps.map((step) => `${unit}${step}`), '}'),
  ];
}

function caughtOutcome(source: TypeScriptSource, body: ts.Expression, error: string, steps: readonly string[]): TextEdit[] | undefined {
  if (!ts.isCallExpression(body)) return undefined;
  const { text } = source;
  const indent = lineIndentOf(text, spanOf(source, body).start);
  const [end, unit] = [lineEndOf(text), unitOf(text)];
  const lines = steps.map((step) => `${indent}${unit}${step}`);
  return [insertion(body.end, `.catch((${error}) => {${end}${lines.join(end)}${end}${indent}})`)];
}
